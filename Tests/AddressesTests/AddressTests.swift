import Addresses
import Foundation
import Testing

@Suite struct AddressTests {
  @Test(arguments: [
    ("de:00:00:00:00:de", "de:00:00:00:00:de"),
    ("DE-00-00-00-00-DE", "de:00:00:00:00:de"),
    ("0a:1B:2c:3D:4e:5F", "0a:1b:2c:3d:4e:5f"),
  ])
  func macAddressReadsBothSeparators(text: String, canonical: String) throws {
    let address = try #require(MACAddress(text))
    #expect(address.description == canonical)
    #expect(MACAddress(octets: address.octets) == address)
  }

  @Test(arguments: [
    "", "de:00:00:00:00", "de:00:00:00:00:de:00", "zz:00:00:00:00:de", "de:0:0:0:0:de",
    "de:00-00:00:00:de", "+1:00:00:00:00:de",
  ])
  func macAddressRefuses(text: String) {
    #expect(MACAddress(text) == nil)
  }

  @Test func macAddressKnowsGroups() throws {
    #expect(MACAddress.broadcast.isMulticast)
    #expect(try #require(MACAddress("01:00:5e:00:00:01")).isMulticast)
    #expect(!(try #require(MACAddress("de:00:00:00:00:de")).isMulticast))
  }

  @Test(arguments: ["192.168.100.1", "0.0.0.0", "255.255.255.255"])
  func ipv4RoundTrips(text: String) throws {
    let address = try #require(IPv4Address(text))
    #expect(address.description == text)
    #expect(IPv4Address(octets: address.octets) == address)
  }

  @Test(arguments: ["", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.+4", "a.b.c.d"])
  func ipv4Refuses(text: String) {
    #expect(IPv4Address(text) == nil)
  }

  @Test(arguments: [
    ("192.168.100.7/24", "192.168.100.0", "192.168.100.255", "255.255.255.0"),
    ("10.1.2.3/8", "10.0.0.0", "10.255.255.255", "255.0.0.0"),
    ("1.2.3.4/32", "1.2.3.4", "1.2.3.4", "255.255.255.255"),
    ("1.2.3.4/0", "0.0.0.0", "255.255.255.255", "0.0.0.0"),
  ])
  func networkKnowsItsBounds(text: String, first: String, last: String, mask: String) throws {
    let network = try #require(IPv4Network(text))
    #expect(network.description == text)
    #expect(network.network.description == first)
    #expect(network.broadcast.description == last)
    #expect(network.netmask.description == mask)
    #expect(network.contains(network.address))
  }

  @Test(arguments: ["1.2.3.4", "1.2.3.4/33", "1.2.3.4/-1", "1.2.3.4/08", "/24"])
  func networkRefuses(text: String) {
    #expect(IPv4Network(text) == nil)
  }

  @Test func vlanBounds() {
    #expect(VLANID(rawValue: 0) == nil)
    #expect(VLANID(rawValue: 4095) == nil)
    #expect(VLANID(rawValue: 4094)?.description == "4094")
  }

  @Test func jsonIsTheTextForm() throws {
    struct Record: Codable, Equatable {
      var mac: MACAddress
      var network: IPv4Network
      var vlan: VLANID
    }
    let json = #"{"mac":"de:00:00:00:00:de","network":"10.0.0.1\/24","vlan":100}"#
    let record = try JSONDecoder().decode(Record.self, from: Data(json.utf8))
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(try String(decoding: encoder.encode(record), as: UTF8.self) == json)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(MACAddress.self, from: Data(#""xx""#.utf8))
    }
  }
}

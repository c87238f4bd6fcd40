import Addresses
import CaptureFile
import Foundation
import Testing

@testable import PXEWire

/// What tshark does not show of DHCPv6: the options of RFC 5970, and whose message it is.
@Suite("DHCPv6")
struct DHCPv6MessageTests {
  private static func message(_ number: Int) throws -> DHCPv6Message {
    let file = try #require(
      Bundle.module.url(
        forResource: "odd-messages", withExtension: "pcap", subdirectory: "Fixtures"))
    var rest = [UInt8](try Data(contentsOf: file))[...]
    var reader = try CaptureFileReader(file: "odd-messages.pcap") { memory in
      let piece = rest.prefix(memory.count)
      memory.copyBytes(from: piece)
      rest = rest.dropFirst(piece.count)
      return piece.count
    }
    while let record = try reader.next() {
      guard record.number == number, let datagram = try record.frame().datagram else { continue }
      return try DHCPv6Message(decoding: datagram.payload)
    }
    throw CocoaError(.fileReadCorruptFile)
  }

  @Test("what the firmware is and wants")
  func solicit() throws {
    let message = try Self.message(30)
    #expect(message.type == .solicit)
    #expect(message.clientArchitectures == [.x64UEFI, .x64UEFIHTTP])
    let interface = try #require(message.clientInterface)
    #expect(interface == (1, 3, 16))
    #expect(message.userClasses == ["iPXE", "second"])
    #expect(message.isFromIPXE)
    #expect(message.clientIdentifier?.mac == MACAddress("de:00:00:00:00:de"))
  }

  @Test("where the boot program is, with its parameters")
  func advertise() throws {
    let message = try Self.message(31)
    #expect(message.bootFileURL == "tftp://[2001:db8::1]/bootx64.efi")
    #expect(message.bootFileParameters == ["root=/dev/ram", "quiet"])
    #expect(message.vendorClass?.classes == ["HTTPClient"])
    #expect(message.addresses.map(\.description) == ["2001:db8::50", "2001:db8::51"])
    #expect(message.failure == nil)
  }

  @Test("DUIDs without a MAC address, and one in a UUID")
  func identifiers() throws {
    #expect(try Self.message(32).clientIdentifier?.mac == nil)
    let information = try Self.message(38)
    #expect(information.type == .informationRequest)
    #expect(information.clientIdentifier?.type == 4)
    #expect(information.elapsedTime == 100)
  }

  @Test("failures in an association and in the message")
  func failures() throws {
    let none = try #require(try Self.message(39).failure)
    #expect(none.code == .noAddressesAvailable)
    #expect(none.message == "no addresses left")
    #expect("\(try #require(try Self.message(40).failure).code)" == "NotOnLink")
  }

  @Test("through two relay agents")
  func relays() throws {
    let outer = try Self.message(43)
    let (message, relays) = try #require(outer.innermost)
    #expect(message.type == .solicit)
    #expect(relays.map(\.hopCount) == [1, 0])
    #expect(relays.last?.peerAddress.embeddedMAC == MACAddress("de:00:00:00:00:de"))
    #expect(outer.relayed?.clientLinkLayerAddress == MACAddress("de:00:00:00:00:de"))
    #expect(
      try #require(try Self.message(44).innermost).message.bootFileURL
        == "http://[2001:db8::1]/x.efi")
  }
}

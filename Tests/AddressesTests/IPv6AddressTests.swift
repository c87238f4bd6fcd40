import Addresses
import Testing

@Suite struct IPv6AddressTests {
  @Test(arguments: [
    // RFC 5952 sections 4 and 5.
    ("2001:0db8:0:0:0:0:0:0001", "2001:db8::1"),
    ("2001:DB8::aaaa", "2001:db8::aaaa"),
    ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
    ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
    ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
    ("2001:db8::1:0:0:1", "2001:db8::1:0:0:1"),
    ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
    ("::", "::"), ("::1", "::1"), ("fe80::", "fe80::"),
    ("::ffff:192.0.2.1", "::ffff:192.0.2.1"), ("::ffff:c000:201", "::ffff:192.0.2.1"),
    ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
    ("1:2:3:4:5:6:192.0.2.1", "1:2:3:4:5:6:c000:201"),
  ])
  func readsAnyFormWritesOne(text: String, canonical: String) throws {
    let address = try #require(IPv6Address(text))
    #expect(address.description == canonical)
    #expect(IPv6Address(canonical) == address)
    #expect(IPv6Address(octets: address.octets) == address)
  }

  @Test(arguments: [
    "", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", ":1::2", "1::2:",
    "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "12345::", "g::", "+1::", "fe80::1%eth0", "::1/64",
    "192.0.2.1", "::192.0.2.1:1", "192.0.2.1::", "::192.0.2", "1:2:3:4:5:6:7:192.0.2.1",
  ])
  func refuses(text: String) {
    #expect(IPv6Address(text) == nil)
  }

  @Test func knowsItsKindAndItsMAC() throws {
    let mac = try #require(MACAddress("de:00:00:00:00:de"))
    let address = IPv6Address.linkLocal(of: mac)
    #expect(address.description == "fe80::dc00:ff:fe00:de")
    #expect(address.isLinkLocal)
    #expect(address.embeddedMAC == mac)
    #expect(try #require(IPv6Address("fe80::1")).embeddedMAC == nil)
    #expect(IPv6Address.allNodes.description == "ff02::1")
    #expect(IPv6Address.allRouters.description == "ff02::2")
    #expect(IPv6Address.allDHCPServers.description == "ff02::1:2")
    #expect(IPv6Address.allDHCPServers.isMulticast)
    #expect(!address.isMulticast)
    #expect(IPv6Address(octets: [1, 2, 3]) == nil)
  }

  @Test func anAddressIsOfEitherVersion() throws {
    #expect(IPAddress("192.0.2.1")?.v4 == IPv4Address("192.0.2.1"))
    #expect(IPAddress("fe80::1")?.v6 == IPv6Address("fe80::1"))
    #expect(IPAddress("example.org") == nil)
    let addresses = try ["fe80::1", "10.0.0.1", "::1"].map { try #require(IPAddress($0)) }
    #expect(addresses.sorted().map(\.description) == ["10.0.0.1", "::1", "fe80::1"])
    #expect(try #require(IPAddress("::")).isUnspecified)
    #expect(!addresses[0].isUnspecified)
  }
}

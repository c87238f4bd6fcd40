import Addresses
import Testing

@Suite struct IPNetworkTests {
  @Test(arguments: [
    ("10.1.2.3/24", "10.1.2.0", "10.1.2.255"), ("10.1.2.3/32", "10.1.2.3", "10.1.2.3"),
    ("10.1.2.3/0", "0.0.0.0", "255.255.255.255"), ("10.1.2.3/13", "10.0.0.0", "10.7.255.255"),
    ("fd00:1::7/64", "fd00:1::", "fd00:1::ffff:ffff:ffff:ffff"), ("::1/127", "::", "::1"),
  ])
  func ends(_ text: String, _ first: String, _ last: String) throws {
    let network = try #require(IPNetwork(text))
    #expect(network.description == text)
    #expect(network.first.description == first && network.last.description == last)
    #expect(network.contains(network.first) && network.contains(network.address))
    if let after = network.last.next { #expect(!network.contains(after)) }
  }

  @Test(arguments: [
    "10.1.2.3", "10.1.2.3/33", "::/129", "10.1.2.3/08", "x/8", "/8", "10.1.2.3/8/8",
  ])
  func refuses(_ text: String) {
    #expect(IPNetwork(text) == nil)
  }

  @Test func addressesFollowOneAnother() {
    #expect(IPAddress("10.0.0.255")?.next == IPAddress("10.0.1.0"))
    #expect(IPAddress("fd00::ffff")?.next == IPAddress("fd00::1:0"))
    #expect(IPAddress("255.255.255.255")?.next == nil)
  }
}

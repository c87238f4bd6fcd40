import Addresses
import Testing

@testable import Subresources

/// Which address a lease file has of an interface.
@Suite struct LeaseFileTests {
  private static let mac = "de:00:00:00:00:de"

  /// Lines of the end, the MAC address and the address, at the time 1000.
  @Test(arguments: [
    ([], nil),
    (["1001 \(mac) 10.0.0.1 * *"], "10.0.0.1"),
    (["1000 \(mac) 10.0.0.1 * *"], nil),
    (["0 \(mac) 10.0.0.1 * *"], "10.0.0.1"),
    (["3000 \(mac) 10.0.0.2 * *", "2000 \(mac) 10.0.0.1 * *"], "10.0.0.2"),
    (["2000 \(mac) 10.0.0.1 * *", "3000 \(mac) 10.0.0.2 * *"], "10.0.0.2"),
    (["2000 \(mac) 10.0.0.2 * *", "2000 \(mac) 10.0.0.1 * *"], "10.0.0.2"),
    (["3000 \(mac) 10.0.0.1 * *", "0 \(mac) 10.0.0.2 * *"], "10.0.0.2"),
    (["900 \(mac) 10.0.0.2 * *", "2000 \(mac) 10.0.0.1 * *"], "10.0.0.1"),
    (["2000 DE:00:00:00:00:DE 10.0.0.1 * *"], "10.0.0.1"),
    (["2000 de:00:00:00:00:df 10.0.0.1 * *"], nil),
    (["duid 00:01", "2000 11 fd00::1 * 00:01", "2000 \(mac) 10.0.0.1 * *"], "10.0.0.1"),
    (["2000 \(mac) fd00::1 * *", "2000 \(mac)", "x \(mac) 10.0.0.1 * *"], nil),
  ])
  func theLeaseThatEndsLastCounts(_ lines: [String], _ expected: String?) throws {
    let mac = try #require(MACAddress(Self.mac))
    let address = LeaseFile.address(of: mac, in: lines.joined(separator: "\n"), at: 1000)
    #expect(address.map { "\($0)" } == expected)
  }
}

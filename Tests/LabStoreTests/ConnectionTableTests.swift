import Addresses
import LabStore
import Testing

/// `/proc/net/tcp` of a little-endian machine.
@Suite struct ConnectionTableTests {
  private static let table = ConnectionTable([
    """
      sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
       0: 0100007F:170C 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1 0
       1: 0100007F:170C 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 2 1 0
       2: 0100007F:C350 0100007F:170C 01 00000000:00000000 00:00000000 00000000  1001        0 3 1 0
       3: 0200007F:C350 0100007F:170C 01 00000000:00000000 00:00000000 00000000  1002        0 4 1 0
       4: 0100007F:C351 0100007F:170C 06 00000000:00000000 00:00000000 00000000     0        0 0 1 0
       5: 0100007F:C353 0100007F:170C 01 00000000:00000000 00:00000000 00000000  1001        0 5 1 0
       6: 0100007F:C353 0100007F:170C 01 00000000:00000000 00:00000000 00000000  1002        0 6 1 0
       7: short
    """,
    """
      sl  local_address                         remote_address                        st tx rx
       0: 0000000000000000FFFF00000100007F:C352 0000000000000000FFFF00000100007F:170C 01 0:0 00:0 0 1003 0 7
       1: 00000000000000000000000001000000:C354 00000000000000000000000001000000:170C 01 0:0 00:0 0 1003 0 8
    """,
  ])

  @Test(arguments: [
    ("127.0.0.1", 0xc350, 1001 as UInt32?),
    ("127.0.0.2", 0xc350, 1002),
    // Not established any more, so nobody's.
    ("127.0.0.1", 0xc351, nil),
    // Of a socket for IPv6 too.
    ("127.0.0.1", 0xc352, 1003),
    // Two are not possible, and trusted least of all.
    ("127.0.0.1", 0xc353, nil),
    ("127.0.0.1", 0xc354, nil),
    ("127.0.0.1", 0xc355, nil),
  ])
  func user(_ address: String, _ port: UInt16, _ user: UInt32?) throws {
    let server = ConnectionTable.End(
      address: try #require(IPv4Address("127.0.0.1")), port: 0x170c)
    let client = ConnectionTable.End(
      address: try #require(IPv4Address(address)), port: port)
    #expect(Self.table.user(of: client, connectedTo: server) == user)
  }
}

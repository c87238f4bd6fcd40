import Addresses
import Diagnosis
import Testing

@testable import LabEvidence

@Suite struct HTTPSLogTests {
  /// What stunnel 5.68 and the HTTP server wrote of two machines.
  @Test func requestsHaveTheirClients() throws {
    let stunnel = """
      2026.11.23 06:10:00 LOG5[ui]: Configuration successful
      2026.11.23 06:10:10 LOG5[0]: Service [https0] accepted connection from 192.168.109.73:1234
      2026.11.23 06:10:10 LOG5[1]: Service [https1] accepted connection from fd00:109::1000:1235
      2026.11.23 06:10:10 LOG5[1]: Service [https1] connected remote server from fd00:109::1:40001
      2026.11.23 06:10:10 LOG5[0]: Service [https0] connected remote server from 192.168.109.1:40000
      2026.11.23 06:10:11 LOG5[2]: Service [https0] accepted connection from 192.168.109.74:1236
      2026.11.23 06:10:11 LOG3[2]: SSL_accept: ssl/record/rec_layer_s3.c:1586: error:0A000418
      """
    let access = """
      192.168.109.1:40000 HEAD /snponly.efi 200
      192.168.109.1:40000 GET /snponly.efi 200
      192.168.109.74:50000 GET /boot.ipxe 200
      [fd00:109::1]:40001 GET /a%20b 404
      """
    let requests = HTTPSLog(stunnel: stunnel, access: access).requests
    let four = try #require(IPAddress("192.168.109.73"))
    let six = try #require(IPAddress("fd00:109::1000"))
    #expect(
      requests == [
        ServedRequest(
          client: four, clientPort: 1234, method: "HEAD", path: "/snponly.efi", status: 200),
        ServedRequest(
          client: four, clientPort: 1234, method: "GET", path: "/snponly.efi", status: 200),
        ServedRequest(client: six, clientPort: 1235, method: "GET", path: "/a b", status: 404),
      ])
  }

  @Test(arguments: ["", "nonsense", "LOG5[0]: Service [x] accepted connection from nowhere"])
  func otherLinesSayNothing(stunnel: String) {
    #expect(HTTPSLog(stunnel: stunnel, access: "192.168.109.1:1 GET / 200\nx").requests == [])
  }
}

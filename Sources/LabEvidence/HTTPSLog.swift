import Addresses
import Diagnosis

/// What a server's logs say of requests over TLS. stunnel's names the two ends of a connection, the
/// HTTP server's has what was asked for at the second.
package struct HTTPSLog {
  /// The requests, oldest first.
  package let requests: [ServedRequest]

  /// Reads both logs; lines that are about something else are passed over.
  package init(stunnel: String, access: String) {
    var clients: [Substring: Endpoint] = [:]
    var ends: [Endpoint: [Endpoint]] = [:]
    for line in stunnel.split(separator: "\n") {
      // 2026.11.23 06:10:00 LOG5[0]: Service [https0] accepted connection from 192.168.109.73:1234
      guard let match = line.firstMatch(of: /LOG5\[([0-9]+)\]: Service \[[^\]]*\] (.*) from (.*)$/),
        let end = Endpoint(match.3)
      else { continue }
      if match.2 == "accepted connection" { clients[match.1] = end }
      if match.2 == "connected remote server", let client = clients[match.1] {
        ends[end, default: []].append(client)
      }
    }
    requests = access.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard words.count == 4, let end = Endpoint(words[0]), let status = Int(words[3]),
        // A port that was taken again is another client's.
        let clients = ends[end], let client = clients.first, clients.count == 1
      else { return nil }
      return ServedRequest(
        client: client.address, clientPort: client.port, method: String(words[1]),
        path: words[2].percentDecoded, status: status)
    }
  }

  /// One end of a connection: `192.168.109.1:80`, `[fd00::1]:80`, `fd00::1:80`.
  private struct Endpoint: Hashable {
    var address: IPAddress
    var port: UInt16

    init?(_ text: Substring) {
      guard let colon = text.lastIndex(of: ":"),
        let port = UInt16(text[text.index(after: colon)...])
      else { return nil }
      var host = text[..<colon]
      if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
      guard let address = IPAddress(String(host)) else { return nil }
      (self.address, self.port) = (address, port)
    }
  }
}

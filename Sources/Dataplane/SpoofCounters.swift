import Addresses
import FoundationEssentials

/// `nft --json list chain bridge pxelab spoofed` (libnftables-json(5)): who is checked, and how
/// many frames came from somebody else.
struct SpoofCounters {
  private(set) var ports: [String: (allowed: MACAddress, dropped: Int)] = [:]

  private struct Answer: Decodable {
    struct Item: Decodable {
      struct Rule: Decodable {
        struct Statement: Decodable {
          struct Match: Decodable {
            var op: String
            // The other rules of the chain compare with a device's name, also a string.
            var right: String?
          }
          struct Counter: Decodable {
            var packets: Int
          }
          var match: Match?
          var counter: Counter?
        }
        var comment: String?
        var expr: [Statement]
      }
      var rule: Rule?
    }
    var nftables: [Item]
  }

  init(json: String) throws {
    let answer: Answer
    do {
      answer = try JSONDecoder().decode(Answer.self, from: Data(json.utf8))
    } catch {
      throw PortTableError(description: "`nft --json list chain` printed something else: \(error)")
    }
    for rule in answer.nftables.compactMap(\.rule) {
      guard let port = rule.comment,
        let mac = rule.expr.lazy.compactMap(\.match).first(where: { $0.op == "!=" })?.right
          .flatMap({ MACAddress($0) }),
        let counter = rule.expr.lazy.compactMap(\.counter).first
      else { continue }
      ports[port] = (mac, counter.packets)
    }
  }
}

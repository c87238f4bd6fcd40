import FileSystem
import Foundation
import Objects
import Testing

/// The differences between a lab's API and a real one that stay, and why: Fixtures/differences.jsonl. Each is
/// one difference in the exchanges that it names, and stands there only while it is seen.
struct KnownDifferences {
  /// A difference of an exchange.
  struct Seen: Hashable {
    /// `CLIENT | LABEL | METHOD URI`.
    var exchange: String
    var difference: String
  }

  private let reasons: [Seen: String]
  private var used: Set<Seen> = []

  init() throws {
    let path = try #require(
      Bundle.module.path(forResource: "differences", ofType: "jsonl", inDirectory: "Fixtures"))
    var reasons: [Seen: String] = [:]
    for line in try Files.text(of: path).split(separator: "\n") {
      let tree = try json(String(line))
      let reason = try #require(tree["reason"]?.string)
      let difference = try #require(tree["difference"]?.string)
      let exchanges = tree["exchanges"]?.items ?? []
      for exchange in exchanges.compactMap(\.string) {
        reasons[Seen(exchange: exchange, difference: difference)] = reason
      }
    }
    self.reasons = reasons
  }

  /// Whether a difference is known.
  mutating func explain(_ seen: Seen) -> Bool {
    guard reasons[seen] != nil else { return false }
    used.insert(seen)
    return true
  }

  /// Those that are not seen any more.
  var unused: [Seen] {
    reasons.keys.filter { !used.contains($0) }.sorted {
      ($0.exchange, $0.difference) < ($1.exchange, $1.difference)
    }
  }

  /// A difference without what is another's at each run.
  static func normalized(_ difference: String) -> String {
    difference
      .replacing(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, with: "UUID")
      .replacing(/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/, with: "MOMENT")
      .replacing(/"resourceVersion":"[0-9]+"/, with: "\"resourceVersion\":\"VERSION\"")
      .replacing(/([0-9a-f]{2}:){5}[0-9a-f]{2}/, with: "MAC")
  }
}

/// A subuid(5) or subgid(5) file: lines of `name-or-number:first:count`.
struct SubordinateIDs {
  /// How many IDs useradd(8) gives a user.
  static let customaryCount = 65536

  private struct Entry {
    var owner: Substring
    var first: Int
    var count: Int
  }

  private var entries: [Entry]

  /// Reads the file's text. Lines of another form grant nothing, as newuidmap(1) reads them.
  init(_ text: String) {
    entries = text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: ":", omittingEmptySubsequences: false)
      guard fields.count == 3, let first = Int(fields[1]), let count = Int(fields[2]) else {
        return nil
      }
      return Entry(owner: fields[0], first: first, count: count)
    }
  }

  /// How many IDs a user has, by name or by number.
  func count(for account: Account) -> Int {
    entries.filter { $0.owner == account.name || $0.owner == "\(account.id)" }
      .reduce(0) { $0 + $1.count }
  }

  /// The first ID from 100000 on that lies behind every range.
  var firstFree: Int {
    entries.map { $0.first + $0.count }.reduce(100_000, max)
  }
}

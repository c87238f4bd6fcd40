/// The document of a finding, as docs/findings has it.
package struct FindingDocument: Hashable, Sendable {
  /// The finding's id: `PXL003`.
  package let id: String
  /// The document, in Markdown.
  package let text: String

  /// Every document, by id.
  package static let all = texts.map { FindingDocument(id: $0.id, text: $0.text) }

  /// The document of an id, which may be written in any case and without `PXL` or zeros: `pxl3`.
  package init?(_ name: String) {
    let digits = name.uppercased().hasPrefix("PXL") ? String(name.dropFirst(3)) : name
    guard let number = Int(digits), digits.allSatisfy(\.isNumber),
      let document = Self.all.first(where: { Int($0.id.dropFirst(3)) == number })
    else { return nil }
    self = document
  }

  private init(id: String, text: String) {
    self.id = id
    self.text = text
  }

  /// What the finding means, in a few words: the heading without the id.
  package var title: String {
    let heading = text.split(separator: "\n").first.map(String.init) ?? ""
    let words = heading.drop { $0 == "#" || $0 == " " }
    guard words.hasPrefix("\(id): ") else { return String(words) }
    return String(words.dropFirst(id.count + 2))
  }

  /// The first paragraph's first line: `Severity: error.`
  package var severity: String {
    let line = text.split(separator: "\n").first { $0.hasPrefix("Severity: ") } ?? ""
    return String(line.dropFirst("Severity: ".count).prefix { $0 != "." && $0 != ";" && $0 != "(" })
      .trimmingSpaces
  }
}

extension String {
  fileprivate var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}

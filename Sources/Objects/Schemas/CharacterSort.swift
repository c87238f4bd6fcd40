/// Which characters stand at a place of an expression.
struct CharacterSort: Sendable {
  /// In their order, with other characters between them.
  private(set) var ranges: [ClosedRange<UInt32>]

  init(_ ranges: [ClosedRange<UInt32>]) {
    var merged: [ClosedRange<UInt32>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, range.lowerBound <= last.upperBound + 1 {
        merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    self.ranges = merged
  }

  func contains(_ character: UInt32) -> Bool {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < character { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].lowerBound <= character
  }

  /// The characters that these are not.
  var complement: CharacterSort {
    var others: [ClosedRange<UInt32>] = []
    var next: UInt32 = 0
    for range in ranges {
      if next < range.lowerBound { others.append(next...range.lowerBound - 1) }
      next = range.upperBound + 1
    }
    if next <= Self.last { others.append(next...Self.last) }
    return CharacterSort(others)
  }

  /// The same in either case; `nil` for more letters beyond ASCII than are looked at one by one.
  var withoutCase: CharacterSort? {
    var all = ranges
    var others = 0
    for range in ranges {
      for (letters, isUpper) in [(UInt32(0x41)...0x5a, true), (0x61...0x7a, false)]
      where range.overlaps(letters) {
        let common = range.clamped(to: letters)
        all.append(
          isUpper
            ? common.lowerBound + 0x20...common.upperBound + 0x20
            : common.lowerBound - 0x20...common.upperBound - 0x20)
      }
      guard range.upperBound >= 0x80 else { continue }
      let beyond = max(range.lowerBound, 0x80)...range.upperBound
      others += beyond.count
      guard others <= 1024 else { return nil }
      for value in beyond {
        guard let properties = Unicode.Scalar(value)?.properties else { continue }
        for form in [properties.lowercaseMapping, properties.uppercaseMapping] {
          let scalars = form.unicodeScalars
          if scalars.count == 1, let scalar = scalars.first {
            all.append(scalar.value...scalar.value)
          }
        }
      }
    }
    let sort = CharacterSort(all)
    // The sign of kelvin and the long s are a k and an s.
    if sort.contains(0x6b) { all.append(0x212a...0x212a) }
    if sort.contains(0x73) { all.append(0x17f...0x17f) }
    return CharacterSort(all)
  }

  private static let last: UInt32 = 0x10ffff

  static let all = CharacterSort([0...last])
  static let digit = CharacterSort([0x30...0x39])
  static let word = CharacterSort([0x30...0x39, 0x41...0x5a, 0x5f...0x5f, 0x61...0x7a])
  static let space = CharacterSort([0x09...0x0a, 0x0c...0x0d, 0x20...0x20])
  static let newline = CharacterSort([0x0a...0x0a])

  /// `[[:alpha:]]`, by name.
  static let named: [String: CharacterSort] = [
    "alnum": CharacterSort([0x30...0x39, 0x41...0x5a, 0x61...0x7a]),
    "alpha": CharacterSort([0x41...0x5a, 0x61...0x7a]),
    "ascii": CharacterSort([0x00...0x7f]),
    "blank": CharacterSort([0x09...0x09, 0x20...0x20]),
    "cntrl": CharacterSort([0x00...0x1f, 0x7f...0x7f]),
    "digit": digit,
    "graph": CharacterSort([0x21...0x7e]),
    "lower": CharacterSort([0x61...0x7a]),
    "print": CharacterSort([0x20...0x7e]),
    "punct": CharacterSort([0x21...0x2f, 0x3a...0x40, 0x5b...0x60, 0x7b...0x7e]),
    "space": CharacterSort([0x09...0x0d, 0x20...0x20]),
    "upper": CharacterSort([0x41...0x5a]),
    "word": word,
    "xdigit": CharacterSort([0x30...0x39, 0x41...0x46, 0x61...0x66]),
  ]

  /// General categories of Unicode, by name: `Lu`, and `L` for all that begin with it.
  static let categories: [String: CharacterSort] = {
    var ranges: [String: [ClosedRange<UInt32>]] = [:]
    var (start, current) = (UInt32(0), "")
    func close(_ end: UInt32) {
      guard !current.isEmpty, current != "Cn" else { return }
      ranges[current, default: []].append(start...end)
      ranges[String(current.prefix(1)), default: []].append(start...end)
    }
    for value in 0...last {
      let category = Unicode.Scalar(value).map { name(of: $0.properties.generalCategory) } ?? "Cs"
      guard category != current else { continue }
      if value > 0 { close(value - 1) }
      (start, current) = (value, category)
    }
    close(last)
    return ranges.mapValues(CharacterSort.init).merging(["Any": all]) { first, _ in first }
  }()

  private static func name(of category: Unicode.GeneralCategory) -> String {
    switch category {
    case .uppercaseLetter: "Lu"
    case .lowercaseLetter: "Ll"
    case .titlecaseLetter: "Lt"
    case .modifierLetter: "Lm"
    case .otherLetter: "Lo"
    case .nonspacingMark: "Mn"
    case .spacingMark: "Mc"
    case .enclosingMark: "Me"
    case .decimalNumber: "Nd"
    case .letterNumber: "Nl"
    case .otherNumber: "No"
    case .connectorPunctuation: "Pc"
    case .dashPunctuation: "Pd"
    case .openPunctuation: "Ps"
    case .closePunctuation: "Pe"
    case .initialPunctuation: "Pi"
    case .finalPunctuation: "Pf"
    case .otherPunctuation: "Po"
    case .mathSymbol: "Sm"
    case .currencySymbol: "Sc"
    case .modifierSymbol: "Sk"
    case .otherSymbol: "So"
    case .spaceSeparator: "Zs"
    case .lineSeparator: "Zl"
    case .paragraphSeparator: "Zp"
    case .control: "Cc"
    case .format: "Cf"
    case .surrogate: "Cs"
    case .privateUse: "Co"
    case .unassigned: "Cn"
    @unknown default: "Cn"
    }
  }
}

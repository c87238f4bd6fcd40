/// Amounts as people read them.
enum Quantity {
  /// `512 B`, `954 kB`, `3.8 MB`; thousands, not 1024.
  static func bytes(_ count: Int) -> String {
    switch count {
    case ..<1000: "\(count) B"
    case ..<1_000_000: "\((count + 500) / 1000) kB"
    default: "\(tenths((count + 50_000) / 100_000)) MB"
    }
  }

  /// `4 ms`, `0.24 s`, `12.3 s`.
  static func seconds(_ seconds: Double) -> String {
    if seconds < 0.1 { return "\(Int((seconds * 1000).rounded())) ms" }
    let hundredths = Int((seconds * 100).rounded())
    guard hundredths < 1000 else { return "\(tenths((hundredths + 5) / 10)) s" }
    let rest = hundredths % 100
    return rest == 0
      ? "\(hundredths / 100) s" : "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) s"
  }

  private static func tenths(_ count: Int) -> String { "\(count / 10).\(count % 10)" }
}

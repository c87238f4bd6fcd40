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

  /// `, 4.1 MB/s`, once there is enough of it to tell; else nothing.
  static func rate(_ count: Int, in seconds: Double) -> String {
    guard seconds >= 0.5, seconds < 1e6 else { return "" }
    return ", \(bytes(Int(Double(count) / seconds)))/s"
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

  /// A time that people wait for: `14 s`, `3 min`, `2 min 40 s`.
  static func time(_ seconds: Double) -> String {
    guard seconds >= 60 else {
      return seconds == seconds.rounded() ? "\(Int(seconds)) s" : self.seconds(seconds)
    }
    let whole = Int(seconds.rounded())
    return "\(whole / 60) min" + (whole % 60 == 0 ? "" : " \(whole % 60) s")
  }

  private static func tenths(_ count: Int) -> String { "\(count / 10).\(count % 10)" }
}

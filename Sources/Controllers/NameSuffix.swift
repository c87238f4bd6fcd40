/// The end of names that the API makes (apimachinery, util/rand: no vowels, so no words; no digits
/// that look like letters).
package enum NameSuffix {
  private static let letters = Array("bcdfghjklmnpqrstvwxz2456789")

  /// Five letters and digits.
  @Sendable
  package static func random() -> String {
    String((0..<5).compactMap { _ in letters.randomElement() })
  }
}

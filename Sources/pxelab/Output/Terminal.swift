import FoundationEssentials
import Glibc

/// What the standard streams can show.
struct Terminal: Sendable {
  /// Whether lines can be redrawn.
  let isInteractive: Bool
  /// Whether colour is wanted (no-color.org).
  let hasColour: Bool

  /// Standard output's abilities; never interactive in CI.
  static var standardOutput: Terminal {
    let environment = ProcessInfo.processInfo.environment
    let terminal = isatty(STDOUT_FILENO) == 1 && environment["TERM"] != "dumb"
    return Terminal(
      isInteractive: terminal && environment["CI"] == nil,
      hasColour: terminal && environment["NO_COLOR", default: ""].isEmpty)
  }

  /// Colours, by their meaning.
  enum Colour: String {
    case good = "32"
    case bad = "31"
    case caution = "33"
    case faint = "2"
    case strong = "1"
  }

  /// The text in a colour, where colours are shown.
  func paint(_ text: String, _ colour: Colour) -> String {
    hasColour ? "\u{1b}[\(colour.rawValue)m\(text)\u{1b}[0m" : text
  }
}

/// A span of time as kubectl prints ages (apimachinery, pkg/util/duration, HumanDuration).
enum HumanDuration {
  static func text(seconds: Int) -> String {
    if seconds < -1 { return "<invalid>" }
    if seconds < 0 { return "0s" }
    if seconds < 120 { return "\(seconds)s" }
    let minutes = seconds / 60
    if minutes < 10 { return two(minutes, "m", seconds % 60, "s") }
    if minutes < 180 { return "\(minutes)m" }
    let hours = seconds / 3600
    if hours < 8 { return two(hours, "h", minutes % 60, "m") }
    if hours < 48 { return "\(hours)h" }
    let days = hours / 24
    if hours < 192 { return two(days, "d", hours % 24, "h") }
    if days < 2 * 365 { return "\(days)d" }
    if days < 8 * 365 { return two(days / 365, "y", days % 365, "d") }
    return "\(days / 365)y"
  }

  private static func two(
    _ large: Int, _ largeUnit: String, _ small: Int, _ smallUnit: String
  ) -> String {
    small == 0 ? "\(large)\(largeUnit)" : "\(large)\(largeUnit)\(small)\(smallUnit)"
  }
}

/// A filter in libpcap's language (pcap-filter(7)).
package struct CaptureFilter: Hashable, Sendable {
  /// The expression that libpcap compiles.
  package var expression: String

  /// An expression as it is.
  package init(_ expression: String) {
    self.expression = expression
  }

  /// An expression for frames with and without an 802.1Q tag. `vlan` moves every offset after it,
  /// so the order of the two halves matters.
  package static func taggedOrNot(_ expression: String) -> CaptureFilter {
    CaptureFilter("(\(expression)) or (vlan and (\(expression)))")
  }
}

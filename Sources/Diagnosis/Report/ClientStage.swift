/// How far the packets show that a client got.
package enum ClientStage: String, Codable, Hashable, Sendable, CaseIterable, Comparable {
  /// It sent frames, but asked for nothing.
  case silent
  /// It asked for an address.
  case discover
  /// It was offered one.
  case offer
  /// It was given one.
  case lease
  /// It asked for the network boot program.
  case nbp
  /// The network boot program arrived whole.
  case loaded
  /// The network boot program ran: something it asked for itself was seen.
  case loader
  /// An operating system asked for an address.
  case system

  /// Earlier stages are less.
  package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

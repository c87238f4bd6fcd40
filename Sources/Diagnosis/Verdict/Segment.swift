import Addresses
import PXEWire

/// What a capture holds besides the machine that is judged.
public struct Segment: Sendable {
  /// When the first packet was captured; `nil` when not known.
  public var begin: Timestamp?
  /// When the last packet was captured; `nil` where the capture went on past all that is judged.
  public var end: Timestamp?
  /// Every client of the capture.
  public var clients: [MACAddress: ClientTrace]

  /// A capture; what is left out is not known.
  public init(
    begin: Timestamp? = nil, end: Timestamp? = nil, clients: [MACAddress: ClientTrace] = [:]
  ) {
    self.begin = begin
    self.end = end
    self.clients = clients
  }

  /// How long the capture went on after a moment, in seconds; without end where that is not known.
  func seconds(after time: Timestamp) -> Double {
    end.map { max(0, $0.seconds(since: time)) } ?? .infinity
  }
}

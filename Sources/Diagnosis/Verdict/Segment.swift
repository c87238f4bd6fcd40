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

  /// The servers that give addresses in the capture, each with its VLAN, except those known already.
  func servers(besides known: [Evidence.KnownServer]) -> [Evidence.KnownServer] {
    var found: [Evidence.KnownServer] = []
    for client in clients.values.sorted(by: { $0.mac.rawValue < $1.mac.rawValue }) {
      for exchange in client.exchanges {
        for reply in exchange.offers + exchange.acks where reply.address != nil {
          guard
            !(known + found).contains(where: {
              $0.address == reply.server && $0.vlan == exchange.vlan
            })
          else { continue }
          found.append(
            Evidence.KnownServer(
              address: reply.server, vlan: exchange.vlan, attachment: "", field: ""))
        }
      }
    }
    return found
  }
}

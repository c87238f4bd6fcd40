import Addresses
import PXEWire

extension WireTracker {
  /// An event of a transfer by HTTP, with its text.
  func event(
    _ kind: WireEvent.Kind, _ transfer: HTTPTransfer, _ mac: MACAddress, _ context: Context
  ) -> WireEvent {
    WireEvent(
      kind: kind, time: context.time, frame: context.number, mac: mac, vlan: context.vlan,
      text: Self.text(kind, transfer), http: transfer.detail)
  }

  private static func text(_ kind: WireEvent.Kind, _ transfer: HTTPTransfer) -> String {
    let file = "HTTP \(transfer.url)"
    switch kind {
    case .httpRequest: return "HTTP \(transfer.method ?? "") \(transfer.url) of \(transfer.server)"
    case .httpComplete where transfer.method == "HEAD":
      return "\(file) is \(Quantity.bytes(transfer.contentLength ?? 0)) long, says the server"
    case .httpComplete where (300...399).contains(transfer.status ?? 0):
      return "\(file) is elsewhere: \(transfer.location ?? "\(transfer.status ?? 0)")"
    case .httpComplete:
      let again =
        transfer.repeatedSegments > 0 ? ", \(transfer.repeatedSegments) segments sent again" : ""
      return "\(file) \(Quantity.bytes(transfer.bytes)) in \(Quantity.seconds(transfer.duration))"
        + again
    case .httpError:
      return "\(file) refused: \(transfer.status ?? 0) \(transfer.reason ?? "")"
    case .httpAborted:
      let who =
        transfer.resetByClient.map { $0 ? ", reset by the client" : ", reset by the server" }
        ?? ", closed by the server"
      return "\(file) broken off at \(progress(of: transfer))\(who)"
    case .connectionRefused: return "TCP \(transfer.endpoint) refuses the connection"
    case .tlsEstablished:
      return "TLS with \(transfer.serverName ?? transfer.endpoint), of which no more can be seen"
    case .tlsAborted:
      return "TLS with \(transfer.serverName ?? transfer.endpoint) broken off by the client after "
        + "the server's certificate"
    case .tlsAlert:
      let who = transfer.tlsAlertIsFromClient ? "the client" : "the server"
      let code = transfer.tlsAlert.map { "\($0.code)" } ?? ""
      let meaning = transfer.tlsAlert?.meaning.map { ", \($0)" } ?? ""
      return "TLS with \(transfer.serverName ?? transfer.endpoint) ended by \(who): "
        + "alert \(code)\(meaning)"
    default:
      return "\(file) \(progress(of: transfer))"
        + Quantity.rate(transfer.bytes, in: transfer.duration)
    }
  }

  static func progress(of transfer: HTTPTransfer) -> String {
    guard let percent = transfer.percent, let size = transfer.contentLength else {
      return Quantity.bytes(transfer.bytes)
    }
    return "\(percent) % of \(Quantity.bytes(size))"
  }
}

import CLibvirt

/// Why a connection to libvirt is of no use any more.
package enum CloseReason: Hashable, Sendable {
  /// `Connection.close()` was called, or nobody holds the connection.
  case closed
  /// libvirtd has ended, or has closed the connection (`VIR_CONNECT_CLOSE_REASON_EOF`).
  case ended
  /// libvirtd did not answer keepalive messages (`VIR_CONNECT_CLOSE_REASON_KEEPALIVE`).
  case silent
  /// A call had no answer in time, and the connection was given up.
  case hung(function: String, limit: Duration)
  /// The connection failed (`VIR_CONNECT_CLOSE_REASON_ERROR`).
  case failed

  init(number: Int32) {
    switch virConnectCloseReason(UInt32(bitPattern: number)) {
    case VIR_CONNECT_CLOSE_REASON_EOF: self = .ended
    case VIR_CONNECT_CLOSE_REASON_KEEPALIVE: self = .silent
    case VIR_CONNECT_CLOSE_REASON_CLIENT: self = .closed
    default: self = .failed
    }
  }
}

extension CloseReason: CustomStringConvertible {
  /// A sentence for a person, without its full stop.
  package var description: String {
    switch self {
    case .closed: "the connection is closed; open another"
    case .ended: "the connection is lost: libvirtd has ended"
    case .silent: "the connection is lost: libvirtd did not answer; it is stopped, or hangs"
    case .hung(_, let limit):
      "libvirtd did not answer within \(limit): it is stopped, it waits for a QEMU that does not"
        + " answer, or the machine has too much to do. The connection was given up"
    case .failed: "the connection is lost: it failed"
    }
  }
}

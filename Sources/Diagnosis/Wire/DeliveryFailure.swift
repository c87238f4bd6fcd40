import Addresses
import PXEWire

/// An ICMP or ICMPv6 error about a packet of a client, or about one that was sent to it.
public struct DeliveryFailure: Codable, Hashable, Sendable {
  /// Where the error is in the capture.
  public let packet: PacketReference
  /// Who sent the error.
  public let reporter: IPAddress
  /// What it says, in the RFC's words: `port unreachable`.
  public let meaning: String
  /// The sender of the packet that could not be delivered.
  public let source: IPAddress
  /// Where that packet was going.
  public let destination: IPAddress
  /// Its protocol number: 17 is UDP, 6 TCP.
  public let protocolNumber: UInt8
  /// Its receiver's port, of UDP and TCP.
  public let destinationPort: UInt16?
  /// The largest packet that the next link takes, in bytes, where the error states it.
  public let mtu: Int?
  /// Whether the client itself sent the error: it does not want what was sent to it.
  public let isFromClient: Bool
}

/// A datagram of which the capture holds some fragments and not all.
public struct IncompleteDatagram: Codable, Hashable, Sendable {
  /// Its first fragment seen.
  public let packet: PacketReference
  /// The sender.
  public let source: IPAddress
  /// The receiver.
  public let destination: IPAddress
  /// Its protocol number: 17 is UDP.
  public let protocolNumber: UInt8
  /// Bytes of its payload that were seen.
  public let bytes: Int
  /// Why it was given up.
  public let reason: Reason

  /// Why a datagram was given up.
  public enum Reason: String, Codable, Hashable, Sendable {
    /// The missing fragments did not come in time.
    case timeout
    /// Fragments overlap, which is an attack or damage (RFC 5722).
    case overlap
    /// Too many datagrams are incomplete at once, or it is too large.
    case overflow
  }
}

import Addresses
import PXEWire

/// An ICMP or ICMPv6 error about a packet of a client, or about one that was sent to it.
package struct DeliveryFailure: Codable, Hashable, Sendable {
  /// Where the error is in the capture.
  package let packet: PacketReference
  /// Who sent the error.
  package let reporter: IPAddress
  /// What it says, in the RFC's words: `port unreachable`.
  package let meaning: String
  /// The sender of the packet that could not be delivered.
  package let source: IPAddress
  /// Where that packet was going.
  package let destination: IPAddress
  /// Its protocol number: 17 is UDP, 6 TCP.
  package let protocolNumber: UInt8
  /// Its receiver's port, of UDP and TCP.
  package let destinationPort: UInt16?
  /// The largest packet that the next link takes, in bytes, where the error states it.
  package let mtu: Int?
  /// Whether the client itself sent the error: it does not want what was sent to it.
  package let isFromClient: Bool
}

/// A datagram of which the capture holds some fragments and not all.
package struct IncompleteDatagram: Codable, Hashable, Sendable {
  /// Its first fragment seen.
  package let packet: PacketReference
  /// The sender.
  package let source: IPAddress
  /// The receiver.
  package let destination: IPAddress
  /// Its protocol number: 17 is UDP.
  package let protocolNumber: UInt8
  /// Bytes of its payload that were seen.
  package let bytes: Int
  /// Why it was given up.
  package let reason: Reason

  /// Why a datagram was given up.
  package enum Reason: String, Codable, Hashable, Sendable {
    /// The missing fragments did not come in time.
    case timeout
    /// Fragments overlap, which is an attack or damage (RFC 5722).
    case overlap
    /// Too many datagrams are incomplete at once, or it is too large.
    case overflow
  }
}

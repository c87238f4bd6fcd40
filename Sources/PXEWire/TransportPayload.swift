import Addresses

/// What an IPv4 or IPv6 packet carries.
package enum TransportPayload: Hashable, Sendable {
  /// A UDP datagram; of a fragmented one, the first fragment.
  case udp(UDPDatagram)
  /// A TCP segment.
  case tcp(TCPSegment)
  /// An ICMP message.
  case icmp(ICMPMessage)
  /// An ICMPv6 message.
  case icmpv6(ICMPv6Message)
  /// What a tunnel in IP carries: GRE, or another IP packet.
  indirect case encapsulation(Encapsulation)
  /// A fragment other than the first: bytes without a transport header.
  case fragment
  /// A protocol that is not decoded; see the packet's protocol number.
  case other
  /// A transport header that does not decode.
  case malformed(WireError)

  /// Decodes a packet's payload, or that of a datagram put together from its fragments.
  ///
  /// - Parameters:
  ///   - protocolNumber: 1 ICMP, 4 and 41 IP, 6 TCP, 17 UDP, 47 GRE, 58 ICMPv6.
  ///   - bytes: the captured bytes.
  ///   - length: how many bytes there are, as the IP header says.
  ///   - isWhole: whether this is the whole payload and not its first fragment.
  ///   - source: the packet's sender, who takes part in the checksum.
  ///   - destination: its receiver, likewise.
  package init(
    protocolNumber: UInt8, bytes: ArraySlice<UInt8>, length: Int, isWhole: Bool = true,
    from source: IPAddress, to destination: IPAddress
  ) {
    do throws(WireError) {
      switch (protocolNumber, source) {
      case (17, _):
        self = .udp(
          try UDPDatagram(decoding: bytes, from: source, to: destination, isWhole: isWhole))
      case (6, _): self = .tcp(try TCPSegment(decoding: bytes, length: length))
      case (1, .v4): self = .icmp(try ICMPMessage(decoding: bytes))
      case (58, .v6): self = .icmpv6(try ICMPv6Message(decoding: bytes))
      case (4, _), (41, _), (47, _):
        self =
          Encapsulation(protocolNumber: protocolNumber, bytes, from: source, to: destination)
          .map { .encapsulation($0) } ?? .other
      default: self = .other
      }
    } catch {
      self = .malformed(error)
    }
  }
}

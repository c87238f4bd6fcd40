import Addresses

/// An IPv4 packet (RFC 791).
public struct IPv4Packet: Hashable, Sendable {
  /// The sender.
  public let source: IPv4Address
  /// The receiver.
  public let destination: IPv4Address
  /// The identification field, which the fragments of one datagram share.
  public let identification: UInt16
  /// Time to live, in hops.
  public let timeToLive: UInt8
  /// The protocol number: 1 ICMP, 17 UDP.
  public let protocolNumber: UInt8
  /// The length of header and payload in bytes, as the header states it.
  public let totalLength: Int
  /// Whether the sender forbids fragmenting.
  public let dontFragment: Bool
  /// Whether more fragments of this datagram follow.
  public let moreFragments: Bool
  /// Where this fragment's payload belongs, in bytes.
  public let fragmentOffset: Int
  /// Whether the header checksum is right.
  public let headerChecksumIsValid: Bool
  /// What the packet carries.
  public let payload: Payload

  /// Whether this is one of several fragments.
  public var isFragment: Bool { moreFragments || fragmentOffset > 0 }

  /// What an IPv4 packet carries.
  public enum Payload: Hashable, Sendable {
    /// A UDP datagram; of a fragmented one, the first fragment.
    case udp(UDPDatagram)
    /// An ICMP message.
    case icmp(ICMPMessage)
    /// A fragment other than the first: bytes without a transport header.
    case fragment
    /// A protocol that is not decoded; see `protocolNumber`.
    case other
    /// A UDP or ICMP header that does not decode.
    case malformed(WireError)
  }

  /// Decodes a packet; throws when the header is incomplete or contradicts itself.
  public init(decoding bytes: ArraySlice<UInt8>) throws(WireError) {
    var reader = ByteReader(bytes, layer: .ipv4)
    let versionAndLength = try reader.uint8("version")
    let headerLength = Int(versionAndLength & 0xf) * 4
    guard versionAndLength >> 4 == 4 else {
      throw .malformed(layer: .ipv4, reason: "version is \(versionAndLength >> 4)")
    }
    guard headerLength >= 20 else {
      throw .malformed(layer: .ipv4, reason: "header length is \(headerLength) bytes")
    }
    _ = try reader.uint8("type of service")
    totalLength = Int(try reader.uint16("total length"))
    guard totalLength >= headerLength else {
      throw .malformed(
        layer: .ipv4, reason: "total length \(totalLength) is less than the header's")
    }
    identification = try reader.uint16("identification")
    let flags = try reader.uint16("fragment offset")
    dontFragment = flags & 0x4000 != 0
    moreFragments = flags & 0x2000 != 0
    fragmentOffset = Int(flags & 0x1fff) * 8
    timeToLive = try reader.uint8("time to live")
    protocolNumber = try reader.uint8("protocol")
    _ = try reader.uint16("header checksum")
    source = try reader.ipv4Address("source address")
    destination = try reader.ipv4Address("destination address")
    try reader.skip(headerLength - 20, "options")

    var checksum = InternetChecksum()
    checksum.add(bytes.prefix(headerLength))
    headerChecksumIsValid = checksum.folded == 0xffff
    // Short frames are padded to Ethernet's minimum, so the total length decides where this ends.
    payload = Payload(
      protocolNumber: protocolNumber, bytes: reader.rest.prefix(totalLength - headerLength),
      isFirst: fragmentOffset == 0, isWhole: fragmentOffset == 0 && !moreFragments,
      source: source, destination: destination)
  }
}

extension IPv4Packet.Payload {
  fileprivate init(
    protocolNumber: UInt8, bytes: ArraySlice<UInt8>, isFirst: Bool, isWhole: Bool,
    source: IPv4Address, destination: IPv4Address
  ) {
    guard isFirst else {
      self = .fragment
      return
    }
    do throws(WireError) {
      switch protocolNumber {
      case 17:
        self = .udp(
          try UDPDatagram(
            decoding: bytes, from: source, to: destination, isWhole: isWhole))
      case 1: self = .icmp(try ICMPMessage(decoding: bytes))
      default: self = .other
      }
    } catch {
      self = .malformed(error)
    }
  }
}

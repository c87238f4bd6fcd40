import Addresses

/// An Ethernet frame, decoded as far as its transport layer (IEEE 802.3, 802.1Q, 802.1ad), or a
/// packet that was captured without an Ethernet header (``LinkType``).
package struct Frame: Hashable, Sendable {
  /// The sender; `.unspecified` where the capture does not hold it.
  package let source: MACAddress
  /// The receiver; `.unspecified` where the capture does not hold it.
  package let destination: MACAddress
  /// The VLAN tags, outermost first; empty for an untagged frame.
  package let tags: [VLANTag]
  /// The EtherType after the tags, or the length of an 802.3 LLC frame (under 0x600).
  package let etherType: UInt16
  /// What the frame carries.
  package let payload: Payload

  /// What a frame carries.
  package enum Payload: Hashable, Sendable {
    /// An ARP packet for IPv4 over Ethernet.
    case arp(ARPPacket)
    /// An IPv4 packet.
    case ipv4(IPv4Packet)
    /// An IPv6 packet.
    case ipv6(IPv6Packet)
    /// A bridge protocol data unit of spanning tree.
    case spanningTree(SpanningTreeBPDU)
    /// What is behind MPLS labels.
    indirect case encapsulation(Encapsulation)
    /// A protocol that is not decoded (LLDP, EAPOL); see `etherType`.
    case other
    /// A packet of a protocol above that does not decode.
    case malformed(WireError)
  }

  /// Decodes a frame without its frame check sequence. Frames cut by a snapshot length decode as
  /// far as they go. Throws when the Ethernet header or a tag is incomplete; damage further in
  /// becomes `.malformed` where it lies.
  package init(decoding bytes: [UInt8]) throws(WireError) {
    try self.init(decoding: bytes[...])
  }

  /// Decodes a frame that lies within other bytes, which it shares.
  init(decoding bytes: ArraySlice<UInt8>) throws(WireError) {
    var reader = ByteReader(bytes, layer: .ethernet)
    let destination = try reader.macAddress("destination address")
    let source = try reader.macAddress("source address")
    let etherType = try reader.uint16("EtherType")
    try self.init(
      source: source, destination: destination, etherType: etherType, reading: &reader)
  }

  /// Decodes what follows a link-layer header's addresses and protocol: tags, then the payload.
  init(
    source: MACAddress, destination: MACAddress, etherType: UInt16, reading reader: inout ByteReader
  ) throws(WireError) {
    self.source = source
    self.destination = destination
    var etherType = etherType
    var tags: [VLANTag] = []
    while VLANTag.isTag(etherType) {
      tags.append(
        VLANTag(tpid: etherType, controlInformation: try reader.uint16("tag control information")))
      etherType = try reader.uint16("EtherType after a tag")
    }
    self.tags = tags
    self.etherType = etherType
    payload = Payload(etherType: etherType, bytes: reader.rest)
  }

  /// A frame with other tags.
  init(_ frame: Frame, tags: [VLANTag]) {
    source = frame.source
    destination = frame.destination
    self.tags = tags
    etherType = frame.etherType
    payload = frame.payload
  }

  /// Decodes a frame from memory that is only lent, copying it once.
  package init(decoding bytes: UnsafeRawBufferPointer) throws(WireError) {
    try self.init(decoding: [UInt8](bytes))
  }

  /// The VLAN of the outermost tag; `nil` for an untagged or priority-tagged frame.
  package var vlan: VLANID? { tags.first?.vlan }

  /// The UDP datagram inside, if there is a whole header of one.
  package var datagram: UDPDatagram? {
    guard case .udp(let datagram) = transport else { return nil }
    return datagram
  }

  /// What its IP packet carries; `nil` for a frame without one.
  package var transport: TransportPayload? {
    switch payload {
    case .ipv4(let packet): packet.payload
    case .ipv6(let packet): packet.payload
    case .arp, .spanningTree, .encapsulation, .other, .malformed: nil
    }
  }
}

extension Frame.Payload {
  fileprivate init(etherType: UInt16, bytes: ArraySlice<UInt8>) {
    do throws(WireError) {
      switch etherType {
      case 0x0806: self = .arp(try ARPPacket(decoding: bytes))
      case 0x0800: self = .ipv4(try IPv4Packet(decoding: bytes))
      case 0x86dd: self = .ipv6(try IPv6Packet(decoding: bytes))
      case 0x8847, 0x8848: self = Encapsulation(labels: bytes).map { .encapsulation($0) } ?? .other
      case ..<0x0600:
        self = try SpanningTreeBPDU(decodingLLC: bytes).map { .spanningTree($0) } ?? .other
      default: self = .other
      }
    } catch {
      self = .malformed(error)
    }
  }
}

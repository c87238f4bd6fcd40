import Addresses

/// An ARP packet for IPv4 over Ethernet (RFC 826).
package struct ARPPacket: Hashable, Sendable {
  /// 1 asks, 2 replies.
  package let operation: UInt16
  /// The sender's MAC address.
  package let senderMAC: MACAddress
  /// The sender's IPv4 address; 0.0.0.0 in a probe (RFC 5227).
  package let senderAddress: IPv4Address
  /// The target's MAC address; meaningless in a request.
  package let targetMAC: MACAddress
  /// The address asked for, or the asker's address in a reply.
  package let targetAddress: IPv4Address

  /// Decodes a packet; throws for other hardware or protocol types and when it is cut short.
  package init(decoding bytes: ArraySlice<UInt8>) throws(WireError) {
    var reader = ByteReader(bytes, layer: .arp)
    let hardware = try reader.uint16("hardware type")
    let network = try reader.uint16("protocol type")
    let lengths = try reader.uint16("address lengths")
    guard hardware == 1, network == 0x0800, lengths == 0x0604 else {
      throw .malformed(
        layer: .arp,
        reason: "not IPv4 over Ethernet (hardware \(hardware), protocol \(network))")
    }
    operation = try reader.uint16("operation")
    senderMAC = try reader.macAddress("sender hardware address")
    senderAddress = try reader.ipv4Address("sender protocol address")
    targetMAC = try reader.macAddress("target hardware address")
    targetAddress = try reader.ipv4Address("target protocol address")
  }

  /// Whether this asks for an address.
  package var isRequest: Bool { operation == 1 }
  /// Whether this answers a request.
  package var isReply: Bool { operation == 2 }
  /// Whether the sender announces or probes for its own address (RFC 5227), which none answers
  /// unless two machines claim it.
  package var isProbeOrAnnouncement: Bool {
    senderAddress == .any || senderAddress == targetAddress
  }
}

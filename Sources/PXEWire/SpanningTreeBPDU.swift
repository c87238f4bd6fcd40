import Addresses

/// A bridge protocol data unit of the spanning tree protocol (IEEE 802.1D-2004 clause 9.3).
package struct SpanningTreeBPDU: Hashable, Sendable {
  /// 0 is STP, 2 RSTP, 3 MSTP.
  package let version: UInt8
  /// Whether this only signals a topology change, or carries the flag for it.
  package let isTopologyChange: Bool
  /// The root bridge; `nil` in a topology change notification, like what follows.
  package let root: MACAddress?
  /// The bridge that sent it.
  package let bridge: MACAddress?
  /// How long a port listens, and then learns, before it forwards, in seconds.
  package let forwardDelay: Double?

  /// Decodes the payload of an 802.3 frame; `nil` when it is no BPDU. Throws when one is cut short.
  init?(decodingLLC bytes: ArraySlice<UInt8>) throws(WireError) {
    // LLC: DSAP and SSAP 0x42, unnumbered information; Cisco's one for each VLAN is in SNAP.
    if bytes.prefix(3) == [0x42, 0x42, 0x03] {
      try self.init(decoding: bytes.dropFirst(3))
    } else if bytes.prefix(8) == [0xaa, 0xaa, 0x03, 0x00, 0x00, 0x0c, 0x01, 0x0b] {
      try self.init(decoding: bytes.dropFirst(8))
    } else {
      return nil
    }
  }

  /// Decodes a BPDU behind its LLC header; throws when it is cut short or of another protocol.
  package init(decoding bytes: ArraySlice<UInt8>) throws(WireError) {
    var reader = ByteReader(bytes, layer: .spanningTree)
    let identifier = try reader.uint16("protocol identifier")
    guard identifier == 0 else {
      throw .malformed(layer: .spanningTree, reason: "protocol identifier is \(identifier)")
    }
    version = try reader.uint8("version")
    let type = try reader.uint8("BPDU type")
    guard type != 0x80 else {
      isTopologyChange = true
      root = nil
      bridge = nil
      forwardDelay = nil
      return
    }
    isTopologyChange = try reader.uint8("flags") & 1 == 1
    _ = try reader.uint16("root priority")
    root = try reader.macAddress("root address")
    _ = try reader.uint32("root path cost")
    _ = try reader.uint16("bridge priority")
    bridge = try reader.macAddress("bridge address")
    try reader.skip(8, "port, message age, maximum age, hello time")
    // In 256ths of a second.
    forwardDelay = Double(try reader.uint16("forward delay")) / 256
  }
}

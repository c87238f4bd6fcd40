import Addresses

/// A frame or packet that another packet carries through a ``Tunnel``.
package struct Encapsulation: Hashable, Sendable {
  /// The tunnel.
  package let tunnel: Tunnel
  /// What is carried.
  let content: Content

  /// What a tunnel carries.
  enum Content: Hashable, Sendable {
    /// An Ethernet frame without its check sequence; with the VLAN that a mirror took its tag of, if
    /// it did.
    case ethernet(ArraySlice<UInt8>, vlan: VLANTag?)
    /// What an Ethernet frame has behind this EtherType.
    case payload(etherType: UInt16, ArraySlice<UInt8>)
  }

  init(_ tunnel: Tunnel, ethernet bytes: ArraySlice<UInt8>, vlan: VLANTag? = nil) {
    self.tunnel = tunnel
    content = .ethernet(bytes, vlan: vlan)
  }

  init(_ tunnel: Tunnel, etherType: UInt16, _ bytes: ArraySlice<UInt8>) {
    self.tunnel = tunnel
    content = .payload(etherType: etherType, bytes)
  }

  /// What is carried, decoded. Without an Ethernet header of its own its addresses are
  /// ``Addresses/MACAddress/unspecified``.
  ///
  /// - Throws: `WireError` when the Ethernet header or a tag is incomplete.
  package func frame() throws(WireError) -> Frame {
    switch content {
    case .ethernet(let bytes, let tag):
      let frame = try Frame(decoding: bytes)
      guard let tag, frame.tags.isEmpty else { return frame }
      return Frame(frame, tags: [tag])
    case .payload(let etherType, let bytes):
      var reader = ByteReader(bytes, layer: .ethernet)
      return try Frame(
        source: .unspecified, destination: .unspecified, etherType: etherType, reading: &reader)
    }
  }
}

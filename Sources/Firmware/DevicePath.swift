import Addresses

/// A device path (UEFI 2.10 chapter 10), up to its first end node.
package struct DevicePath: Hashable, Sendable {
  /// The nodes, from the root on, without the end node.
  package var nodes: [DevicePathNode]

  /// A path of nodes.
  package init(nodes: [DevicePathNode]) {
    self.nodes = nodes
  }

  /// Decodes a path that ends with an end node.
  ///
  /// - Throws: `EFIDecodingError` with the offset of the node.
  package init(bytes: [UInt8]) throws(EFIDecodingError) {
    var reader = ByteReader(bytes[...], of: "device path")
    nodes = []
    while true {
      let start = reader.offset
      let type = try reader.number(UInt8.self)
      let subtype = try reader.number(UInt8.self)
      let length = Int(try reader.number(UInt16.self))
      guard length >= 4 else {
        throw EFIDecodingError(
          structure: "device path", offset: start, reason: "a node of \(length) bytes")
      }
      let body = try reader.take(length - 4)
      if type == 0x7f, subtype == 0xff { return }
      nodes.append(DevicePathNode(type: type, subtype: subtype, body: Array(body)))
    }
  }

  /// The bytes, end node included.
  package var bytes: [UInt8] { nodes.flatMap(\.bytes) + [0x7f, 0xff, 4, 0] }

  /// The MAC address of the network adapter on the path, if there is one.
  package var macAddress: MACAddress? {
    for case .mac(let address, _) in nodes { return address }
    return nil
  }
}

extension DevicePath: CustomStringConvertible {
  /// The text form, as firmware prints it: `PciRoot(0x0)/Pci(0x2,0x0)/MAC(DE00000000DE,0x1)`;
  /// several instances, as `ConOut` has, with commas between them (UEFI 2.10 section 10.6.1.5).
  package var description: String {
    nodes.split(separator: .endOfInstance, omittingEmptySubsequences: false)
      .map { $0.map(\.description).joined(separator: "/") }.joined(separator: ",")
  }
}

import Firmware

/// The beginning of a device path that a device's boot entries have in common. OVMF makes one out of
/// each line of the fw_cfg file `bootorder` and compares it with its entries (edk2
/// OvmfPkg/Library/QemuBootOrderLib).
package struct BootPathPrefix: Hashable, Sendable {
  /// The nodes, from the root on; none match nothing.
  package var nodes: [DevicePathNode]

  /// A beginning.
  package init(nodes: [DevicePathNode]) {
    self.nodes = nodes
  }

  /// Whether a path begins so.
  package func begins(_ path: DevicePath) -> Bool {
    !nodes.isEmpty && path.nodes.count >= nodes.count
      && zip(nodes, path.nodes).allSatisfy(Self.isSame)
  }

  /// Where there is no port multiplier, edk2 writes port 0xffff, and once wrote 0.
  private static func isSame(_ left: DevicePathNode, _ right: DevicePathNode) -> Bool {
    if case .sata(let port, _, let unit) = left, case .sata(port, _, unit) = right { return true }
    return left == right
  }
}

extension BootPathPrefix: CustomStringConvertible {
  /// As a device path's text.
  package var description: String { DevicePath(nodes: nodes).description }
}

extension BootPathPrefix: Codable {
  /// Decodes the text.
  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    nodes = text.isEmpty ? [] : try DevicePath(text: text).nodes
  }

  /// Encodes the text.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

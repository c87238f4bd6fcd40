import PXEWire

/// The tunnels that a frame came through.
package struct TunnelPath: Hashable, Sendable {
  /// From the outermost to the innermost.
  package let path: [Tunnel]
  /// The first packet.
  package let packet: PacketReference

  /// `VXLAN, VNI 42, 10.0.0.1 to 10.0.0.2`; the innermost first.
  package var description: String { Self.list(path.map(\.description)) }

  /// `VXLAN, VNI 42`.
  package var name: String { Self.list(path.map(\.name)) }

  private static func list(_ tunnels: [String]) -> String {
    tunnels.reversed().joined(separator: ", inside ")
  }
}

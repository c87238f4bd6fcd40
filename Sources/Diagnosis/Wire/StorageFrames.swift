import PXEWire

/// Frames of a storage protocol without IP: ATA over Ethernet (EtherType 0x88a2) and Fibre Channel
/// over Ethernet (0x8906).
package struct StorageFrames: Codable, Hashable, Sendable {
  /// The first frame that the client sent.
  package internal(set) var firstSent: PacketReference?
  /// How many it sent.
  package internal(set) var sent = 0
  /// The first frame to it alone.
  package internal(set) var firstReceived: PacketReference?
  /// The last frame to it alone.
  package internal(set) var lastReceived: PacketReference?
  /// How many came to it alone.
  package internal(set) var received = 0

  /// Frames that are more than a target's word that it is there.
  private static let enough = 4

  /// Whether the client reads its disk, which is what boots it.
  package var isRead: Bool { received >= Self.enough }
}

extension WireTracker {
  private static let storageProtocols: Set<UInt16> = [0x88a2, 0x8906]

  /// Counts a frame of a storage protocol with the client that it is from or to.
  mutating func observeStorage(_ frame: Frame, _ packet: PacketReference) {
    guard Self.storageProtocols.contains(frame.etherType) else { return }
    if clients[frame.source]?.hasExchanges == true {
      update(frame.source, at: packet.time) { trace in
        trace.storage.firstSent = trace.storage.firstSent ?? packet
        trace.storage.sent += 1
      }
    }
    if clients[frame.destination]?.hasExchanges == true {
      update(frame.destination, at: packet.time) { trace in
        trace.storage.firstReceived = trace.storage.firstReceived ?? packet
        trace.storage.lastReceived = packet
        trace.storage.received += 1
      }
    }
  }
}

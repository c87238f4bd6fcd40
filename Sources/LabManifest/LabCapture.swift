import KubeVirt
import Objects

/// How much is captured on each bridge.
package struct LabCapture: Codable, Hashable, Sendable {
  /// The size of what is kept, in bytes: the newest packets.
  package var limit = 256 << 20
  /// How many bytes of each packet are kept.
  package var snapshotLength = LabCapture.longestPacket

  /// The least limit, in bytes.
  package static let leastLimit = 1 << 20
  /// The most bytes of a packet, as libpcap has them by default.
  package static let longestPacket = 262_144
  /// The fewest: headers of Ethernet, IPv6 and TCP with their options.
  package static let shortestPacket = 128

  /// All of each packet, the newest 256 MiB.
  package init() {}
}

extension LabCapture {
  /// What `spec.capture` says, the rest as usual.
  init(_ field: Field) {
    self.init()
    guard field.exists else { return }
    field.warnUnknown(except: LabFields.capture)
    let limit = field["limit"]
    if let text = limit.stringOrNumber {
      if let bytes = Quantity(text)?.value, bytes >= Self.leastLimit {
        self.limit = Int(bytes)
      } else {
        limit.error(
          "\(text.prefix(64).debugDescription) is not a size of at least 1Mi, such as 64Mi or 2Gi")
      }
    }
    let length = field["snaplen"]
    if let bytes = length.integer {
      if (Self.shortestPacket...Self.longestPacket).contains(bytes) {
        snapshotLength = bytes
      } else {
        length.error(
          "\(bytes) is not between \(Self.shortestPacket) and \(Self.longestPacket), the bytes of a "
            + "packet that are kept")
      }
    }
  }
}

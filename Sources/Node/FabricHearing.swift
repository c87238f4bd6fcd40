import Addresses
import CaptureFile
import Diagnosis
import FileSystem
import PXEWire
import Planning

/// What the captures of a network show of a machine that runs on one of several nodes: its node's, and the
/// fabric's.
struct FabricHearing {
  /// The files of the fabric's agent, the earlier first.
  private let fabric: [String]
  /// Those of the node's.
  private let node: [String]

  init(_ paths: LabPaths, node: String, bridge: String) {
    func files(_ files: NodePaths) -> [String] {
      [files.earlierCapture(bridge), files.capture(bridge)]
    }
    fabric = files(paths.files(of: .fabric))
    self.node = files(paths.files(of: .node(node)))
  }

  /// What was seen of a machine since its boot began; `nil` where no capture of the fabric can be read. The
  /// agents may be writing: what ends within a packet is read up to that.
  func sighting(of mac: MACAddress, since began: Timestamp) -> FabricSighting? {
    var follower = CaptureFollower(tellsEvents: false)
    var paths = WirePaths()
    var number = 0
    let hasRead = Self.read(fabric, of: mac, since: began) { record in
      number += 1
      follower.take(record.bytes, linkType: record.linkType, at: record.time, number: number)
      Self.take(record, of: FabricSighting.fabric, into: &paths)
    }
    guard hasRead else { return nil }
    _ = Self.read(node, of: mac, since: began) { record in
      Self.take(record, of: FabricSighting.node, into: &paths)
    }
    return FabricSighting(
      trace: follower.tracker.trace(of: mac)?.since(began), paths: paths.paths(of: mac))
  }

  private static func take(
    _ record: CaptureRecord, of capture: Int, into paths: inout WirePaths
  ) {
    guard let frame = try? record.frame() else { return }
    paths.take(frame, of: capture, at: record.time)
  }

  /// - Returns: whether any of the files can be read.
  private static func read(
    _ files: [String], of mac: MACAddress, since began: Timestamp,
    _ body: (CaptureRecord) -> Void
  ) -> Bool {
    var hasRead = false
    for file in files where Files.exists(file) {
      guard var reader = try? CaptureFileReader(path: file, name: file) else { continue }
      hasRead = true
      while let record = try? reader.next() {
        if record.time >= began, concerns(mac, record.bytes) { body(record) }
      }
    }
    return hasRead
  }

  /// Whether an Ethernet frame is from or to a machine, or to a group.
  private static func concerns(_ mac: MACAddress, _ frame: UnsafeRawBufferPointer) -> Bool {
    guard frame.count >= 12 else { return false }
    func address(at offset: Int) -> UInt64 {
      frame[offset..<offset + 6].reduce(0) { $0 << 8 | UInt64($1) }
    }
    return frame[0] & 1 == 1 || address(at: 0) == mac.rawValue || address(at: 6) == mac.rawValue
  }
}

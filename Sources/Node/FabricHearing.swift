import Addresses
import CaptureFile
import Diagnosis
import FileSystem
import PXEWire
import Planning

/// What the fabric's capture of a network shows of a machine that runs on one of several nodes.
struct FabricHearing {
  /// The files of the fabric's agent, the earlier first.
  private let files: [String]

  init(_ paths: LabPaths, bridge: String) {
    let fabric = paths.files(of: .fabric)
    files = [fabric.earlierCapture(bridge), fabric.capture(bridge)]
  }

  /// What was seen of a machine since its boot began; `nil` where no capture can be read. The fabric's
  /// agent may be writing: what ends within a packet is read up to that.
  func sighting(of mac: MACAddress, since began: Timestamp) -> FabricSighting? {
    var follower = CaptureFollower(tellsEvents: false)
    var hasRead = false
    var number = 0
    for file in files where Files.exists(file) {
      guard var reader = try? CaptureFileReader(path: file, name: file) else { continue }
      hasRead = true
      while let record = try? reader.next() {
        guard record.time >= began, Self.concerns(mac, record.bytes) else { continue }
        number += 1
        follower.take(
          record.bytes, linkType: record.linkType, at: record.time, number: number)
      }
    }
    guard hasRead else { return nil }
    return FabricSighting(trace: follower.tracker.trace(of: mac)?.since(began))
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

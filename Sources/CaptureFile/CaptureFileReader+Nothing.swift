import PXEWire

extension CaptureFileReader {
  /// Why nothing was learnt from a file of which no packet decodes: link types that are not decoded,
  /// packets cut too short, or the file's end before the first; `nil` for a file without packets.
  package var reasonForNothing: String? {
    guard packets > 0 else {
      return cut.map { "cut off within packet 1, at byte \($0.offset): it holds no whole packet" }
    }
    let types = skipped.keys.sorted { $0.rawValue < $1.rawValue }.map(\.description)
    guard types.isEmpty else {
      return "none of the \(packets) packets can be read: the link type is "
        + "\(types.joined(separator: ", ")). Capture where frames are Ethernet: at the machine's port, "
        + "on the bridge or at the server"
    }
    let lengths = Set(interfaces.map(\.snapshotLength)).sorted().map { "\($0)" }
    return
      "none of the \(packets) packets can be read: they are damaged or cut too short (snapshot "
      + "length \(lengths.joined(separator: ", "))). Capture whole packets: tcpdump -s 0"
  }
}

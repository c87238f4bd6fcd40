import PXEWire

/// The firmware or a boot program says on the console that it could not go on, and no rule knows why.
/// Found of a whole capture only, once all rules have been asked.
struct FirmwareGaveUp: FindingKind {
  let id = "PXL096"

  func finding(in evidence: Evidence) -> Finding? {
    guard let event = Self.lastError(in: evidence), let error = FirmwareError(line: event.text)
    else { return nil }
    let said = error.code.map { "\($0), " } ?? ""
    return Finding(
      id, mac: evidence.mac,
      title: "\(error.speaker.rawValue) gave up with \"\(event.text)\": \(said)\(error.meaning).",
      evidence: [EvidenceItem("console: \(event.text)")]
        + [evidence.trace?.lastBootAct].compactMap { $0 }.map {
          EvidenceItem("the last act seen was \($0.text)", [$0.packet])
        },
      fix:
        "The packets do not show why. Compare this message with the last act and with the log of "
        + "the server at that time; docs/firmware-errors.md lists what the codes mean.")
  }

  /// The last error of firmware or boot program after which nothing of them got further.
  static func lastError(in evidence: Evidence) -> ConsoleEvent? {
    let index = evidence.console.lastIndex {
      ($0.kind == .pxeError || $0.kind == .loaderError || $0.kind == .grubError)
        && FirmwareError(line: $0.text) != nil
    }
    guard let index, evidence.guest == nil else { return nil }
    let isOvercome = evidence.console[index...].contains { event in
      switch event.kind {
      case .downloaded, .shim, .grub, .kernel, .report, .ipxe: true
      case .startingEntry: event.text.contains("MAC(")
      default: false
      }
    }
    return isOvercome ? nil : evidence.console[index]
  }
}

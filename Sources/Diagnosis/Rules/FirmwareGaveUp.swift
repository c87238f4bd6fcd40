import PXEWire

/// The firmware or a boot program says on the console that it could not go on, and no rule knows why.
/// Found of a whole capture only, once all rules have been asked.
struct FirmwareGaveUp: FindingKind {
  let id = "PXL096"

  /// - Parameter hasProof: whether packets show that all came that was asked for. iPXE and U-Boot go on
  ///   by themselves after an error, as where they look for several files.
  func finding(in evidence: Evidence, hasProof: Bool) -> Finding? {
    guard let event = Self.lastError(in: evidence), let error = FirmwareError(line: event.text),
      !(hasProof && [.ipxe, .uBoot].contains(error.speaker))
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
        + "the server at that time; the page of this finding says where the codes are listed.")
  }

  /// The last error of firmware or boot program after which nothing of them got further.
  static func lastError(in evidence: Evidence) -> ConsoleEvent? {
    let index = evidence.console.lastIndex {
      ($0.kind == .pxeError || $0.kind == .loaderError || $0.kind == .grubError)
        && FirmwareError(line: $0.text) != nil
    }
    guard let index, evidence.guest == nil, !isOfSystem(index, evidence.console) else { return nil }
    let isOvercome = evidence.console[index...].contains { event in
      switch event.kind {
      case .downloaded, .shim, .grub, .kernel, .report, .ipxe: true
      case .startingEntry: event.text.contains("MAC(")
      default: false
      }
    }
    return isOvercome ? nil : evidence.console[index]
  }

  /// Whether a kernel was the last to speak before a line, so that the line is its system's.
  private static func isOfSystem(_ index: Int, _ console: [ConsoleEvent]) -> Bool {
    guard
      let kernel = console[..<index].lastIndex(where: { $0.kind == .kernel || $0.kind == .report })
    else { return false }
    return !console[kernel..<index].contains { event in
      switch event.kind {
      case .startPXE, .startHTTP, .biosStarting, .loadingEntry, .startingEntry, .ipxeStarting,
        .ipxe,
        .shim, .grub:
        true
      default: false
      }
    }
  }
}

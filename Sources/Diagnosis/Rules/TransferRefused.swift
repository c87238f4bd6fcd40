import PXEWire

/// The server lacks a file that the boot needs.
struct TransferRefused: DiagnosisRule {
  let id = "PXL007"
  let stage = FaultStage.transfer
  let fields: [CauseField] = [.bootFile, .serverCommand]
  let consequences: Consequences = .laterAttempts(and: [
    "PXL009", "PXL013", "PXL033", "PXL052", "PXL054",
  ])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    // GRUB's modules are missed where it has none inside, which is what is wrong then.
    let isRescue = !evidence.console(.grubRescue).isEmpty
    let missing = trace.transfers.filter {
      $0.isMissing && !$0.isNotNeeded && !(isRescue && $0.file.hasSuffix(".mod"))
    }
    let unsolved = missing.filter { !evidence.overcame(.load, after: $0.lastProgress) }
    guard let first = unsolved.first(where: { $0.file == evidence.bootFile }) ?? unsolved.first
    else { return [] }
    return [finding(first, unsolved, trace, evidence)]
  }

  private func finding(
    _ transfer: TFTPTransfer, _ all: [TFTPTransfer], _ trace: ClientTrace, _ evidence: Evidence
  ) -> Finding {
    let file = transfer.file
    let asker = trace.transfers.last { $0.isWhole && $0.lastProgress < transfer.started }
    let isProgram = evidence.bootFile.map { ClientTrace.isSame($0, file) } ?? (asker == nil)
    let fix: String
    if isProgram {
      fix = "Put \(file) into the image that is served, or correct the boot file's name."
    } else if file.lowercased().contains("grub"), file.lowercased().hasSuffix(".efi") {
      fix =
        "Put \(file) beside the boot program that asks for it: shim loads grubx64.efi from the folder "
        + "that it came from itself."
    } else {
      let name = asker.map { "\($0.file)" } ?? "what was booted before it"
      fix = "Put \(file) into the image that is served; \(name) asks for it."
    }
    var seen: Set<String> = []
    return Finding(
      id, evidence.severityOfTransfer(), mac: evidence.mac,
      title: "The server \(transfer.server) has no file \(file).",
      evidence: all.filter { seen.insert($0.file).inserted }.prefix(6).map {
        let code = $0.errorCode.map { "error \($0.rawValue)" } ?? "an error"
        return EvidenceItem(
          "TFTP \(code) for \($0.file): \($0.errorMessage ?? "")", [$0.packet, $0.lastPacket])
      } + evidence.firmwareMessages,
      fix: fix)
  }
}

extension TFTPTransfer {
  /// Whether the server says that there is no such file; some say it with error 0.
  var isMissing: Bool {
    guard state == .failed, !errorIsFromClient, !isWrite else { return false }
    if errorCode == .fileNotFound { return true }
    let text = errorMessage?.lowercased() ?? ""
    return errorCode?.rawValue == 0
      && ["not found", "no such", "does not exist"].contains(where: text.contains)
  }

  /// Whether boots go on without this file: it is optional, or iPXE or U-Boot only look for it.
  var isNotNeeded: Bool { Self.isNotNeeded(file) }

  /// Whether boots go on without a file of this name.
  static func isNotNeeded(_ file: String) -> Bool {
    isOptional(file) || file.hasSuffix("autoexec.ipxe") || file.hasPrefix("boot.scr")
      || file.hasPrefix("dtb/") || file.hasSuffix("/boot.scr.uimg")
  }
}

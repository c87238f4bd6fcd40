import PXEWire

/// The server refuses a file that the boot needs.
struct TransferRefused: DiagnosisRule {
  let stage = FaultStage.transfer
  let consequences: Set<String> = ["PXL013"]

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    var named: Set<String> = []
    return trace.transfers.compactMap { transfer in
      guard transfer.state == .failed, !transfer.isOptional,
        !trace.transfers(of: transfer.file).contains(where: \.isWhole),
        named.insert(transfer.file).inserted
      else { return nil }
      return finding(transfer, evidence)
    }
  }

  private func finding(_ transfer: TFTPTransfer, _ evidence: Evidence) -> Finding {
    let isMissing = transfer.errorCode == .fileNotFound
    let file = transfer.file
    let message = transfer.errorMessage ?? ""
    let code = transfer.errorCode.map { "error \($0.rawValue)" } ?? "an error"
    let isProgram = file == evidence.bootFile
    let title =
      isMissing
      ? "The server \(transfer.server) has no file \(file)."
      : "The server \(transfer.server) refuses \(file): \(message)."
    let fix: String
    if isMissing, isProgram {
      fix = "Put \(file) into the image that is served, or correct the boot file's name."
    } else if isMissing {
      fix = "Put \(file) into the image that is served; what was booted before it asks for it."
    } else {
      fix = "Check the file's permissions and the server's log."
    }
    return Finding(
      "PXL007", mac: evidence.mac, title: title,
      evidence: ["TFTP \(code) for \(file): \(message)"]
        + evidence.console(.pxeError).map { "console: \($0.text)" },
      fix: fix)
  }
}

import PXEWire

/// shim asks for its second stage in another folder than it came from itself.
struct SecondStageFolder: DiagnosisRule {
  let id = "PXL091"
  let stage = FaultStage.loader
  let fields: [CauseField] = [.bootFile]
  let consequences: Consequences = .laterAttempts(and: [
    "PXL007", "PXL009", "PXL013", "PXL029", "PXL033", "PXL054",
  ])
  /// What programs are called that shim starts.
  private static let secondStages = ["grub", "mm", "fb", "systemd-boot", "sd-boot", "kernel"]

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let strayed = trace.transfers.compactMap { transfer -> (TFTPTransfer, TFTPTransfer)? in
      guard transfer.isMissing, !transfer.isOptional, Self.isSecondStage(transfer.name),
        let shim = trace.shim(before: transfer), shim.folder != transfer.folder,
        !trace.transfers.contains(where: {
          $0.started > shim.started && $0.folder == shim.folder && $0.name == transfer.name
        }),
        !evidence.overcame(.load, after: transfer.lastProgress)
      else { return nil }
      return (transfer, shim)
    }
    guard let (transfer, shim) = strayed.first else { return [] }
    let naming = trace.exchanges.flatMap { $0.acks + $0.offers }.last {
      $0.bootFile.map { ClientTrace.isSame($0, shim.file) } == true
    }
    let isOptionAlone = naming?.bootFileIsInField == false
    let whole = shim.folder.isEmpty ? transfer.name : "\(shim.folder)/\(transfer.name)"
    return [
      Finding(
        id, evidence.severity(), mac: trace.mac,
        title:
          "\(shim.file) asks for \(transfer.file) in \(Self.words(transfer.folder)), although it "
          + "came from \(Self.words(shim.folder))"
          + (isOptionAlone ? ": DHCP names the boot file in option 67 alone." : "."),
        evidence: [
          EvidenceItem("\(shim.file) was loaded whole", [shim.packet]),
          EvidenceItem(
            "TFTP request for \(transfer.file), refused: \(transfer.errorMessage ?? "not found")",
            [transfer.packet, transfer.lastPacket]),
        ]
          + [naming].compactMap { $0 }.map {
            EvidenceItem(
              "boot file \($0.bootFile ?? "") from \($0.server), in "
                + ($0.bootFileIsInField ? "the file field" : "option 67; the file field is empty"),
              [$0.packet])
          } + evidence.firmwareMessages,
        fix: isOptionAlone
          ? "Let the DHCP server set the file field too (dnsmasq: dhcp-boot=\(shim.file), not "
            + "dhcp-option=67; ISC: filename; Kea: boot-file-name): some versions of shim take the "
            + "folder from it alone. Or put a copy of \(whole) where it is asked for, \(transfer.file)."
          : "Put a copy of \(whole) where it is asked for, \(transfer.file), or use a newer shim.")
    ]
  }

  private static func isSecondStage(_ name: String) -> Bool {
    let name = name.lowercased()
    return name.hasSuffix(".efi") && secondStages.contains(where: name.hasPrefix)
  }

  private static func words(_ folder: String) -> String {
    folder.isEmpty ? "the root" : "the folder \(folder)"
  }
}

extension TFTPTransfer {
  /// The name's parts, slashes and backslashes alike.
  private var components: [Substring] { file.split { $0 == "/" || $0 == "\\" } }
  /// The name without its folder.
  var name: String { components.last.map(String.init) ?? file }
  /// The folder without slashes at its ends; empty for the root.
  var folder: String { components.dropLast().joined(separator: "/") }
}

extension ClientTrace {
  /// The shim that asks for a file: the last program that arrived before, if it is one by its name or
  /// by what it looks for.
  func shim(before transfer: TFTPTransfer) -> TFTPTransfer? {
    guard
      let last = transfers.last(where: {
        $0.hasArrived && $0.lastProgress <= transfer.started
      })
    else { return nil }
    let looksForRevocations = transfers.contains {
      $0.started >= last.lastProgress && $0.started <= transfer.started
        && ($0.name.hasPrefix("revocations") || $0.name.hasPrefix("shim_certificate"))
    }
    return last.name.lowercased().contains("shim") || looksForRevocations ? last : nil
  }
}

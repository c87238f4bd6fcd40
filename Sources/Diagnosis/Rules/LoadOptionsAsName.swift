import PXEWire

/// shim takes the load options of the firmware's boot entry for the name of its second stage.
struct LoadOptionsAsName: DiagnosisRule {
  let id = "PXL092"
  let stage = FaultStage.loader
  let consequences: Consequences = .laterAttempts(and: [
    "PXL007", "PXL008", "PXL009", "PXL013", "PXL029", "PXL033", "PXL043", "PXL091",
  ])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let odd = trace.transfers.filter {
      trace.takesLoadOptions($0) && !evidence.overcame(.load, after: $0.lastProgress)
    }
    guard let transfer = odd.first, let shim = trace.shim(before: transfer) else { return [] }
    let name = transfer.shownFile
    return [
      Finding(
        id, evidence.severity(), mac: trace.mac,
        title: "\(shim.file) asks for \"\(name)\", a name that comes from the optional data of the "
          + "firmware's boot entry and not from DHCP.",
        evidence: [
          EvidenceItem("\(shim.file) was loaded whole", [shim.packet]),
          EvidenceItem(
            "TFTP request for \"\(name)\""
              + (transfer.errorMessage.map { ", refused: \($0)" } ?? ""),
            [transfer.packet, transfer.lastPacket]),
          EvidenceItem("no answer of DHCP has this name"),
        ] + evidence.firmwareMessages,
        fix:
          "Make the boot entry anew without optional data (efibootmgr without -u, or the firmware's "
          + "own menu), or use another version of shim: some, 15.8 among them, take these "
          + "octets for a file name.")
    ]
  }
}

extension ClientTrace {
  /// Whether a failed request is shim's for a file that neither DHCP names nor shim by itself: then
  /// its name is what the boot entry has as optional data (UEFI 2.10 section 3.1.3).
  func takesLoadOptions(_ transfer: TFTPTransfer) -> Bool {
    guard transfer.state != .sizeOnly, !transfer.isWhole, transfer.blocks == 0,
      !transfer.isOptional, !transfer.isWrite, !transfer.beganBefore,
      transfer.state == .failed || transfer.repeatedRequests > 0,
      let shim = shim(before: transfer), !ClientTrace.isSame(shim.file, transfer.file),
      !namedBootFiles.contains(where: { ClientTrace.isSame($0, transfer.file) })
    else { return false }
    return transfer.hasOddName || !transfer.name.lowercased().hasSuffix(".efi")
  }
}

extension TFTPTransfer {
  /// Whether its name has octets that belong to no name.
  var hasOddName: Bool {
    fileOctets != nil || file.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f }
  }

  /// The name as it was sent, octets that are no printable text as `\xb0`.
  var shownFile: String {
    guard let fileOctets else { return FileName.shown(file) }
    return FileName.shown(fileOctets)
  }
}

import PXEWire

/// The boot program arrived whole, and nothing more was heard of the machine: it runs, and does not
/// reach the network.
struct ProgramSilent: DiagnosisRule {
  let id = "PXL033"
  let stage = FaultStage.program
  let consequences: Consequences = ["PXL013"]
  /// Seconds after which a boot program that asks for more has asked.
  private static let patience: Double = 10
  /// Names of programs whose first act is to ask for a file or an address.
  private static let loaders = [
    "ipxe", "snponly", "undionly", "shim", "grub", "pxelinux", "syslinux", "bootx64", "bootaa64",
    "bootia32", ".kpxe", ".pxe", "core.0", "pxegrub",
  ]

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace, !evidence.programSpoke,
      evidence.console(.refused, .kernelPanic).isEmpty,
      trace.looksForBoot, let progress = evidence.progress,
      let load = progress.loads.last, progress.runs.isEmpty,
      !hasFirmware(after: load, trace), !hasSystem(after: load, trace)
    else { return [] }
    let silence = evidence.segment.seconds(after: load.ended)
    let name = load.file.lowercased()
    let asks = Self.loaders.contains(where: name.contains)
    let isStarted = (asks || evidence.programStarted) && !load.isText
    let isFault = isStarted && silence >= Self.patience && silence.isFinite
    return [
      Finding(
        id, isFault ? evidence.severity(absence: true) : .info, mac: trace.mac,
        title: isFault
          ? "\(load.file) arrived whole and was started, and nothing more comes from \(trace.mac): "
            + "the program does not reach the network."
          : "\(load.file) arrived whole, and nothing more was captured of \(trace.mac).",
        evidence: [
          EvidenceItem(
            "the last block of \(load.file) came at packet \(last(load, trace)?.frame ?? 0)",
            [last(load, trace)].compactMap { $0 }),
          EvidenceItem(
            silence.isFinite
              ? "the capture goes on for \(Quantity.seconds(silence)) without a DHCP message or a "
                + "request of it" : "no DHCP message and no request of it after that"),
        ],
        fix: isFault
          ? "Use a program that drives the card through the firmware (snponly.efi or undionly.kpxe "
            + "instead of ipxe.efi), or another card model (virtio); see the console for where it "
            + "stands."
          : "If the machine hangs, look at its console; if it runs, nothing.")
    ]
  }

  private func last(_ load: BootProgress.Load, _ trace: ClientTrace) -> PacketReference? {
    trace.transfers.last { $0.started == load.started }?.lastPacket
  }

  private func hasFirmware(after load: BootProgress.Load, _ trace: ClientTrace) -> Bool {
    trace.exchanges.contains { ($0.clientMessages.last?.packet.time ?? $0.started) > load.ended }
      || trace.exchangesV6.contains { $0.started > load.ended }
  }

  /// Whether a system that was booted is heard.
  private func hasSystem(after load: BootProgress.Load, _ trace: ClientTrace) -> Bool {
    trace.nameQueries.contains { $0.packet.time > load.ended }
      || trace.httpTransfers.contains { $0.started > load.ended }
  }
}

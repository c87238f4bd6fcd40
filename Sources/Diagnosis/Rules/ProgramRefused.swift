import Addresses
import PXEWire

/// A program arrived whole and was not started: most often because Secure Boot does not let it run.
struct ProgramRefused: DiagnosisRule {
  let id = "PXL009"
  let stage = FaultStage.program
  let fields: [CauseField] = [.secureBoot, .bootFile]
  let consequences: Consequences = .laterAttempts(and: [
    "PXL003", "PXL004", "PXL013", "PXL021", "PXL024", "PXL033", "PXL036", "PXL041",
  ])
  /// Seconds within which firmware that could not start a program goes on to its next boot entry;
  /// a machine that was reset needs longer.
  private static let haste: Double = 5

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let refusals = evidence.console(.refused)
    if evidence.programRan || ranLast(evidence) {
      // shim or GRUB refused what they loaded.
      guard evidence.guest == nil, evidence.console(.kernel).isEmpty, let refusal = refusals.last
      else { return [] }
      let last = evidence.progress?.loads.last?.file ?? evidence.bootFile ?? "the program"
      return [
        Finding(
          id, mac: trace.mac,
          title: "\(last) was refused: its signature does not pass Secure Boot's check.",
          evidence: refusals.map { "console: \($0.text)" },
          fix: "Serve \(last) signed by the distribution whose shim is used; after "
            + "\"\(refusal.text)\" nothing more is loaded.")
      ]
    }
    // Of what was asked for before the capture nobody can say that it was a program.
    guard let load = evidence.progress?.loads.last, trace.looksForBoot || !refusals.isEmpty,
      load.file != TFTPTransfer.unnamed && !load.isText || !refusals.isEmpty
    else { return [] }
    if refusals.isEmpty, let failure = notAProgram(after: load, evidence) {
      return [
        Finding(
          id, mac: trace.mac,
          title: "\(load.file) arrived whole, and the firmware does not take it for a program that "
            + "it can run: it is damaged, cut off, or made for another kind of machine.",
          evidence: [EvidenceItem("console: \(failure.text)")]
            + [evidence.variables?.secureBoot].compactMap { $0 }.map {
              EvidenceItem("Secure Boot is \($0 ? "on" : "off")", variable: "SecureBoot")
            },
          fix: "Put the file whole into the image that is served: compare its size and checksum "
            + "with the package's. It must be an EFI program (PE) for the machine's architecture.")
      ]
    }
    let again = repeats(load, trace)
    let next = nextAttempt(after: load, trace)
    let isSecure =
      evidence.expectation?.secureBoot == true || evidence.host?.secureLoader == true
      || evidence.variables?.secureBoot == true
    guard !refusals.isEmpty || again > 1 || next != nil else { return [] }
    if refusals.isEmpty,
      evidence.variables?.secureBoot == false
        || (evidence.expectation?.secureBoot == false && evidence.host?.secureLoader == false)
    {
      return []
    }
    let isKnown = isSecure || !refusals.isEmpty
    return [
      Finding(
        id, mac: trace.mac,
        title: isKnown
          ? "\(load.file) arrived whole, but the firmware did not start it: Secure Boot is on and "
            + "does not accept its signature."
          : "\(load.file) arrived whole, but the firmware did not start it and went on: as a rule "
            + "Secure Boot does not accept its signature.",
        evidence: [
          EvidenceItem(
            "\(load.file) was transferred completely \(again < 2 ? "once" : "\(again) times"), "
              + "and nothing after it"
          )
        ]
          + [next].compactMap { $0 }.map {
            EvidenceItem(
              "\(Quantity.seconds(max(0, $0.time.seconds(since: load.ended)))) later the firmware "
                + "tries its next boot entry", [$0])
          }
          + [evidence.variables?.secureBoot].compactMap { $0 }.map {
            EvidenceItem("Secure Boot is \($0 ? "on" : "off")", variable: "SecureBoot")
          }
          + refusals.map { "console: \($0.text)" },
        fix: "Serve a boot program signed by a key in the firmware's db (Debian's shim-signed) and "
          + "not revoked by dbx or SBAT, or set secureBoot: false in the machine's firmware. The "
          + "console says Access Denied or Security Violation; Unsupported or Load Error mean that "
          + "the file is no program for this firmware.")
    ]
  }

  /// The firmware's word that what it loaded is no program: the status of LoadImage() (UEFI 2.10
  /// section 7.4.1), which with Secure Boot says Access Denied or Security Violation instead.
  private func notAProgram(after load: BootProgress.Load, _ evidence: Evidence) -> ConsoleEvent? {
    evidence.console(.entryFailed).last { event in
      event.time >= load.ended
        && [": Unsupported", ": Load Error"].contains(where: event.text.hasSuffix)
    }
  }

  /// Whether something ran after the last load.
  private func ranLast(_ evidence: Evidence) -> Bool {
    guard let progress = evidence.progress, let load = progress.loads.last else { return false }
    return progress.runs.contains { $0 > load.ended }
  }

  /// How often the file was loaded with nothing in between.
  private func repeats(_ load: BootProgress.Load, _ trace: ClientTrace) -> Int {
    let progress = BootProgress(trace)
    let run = (progress.runs + progress.possibleRuns).max()
    return progress.loads.count { other in
      ClientTrace.isSame(other.file, load.file) && run.map { other.started > $0 } ?? true
    }
  }

  /// The firmware's first message after the load, if it comes so soon that the machine was not reset
  /// in between; firmware that asks is firmware that still runs.
  private func nextAttempt(after load: BootProgress.Load, _ trace: ClientTrace) -> PacketReference?
  {
    let messages =
      trace.exchanges.filter { $0.agent == .firmware || $0.agent == .httpFirmware }
      .flatMap { $0.clientMessages.map(\.packet) }
      + trace.exchangesV6.filter { $0.agent == .firmware || $0.agent == .httpFirmware }
      .flatMap { $0.clientMessages.map(\.packet) }
    return messages.filter {
      $0.time > load.ended && $0.time.seconds(since: load.ended) <= Self.haste
    }.min { $0.time < $1.time }
  }
}

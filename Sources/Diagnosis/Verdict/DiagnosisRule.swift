/// Knows one cause of failed boots.
public protocol DiagnosisRule: Sendable {
  /// Where on the way to the boot the cause shows.
  var stage: FaultStage { get }
  /// The ids of findings that follow from this cause when they concern the same client.
  var consequences: Set<String> { get }
  /// What the evidence shows of this cause; empty when it does not show it.
  func findings(in evidence: Evidence) -> [Finding]
}

extension DiagnosisRule {
  /// Unless a rule says otherwise, its cause belongs to no stage and comes last.
  public var stage: FaultStage { .witness }
  /// Unless a rule says otherwise, nothing follows from its cause.
  public var consequences: Set<String> { [] }
}

extension Set<String> {
  /// Findings of what the firmware tries next when one way to boot has failed.
  static let laterAttempts: Set<String> = [
    "PXL003", "PXL004", "PXL021", "PXL024", "PXL036", "PXL041",
  ]
}

/// The rules, of one stage causes before their consequences.
public enum DiagnosisRules {
  /// Every rule in order.
  public static let all: [any DiagnosisRule] = [
    CaptureLoss(), CardWithoutDriver(), NoRandomNumbers(), SourceCheckDrops(), DuplicateMAC(),
    BridgeNetfilter(), SpanningTree(), BootOrderMissing(), JoinedVLANs(), ServerDeclines(),
    SilentMachine(), DoubleTag(), PoolExhausted(), UnansweredDiscover(),
    UnansweredSolicit(), RelayBroken(), SecondServer(), LeaseRefused(), UnansweredRequest(),
    OfferNotTaken(), BadChecksum(), ProxyUnanswered(), HTTPClassMissing(), NoBootFile(),
    AddressInUse(), UnansweredARP(), NameUnresolved(), TLSRefused(), NextServerUnreachable(),
    HTTPUnreachable(), URLForPXEClient(), WrongBootServer(), BadFileName(), TransferRefused(),
    TransferDenied(), HTTPRefused(), TransferSize(), BlockSizeOverMTU(), RetransmissionStorm(),
    TransferStalled(), ArchitectureMismatch(), ProgramRefused(), ProgramSilent(), IPXELoop(),
    OptionROMBoot(), ManyBootEntries(), WrongBootDevice(), SecureBootOff(), KernelWithoutRoot(),
    KernelPanic(), GRUBPrompt(), BootLoop(), LoaderWithoutCard(), ReportMissing(),
    WitnessDisagreement(),
  ]

  /// What the rules find in the evidence of one machine, most causal first.
  public static func findings(
    in evidence: Evidence, rules: [any DiagnosisRule] = all
  ) -> [Finding] {
    CausalOrder(
      rules.flatMap { rule in rule.findings(in: evidence).map { (rule, $0) } }
    ).findings
  }
}

/// Findings of one machine in the order of cause: consequences folded under their cause, then by
/// severity, and of one severity the one furthest on the way first.
struct CausalOrder {
  let findings: [Finding]

  init(_ found: [(rule: any DiagnosisRule, finding: Finding)]) {
    var isConsequence = Array(repeating: false, count: found.count)
    var folded = found.map(\.finding)
    for (cause, entry) in found.enumerated() where !isConsequence[cause] {
      for (index, other) in found.enumerated()
      where index != cause && !isConsequence[index]
        && entry.rule.consequences.contains(other.finding.id)
        && entry.finding.mac == other.finding.mac
        && entry.finding.severity >= other.finding.severity
      {
        isConsequence[index] = true
        folded[cause].consequences =
          (folded[cause].consequences ?? []) + [folded[index]]
      }
    }
    findings = folded.indices
      .filter { !isConsequence[$0] }
      .sorted { left, right in
        if folded[left].severity != folded[right].severity {
          return folded[left].severity > folded[right].severity
        }
        let stages = (found[left].rule.stage, found[right].rule.stage)
        return stages.0 == stages.1 ? left < right : stages.0 > stages.1
      }
      .map { folded[$0] }
  }
}

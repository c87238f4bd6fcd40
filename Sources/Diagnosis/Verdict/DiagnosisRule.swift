/// What findings of one kind have in common.
package protocol FindingKind: Sendable {
  /// The stable name: `PXL002`.
  var id: String { get }
  /// The fields of the manifests in which the cause may be.
  var fields: [CauseField] { get }
}

extension FindingKind {
  /// Unless said otherwise, no field is to blame.
  package var fields: [CauseField] { [] }
}

/// Knows one cause of failed boots.
package protocol DiagnosisRule: FindingKind {
  /// Where on the way to the boot the cause shows.
  var stage: FaultStage { get }
  /// What follows from this cause when it concerns the same client.
  var consequences: Consequences { get }
  /// Whether it finds what the firmware tries next when one way to boot has failed.
  var isLaterAttempt: Bool { get }
  /// What the evidence shows of this cause; empty when it does not show it.
  func findings(in evidence: Evidence) -> [Finding]
}

extension DiagnosisRule {
  /// Unless a rule says otherwise, its cause belongs to no stage and comes last.
  package var stage: FaultStage { .witness }
  /// Unless a rule says otherwise, nothing follows from its cause.
  package var consequences: Consequences { [] }
  /// Unless a rule says otherwise, what it finds is no later attempt.
  package var isLaterAttempt: Bool { false }
}

/// The findings that follow from a cause.
package struct Consequences: Sendable, ExpressibleByArrayLiteral {
  private let ids: Set<String>
  private let includesLaterAttempts: Bool
  private let includesEverything: Bool

  private init(
    ids: Set<String>, includesLaterAttempts: Bool = false, includesEverything: Bool = false
  ) {
    self.ids = ids
    self.includesLaterAttempts = includesLaterAttempts
    self.includesEverything = includesEverything
  }

  /// All that else is found.
  static let everything = Consequences(ids: [], includesEverything: true)

  /// The findings with these ids.
  package init(arrayLiteral ids: String...) {
    self.init(ids: Set(ids))
  }

  /// What the firmware tries next, and the findings with these ids.
  static func laterAttempts(and ids: Set<String> = []) -> Consequences {
    Consequences(ids: ids, includesLaterAttempts: true)
  }

  /// Whether what a rule finds follows.
  func include(_ rule: any DiagnosisRule) -> Bool {
    includesEverything || ids.contains(rule.id)
      || (includesLaterAttempts && rule.isLaterAttempt)
  }
}

/// The rules, of one stage causes before their consequences.
package enum DiagnosisRules {
  /// Every rule in order.
  package static let all: [any DiagnosisRule] = [
    LabProgramFailed(), CaptureLoss(), CaptureFileCut(), CardWithoutDriver(), NoRandomNumbers(),
    SourceCheckDrops(), DuplicateMAC(),
    BridgeNetfilter(), SpanningTree(), ResourceOfAnotherBridge(), UplinkMissing(), BridgeMissing(),
    BridgeOfAnotherName(), WrongBridgeMapping(), UplinkLacksVLAN(), NativeVLANMismatch(),
    SmallerUplinkMTU(), BootOrderMissing(),
    JoinedVLANs(), ServerDeclines(),
    SilentMachine(), DoubleTag(), WrongTransactionID(), WrongRelayAddress(), PoolExhausted(),
    LinkReset(), UnansweredDiscover(),
    UnansweredSolicit(), UnansweredBOOTP(), BOOTPReply(), RelayBroken(), SecondServer(),
    LeaseRefused(), UnansweredRequest(),
    OfferNotTaken(), BadChecksum(), ProxyUnanswered(), WindowsDeployment(),
    BootServerWithoutFile(), MalformedURL(), OptionOverload(), FileNameForHTTPClient(),
    HTTPClassMissing(), HostNameWithoutDNS(), AckWithoutBootFile(), RaspberryPiOption43(),
    StatelessDHCPv6(), NoBootFile(),
    AddressInUse(), UnansweredARP(), NameUnresolved(), TLSRefused(), NextServerUnreachable(),
    HTTPUnreachable(), URLForPXEClient(), WrongBootServer(), AnswerFromElsewhere(),
    AnswerRefused(), OptionsOverRequest(), BlocksOverAgreement(), BlockNumberRollover(),
    RedirectNotFollowed(), BodyCutShort(), LengthMissing(), SANUnreachable(), BadFileName(),
    TransferRefused(), TransferDenied(), HTTPRefused(), TransferSize(), BlockSizeOverMTU(),
    RetransmissionStorm(), TransferStalled(), WebPage(), ArchitectureMismatch(), ProgramRefused(),
    ProgramSilent(), LoadOptionsAsName(), SecondStageFolder(), IPXELoop(),
    OptionROMBoot(), ManyBootEntries(), WrongBootDevice(), SecureBootOff(), KernelWithoutRoot(),
    KernelPanic(), GRUBPrompt(), BootLoop(), LoaderWithoutCard(), ReportMissing(),
    WitnessDisagreement(), TimeOver(),
  ]

  /// What is found without a rule on evidence, or once all rules have been asked.
  private static let besides: [any FindingKind] = [
    FailedCheck(), MachineNotStarted(), NodeEnded(), Unschedulable(), FirmwareGaveUp(),
    UnexplainedEnd(),
  ]

  private static let fieldsByID: [String: [CauseField]] = Dictionary(
    uniqueKeysWithValues: (all + besides)
      .map { ($0.id, $0.fields) })

  /// The id of every finding, in order.
  package static var ids: [String] { fieldsByID.keys.sorted() }

  /// The fields of the manifests in which the cause of a finding may be, by its id.
  static func fields(of id: String) -> [CauseField] { fieldsByID[id] ?? [] }

  private static let stageByID: [String: FaultStage] = Dictionary(
    uniqueKeysWithValues: all.map { ($0.id, $0.stage) })

  /// Findings of one machine by severity, and of one severity the one furthest on the way first.
  static func ordered(_ findings: [Finding]) -> [Finding] {
    func stage(_ finding: Finding) -> FaultStage { stageByID[finding.id] ?? .witness }
    return findings.enumerated().sorted { left, right in
      if left.element.severity != right.element.severity {
        return left.element.severity > right.element.severity
      }
      let stages = (stage(left.element), stage(right.element))
      return stages.0 == stages.1 ? left.offset < right.offset : stages.0 > stages.1
    }
    .map(\.element)
  }

  /// What the rules find in the evidence of one machine, most causal first.
  package static func findings(
    in evidence: Evidence, rules: [any DiagnosisRule] = all
  ) -> [Finding] {
    CausalOrder(
      rules.flatMap { rule in
        rule.findings(in: evidence).map { (rule, $0.adding(pathsAt: rule.stage, of: evidence)) }
      }
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
        && entry.rule.consequences.include(other.rule)
        && entry.finding.mac == other.finding.mac
        && entry.finding.severity >= other.finding.severity
      {
        isConsequence[index] = true
        folded[cause].consequences =
          (folded[cause].consequences ?? []) + [folded[index]]
      }
    }
    findings = DiagnosisRules.ordered(
      folded.indices.filter { !isConsequence[$0] }.map { folded[$0] })
  }
}

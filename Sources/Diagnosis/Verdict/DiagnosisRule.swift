/// Knows one cause of failed boots.
public protocol DiagnosisRule: Sendable {
  /// What the evidence shows of this cause; empty when it does not show it.
  func findings(in evidence: Evidence) -> [Finding]
}

/// The rules, causes before their consequences.
public enum DiagnosisRules {
  /// Every rule in order.
  public static let all: [any DiagnosisRule] = [
    CaptureLoss(), SilentMachine(), UnansweredDiscover(), OfferNotTaken(), LeaseRefused(),
    UnansweredARP(), TransferRefused(), TransferStalled(), ProgramRefused(), OptionROMBoot(),
    WrongBootDevice(), SecureBootOff(), ReportMissing(), WitnessDisagreement(),
  ]
}

import PXEWire

/// The boot file is a program for another kind of machine than the client says it is.
struct ArchitectureMismatch: DiagnosisRule {
  let stage = FaultStage.program
  let consequences = Set<String>.laterAttempts.union([
    "PXL003", "PXL004", "PXL007", "PXL009", "PXL013", "PXL021", "PXL024", "PXL033", "PXL036",
    "PXL041",
  ])

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    for exchange in trace.exchanges.reversed()
    where exchange.agent == .firmware || exchange.agent == .ipxe {
      guard let architecture = exchange.architecture,
        let reply = (exchange.acks + exchange.offers).first(where: { $0.bootFile != nil }),
        let file = reply.bootFile,
        let machine = BootMachine(named: file), !machine.runs(on: architecture),
        trace.transfers(of: file).contains(where: { $0.blocks > 0 || $0.acknowledgedBlocks > 0 }),
        !evidence.overcame(.run, after: reply.time)
      else { continue }
      return [
        Finding(
          "PXL020", evidence.severity(), mac: trace.mac,
          title: "\(trace.mac) is of architecture \(architecture) and is given \(file), a program "
            + "for \(machine.title).",
          evidence: [
            EvidenceItem(
              "option 93 is \(architecture)", exchange.packets(of: "DISCOVER")),
            reply.item(exchange.acks.isEmpty ? "OFFER" : "ACK"),
          ] + evidence.firmwareMessages,
          fix: "Match the architecture (option 93) on the server: 0 is BIOS (a .kpxe, .0 or .pxe "
            + "file), 7 and 9 are x64 UEFI, 11 is arm64 UEFI (.efi files), 16 and 19 the same by "
            + "HTTP. OVMF sends 7; a rule for 9 alone misses it.")
      ]
    }
    return []
  }
}

/// The kind of machine that a boot program is for, as far as its name says.
enum BootMachine: Hashable, Sendable {
  case bios, x64, ia32, arm64, arm32, riscv64
  /// Some UEFI machine.
  case uefi

  /// The kind by the customary names; `nil` when the name says nothing.
  init?(named file: String) {
    let name = (file.split(separator: "/").last.map(String.init) ?? file).lowercased()
    if name.hasSuffix(".efi") {
      if ["aa64", "arm64", "aarch64"].contains(where: name.contains) {
        self = .arm64
      } else if name.contains("riscv64") {
        self = .riscv64
      } else if ["ia32", "i386", "x86.efi"].contains(where: name.contains) {
        self = .ia32
      } else if ["x64", "x86_64", "amd64"].contains(where: name.contains) {
        self = .x64
      } else if name.contains("arm") {
        self = .arm32
      } else {
        self = .uefi
      }
    } else if [".kpxe", ".kkpxe", ".pxe", ".0", ".bs", ".com", ".lkrn"].contains(
      where: name.hasSuffix)
    {
      self = .bios
    } else {
      return nil
    }
  }

  var title: String {
    switch self {
    case .bios: "BIOS"
    case .x64: "x64 UEFI"
    case .ia32: "32-bit x86 UEFI"
    case .arm64: "arm64 UEFI"
    case .arm32: "32-bit ARM UEFI"
    case .riscv64: "64-bit RISC-V UEFI"
    case .uefi: "UEFI"
    }
  }

  /// Whether such a program can run on a client of an architecture.
  func runs(on architecture: ClientArchitecture) -> Bool {
    switch architecture.rawValue {
    case 0, 20: self == .bios
    case 6, 15: self == .ia32 || self == .uefi
    case 7, 9, 16, 17: self == .x64 || self == .uefi
    case 10, 18: self == .arm32 || self == .uefi
    case 11, 19: self == .arm64 || self == .uefi
    case 27: self == .riscv64 || self == .uefi
    default: true
    }
  }
}

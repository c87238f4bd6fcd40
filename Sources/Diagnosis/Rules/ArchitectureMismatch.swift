import PXEWire

/// The boot file is no program for the kind of machine that the client says it is.
struct ArchitectureMismatch: DiagnosisRule {
  let id = "PXL020"
  let stage = FaultStage.program
  let consequences: Consequences = .laterAttempts(and: [
    "PXL003", "PXL004", "PXL007", "PXL009", "PXL013", "PXL021", "PXL024", "PXL033", "PXL036",
    "PXL041", "PXL088",
  ])

  /// What a client was given to boot.
  private struct Offer {
    let agent: BootAgent
    let vendorClass: String?
    let architecture: ClientArchitecture
    let file: String
    let time: Timestamp
    /// The client's question, and the answer with the file.
    let evidence: [EvidenceItem]
  }

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let offers = Self.offers(to: trace).sorted { $0.time > $1.time }
    for offer in offers where !evidence.overcame(.run, after: offer.time) {
      guard let machine = BootMachine(offer.architecture),
        let load = Self.load(of: offer.file, in: trace),
        let words = Self.mismatch(offer, load.image, machine)
      else { continue }
      return [
        Finding(
          id, evidence.severity(), mac: trace.mac,
          title:
            "\(trace.mac) is of architecture \(offer.architecture) and is given \(offer.file), "
            + words + ".",
          evidence: offer.evidence
            + [load.image].compactMap { $0 }.map {
              EvidenceItem("the file's first bytes: \($0.words)", [load.packet])
            } + evidence.firmwareMessages,
          fix: Self.fix(load.image))
      ]
    }
    return []
  }

  private static func fix(_ image: BootImage?) -> String {
    switch image {
    case .page:
      "Correct the URL, and let the web server say 404 for what it does not have: a catch-all or a "
        + "sign-in page in front of it answers everything with a page."
    case .script:
      "Give the script to iPXE alone: match user class iPXE (option 77) or option 175, and give "
        + "firmware iPXE itself."
    default:
      "Match the architecture (option 93) on the server: 0 is BIOS (a .kpxe, .0 or .pxe file), 7 and 9 "
        + "are x64 UEFI, 11 is arm64 UEFI (.efi files), 16 and 19 the same by HTTP. OVMF sends 7; a "
        + "rule for 9 alone misses it."
    }
  }

  private static func offers(to trace: ClientTrace) -> [Offer] {
    let overIPv4 = trace.exchanges.compactMap { exchange -> Offer? in
      guard exchange.agent.wantsBootFile, let architecture = exchange.architecture,
        let reply = (exchange.acks + exchange.offers).first(where: { $0.bootFile != nil }),
        let file = reply.bootFile
      else { return nil }
      let questions = exchange.packets(of: exchange.discovers > 0 ? "DISCOVER" : "REQUEST")
      return Offer(
        agent: exchange.agent, vendorClass: exchange.vendorClass, architecture: architecture,
        file: ClientTrace.path(ofURL: file), time: reply.time,
        evidence: [
          EvidenceItem("option 93 is \(architecture)", questions),
          reply.item(exchange.acks.isEmpty ? "OFFER" : "ACK"),
        ])
    }
    let overIPv6 = trace.exchangesV6.compactMap { exchange -> Offer? in
      guard exchange.agent.wantsBootFile, let architecture = exchange.architecture,
        let reply = (exchange.replies + exchange.advertises).first(where: {
          $0.bootFileURL != nil
        }), let url = reply.bootFileURL
      else { return nil }
      return Offer(
        agent: exchange.agent, vendorClass: exchange.vendorClass, architecture: architecture,
        file: ClientTrace.path(ofURL: url), time: reply.packet.time,
        evidence: [
          EvidenceItem(
            "option 61 is \(architecture)", exchange.clientMessages.prefix(1).map(\.packet)),
          EvidenceItem("boot file URL \(url) from \(reply.source)", [reply.packet]),
        ])
    }
    return overIPv4 + overIPv6
  }

  /// The last load of a file of which something came.
  private static func load(
    of file: String, in trace: ClientTrace
  ) -> (image: BootImage?, packet: PacketReference)? {
    let loads =
      trace.transfers(of: file).filter { $0.blocks > 0 || $0.acknowledgedBlocks > 0 }
      .map { (image: $0.image, packet: $0.packet, time: $0.started) }
      + trace.httpTransfers(of: file).filter { $0.bytes > 0 && $0.status ?? 200 < 300 }
      .map { (image: $0.image, packet: $0.responsePacket ?? $0.packet, time: $0.started) }
    guard let last = loads.max(by: { $0.time < $1.time }) else { return nil }
    return (loads.last { $0.image != nil }?.image, last.packet)
  }

  /// What the file is instead of a program for the client; `nil` when it may be one. Its first bytes
  /// say more than its name.
  private static func mismatch(
    _ offer: Offer, _ image: BootImage?, _ machine: BootMachine
  ) -> String? {
    let named = BootMachine(named: offer.file).flatMap {
      $0.runs(on: machine) ? nil : "a program for \($0.title)"
    }
    switch image {
    case .efi(let number, let isKernel):
      let program = BootMachine(portableExecutable: number)
      if machine != .bios {
        guard let program, program != machine else { return nil }
        return "a program for \(program.title)"
      }
      // iPXE starts a kernel on a BIOS too.
      if offer.agent == .ipxe, isKernel != false { return named }
      return "a program for \(program?.title ?? "UEFI")"
    case .script:
      return offer.agent == .ipxe ? nil : "a script for iPXE and no program"
    case .page:
      return "a web page and no program"
    case .elf, .kernel, .other:
      // Of what starts more than programs of its own kind, only the name may say something.
      guard machine != .bios, offer.agent == .firmware, offer.vendorClass?.hasPrefix("PXE") == true
      else { return named }
      return named ?? "which is no UEFI program"
    case nil:
      return offer.agent == .firmware || offer.agent == .ipxe ? named : nil
    }
  }
}

extension BootImage {
  /// What a person calls it.
  fileprivate var words: String {
    switch self {
    case .efi(let machine, let isKernel):
      "a \(isKernel == true ? "kernel that is a " : "")PE program for machine 0x"
        + String(machine, radix: 16)
        + (BootMachine(portableExecutable: machine).map { " (\($0.title))" } ?? "")
    case .kernel: "a Linux kernel without an EFI stub"
    case .elf: "an ELF file"
    case .script: "a script for iPXE"
    case .page: "a web page"
    case .other: "no PE program"
    }
  }
}

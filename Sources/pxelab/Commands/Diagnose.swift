import ArgumentParser
import Diagnosis

/// `pxelab diagnose`.
struct Diagnose: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diagnose",
    abstract: "Say from a capture which clients booted over the network, and why others did not.",
    discussion: """
      Reads pcap and pcapng, packed with gzip or not, from this machine or any other; several captures \
      of one network together, by their packets' times. Exits with 0 \
      only when something proves of each client that looked for something to boot that it booted, and \
      with 1 when one did not, or the capture does not show it. `pxelab explain ID` says more \
      of a finding.
      """)

  @Argument(
    help: ArgumentHelp(
      """
      The capture file, or - for standard input; several of one network count as one. None with --lab: \
      what the lab itself has captured.
      """, valueName: "file"), completion: .file())
  var files: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Manifests of the machines: a file or a folder. Machines are found by their MAC addresses.",
      valueName: "path"), completion: .file())
  var manifests: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A machine's variable store (OVMF_VARS.fd), as FILE or MAC=FILE.", valueName: "[mac=]file"),
    completion: .file())
  var efivars: [MachineFile] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What a machine's serial console printed, as FILE or MAC=FILE.", valueName: "[mac=]file"),
    completion: .file())
  var console: [MachineFile] = []

  @Option(
    name: .long,
    help: """
      A lab that is up, by its name or folder: the plans, variable stores and consoles of its \
      machines are known then.
      """)
  var lab: String?

  @Option(name: .long, help: "How to print the result: text, json, github or junit.")
  var format: DiagnosisFormat = .text

  func validate() throws {
    guard !files.isEmpty || lab != nil else {
      throw ValidationError("a capture file is missing, or --lab LAB for what a lab has captured")
    }
    guard Set(files).count == files.count else {
      throw ValidationError("a capture file is named twice")
    }
  }

  func run() async throws {
    let expectations = try MachineKnowledge.expectations(manifests)
    let known: LabKnowledge? = if let lab { try await LabKnowledge(lab) } else { nil }
    let reading =
      if files.isEmpty, let known {
        try CaptureReading(known.captures())
      } else {
        try CaptureReading(files)
      }
    var knowledge = Knowledge(dropped: reading.dropped)
    if let known {
      knowledge.machines = try await known.machines(consolesUntil: reading.follower.end)
    }
    for expectation in expectations {
      knowledge.machines[expectation.mac, default: .init()].expectation = expectation
    }
    // A file of a machine is a booting machine's, if there is one.
    let all =
      console.isEmpty && efivars.isEmpty ? [] : reading.follower.report().clients
    let booting = all.filter(\.looksForBoot)
    let clients = (booting.isEmpty ? all : booting).map(\.mac)
    try await MachineKnowledge.add(
      consoles: console, stores: efivars, clients: clients, end: reading.follower.end,
      to: &knowledge)
    for note in reading.notes { complain("note: \(note)") }
    let report = reading.follower.report(knowledge: knowledge)
    try DiagnosisOutput(report, file: title).write(as: format)
    if report.hasFailures {
      throw ExitCode(ExitStatus.verdict.rawValue)
    }
  }
}

extension Diagnose {
  /// What the captures are called.
  private var title: String {
    files.isEmpty
      ? lab ?? ""
      : files.map { $0 == "-" ? CaptureReading.standardInput : $0 }.joined(separator: ", ")
  }
}

/// How a diagnosis is printed.
enum DiagnosisFormat: String, ExpressibleByArgument, CaseIterable {
  case text
  case json
  case github
  case junit
}

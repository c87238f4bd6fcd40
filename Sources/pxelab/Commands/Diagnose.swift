import ArgumentParser
import Diagnosis

/// `pxelab diagnose`.
struct Diagnose: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diagnose",
    abstract: "Say from a capture which clients booted over the network, and why others did not.",
    discussion: """
      Reads pcap and pcapng, packed with gzip or not, from this machine or any other. Exits with 0 \
      only when something proves of each client that looked for something to boot that it booted, and \
      with 1 when one did not, or the capture does not show it. `pxelab explain ID` says more \
      of a finding.
      """)

  @Argument(help: "The capture file, or - for standard input.", completion: .file())
  var file: String

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

  func run() async throws {
    let expectations = try MachineKnowledge.expectations(manifests)
    let reading = try CaptureReading(file)
    var knowledge = Knowledge(dropped: reading.dropped)
    if let lab {
      knowledge.machines = try await LabKnowledge(lab).machines(consolesUntil: reading.follower.end)
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
    try DiagnosisOutput(report, file: file == "-" ? CaptureReading.standardInput : file)
      .write(as: format)
    if report.hasFailures {
      throw ExitCode(ExitStatus.verdict.rawValue)
    }
  }
}

/// How a diagnosis is printed.
enum DiagnosisFormat: String, ExpressibleByArgument, CaseIterable {
  case text
  case json
  case github
  case junit
}

import Addresses
import ArgumentParser
import Capture
import Diagnosis
import FileSystem
import Glibc
import LabHost
import Planning

/// `pxelab sniff`.
struct Sniff: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sniff",
    abstract: "Watch machines boot: a line for each event on the wire, and at the end why not.",
    usage: "pxelab sniff [LAB | -i INTERFACE] [--vm NAME] [--vlan N] [-w FILE] [--snaplen BYTES]",
    discussion: """
      Watches the bridges of a lab that is up, of several nodes those of each and the fabric, or an \
      interface of this machine, which needs root \
      or the capability CAP_NET_RAW. Ctrl-C ends it: then it says how many packets there were, how \
      many were lost, and what `pxelab diagnose` would say of them.
      """)

  @Argument(help: "The lab's name or folder; without it and -i the only lab there is.")
  var lab: String?

  @Option(
    name: .shortAndLong,
    help: "An interface of this machine instead of a lab; again for several. `any` is all of them.")
  var interface: [String] = []

  @Option(name: .long, help: "Only this machine's events: its name in the lab, or a MAC address.")
  var vm: String?

  @Option(name: .long, help: "Only frames of this VLAN; 0 is untagged.")
  var vlan: Int?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write every packet to a pcapng file, with the events as comments; - is standard output.",
      valueName: "file"), completion: .file())
  var write: String?

  @Option(name: .long, help: "How many bytes of each packet are kept; 0 is all.")
  var snaplen: Int = 0

  @OptionGroup var format: FormatOption

  @Flag(help: .hidden)
  var inside: Bool = false

  func validate() throws {
    if lab != nil, !interface.isEmpty {
      throw ValidationError("either a lab or interfaces, not both")
    }
    if let vlan, !(0...4094).contains(vlan) {
      throw ValidationError("\(vlan) is no VLAN ID: 1 to 4094, or 0 for untagged frames")
    }
    guard snaplen == 0 || (64...262_144).contains(snaplen) else {
      throw ValidationError("--snaplen is 0 for whole packets, or 64 to 262144 bytes")
    }
    if write == "-", format.format == .json {
      throw ValidationError("-w - and --format json both want standard output")
    }
  }

  func run() async throws {
    guard interface.isEmpty else {
      if let vm, MACAddress(vm) == nil {
        throw Failure(
          .usage, "--vm \(vm): without a lab machines have no names; give a MAC address")
      }
      return try await sniff(
        interface.map { SniffDevice(device: $0) }, machines: [:],
        comment: "on \(interface.joined(separator: ", "))")
    }
    let labs = LabRegistry(folders: try .current())
    let name = try labs.resolve(lab)
    let plan = try await labs.plan(name)
    let machines = Dictionary(
      plan.machines.flatMap { machine in machine.interfaces.map { ($0.mac, machine.name) } },
      uniquingKeysWith: { first, _ in first })
    if let vm, MACAddress(vm) == nil, !machines.values.contains(vm) {
      throw Failure(
        .usage,
        "the lab \(name) has no machine \(vm); it has "
          + plan.machines.map(\.name).joined(separator: ", "))
    }
    let places = try await labs.client(of: name).capturePlaces()
    if inside {
      let devices = places.compactMap(SniffDevice.init(inside:))
      return try await sniff(devices, machines: machines, comment: "the lab \(name)")
    }
    guard !places.isEmpty else { throw Failure(.lab, "the lab \(name) has no bridge to watch") }
    try await enter(name, labs)
  }

  /// Runs the same command inside the lab's sandbox, where the bridges are.
  private func enter(_ lab: String, _ labs: LabRegistry) async throws {
    var command = [labs.folders.program, "sniff", lab, "--inside", "--snaplen", "\(snaplen)"]
    command += ["--format", format.format.rawValue]
    if let vm { command += ["--vm", vm] }
    if let vlan { command += ["--vlan", "\(vlan)"] }
    if let write { command += ["--write", write] }
    let program = LabProgram(labs: labs, lab: lab) { complain($0) }
    let status = try await program.runOnNode(command)
    if status == 128 + SIGKILL, !FileLock.isHeld(path: labs.paths(lab).supervisorLog) {
      throw Failure(.lab, "the lab \(lab) has ended, and the watching with it")
    }
    if status != 0 { throw ExitCode(status) }
  }

  private func sniff(
    _ devices: [SniffDevice], machines: [MACAddress: String], comment: String
  ) async throws {
    let output = WireEventOutput(
      format: format.format, machines: machines,
      // Packets have standard output for themselves.
      toStandardError: write == "-")
    let interruption = await Interruption()
    let session = try SniffSession(
      devices: devices, vlan: vlan, snapshotLength: snaplen, file: write, machines: machines,
      comment: "pxelab sniff: \(comment)")
    output.begin(devices.map { $0.description ?? $0.device })
    // The stream ends when the interruption cancels its reader.
    do {
      try await session.whileTicking { [self] in
        try await interruption.cancelling {
          for await event in session.events where isWanted(event, machines) {
            try output.show(event)
          }
        }
      }
    } catch {
      if !interruption.happened {
        // The file is made whole all the same.
        _ = await session.finish()
        throw error
      }
    }
    var summary = await session.finish()
    summary.report = summary.report.concerning { isWanted($0, machines) }
    try output.end(summary)
    if let failure = session.failure { throw Failure(.lab, "\(failure)") }
    if summary.report.hasFailures {
      throw ExitCode(ExitStatus.verdict.rawValue)
    }
  }

  private func isWanted(_ event: WireEvent, _ machines: [MACAddress: String]) -> Bool {
    event.isMilestone && isWanted(event.mac, machines)
  }

  private func isWanted(_ mac: MACAddress, _ machines: [MACAddress: String]) -> Bool {
    guard let vm else { return true }
    return machines[mac] == vm || MACAddress(vm) == mac
  }
}

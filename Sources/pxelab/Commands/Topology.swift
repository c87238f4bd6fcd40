import ArgumentParser
import FileSystem
import LabHost
import Planning
import Topology

/// `pxelab topology`.
struct TopologyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "topology",
    abstract: "Draw a lab: bridges, ports and their VLANs, machines, servers, captures.")

  /// How the drawing is printed.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case svg
    case mermaid
    case json
  }

  @Argument(
    help: """
      A lab that is up, by its name or folder; or the folder of one that is not, which is drawn as \
      planned. Without it, the only lab there is.
      """)
  var lab: String?

  @Option(name: .long, help: "text, svg, mermaid or json.")
  var format: Format = .text

  func run() async throws {
    let topology = try await topology()
    switch format {
    case .text: try Output.line(topology.text)
    case .svg: try Output.line(topology.svg)
    case .mermaid: try Output.line(topology.mermaid)
    case .json: try Output.line(topology.json)
    }
  }

  private func topology() async throws -> Topology {
    let folders = try Folders.current()
    let labs = LabRegistry(folders: folders)
    if let name = try running(labs) {
      let client = try labs.client(of: name)
      var state = TopologyState(try await client.status())
      state.programs = try await client.perform(.listNamespaces, as: [ProgramPort].self)
      let plan = try await client.plan()
      guard plan.hasFabric else {
        state.dataplane = try await client.dataplane()
        return Topology(plan, state: state)
      }
      // A node that has ended, or has no power, is drawn as planned: nobody there answers.
      let ended = try await client.endedAgents()
      for agent in plan.roles.compactMap(\.agent) where !ended.contains(agent) {
        state.dataplanes[agent] = try await client.dataplane(ofNode: agent)
      }
      return Topology(plan, parts: try await client.parts(), state: state)
    }
    let path = lab ?? "."
    let input = try LabFolder.load(path, name: nil) { complain("\($0)") }
    let lab = try await Preparation(folders: folders).lab(input, from: path, fetching: false).dry
      .complete()
    return Topology(lab.plan, parts: lab.plan.hasFabric ? lab.parts : [])
  }

  /// The name of the lab that is meant, if it has been brought up.
  private func running(_ labs: LabRegistry) throws -> String? {
    let names = try labs.names()
    guard let lab, !names.contains(lab) else { return try labs.resolve(lab) }
    let name = try labs.resolve(lab)
    return names.contains(name) ? name : nil
  }
}

extension TopologyState {
  init(_ status: LabStatus) {
    let interfaces = status.machines.flatMap(\.interfaces)
    self.init(
      phase: status.phase.rawValue,
      stages: Dictionary(
        status.machines.map { ($0.name, $0.stage) }, uniquingKeysWith: { first, _ in first }),
      addresses: Dictionary(
        interfaces.compactMap { interface in interface.address.map { (interface.mac, $0) } },
        uniquingKeysWith: { first, _ in first }))
  }
}

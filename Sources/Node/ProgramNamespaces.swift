import Addresses
import Dataplane
import Execution
import ExternalCommand
import FileSystem
import Kinds
import LabStore
import NetworkAttachment
import Planning

/// The network namespaces of programs that people run on the lab's VLANs.
actor ProgramNamespaces {
  private let runner: any CommandRunner
  private var plan: LabPlan?
  private var made: [String: ProgramPort] = [:]
  /// The files that say whether who asked for a namespace is there, by the namespace's name.
  private var holders: [String: String] = [:]
  private var count = 0

  init(runner: any CommandRunner) {
    self.runner = runner
  }

  /// The lab's bridges, and the uplinks that join them, are as this plan has them.
  func use(_ plan: LabPlan) { self.plan = plan }

  private func network() throws(ProgramNamespaceError) -> LabPlan {
    guard let plan else { throw ProgramNamespaceError("the lab's network is not made yet") }
    return plan
  }

  /// The bridges and ports as they are.
  func state() async throws -> DataplaneState {
    let plan = try network()
    var extended = plan.dataplane
    for trunk in plan.trunks {
      let device = trunk.port(on: plan.dataplane.engine.choice)
      extended.add(
        PortPlan(
          device: device, peer: .namespace(name: trunk.interface, address: nil),
          vlans: trunk.vlans), to: trunk.bridge)
    }
    for program in made.values { extended.add(program.port, to: program.bridge) }
    return try await Dataplane(extended, runner: runner).state()
  }

  /// The ports of the namespaces that there are, in the order in which they were made.
  var programs: [ProgramPort] {
    made.values.sorted { one, other in
      (one.port.device.count, one.port.device) < (other.port.device.count, other.port.device)
    }
  }

  /// A namespace as asked for.
  func make(_ request: ProgramNamespaceRequest) async throws -> ProgramNamespace {
    let plan = try network()
    guard let attachment = plan.attachments.first(where: { $0.title == request.attachment }) else {
      throw ProgramNamespaceError(
        "no network attachment \(request.attachment); it has "
          + plan.attachments.map(\.title).joined(separator: ", "))
    }
    let server = plan.servers.first { $0.attachment == attachment.title }
    if request.ofServer {
      guard let server else {
        throw ProgramNamespaceError("nothing is served on \(attachment.title)")
      }
      return ProgramNamespace(
        name: server.networkNamespace, variables: server.variables, isTemporary: false)
    }
    // Requests come from whoever may speak to the API: a path of theirs is none of ours.
    let holder = try request.holder.map { text in
      guard let identity = LabIdentity(text) else {
        throw ProgramNamespaceError(
          "\(text.debugDescription) is no holder of a namespace: 16 hexadecimal digits are")
      }
      return plan.paths.programLock(identity.description)
    }
    let vlan = try vlan(request.vlan, of: attachment)
    let address = try address(request.address, on: attachment, server: server)
    let number = count
    count += 1
    // No attachment's name has an underscore.
    let name = "exec_\(number)"
    let port = PortPlan(
      device: "pxl-x\(number)", peer: .namespace(name: name, address: address),
      vlans: .access(vlan ?? .bridgeDefault), mtu: attachment.mtu)
    // Noted before it is made, so that no other gets the address meanwhile.
    made[name] = ProgramPort(
      attachment: attachment.title, bridge: attachment.bridge, port: port)
    do {
      for command in plan.serving(port, on: attachment.bridge, true) {
        try await runner.run(command)
      }
      try await Dataplane(plan.dataplane, runner: runner).add(port, to: attachment.bridge)
    } catch {
      made[name] = nil
      throw error
    }
    holders[name] = holder
    var variables = server?.variables ?? [:]
    for (name, value) in attachment.variables(address: address, vlan: vlan) {
      variables[name] = value
    }
    return ProgramNamespace(name: name, variables: variables, isTemporary: true)
  }

  /// Removes a namespace.
  func remove(_ name: String) async throws {
    let plan = try network()
    guard let namespace = made[name] else {
      throw ProgramNamespaceError("no namespace \(name) was made for a program")
    }
    try await Dataplane(plan.dataplane, runner: runner).remove(
      namespace.port, from: namespace.bridge)
    for command in plan.serving(namespace.port, on: namespace.bridge, false) {
      try await runner.run(command)
    }
    made[name] = nil
    holders[name] = nil
  }

  /// Removes the namespaces whose askers were killed, with their files.
  ///
  /// - Returns: their names.
  func removeAbandoned() async throws -> [String] {
    var removed: [String] = []
    for (name, holder) in holders.sorted(by: { $0.key < $1.key })
    where FileLock.isAbandoned(path: holder) {
      // Once is enough, whatever becomes of it.
      holders[name] = nil
      try await remove(name)
      try Files.remove(holder)
      removed.append(name)
    }
    return removed
  }

  private func vlan(_ asked: Int?, of attachment: AttachmentPlan) throws -> VLANID? {
    guard let asked else { return attachment.vlan }
    if asked == 0 { return nil }
    guard let raw = UInt16(exactly: asked), let vlan = VLANID(rawValue: raw) else {
      throw ProgramNamespaceError("invalid VLAN ID \(asked) (must be between 0 and 4094)")
    }
    return vlan
  }

  private func address(
    _ asked: ProgramNamespaceRequest.Address, on attachment: AttachmentPlan, server: ServerPlan?
  ) throws -> IPv4Network? {
    let taken = made.values.filter { $0.attachment == attachment.title }
      .compactMap(\.port.peer.address?.address)
    switch asked {
    case .none: return nil
    case .given(let address): return address
    case .chosen:
      let network = attachment.address
      if server == nil, !taken.contains(network.address) { return network }
      let range = server.map { $0.rangeStart...max($0.rangeStart, $0.rangeEnd) }
      let first = network.network.rawValue + 1
      for raw in stride(from: network.broadcast.rawValue - 1, through: first, by: -1) {
        let address = IPv4Address(rawValue: raw)
        if address == network.address || taken.contains(address) { continue }
        if range?.contains(address) == true { continue }
        return IPv4Network(address: address, prefixLength: network.prefixLength)
      }
      throw ProgramNamespaceError(
        "no address of \(network.network)/\(network.prefixLength) is free outside the server's "
          + "range: say one with --address")
    }
  }
}

extension DataplanePlan {
  /// Another port to be looked at on a bridge; nothing makes it.
  fileprivate mutating func add(_ port: PortPlan, to bridge: String) {
    guard let index = bridges.firstIndex(where: { $0.device == bridge }) else { return }
    bridges[index].ports.append(port)
  }
}

extension PortPlan.Peer {
  fileprivate var address: IPv4Network? {
    if case .namespace(_, let address) = self { address } else { nil }
  }
}

/// Why there is no namespace for a program.
struct ProgramNamespaceError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

extension AttachmentPlan {
  /// What a program's environment says of its place.
  fileprivate func variables(address: IPv4Network?, vlan: VLANID?) -> [String: String] {
    var variables = [
      "PXELAB_ATTACHMENT": title, "PXELAB_INTERFACE": ServerPlan.interface,
      "PXELAB_VLAN": "\(vlan?.rawValue ?? 0)",
    ]
    variables["PXELAB_ADDRESS"] = address.map { "\($0.address)" } ?? ""
    let network = address ?? self.address
    variables["PXELAB_PREFIX_LENGTH"] = "\(network.prefixLength)"
    variables["PXELAB_NETMASK"] = "\(network.netmask)"
    variables["PXELAB_NETWORK"] = "\(network.network)"
    return variables
  }
}

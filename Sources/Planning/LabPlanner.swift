import Addresses
import DomainXML
import Firmware
import Kinds
import KubeVirt
import LabManifest
import NetworkAttachment
import Objects

/// A lab that the manifests allow and this machine cannot make.
package struct PlanningError: Error, Sendable, CustomStringConvertible {
  /// What is in the way and the way out.
  package let description: String
}

/// Makes the plan of a lab, or of one of its agents, from what its objects say and the facts of this machine.
struct LabPlanner: Sendable {
  let input: LabInput
  let facts: PlanningFacts
  let paths: LabPaths
  /// What each machine is called.
  let titles: [String]
  /// The manifests that the objects were written in, where those know no places.
  let manifests: LabInput
  /// The machines that are planned; `nil` for all.
  let instances: Set<ObjectKey>?
  /// The machines that run on other nodes.
  let elsewhere: Set<ObjectKey>
  /// What of the lab is planned.
  let role: NodeRole
  /// The devices by which nodes have joined the fabric.
  let joined: [JoinedUplink]

  /// A planner for what has no errors.
  ///
  /// - Parameters:
  ///   - manifests: where the fields are written, of an input that was read out of a store.
  ///   - instances: the machines that are planned, the others being known only; `nil` for all.
  ///   - elsewhere: the machines that run on other nodes.
  ///   - role: what of the lab is planned.
  ///   - joined: the uplinks that nodes have plugged in, for the fabric.
  init(
    _ input: LabInput, facts: PlanningFacts, manifests: LabInput? = nil,
    instances: Set<ObjectKey>? = nil, elsewhere: Set<ObjectKey> = [], role: NodeRole = .lab,
    joined: [JoinedUplink] = []
  ) {
    self.role = role
    self.elsewhere = elsewhere
    self.joined = joined
    self.input = input
    self.facts = facts
    self.manifests = manifests ?? input
    self.instances = instances
    titles = input.machines.titles
    paths = LabPaths(stateDirectory: facts.stateDirectory, lab: input.lab.name)
  }

  /// The plan without the machines that cannot be planned.
  ///
  /// - Parameter refusals: gets why, by machine.
  /// - Throws: ``PlanningError`` or a firmware selection error for what is in the way of all: the lab needs
  ///   what is not here.
  func plan(without refusals: inout [ObjectKey: PlanningError]) throws -> LabPlan {
    let servers = try servers()
    let addresses = try MACAssignment(
      input.machines, lab: input.lab.name, pool: input.cluster.macPool)
    let functions = try VirtualFunctionPlanner(
      input: input, facts: facts, addresses: addresses
    ).plan()
    var planned: [(machine: MachinePlan, notices: [String])] = []
    for (index, machine) in input.machines.enumerated()
    where instances?.contains(machine.key) ?? true {
      do {
        planned.append(
          try MachinePlanner(
            machine, index: index, planner: self, servers: servers, addresses: addresses,
            functions: functions
          ).plan())
      } catch let error as PlanningError {
        refusals[machine.key] = error
      } catch {
        refusals[machine.key] = PlanningError(description: "\(error)")
      }
    }
    let machines = NamesakeSearch(self, addresses).named(planned.map(\.machine))
    let network = try BridgePlanner(self, servers: servers, machines: machines).plan()
    let dataplane = DataplanePlan(
      engine: facts.engine, bridges: network.bridges, directory: paths.files(of: role).openVSwitch)
    let trunks =
      try !role.serves
      ? []
      : TrunkPlanner(
        request: facts.uplinks, dataplane: dataplane, attachments: attachments, servers: servers,
        isRoot: facts.isRoot
      ).plan()
    return LabPlan(
      lab: input.lab.name, paths: paths,
      nodes: nodes,
      sandbox: SandboxPlan(
        userNamespace: !facts.isRoot, hidesKVM: facts.acceleration.choice != "kvm",
        emulatorUser: emulatorUser),
      dataplane: dataplane, capture: input.lab.capture, attachments: attachments, trunks: trunks,
      uplink: uplink(machines, network.bridges),
      acceleration: facts.acceleration, servers: servers, machines: machines,
      schedulers: schedulers,
      notices: manifests.lab.notices + planned.flatMap(\.notices)
        + machines.compactMap(\.trustNotice) + machines.compactMap(\.unjudged) + network.notices,
      manifestFolder: facts.manifestFolder)
  }

  /// Those that the lab was made with, and in a lab of several those that have come since. What would be
  /// between two nodes is made with the lab.
  private var nodes: [String] {
    let named = input.nodes.map(\.name)
    guard !facts.nodes.isEmpty else { return named }
    guard facts.nodes.count > 1 else { return facts.nodes }
    return facts.nodes + named.filter { !facts.nodes.contains($0) }
  }

  /// They run where what serves several nodes does.
  private var schedulers: [SchedulerPlan] {
    guard role.serves else { return [] }
    return input.lab.schedulers.compactMap {
      SchedulerPlan($0, paths: paths, workingDirectory: facts.manifestFolder)
    }
  }

  /// The way out, where something needs one.
  private func uplink(_ machines: [MachinePlan], _ bridges: [BridgePlan]) -> UplinkPlan? {
    var networks: [String] = []
    if machines.contains(where: { $0.interfaces.contains { $0.attachment == nil } }) {
      networks.append(LabPart.podNetwork)
    }
    for port in bridges.filter({ !$0.masquerades.isEmpty }).flatMap(\.ports) {
      if let attachment = port.attachment, !networks.contains(attachment) {
        networks.append(attachment)
      }
    }
    guard !networks.isEmpty || bridges.contains(where: { !$0.masquerades.isEmpty }) else {
      return nil
    }
    return UplinkPlan(userNamespace: !facts.isRoot, networks: networks)
  }

  /// The domain of a machine, as the plan has it, with what its elements are from.
  ///
  /// - Throws: as ``plan(without:)``.
  func domain(of machine: MachinePlan) throws -> XMLElement {
    guard let index = titles.firstIndex(of: machine.name) else {
      throw PlanningError(description: "the lab has no machine \(machine.name)")
    }
    let addresses = try MACAssignment(
      input.machines, lab: input.lab.name, pool: input.cluster.macPool)
    let functions = try VirtualFunctionPlanner(
      input: input, facts: facts, addresses: addresses
    ).plan()
    func domain(of object: MachineObject) throws -> XMLElement {
      try MachinePlanner(
        input.machines[index], index: index, planner: self, servers: try servers(),
        addresses: addresses, functions: functions
      ).planned(object).domain
    }
    let own = input.machineObjects[index]
    let written = zip(manifests.machines, manifests.machineObjects).first { written, _ in
      written.name == own.key.name && written.namespace == own.key.namespace
    }
    guard let written else { return try domain(of: own) }
    let explained = try domain(of: written.1)
    let domain = try domain(of: own)
    return explained.xml() == domain.xml() ? explained : domain
  }

  /// The node of several that is planned.
  var node: LabNode? {
    guard case .node(let name) = role else { return nil }
    return input.nodes.first { $0.name == name } ?? LabNode(name: name)
  }

  /// The user that QEMU runs as; `nil` is the sandbox's root.
  var emulatorUser: EmulatorUser? {
    facts.isRoot && facts.hasEveryUser ? EmulatorUser(lab: paths) : nil
  }

  /// What people call an attachment: its name, or `namespace/name` where the lab has another of
  /// that name.
  func title(of attachment: NetworkAttachmentDefinition) -> String {
    title(attachment.name, attachment.namespace)
  }

  private func title(_ name: String, _ namespace: String) -> String {
    let namesakes = input.attachments.count { $0.name == name }
    return namesakes > 1 ? "\(namespace)/\(name)" : name
  }

  private var attachments: [AttachmentPlan] {
    zip(input.attachments, input.lab.attachments).compactMap { attachment, lab in
      lab.address.map { address in
        AttachmentPlan(
          title: title(of: attachment), bridge: attachment.bridgeDevice, vlan: attachment.vlan,
          address: address, mtu: attachment.mtu)
      }
    }
  }

  private func servers() throws -> [ServerPlan] {
    var servers: [ServerPlan] = []
    for attachment in input.lab.attachments {
      guard let server = attachment.server else { continue }
      let title = title(attachment.name, attachment.namespace)
      var bootFiles: [Int: String] = [:]
      var iPXEBootFile: String?
      if let image = server.image {
        guard let prepared = facts.images[image] else {
          throw PlanningError(description: "the image \(image) is not prepared")
        }
        bootFiles = prepared.bootFiles
        iPXEBootFile = server.iPXEScript ?? prepared.iPXEBootFile
      }
      if let bootFile = server.bootFile {
        bootFiles = (bootFiles.isEmpty ? [0: "", 7: ""] : bootFiles).mapValues { _ in bootFile }
      }
      var plan = ServerPlan(
        attachment: title, image: server.image, port: DeviceName.server(attachment.key),
        vlan: server.vlan,
        address: server.address, rangeStart: server.rangeStart, rangeEnd: server.rangeEnd,
        leaseSeconds: server.leaseSeconds, root: "\(paths.server(title))/root",
        bootFiles: bootFiles, iPXEBootFile: iPXEBootFile, methods: server.methods,
        ipv6: server.ipv6.map(ServedIPv6Network.init),
        options: server.options.map { ServedOption(number: Int($0.number), value: $0.value) },
        directory: paths.server(title))
      if !server.signedFiles.isEmpty { plan.signedFiles = server.signedFiles }
      if server.methods.contains(where: \.isSecured) {
        plan.certificate = ServerCertificate(
          authority: CertificateAuthority(folder: paths.authority, lab: input.lab.name),
          folder: plan.directory, addresses: plan.addresses)
      }
      if let words = server.command {
        plan.command = ServerCommand(words, of: plan, workingDirectory: facts.manifestFolder)
      }
      servers.append(plan)
    }
    return servers
  }
}

extension MachinePlan {
  /// What its firmware is made to trust.
  fileprivate var trustNotice: String? {
    guard variableStore?.authority != nil else { return nil }
    return "\(name): its HTTPS boot trusts the lab's certificate authority (TlsCaCertificate)"
  }

  /// Why there will be no verdict on the machine, where there will be none.
  fileprivate var unjudged: String? {
    if !startsAtOnce { return "\(name): its run strategy does not start it, so it is not judged" }
    if expectation == nil {
      return "\(name): it is not expected to boot from a network of the lab, so it is not judged"
    }
    return nil
  }
}

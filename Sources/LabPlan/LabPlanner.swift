import Addresses
import DomainXML
import Firmware
import KubeVirt
import LabManifest
import NetworkAttachment

/// A lab that the manifests allow and this machine cannot make.
package struct PlanningError: Error, Sendable, CustomStringConvertible {
  /// What is in the way and the way out.
  package let description: String
}

/// Makes the plan of a lab from its manifests and the facts of this machine.
package struct LabPlanner: Sendable {
  let input: LabInput
  let facts: PlanningFacts
  let paths: LabPaths
  /// What each machine is called.
  let titles: [String]

  /// A planner for manifests that have no errors.
  package init(_ input: LabInput, facts: PlanningFacts) {
    self.input = input
    self.facts = facts
    titles = input.machines.titles
    paths = LabPaths(stateDirectory: facts.stateDirectory, lab: input.lab.name)
  }

  /// The plan.
  ///
  /// - Throws: ``PlanningError`` or a firmware selection error: the lab needs what is not here.
  package func plan() throws -> LabPlan {
    try checkSocketPaths()
    let servers = try servers()
    let addresses = try MACAssignment(
      input.machines, lab: input.lab.name, pool: input.cluster.macPool)
    let functions = try VirtualFunctionPlanner(
      input: input, facts: facts, addresses: addresses
    ).plan()
    let planned = try input.machines.enumerated().map { index, machine in
      try MachinePlanner(
        machine, index: index, planner: self, servers: servers, addresses: addresses,
        functions: functions
      ).plan()
    }
    let machines = planned.map(\.machine)
    let network = try BridgePlanner(self, servers: servers, machines: machines).plan()
    let dataplane = DataplanePlan(
      engine: facts.engine, bridges: network.bridges, directory: paths.openVSwitch)
    let trunks = try TrunkPlanner(
      request: facts.uplinks, dataplane: dataplane, attachments: attachments, servers: servers,
      isRoot: facts.isRoot
    ).plan()
    return LabPlan(
      lab: input.lab.name, paths: paths,
      sandbox: SandboxPlan(
        userNamespace: !facts.isRoot, hidesKVM: facts.acceleration.choice != "kvm"),
      dataplane: dataplane, attachments: attachments, trunks: trunks,
      uplink: machines.contains { $0.interfaces.contains { $0.attachment == nil } }
        || network.bridges.contains { !$0.masquerades.isEmpty }
        ? UplinkPlan(userNamespace: !facts.isRoot) : nil,
      acceleration: facts.acceleration, servers: servers, machines: machines,
      notices: input.lab.notices + planned.flatMap(\.notices)
        + machines.compactMap(\.trustNotice) + machines.compactMap(\.unjudged) + network.notices,
      manifestFolder: facts.manifestFolder)
  }

  /// The domain of the machine at an index of the input's, as the plan has it.
  ///
  /// - Throws: as ``plan()``.
  package func domain(ofMachine index: Int) throws -> DomainElement {
    let addresses = try MACAssignment(
      input.machines, lab: input.lab.name, pool: input.cluster.macPool)
    return try MachinePlanner(
      input.machines[index], index: index, planner: self, servers: try servers(),
      addresses: addresses
    ).planned().domain
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

  /// The name of the tap of a machine's interface.
  func tap(machine: Int, interface: Int) -> String { "pxl-t\(machine)n\(interface)" }

  private func checkSocketPaths() throws {
    let longest =
      (["\(paths.libvirtSockets)/libvirt-admin-sock", paths.controlSocket]
      + titles.map { "\(paths.machine($0))/console.sock" })
      .max { $0.utf8.count < $1.utf8.count }
    guard let longest, longest.utf8.count > LabPaths.socketPathLimit else { return }
    throw PlanningError(
      description: "the socket \(longest) would have a path of \(longest.utf8.count) bytes, and "
        + "\(LabPaths.socketPathLimit) is the most a unix socket can have: set PXELAB_STATE_HOME "
        + "to a folder with a shorter path, or give the lab a shorter name with --name")
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
        attachment: title, image: server.image, port: "pxl-s\(servers.count)", vlan: server.vlan,
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

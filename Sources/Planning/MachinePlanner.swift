import Addresses
import DomainConversion
import DomainXML
import Firmware
import KubeVirt
import LabManifest
import NetworkAttachment

/// Makes the plan of one machine.
struct MachinePlanner {
  let machine: Machine
  let index: Int
  let planner: LabPlanner
  let servers: [ServerPlan]
  let addresses: MACAssignment
  let functions: [VirtualFunctionPlanner.Place: VirtualFunctionPlan]

  init(
    _ machine: Machine, index: Int, planner: LabPlanner, servers: [ServerPlan],
    addresses: MACAssignment,
    functions: [VirtualFunctionPlanner.Place: VirtualFunctionPlan] = [:]
  ) {
    self.machine = machine
    self.index = index
    self.planner = planner
    self.servers = servers
    self.addresses = addresses
    self.functions = functions
  }

  /// The machine, and what a person should know of its devices.
  func plan() throws -> (machine: MachinePlan, notices: [String]) {
    let (machine, _, notices) = try planned(planner.input.machineObjects[index])
    return (machine, notices)
  }

  /// The machine with its domain as it is before it is text.
  ///
  /// - Parameter object: what the domain is made of.
  func planned(_ object: MachineObject) throws -> (
    machine: MachinePlan, domain: XMLElement, notices: [String]
  ) {
    let title = planner.titles[index]
    let directory = planner.paths.machine(title)
    let interfaces = machine.interfaces.compactMap { interface in
      interface.state == "absent" ? nil : plannedInterface(interface)
    }
    let uuid =
      machine.firmware.uuid
      ?? StableIdentity.uuid(lab: planner.input.lab.name, machine: title)
    let volumes = try VolumePlanner(
      machine: machine, title: title, objects: planner.input.objects, facts: planner.facts,
      paths: planner.paths, uuid: uuid
    ).plan()
    let firmware = try chooseFirmware()
    let store = firmware.map { variableStore($0, directory: directory, interfaces) }
    var plan = MachinePlan(
      key: machine.key, name: title, domainXML: "", directory: directory,
      sockets: planner.paths.machineSockets(title), interfaces: interfaces,
      volumes: volumes.volumes, variableStore: store,
      runStrategy: RunStrategy(machine), startsAtOnce: machine.startsAtOnce,
      timeoutSeconds: labMachine?.timeoutSeconds ?? usualTime,
      expectation: expectation(interfaces, volumes.volumes),
      places: manifestIndex.map { index in
        CausePlaces(
          machine: index, interface: labMachine?.expectation.bootFrom, input: planner.manifests,
          node: planner.node
        ).places
      } ?? [:],
      bootDevices: bootDevices,
      expectedFinding: labMachine?.expectation.finding)
    plan.emulatorFiles = planner.emulatorUser.map {
      EmulatorFiles(user: $0, paths: planner.paths, machine: plan)
    }
    let converter = DomainConverter(
      object,
      identity: InstanceIdentity(uuid: uuid, serial: uuid))
    let (domain, notices) = DomainPlanner(
      name: title, plan: plan, usesKVM: planner.facts.acceleration.choice == "kvm",
      uuid: uuid, loader: firmware?.code.filename,
      processor: planner.input.nodes.first { $0.name == planner.role.agent }?.processor,
      engine: planner.facts.engine.choice
    ).domain(converter.domain())
    plan.domainXML = domain.xml()
    return (plan, domain, volumes.notices + notices)
  }

  /// The machine among the manifests; an instance is written in its VirtualMachine's.
  var manifestIndex: Int? {
    planner.manifests.machines.firstIndex {
      $0.name == machine.name && $0.namespace == machine.namespace
    }
  }

  var labMachine: LabMachine? {
    planner.input.lab.machines.first { $0.name == planner.titles[index] }
  }

  private func plannedInterface(_ interface: NetworkInterface) -> MachinePlan.Interface? {
    guard let mac = addresses.address(of: interface, in: machine) else { return nil }
    let attachment = planner.input.attachment(of: interface, in: machine)
    let function = functions[
      VirtualFunctionPlanner.Place(machine: machine.key, interface: interface.name)]
    return MachinePlan.Interface(
      name: interface.name, mac: mac, attachment: attachment.map(planner.title),
      vlan: attachment?.vlan,
      tap: function == nil
        ? attachment.map { _ in DeviceName.tap(machine.key, interface: interface.name) } : nil,
      function: function,
      mtu: attachment?.mtu, bootOrder: interface.bootOrder,
      resourceBridge: attachment?.resourceOfAnotherBridge)
  }

  private func variableStore(
    _ firmware: FirmwareChoice, directory: String, _ interfaces: [MachinePlan.Interface]
  ) -> MachinePlan.VariableStore {
    let certificates = servers.filter { server in
      interfaces.contains { $0.attachment == server.attachment }
    }.compactMap(\.certificate)
    let customization = labMachine?.efi.map {
      StoreCustomization(base: firmware.variablesTemplate.filename, $0)
    }
    return MachinePlan.VariableStore(
      path: machine.persistentEFI
        ? "\(planner.paths.stores)/\(planner.titles[index])_VARS.fd"
        : "\(directory)/\(planner.titles[index])_VARS.fd",
      template: customization == nil
        ? firmware.variablesTemplate.filename : "\(directory)/template_VARS.fd",
      persistent: machine.persistentEFI, secureBoot: machine.secureBoot,
      customization: customization,
      authority: certificates.first?.authority.certificateDER)
  }

  /// Seconds that a boot has unless lab.yaml says otherwise; emulated processors are many times slower.
  private var usualTime: Double { planner.facts.acceleration.choice == "kvm" ? 180 : 300 }

  private func chooseFirmware() throws -> FirmwareChoice? {
    guard machine.firmware.bootloader?.efi != nil else { return nil }
    return try FirmwareChoice.select(
      from: planner.facts.firmwares,
      request: .init(
        secureBoot: machine.secureBoot, smm: machine.features.smm,
        machine: machine.machineType ?? "q35"))
  }
}

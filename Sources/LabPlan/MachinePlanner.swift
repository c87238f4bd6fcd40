import Addresses
import Diagnosis
import DomainConversion
import DomainXML
import Firmware
import KubeVirt
import LabManifest
import NetworkAttachment
import PXEWire

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
    let (machine, _, notices) = try planned()
    return (machine, notices)
  }

  /// The machine with its domain as it is before it is text.
  func planned() throws -> (machine: MachinePlan, domain: DomainElement, notices: [String]) {
    let directory = planner.paths.machine(machine.name)
    let interfaces = machine.interfaces.enumerated().compactMap { index, interface in
      interface.state == "absent" ? nil : plannedInterface(interface, index: index)
    }
    let uuid =
      machine.firmware.uuid
      ?? StableIdentity.uuid(lab: planner.input.lab.name, machine: machine.name)
    let volumes = try VolumePlanner(
      machine: machine, objects: planner.input.objects, facts: planner.facts,
      paths: planner.paths, uuid: uuid
    ).plan()
    let firmware = try chooseFirmware()
    let store = firmware.map { variableStore($0, directory: directory) }
    var plan = MachinePlan(
      name: machine.name, domainXML: "", directory: directory, interfaces: interfaces,
      volumes: volumes.volumes, variableStore: store,
      processor: ProcessorDemand(machine, cluster: planner.input.cluster),
      runStrategy: RunStrategy(machine), startsAtOnce: machine.startsAtOnce,
      timeoutSeconds: labMachine?.timeoutSeconds ?? 180, expectation: expectation(interfaces),
      places: CausePlaces(
        machine: index, interface: labMachine?.expectation.bootFrom, input: planner.input
      ).places,
      expectedFinding: labMachine?.expectation.finding)
    let converter = DomainConverter(
      planner.input.machineManifests[index], cluster: planner.input.cluster,
      identity: InstanceIdentity(uuid: uuid, serial: uuid))
    let (domain, notices) = DomainPlanner(
      name: machine.name, plan: plan, usesKVM: planner.facts.acceleration.choice == "kvm",
      uuid: uuid, loader: firmware?.code.filename
    ).domain(converter.domain())
    plan.domainXML = domain.xml()
    return (plan, domain, volumes.notices + notices)
  }

  private var labMachine: LabMachine? {
    planner.input.lab.machines.first { $0.name == machine.name }
  }

  private func plannedInterface(_ interface: NetworkInterface, index interfaceIndex: Int)
    -> MachinePlan.Interface?
  {
    guard let mac = addresses.address(of: interface, in: machine) else { return nil }
    let attachment = planner.input.attachment(of: interface, in: machine)
    let function = functions[
      VirtualFunctionPlanner.Place(machine: machine.name, interface: interface.name)]
    return MachinePlan.Interface(
      name: interface.name, mac: mac, attachment: attachment.map(planner.title),
      vlan: attachment?.vlan,
      tap: function == nil
        ? attachment.map { _ in planner.tap(machine: index, interface: interfaceIndex) } : nil,
      function: function,
      mtu: attachment?.mtu, bootOrder: interface.bootOrder)
  }

  private func variableStore(
    _ firmware: FirmwareChoice, directory: String
  ) -> MachinePlan.VariableStore {
    let customization = labMachine?.efi.map {
      StoreCustomization(base: firmware.variablesTemplate.filename, $0)
    }
    return MachinePlan.VariableStore(
      path: machine.persistentEFI
        ? "\(planner.paths.stores)/\(machine.name)_VARS.fd"
        : "\(directory)/\(machine.name)_VARS.fd",
      template: customization == nil
        ? firmware.variablesTemplate.filename : "\(directory)/template_VARS.fd",
      persistent: machine.persistentEFI, secureBoot: machine.secureBoot,
      customization: customization)
  }

  private func chooseFirmware() throws -> FirmwareChoice? {
    guard machine.firmware.bootloader?.efi != nil else { return nil }
    return try FirmwareChoice.select(
      from: planner.facts.firmwares,
      request: .init(
        secureBoot: machine.secureBoot, smm: machine.features.smm,
        machine: machine.machineType ?? "q35"))
  }

  /// What the firmware is told to boot, by the first of the server's methods that it tries: UEFI
  /// tries PXE before HTTP and IPv4 before IPv6. The option ROM of a BIOS machine's card is iPXE.
  private func firstBootFile(_ server: ServerPlan) -> String? {
    guard machine.firmware.bootloader?.efi != nil else {
      return server.offers.first { $0.client == .iPXE && !$0.isIPv6 }?.bootFile
        ?? server.bootFile(of: .firmware(.x86BIOS), by: .pxev4)
    }
    let order: [BootMethod] = [.pxev4, .pxev6, .httpv4, .httpsv4, .httpv6, .httpsv6]
    for method in order where server.methods.contains(method) {
      let architecture: ClientArchitecture = method.scheme == nil ? .x64UEFI : .x64UEFIHTTP
      if let file = server.bootFile(of: .firmware(architecture), by: method) { return file }
    }
    return nil
  }

  /// The tag of a VLAN's frames in the capture: VLAN 1 is the one that leaves ports untagged, also
  /// the one that is captured from.
  private static func seenOnWire(_ vlan: VLANID?) -> VLANID? {
    vlan == .bridgeDefault ? nil : vlan
  }

  private func expectation(_ interfaces: [MachinePlan.Interface]) -> MachineExpectation? {
    guard let asked = labMachine?.expectation,
      let boot = interfaces.first(where: { $0.name == asked.bootFrom }),
      let attachment = planner.input.attachments.first(where: {
        planner.title(of: $0) == boot.attachment
      })
    else { return nil }
    let server = servers.first { $0.attachment == boot.attachment }
    return MachineExpectation(
      name: machine.name, mac: boot.mac, interface: boot.name,
      vlan: Self.seenOnWire(asked.vlan ?? attachment.vlan),
      server: asked.server ?? server?.address.address,
      bootFile: server.flatMap(firstBootFile),
      // A signature makes a file larger.
      fileSizes: (server?.image.flatMap { planner.facts.images[$0]?.fileSizes } ?? [:])
        .filter { server?.signedFiles?.contains($0.key) != true },
      bootOrder: boot.bootOrder, efi: machine.firmware.bootloader?.efi != nil,
      secureBoot: asked.secureBoot ?? machine.secureBoot,
      lockdown: asked.lockdown ?? machine.secureBoot, persistent: machine.persistentEFI,
      keepsDefaultVLAN: attachment.vlan != nil
        && attachment.portVLANs.members.contains(.bridgeDefault),
      entries: entries(by: server, finding: asked.finding))
  }

  /// The boot entries by which a server boots its clients. A server of the user's own may know more
  /// ways than its files say; of a machine that is to fail the second way is not waited for.
  private func entries(by server: ServerPlan?, finding: String?) -> [String] {
    guard let server, server.command == nil else { return finding == nil ? [] : ["PXEv4"] }
    var names: [String] = []
    for method in server.methods where !names.contains(method.entryName) {
      names.append(method.entryName)
    }
    return finding == nil ? names : Array(names.prefix(1))
  }
}

extension BootMethod {
  /// What OVMF calls the boot entry: `PXEv4` of `UEFI PXEv4 (MAC:DE00000000DE)`.
  fileprivate var entryName: String {
    (scheme == nil ? "PXEv" : "HTTPv") + (isIPv6 ? "6" : "4")
  }
}

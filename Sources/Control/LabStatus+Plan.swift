import LabPlan

extension LabStatus {
  /// The status of a lab that has only just been planned.
  package init(_ plan: LabPlan) {
    self.init(
      lab: plan.lab, phase: .starting, dataplane: plan.dataplane.engine,
      acceleration: plan.acceleration,
      machines: plan.machines.map { machine in
        var status = MachineStatus(
          name: machine.name, stage: machine.startsAtOnce ? "defined" : "halted", verdict: nil,
          interfaces: machine.interfaces.map { interface in
            MachineStatus.Interface(
              name: interface.name, mac: interface.mac, network: interface.attachment ?? "pod",
              vlan: interface.vlan, address: nil)
          }, console: machine.consoleSocket, consoleLog: machine.consoleLog)
        status.power = "off"
        status.runStrategy = machine.runStrategy.rawValue
        status.starts = 0
        return status
      },
      servers: plan.servers.map {
        ServerStatus(
          attachment: $0.attachment, address: $0.address, vlan: $0.vlan,
          command: $0.command?.text)
      }, libvirtURI: plan.paths.libvirtURI,
      directory: plan.paths.directory)
    if !plan.trunks.isEmpty {
      uplinks = Dictionary(
        plan.trunks.map { ($0.interface, $0.bridge) }, uniquingKeysWith: { first, _ in first })
    }
  }
}

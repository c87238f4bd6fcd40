import DomainXML
import KubeVirt

/// The libvirt domain of one machine: KubeVirt's elements with the lab's paths and taps.
struct DomainPlanner {
  let machine: Machine
  let cluster: ClusterSettings
  let plan: MachinePlan
  let usesKVM: Bool
  let uuid: String
  /// The firmware's code; `nil` for SeaBIOS.
  let loader: String?
  let disks: [Domain.Disk]

  func domain() -> Domain {
    let cpu = machine.cpu
    let sockets = cpu.sockets ?? 1
    let cores = cpu.cores ?? 1
    let threads = cpu.threads ?? 1
    return Domain(
      type: usesKVM ? "kvm" : "qemu", name: machine.name, uuid: machine.firmware.uuid ?? uuid,
      memory: .init(bytes: UInt64(max(0, machine.resources.memoryBytes ?? 0))),
      vcpu: .init(count: sockets * cores * threads), sysinfo: systemInformation,
      os: operatingSystem,
      features: .init(
        acpi: machine.features.acpi, vmport: .off, smm: machine.features.smm ? .on : nil),
      cpu: processor(.init(sockets: sockets, cores: cores, threads: threads)),
      onPowerOff: "destroy", onReboot: "restart", onCrash: "destroy", devices: devices)
  }

  private var systemInformation: Domain.SystemInformation {
    var entries: [Domain.SystemInformation.Entry] = [
      .init(name: "manufacturer", value: "KubeVirt"), .init(name: "product", value: "None"),
    ]
    if let serial = machine.firmware.serial {
      entries.append(.init(name: "serial", value: serial))
    }
    return .init(system: .init(entry: entries))
  }

  private var operatingSystem: Domain.OperatingSystem {
    var os = Domain.OperatingSystem(
      type: .init(arch: "x86_64", machine: machine.machineType ?? "q35"),
      smbios: .init(mode: "sysinfo"))
    if let loader, let store = plan.variableStore {
      os.loader = .init(
        path: loader, readonly: .yes, secure: machine.secureBoot ? .yes : .no, type: "pflash")
      os.nvram = .init(path: store.path, template: store.template)
    } else if machine.firmware.bootloader?.bios?.useSerial == true {
      os.bios = .init(useserial: .yes)
    }
    if machine.startStrategy == "Paused" {
      os.bootmenu = .init(enable: .yes, timeout: 10000)
    }
    return os
  }

  private func processor(_ topology: Domain.CPU.Topology) -> Domain.CPU {
    let choice = CPUModelChoice(machine: machine.cpu.model, cluster: cluster.defaultCPUModel)
    var features = machine.cpu.features.map {
      Domain.CPU.Feature(policy: $0.policy ?? "require", name: $0.name)
    }
    switch choice.model {
    case .hostModel:
      return .init(mode: "host-model", check: check, topology: topology, feature: features)
    case .hostPassthrough where usesKVM:
      return .init(mode: "host-passthrough", topology: topology, feature: features)
    case .hostPassthrough:
      // TCG has no host processor to pass through: the most it can emulate comes nearest.
      return .init(mode: "maximum", topology: topology, feature: features)
    case .named(let name):
      if !features.contains(where: { $0.name == "mpx" }) {
        features.append(.init(policy: "disable", name: "mpx"))
      }
      return .init(
        mode: "custom", match: "exact", check: check,
        model: .init(name: name, fallback: "allow"), topology: topology, feature: features)
    }
  }

  /// TCG emulates a model as far as it can; checking would refuse what it lacks.
  private var check: String? { usesKVM ? nil : "none" }

  private var devices: Domain.Devices {
    let log = Domain.CharacterDevice.Log(file: plan.consoleLog, append: .on)
    return Domain.Devices(
      disks: disks, controllers: controllers,
      interfaces: zip(presentInterfaces, plan.interfaces).map(interface),
      serials: [.init(unixSocket: plan.consoleSocket, log: log)],
      graphics: [.init(vncSocket: "\(plan.directory)/vnc.sock")],
      videos: [.init(model: loader == nil ? "vga" : "bochs")],
      memballoon: .init(model: "virtio-non-transitional"))
  }

  /// KubeVirt's: USB only where a device is on it, and for SCSI disks a controller that firmware
  /// has a driver for, which libvirt's own choice is not.
  private var controllers: [Domain.Controller] {
    let buses = Set(disks.compactMap(\.target.bus))
    let usb = buses.contains("usb") ? "qemu-xhci" : "none"
    let scsi = machine.useVirtioTransitional ? "virtio-transitional" : "virtio-non-transitional"
    return [.init(type: "usb", index: 0, model: usb)]
      + (buses.contains("scsi") ? [.init(type: "scsi", index: 0, model: scsi)] : [])
  }

  private var presentInterfaces: [NetworkInterface] {
    machine.interfaces.filter { $0.state != "absent" }
  }

  private func interface(_ source: NetworkInterface, _ planned: MachinePlan.Interface)
    -> Domain.Interface
  {
    let model: String =
      switch source.model ?? "virtio" {
      case "virtio":
        machine.useVirtioTransitional ? "virtio-transitional" : "virtio-non-transitional"
      case let other: other
      }
    var interface: Domain.Interface
    if let tap = planned.tap {
      interface = .init(
        tap: tap, mac: planned.mac, model: model, bootOrder: planned.bootOrder,
        alias: "ua-\(source.name)")
    } else {
      interface = .init(
        type: "user", mac: planned.mac, model: model, bootOrder: planned.bootOrder,
        alias: "ua-\(source.name)")
    }
    if loader != nil {
      // QEMU's own option ROM is iPXE, which would run before the firmware's PXE, and from which
      // shim cannot load its second stage; OVMF drives the NICs without it.
      interface.rom = .init(enabled: .no)
    }
    if source.state == "down" { interface.link = .init(state: "down") }
    if let index = source.acpiIndex, index > 0 { interface.acpi = .init(index: index) }
    return interface
  }
}

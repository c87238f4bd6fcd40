import DomainXML

extension DomainPlanner.Step {
  /// The lab's taps, and user-mode networking in the place of the pod network. Every planned
  /// interface is there, also one that a cluster would make of a device of the node.
  static let ownTaps = Self(title: "the lab's tap") { domain, planner, title in
    domain.update("devices") { devices in
      let converted = devices.all("interface")
      let place = devices.children.firstIndex { $0.name == "interface" } ?? devices.children.count
      devices.remove("interface")
      let interfaces = planner.plan.interfaces.map { planned in
        if let function = planned.function { return planned.hostDevice(function.function) }
        var interface =
          converted.first { $0.deviceName == planned.name } ?? planned.substitute
        interface.remove("source")
        // A tap has one queue, and vhost needs a device that a container may not have.
        interface.remove("driver")
        var head = [
          XMLElement(
            "mac", ["address": "\(planned.mac)"],
            origin: interface.first("mac")?.origin ?? "lab: assigned, the same at every start")
        ]
        interface.remove("mac")
        if let tap = planned.tap {
          interface[attribute: "type"] = "ethernet"
          head.append(XMLElement("target", ["dev": tap, "managed": "no"], origin: title))
          // The launcher tells the guest what the pod's interface has.
          if let mtu = planned.mtu {
            head.append(XMLElement("mtu", ["size": "\(mtu)"], origin: "the attachment's mtu"))
          }
        } else {
          interface[attribute: "type"] = "user"
          interface.origin = [interface.origin, "lab: user-mode networking for the pod network"]
            .compactMap { $0 }.joined(separator: "; ")
        }
        interface.children = head + interface.children
        return interface
      }
      devices.children.insert(contentsOf: interfaces, at: place)
    }
    return []
  }

  /// Open vSwitch's userspace datapath passes on what the tap gives it. A guest that leaves checksums
  /// to the card would have its TCP and UDP dropped by whoever receives them.
  static let wholeChecksums = Self(title: "Open vSwitch fills in no checksums; the guest does") {
    domain, planner, title in
    guard planner.engine == .openVSwitch else { return [] }
    let taps = Set(planner.plan.interfaces.filter { $0.tap != nil }.map(\.name))
    domain.update("devices") { devices in
      devices.update("interface") { interface in
        guard taps.contains(interface.deviceName ?? ""),
          interface.first("model")?[attribute: "type"]?.hasPrefix("virtio") == true
        else { return }
        let host = XMLElement("host", ["csum": "off"])
        let index = interface.children.firstIndex { $0.name == "alias" } ?? 0
        interface.children.insert(
          XMLElement("driver", [:], origin: title, [host]), at: index)
      }
    }
    return []
  }

  /// QEMU's own option ROM is iPXE, which would run before the firmware's PXE, and from which shim
  /// cannot load its second stage; OVMF drives the network cards without it.
  static let noOptionROM = Self(title: "OVMF drives the card; iPXE in the ROM would start first") {
    domain, planner, title in
    guard planner.loader != nil else { return [] }
    domain.update("devices") { devices in
      devices.update("interface") { interface in
        guard interface.first("rom") == nil else { return }
        let rom = XMLElement("rom", ["enabled": "no"], origin: title)
        let index = interface.children.firstIndex { $0.name == "alias" } ?? 0
        interface.children.insert(rom, at: index)
      }
    }
    return []
  }

  /// Files of the lab behind the disks; a LUN is a disk on the same bus.
  static let ownFiles = Self(title: "a file of the lab") { domain, planner, title in
    domain.update("devices") { devices in
      devices.children.removeAll { disk in
        guard disk.name == "disk", let source = disk.first("source"), !source.attributes.isEmpty
        else { return false }
        return !planner.plan.volumes.contains { $0.name == disk.deviceName }
      }
      devices.update("disk") { disk in
        disk.remove("backingStore")
        if disk[attribute: "device"] == "lun" { disk[attribute: "device"] = "disk" }
        guard let volume = planner.plan.volumes.first(where: { $0.name == disk.deviceName }) else {
          disk.remove("source")
          return
        }
        disk[attribute: "type"] = "file"
        disk.set(XMLElement("source", ["file": volume.path], origin: title))
        disk.update("driver") { driver in
          driver[attribute: "type"] = volume.format.rawValue
          // Native input and output needs O_DIRECT, which KubeVirt's launcher asks for wherever
          // the file system can.
          if driver[attribute: "io"] == "native", driver[attribute: "cache"] == nil {
            driver[attribute: "cache"] = "none"
          }
        }
      }
    }
    return []
  }

  /// Sockets and logs in the machine's folder. The console is always there: it is how a lab sees
  /// what a machine does.
  static let ownSockets = Self(title: "a socket in the machine's folder") {
    domain, planner, title in
    domain.update("devices") { devices in
      let serial = XMLElement(
        "serial", ["type": "unix"], origin: title,
        [
          XMLElement("source", ["mode": "bind", "path": planner.plan.consoleSocket]),
          XMLElement("log", ["file": planner.plan.consoleLog, "append": "on"]),
          XMLElement("target", ["port": "0"]),
        ])
      devices.set(serial)
      devices.update("graphics") { graphics in
        graphics.update("listen") { listen in
          listen[attribute: "socket"] = planner.plan.vncSocket
          listen.origin = title
        }
      }
    }
    return []
  }

  /// Where a QEMU that is not root finds its files. libvirt, which is, opens the console's itself.
  static let ownUser = Self(title: "where the sandbox shows it to QEMU's user") {
    domain, planner, title in
    guard let files = planner.plan.emulatorFiles else { return [] }
    domain.update("os") { os in
      os.update("nvram") { element in
        element.text = element.text.map(files.place)
        element.origin = [element.origin, title].compactMap { $0 }.joined(separator: "; ")
      }
    }
    domain.update("devices") { devices in
      devices.update("disk") { disk in
        disk.update("source") { source in
          source[attribute: "file"] = source[attribute: "file"].map(files.place)
          source.origin = title
        }
        let volume = planner.plan.volumes.first { $0.name == disk.deviceName }
        guard case .overlay(let image)? = volume?.content else { return }
        // The overlay names its base by the path that it has outside.
        let index = disk.children.firstIndex { $0.name == "source" }.map { $0 + 1 } ?? 0
        disk.children.insert(
          XMLElement(
            "backingStore", ["type": "file"], origin: title,
            [
              XMLElement("format", ["type": image.format]),
              XMLElement("source", ["file": files.place(of: image.path)]),
            ]), at: index)
      }
      devices.update("graphics") { graphics in
        graphics.update("listen") { listen in
          listen[attribute: "socket"] = files.place(of: "\(files.screenFolder)/vnc.sock")
        }
      }
    }
    return []
  }

  /// Nobody in a lab speaks with a guest agent.
  static let noChannels = Self(title: "no guest agent") { domain, _, _ in
    domain.update("devices") { devices in
      devices.remove("channel")
      devices.children.removeAll {
        $0.name == "controller" && $0[attribute: "type"] == "virtio-serial"
      }
    }
    return []
  }
}

extension MachinePlan.Interface {
  /// The virtual function, as KubeVirt's converter has it (pkg/virt-launcher/virtwrap/device/hostdevice
  /// /sriov).
  fileprivate func hostDevice(_ function: VirtualFunction) -> XMLElement {
    let parts = function.address.split { ":.".contains($0) }.map { "0x\($0)" }
    let names = ["domain", "bus", "slot", "function"]
    var address = XMLElement("address", ["type": "pci"])
    for (name, part) in zip(names, parts) { address[attribute: name] = part }
    var children = [XMLElement("source", [:], [address])]
    if let bootOrder { children.append(XMLElement("boot", ["order": "\(bootOrder)"])) }
    children.append(XMLElement("alias", ["name": "ua-sriov-\(name)"]))
    return XMLElement(
      "hostdev", ["mode": "subsystem", "type": "pci", "managed": "no"],
      origin: "virtual function \(function.index) of \(function.card)", children)
  }

  /// The network card in the place of one that a node would have.
  fileprivate var substitute: XMLElement {
    var children = [XMLElement("model", ["type": "virtio-non-transitional"])]
    if let bootOrder {
      children.append(XMLElement("boot", ["order": "\(bootOrder)"]))
    } else {
      children.append(XMLElement("rom", ["enabled": "no"]))
    }
    children.append(XMLElement("alias", ["name": "ua-\(name)"]))
    return XMLElement(
      "interface", ["type": "ethernet"], origin: "lab: in place of a device of the node", children)
  }
}

import DomainXML

extension DomainPlanner.Step {
  /// A lab's domains are told apart by the machines' names alone, and keep their UUID.
  static let ownName = Self(title: "the lab's own name and a UUID that stays") {
    domain, planner, title in
    domain.remove("metadata")
    domain.set(XMLElement("name", text: planner.name, origin: title))
    let uuid = XMLElement("uuid", text: planner.uuid, origin: title)
    let index = domain.children.firstIndex { $0.name == "name" }.map { $0 + 1 } ?? 0
    domain.children.insert(uuid, at: index)
    return []
  }

  /// `host-model` is the model of the node that lab.yaml describes, as far as this machine can give it: TCG
  /// gives what it can of any, KVM this machine's own only.
  static let nodeProcessor = Self(title: "the node's processor, as lab.yaml has it") {
    domain, planner, title in
    guard let processor = planner.processor, let model = processor.model else { return [] }
    var notices: [String] = []
    domain.update("cpu") { cpu in
      guard cpu[attribute: "mode"] == "host-model" else { return }
      guard !planner.usesKVM else {
        notices.append(
          "KVM gives the guest this machine's processor, not the \(model) that lab.yaml says of its node"
        )
        return
      }
      cpu[attribute: "mode"] = "custom"
      cpu.children.insert(XMLElement("model", text: model, origin: title), at: 0)
      let present = Set(cpu.all("feature").compactMap { $0[attribute: "name"] })
      for (name, isThere) in processor.features.sorted(by: { $0.key < $1.key })
      where !present.contains(name) {
        cpu.children.append(
          XMLElement(
            "feature", ["name": name, "policy": isThere ? "require" : "disable"], origin: title))
      }
    }
    return notices
  }

  /// TCG emulates a model as far as it can; checking would refuse what it lacks, and there is no
  /// host processor to pass through, to which the most that it can emulate comes nearest.
  static let emulation = Self(title: "TCG instead of KVM") { domain, planner, title in
    guard !planner.usesKVM else { return [] }
    domain[attribute: "type"] = "qemu"
    domain.origin = title
    domain.update("cpu") { cpu in
      if cpu[attribute: "mode"] == "host-passthrough" {
        cpu[attribute: "mode"] = "maximum"
      } else {
        cpu[attribute: "check"] = "none"
      }
      cpu.origin = [cpu.origin, title].compactMap { $0 }.joined(separator: "; ")
    }
    return []
  }

  /// Nobody changes a lab's machine while it runs: it has the processors and memory of its start.
  static let nothingPluggedIn = Self(title: "no room for what is plugged in later") {
    domain, _, _ in
    domain.remove("maxMemory")
    guard let list = domain.first("vcpus") else { return [] }
    let count = list.children.count { $0[attribute: "enabled"] == "yes" }
    domain.remove("vcpus")
    domain.update("vcpu") { $0.text = "\(count)" }
    domain.update("cpu") { cpu in
      cpu.update("topology") { topology in
        let parts = ["cores", "threads"].map { topology[attribute: $0].flatMap { Int($0) } ?? 1 }
        let sockets = parts.reduce(count) { $0 / max(1, $1) }
        topology[attribute: "sockets"] = "\(max(1, sockets))"
      }
    }
    return []
  }

  /// Huge pages would have to be set aside on this machine, and shared memory is for what a lab
  /// leaves out.
  static let ordinaryMemory = Self(title: "ordinary memory") { domain, _, _ in
    let hasHugePages = domain.first("memoryBacking")?.first("hugepages") != nil
    domain.remove("memoryBacking")
    domain.update("cpu") { $0.remove("numa") }
    return hasHugePages ? ["the guest has ordinary memory, not huge pages"] : []
  }

  /// The OVMF of this machine, and a variable store of the lab.
  static let ownFirmware = Self(title: "this machine's OVMF") { domain, planner, title in
    domain.update("os") { os in
      guard let loader = planner.loader, let store = planner.plan.variableStore else { return }
      os.update("loader") { element in
        element.text = loader
        element.origin = [element.origin, title].compactMap { $0 }.joined(separator: "; ")
      }
      os.update("nvram") { element in
        element.text = store.path
        element[attribute: "template"] = store.template
        element.origin = [element.origin, title].compactMap { $0 }.joined(separator: "; ")
      }
    }
    return []
  }

  /// A kernel in a container image, and licences in Secrets, are not on this machine.
  static let noDirectBoot = Self(title: "no kernel of a container image") { domain, _, _ in
    var notices: [String] = []
    domain.update("os") { os in
      if os.first("kernel") != nil || os.first("initrd") != nil {
        notices.append("a lab has no kernel of a container image, so kernelBoot is left out")
      }
      for name in ["kernel", "initrd", "cmdline", "acpi"] { os.remove(name) }
    }
    return notices
  }

  /// What a node would have to have: a TPM's emulator, shared folders, a client's USB devices.
  static let leftOut = Self(title: "what this machine has not") { domain, _, _ in
    var notices: [String] = []
    domain.update("devices") { devices in
      let names = [
        ("tpm", "a TPM"), ("filesystem", "shared file systems"),
        ("redirdev", "a client's USB devices"),
      ]
      for (element, what) in names where devices.first(element) != nil {
        devices.remove(element)
        notices.append("a lab does not give a machine \(what), so it starts without")
      }
    }
    if domain.first("qemu:commandline") != nil {
      domain.remove("qemu:commandline")
      notices.append("a lab does not give a machine Ignition data, so it starts without")
    }
    domain[attribute: "xmlns:qemu"] = nil
    return notices
  }
}

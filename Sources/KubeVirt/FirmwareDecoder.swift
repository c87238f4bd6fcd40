import Objects

extension Firmware {
  /// Reads `domain.firmware`.
  init(_ field: Field) {
    let kernelBoot = field["kernelBoot"]
    self.init(
      bootloader: Bootloader(field["bootloader"]), uuid: field["uuid"].string,
      serial: field["serial"].string, kernelArguments: kernelBoot["kernelArgs"].string,
      hasKernelContainer: kernelBoot["container"].exists)
  }
}

extension Bootloader {
  /// Reads `firmware.bootloader`; `nil` when absent.
  init?(_ field: Field) {
    guard field.exists else { return nil }
    self.init()
    let bios = field["bios"]
    if bios.exists {
      self.bios = BIOS(useSerial: bios["useSerial"].boolean ?? false)
    }
    let efi = field["efi"]
    if efi.exists {
      self.efi = EFI(
        secureBoot: efi["secureBoot"].boolean ?? true,
        persistent: efi["persistent"].boolean ?? false)
    }
  }
}

extension Features {
  /// Reads `domain.features`.
  init(_ field: Field) {
    self.init()
    acpi = field["acpi"]["enabled"].boolean ?? true
    let smm = field["smm"]
    self.smm = smm.exists && (smm["enabled"].boolean ?? true)
  }
}

extension CPU {
  /// Reads `domain.cpu`.
  init(_ field: Field) {
    self.init(
      model: field["model"].string, cores: field["cores"].integer,
      sockets: field["sockets"].integer, threads: field["threads"].integer)
    features = field["features"].items.map { item in
      return Feature(name: item["name"].string ?? "", policy: item["policy"].string)
    }
  }
}

extension Resources {
  /// Reads `domain.memory` and `domain.resources`.
  init(domain: Field) {
    let memory = domain["memory"]
    let resources = domain["resources"]
    let requests = resources["requests"]
    let limits = resources["limits"]
    self.init(
      guestMemory: memory["guest"].quantity,
      hugepageSize: memory["hugepages"]["pageSize"].quantity,
      requestedMemory: requests["memory"].quantity, memoryLimit: limits["memory"].quantity,
      requestedCPU: requests["cpu"].quantity, cpuLimit: limits["cpu"].quantity)
  }
}

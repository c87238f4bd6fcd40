import Manifest

extension Firmware {
  /// Reads `domain.firmware`.
  init(_ field: Field) {
    check(field, KnownFields.firmware)
    let kernelBoot = field["kernelBoot"]
    check(kernelBoot, KnownFields.kernelBoot)
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
    check(field, KnownFields.bootloader)
    self.init()
    let bios = field["bios"]
    if bios.exists {
      check(bios, KnownFields.bios)
      self.bios = BIOS(useSerial: bios["useSerial"].boolean ?? false)
    }
    let efi = field["efi"]
    if efi.exists {
      check(efi, KnownFields.efi)
      self.efi = EFI(
        secureBoot: efi["secureBoot"].boolean ?? true,
        persistent: efi["persistent"].boolean ?? false)
    }
  }
}

extension Features {
  /// Reads `domain.features`.
  init(_ field: Field) {
    check(field, KnownFields.features)
    self.init()
    check(field["acpi"], KnownFields.featureState)
    acpi = field["acpi"]["enabled"].boolean ?? true
    let smm = field["smm"]
    check(smm, KnownFields.featureState)
    self.smm = smm.exists && (smm["enabled"].boolean ?? true)
  }
}

extension CPU {
  /// Reads `domain.cpu`.
  init(_ field: Field) {
    check(field, KnownFields.cpu)
    self.init(
      model: field["model"].string, cores: field["cores"].integer,
      sockets: field["sockets"].integer, threads: field["threads"].integer)
    features = field["features"].items.map { item in
      check(item, KnownFields.cpuFeature)
      return Feature(name: item["name"].string ?? "", policy: item["policy"].string)
    }
  }
}

extension Resources {
  /// Reads `domain.memory` and `domain.resources`.
  init(domain: Field) {
    let memory = domain["memory"]
    check(memory, KnownFields.memory)
    check(memory["hugepages"], KnownFields.hugepages)
    let resources = domain["resources"]
    check(resources, KnownFields.resources)
    let requests = resources["requests"]
    let limits = resources["limits"]
    self.init(
      guestMemory: memory["guest"].quantity,
      hugepageSize: memory["hugepages"]["pageSize"].quantity,
      requestedMemory: requests["memory"].quantity, memoryLimit: limits["memory"].quantity,
      requestedCPU: requests["cpu"].quantity, cpuLimit: limits["cpu"].quantity)
  }
}

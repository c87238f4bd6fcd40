/// What a launcher pod depends on in an instance's spec (pkg/vmitrait and pkg/util).
struct LauncherTraits {
  let spec: APIValue
  let domain: APIValue
  let devices: APIValue

  init(_ spec: APIValue) {
    self.spec = spec
    domain = spec["domain"]
    devices = domain["devices"]
  }

  var architecture: String { spec["architecture"].string }
  var interfaces: [APIValue] { devices["interfaces"].items }
  var networks: [APIValue] { spec["networks"].items }

  /// Virtual processors; what is not written counts one.
  var processors: Int64 {
    ["cores", "sockets", "threads"].reduce(1) { product, field in
      let count = Int64(min(max(1, domain["cpu"][field].integer), 1 << 16))
      return min(product * count, 1 << 20)
    }
  }

  /// Threads for disks beside the one that all machines have.
  var supplementalThreads: Int64 {
    Int64(min(max(0, domain["ioThreads"]["supplementalPoolThreadCount"].integer), 1 << 20))
  }

  var isDedicated: Bool { domain["cpu"]["dedicatedCpuPlacement"].boolean == true }

  /// Whether memory and processors are limited to what is requested (WantsToHaveQOSGuaranteed).
  var isGuaranteed: Bool {
    ["memory", "cpu"].allSatisfy { name in
      let resources = domain["resources"]
      guard let request = resources["requests"][name].quantity,
        let limit = resources["limits"][name].quantity
      else { return false }
      return request.nanos == limit.nanos && request.nanos != 0
    }
  }

  /// Whether a device is handed through by VFIO.
  var hasVFIO: Bool {
    !devices["gpus"].items.isEmpty || !devices["hostDevices"].items.isEmpty
      || interfaces.contains { $0["sriov"].exists }
  }

  var needsTun: Bool {
    !interfaces.isEmpty || devices["autoattachPodInterface"].boolean != false
  }

  var wantsVirtio: Bool {
    interfaces.contains { ["", "virtio"].contains($0["model"].string) }
  }

  var isSEV: Bool {
    domain["launchSecurity"]["sev"].exists || domain["launchSecurity"]["snp"].exists
  }

  var isSEVES: Bool {
    domain["launchSecurity"]["sev"]["policy"]["encryptedState"].boolean == true
  }

  var isSNP: Bool { domain["launchSecurity"]["snp"].exists }
  var isTDX: Bool { domain["launchSecurity"]["tdx"].exists }
  /// Whether it is encrypted as IBM Z has it.
  var isSecureExecution: Bool { architecture == "s390x" && domain["launchSecurity"].exists }

  var hasReservation: Bool {
    devices["disks"].items.contains { $0["lun"]["reservation"].boolean == true }
  }

  /// Whether its firmware or TPM keep a state on a volume.
  var needsBackendStorage: Bool {
    domain["firmware"]["bootloader"]["efi"]["persistent"].boolean == true
      || (hasTPM && devices["tpm"]["persistent"].boolean == true)
  }

  var hasTPM: Bool { devices["tpm"].isEnabled }

  /// The processor's model; empty when none is written.
  var model: String { domain["cpu"]["model"].string }
}

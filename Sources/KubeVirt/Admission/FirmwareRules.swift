extension Machine {
  /// Boot loader, Secure Boot, persistent variables and direct kernel boot.
  func firmwareCauses(_ cluster: ClusterSettings) -> [Cause] {
    var causes: [Cause] = []
    let path = "\(domainPath).firmware"
    if secureBoot, !features.smm {
      causes.append(
        Cause(
          domainPath,
          "\(domainPath) has EFI SecureBoot enabled. SecureBoot requires SMM,"
            + " which is currently disabled.",
          place: "\(path).bootloader.efi"))
    }
    if let bootloader = firmware.bootloader, bootloader.bios != nil, bootloader.efi != nil {
      causes.append(
        Cause(
          "\(path).bootloader",
          "\(path).bootloader has both EFI and BIOS configured,"
            + " but they are mutually exclusive."))
    }
    if persistentEFI, !cluster.persistentState {
      causes.append(
        Cause(
          "\(path).bootloader.efi.persistent",
          "VMPersistentState feature gate is not enabled: set spec.featureGates.VMPersistentState"
            + " to true in the HyperConverged"))
    }
    if firmware.kernelArguments?.isEmpty == false, !firmware.hasKernelContainer {
      causes.append(
        Cause(
          "\(path).kernelBoot.kernelArgs",
          "kernel arguments cannot be provided without an external kernel"))
    }
    return causes
  }
}

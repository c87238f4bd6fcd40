/// A firmware build chosen for a machine, by the rules of libvirt (src/qemu/qemu_firmware.c):
/// the first descriptor that fits, in order of file name.
package struct FirmwareChoice: Hashable, Sendable {
  /// The code image.
  package var code: FirmwareDescriptor.Image
  /// The image that a new variable store is copied from.
  package var variablesTemplate: FirmwareDescriptor.Image
  /// The descriptor's path.
  package var descriptorPath: String
  /// What the build can do.
  package var features: [String]
  /// Why this one, for a person.
  package var reason: String
  /// The descriptors that were tried before it, with what was against each.
  package var rejected: [Rejection]

  /// What a machine asks of its firmware.
  package struct Request: Hashable, Sendable, CustomStringConvertible {
    /// Secure Boot with the keys enrolled. When false, a build with enrolled keys is not taken.
    package var secureBoot: Bool
    /// Whether the machine has SMM.
    package var smm: Bool
    /// The architecture: `x86_64`.
    package var architecture: String
    /// The machine type, an alias (`q35`) or versioned (`pc-q35-7.2`).
    package var machine: String

    /// A request.
    package init(secureBoot: Bool, smm: Bool, architecture: String = "x86_64", machine: String) {
      self.secureBoot = secureBoot
      self.smm = smm
      self.architecture = architecture
      self.machine = machine
    }

    /// `UEFI for x86_64 q35 with Secure Boot and SMM`.
    package var description: String {
      "UEFI for \(architecture) \(machine) \(secureBoot ? "with" : "without") Secure Boot, "
        + "\(smm ? "with" : "without") SMM"
    }
  }

  /// A descriptor that does not fit.
  package struct Rejection: Hashable, Sendable {
    /// The descriptor's path.
    package var path: String
    /// What is against it.
    package var reason: String
  }

  /// Chooses a build.
  ///
  /// - Throws: `FirmwareChoiceError` with every descriptor found and what is against it.
  package static func select(
    from files: [FirmwareDescriptorFile], request: Request
  ) throws(FirmwareChoiceError) -> FirmwareChoice {
    var rejected: [Rejection] = []
    for file in FirmwareDescriptorFile.inPrecedence(files) {
      let descriptor: FirmwareDescriptor
      do {
        descriptor = try FirmwareDescriptor(parsing: file.text)
      } catch {
        rejected.append(Rejection(path: file.path, reason: "not a firmware descriptor: \(error)"))
        continue
      }
      if let reason = request.objection(to: descriptor) {
        rejected.append(Rejection(path: file.path, reason: reason))
        continue
      }
      guard descriptor.mapping.device == "flash", let code = descriptor.mapping.executable,
        let template = descriptor.mapping.variablesTemplate
      else {
        rejected.append(
          Rejection(path: file.path, reason: "it has no flash image with a variable store"))
        continue
      }
      return FirmwareChoice(
        code: code, variablesTemplate: template, descriptorPath: file.path,
        features: descriptor.features,
        reason: "\(file.path) is the first descriptor that fits \(request)", rejected: rejected)
    }
    throw FirmwareChoiceError(request: request, rejected: rejected)
  }
}

/// No firmware descriptor fits.
package struct FirmwareChoiceError: Error, Hashable, CustomStringConvertible {
  /// What was asked for.
  package var request: FirmwareChoice.Request
  /// What was found, with what is against each.
  package var rejected: [FirmwareChoice.Rejection]

  /// The request, what was found, and the way out.
  package var description: String {
    let wayOut =
      request.secureBoot && !request.smm
      ? "Secure Boot needs SMM: set features.smm.enabled"
      : "install a firmware build (Debian and Ubuntu: ovmf; Fedora: edk2-ovmf)"
    let found =
      rejected.isEmpty
      ? ["no descriptor in \(FirmwareDescriptorFile.directories.joined(separator: " or "))"]
      : rejected.map { "\($0.path): \($0.reason)" }
    return (["no firmware fits: \(request)"] + found.map { "  \($0)" } + [wayOut])
      .joined(separator: "\n")
  }
}

extension FirmwareChoice.Request {
  /// What is against a build; `nil` when it fits.
  func objection(to descriptor: FirmwareDescriptor) -> String? {
    guard descriptor.interfaceTypes.contains("uefi") else { return "it is not UEFI" }
    let machines = descriptor.targets.filter { $0.architecture == architecture }
      .flatMap(\.machines)
    guard machines.contains(where: fits) else { return "it is not for \(architecture) \(machine)" }
    let features = Set(descriptor.features)
    if secureBoot, !features.contains("secure-boot") { return "it has no secure-boot" }
    if secureBoot, !features.contains("enrolled-keys") { return "it has no enrolled-keys" }
    if !secureBoot, features.contains("enrolled-keys") { return "it has enrolled-keys" }
    if !smm, features.contains("requires-smm") { return "it requires-smm" }
    return nil
  }

  /// Whether the machine type fits a shell pattern. An alias stands for any version of its kind.
  private func fits(_ pattern: String) -> Bool {
    var pattern = Substring(pattern)
    let names = ["q35": "pc-q35-0", "pc": "pc-i440fx-0"]
    let name = names[machine] ?? machine
    guard pattern.hasSuffix("*") else { return pattern == name || pattern == machine }
    pattern.removeLast()
    return name.hasPrefix(pattern)
  }
}

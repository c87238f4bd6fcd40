import Firmware

/// Whether a firmware is installed with which a machine boots with Secure Boot: the choice that a
/// lab makes, and whether the files of it are there.
enum FirmwareCheck {
  private static let package = PackageName(debian: "ovmf", fedora: "edk2-ovmf")
  private static let request = FirmwareChoice.Request(secureBoot: true, smm: true, machine: "q35")

  static func secureBoot(
    on probe: some HostProbe, distribution: Distribution
  ) async throws(HostProbeError) -> CheckResult {
    let name = "OVMF with Secure Boot"
    let remedy = distribution.installCommand([package])
    let files = try await files(on: probe)
    do throws(FirmwareChoiceError) {
      let choice = try FirmwareChoice.select(from: files, request: request)
      let images = [choice.code.filename, choice.variablesTemplate.filename]
      guard let lost = images.first(where: { !probe.exists($0) }) else {
        return CheckResult(name, .ok, choice.descriptorPath)
      }
      return CheckResult(
        name, .missing, "\(choice.descriptorPath) names \(lost), which does not exist",
        remedy: remedy)
    } catch {
      let found = error.rejected.map { "\($0.path): \($0.reason)" }
      return CheckResult(
        name, .missing, (["no firmware fits \(request)"] + found).joined(separator: "; "),
        remedy: remedy)
    }
  }

  private static func files(
    on probe: some HostProbe
  ) async throws(HostProbeError) -> [FirmwareDescriptorFile] {
    var files: [FirmwareDescriptorFile] = []
    for folder in FirmwareDescriptorFile.directories {
      for name in try probe.names(in: folder) where name.hasSuffix(".json") {
        let path = "\(folder)/\(name)"
        guard let text = try await probe.text(at: path) else { continue }
        files.append(FirmwareDescriptorFile(path: path, text: text))
      }
    }
    return files
  }
}

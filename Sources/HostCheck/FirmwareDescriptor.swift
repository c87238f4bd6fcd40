import Foundation

/// What the checks read of a firmware descriptor (QEMU's docs/interop/firmware.json).
struct FirmwareDescriptor: Decodable {
  struct Mapping: Decodable {
    struct File: Decodable {
      var filename: String
    }

    var device: String
    var executable: File?
    var nvramTemplate: File?

    enum CodingKeys: String, CodingKey {
      case device, executable
      case nvramTemplate = "nvram-template"
    }
  }

  struct Target: Decodable {
    var architecture: String
    var machines: [String]
  }

  var mapping: Mapping
  var targets: [Target]
  var features: [String]

  /// Whether this is a firmware for x86-64 that enforces Secure Boot with enrolled keys from the
  /// first start.
  var enforcesSecureBoot: Bool {
    let wanted: Set<String> = ["secure-boot", "enrolled-keys", "requires-smm"]
    let fits = targets.contains { target in
      target.architecture == "x86_64"
        && target.machines.contains { $0.hasPrefix("pc-q35") || $0 == "q35" }
    }
    return mapping.device == "flash" && fits && wanted.isSubset(of: features)
  }

  /// The files it names.
  var files: [String] {
    [mapping.executable, mapping.nvramTemplate].compactMap { $0?.filename }
  }
}

/// Whether a firmware is installed with which a machine boots with Secure Boot.
enum FirmwareCheck {
  private static let package = PackageName(debian: "ovmf", fedora: "edk2-ovmf")

  static func secureBoot(
    on probe: some HostProbe, distribution: Distribution
  ) async throws(HostProbeError) -> CheckResult {
    let name = "OVMF with Secure Boot"
    var problems: [String] = []
    for folder in ["/etc/qemu/firmware", "/usr/share/qemu/firmware"] {
      for file in try probe.names(in: folder) where file.hasSuffix(".json") {
        let path = "\(folder)/\(file)"
        // An empty file in /etc masks the one of the same name in /usr/share.
        guard let text = try await probe.text(at: path), !text.isEmpty else { continue }
        switch inspect(text) {
        case .failure(let reason): problems.append("\(path): \(reason.text)")
        case .success(let descriptor) where !descriptor.enforcesSecureBoot: continue
        case .success(let descriptor):
          guard let lost = descriptor.files.first(where: { !probe.exists($0) }) else {
            return CheckResult(name, .ok, path)
          }
          problems.append("\(path) names \(lost), which does not exist")
        }
      }
    }
    problems.insert("no firmware has secure-boot, enrolled-keys and requires-smm", at: 0)
    return CheckResult(
      name, .missing, problems.joined(separator: "; "),
      remedy: distribution.installCommand([package]))
  }

  private struct Reason: Error {
    var text: String
  }

  private static func inspect(_ text: String) -> Result<FirmwareDescriptor, Reason> {
    do {
      return .success(try JSONDecoder().decode(FirmwareDescriptor.self, from: Data(text.utf8)))
    } catch {
      return .failure(Reason(text: "not a firmware descriptor (\(error))"))
    }
  }
}

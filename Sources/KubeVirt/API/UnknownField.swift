import Objects

/// A field that the API does not know, which an API server drops before anything else looks at the
/// object.
struct UnknownField {
  /// Where a field of that name belongs.
  enum Hint {
    /// Here, under a name that is spelt nearly so.
    case misspelt(String)
    /// In other mappings, by the paths that it has there; the first is the most likely.
    case misplaced([String])
  }

  /// The path with list indices, as strict decoding writes it.
  var path: String
  /// The path without list indices, as the webhooks' check of types writes it.
  var bodyPath: String
  /// What was probably meant.
  var hint: Hint?
  /// Whether the machine boots otherwise without the field that was meant.
  var changesBoot: Bool

  /// What is said where the object goes through an API server. `kubectl` asks for strict decoding
  /// (fieldValidation=Strict; apiextensions-apiserver, pkg/apiserver/customresource_handler.go).
  var strictDecodingCause: Cause {
    Cause(
      path,
      "\(Problem.strictDecoding)\(path.debugDescription)\(advice) (kubectl refuses the object; oc and"
        + " Argo CD's Validate=false drop the field in silence)",
      severity: changesBoot ? .error : .warning)
  }

  /// What the webhooks say of one that reaches them.
  var forbiddenCause: Cause {
    Cause("", "\(bodyPath) in body is a forbidden property\(advice)", place: path)
  }

  private var advice: String {
    switch hint {
    case nil: ""
    case .misspelt(let name)?: "; did you mean \(name.debugDescription)?"
    case .misplaced(let paths)?:
      "; it belongs into "
        + paths.prefix(3).map { "\(Self.container(of: $0)): \($0)" }.joined(separator: ", or ")
    }
  }

  /// The name of the mapping around a field: `dhcpOptions` of `interfaces[0].dhcpOptions.ntpServers`.
  private static func container(of path: String) -> Substring {
    let parts = path.split(separator: ".")
    return parts.dropLast().last ?? "the object"
  }

  /// Fields without which a machine boots otherwise, by structure and name.
  static let bootFields: Set<String> = [
    "Bootloader.bios", "Bootloader.efi", "DHCPOptions.bootFileName", "DHCPOptions.tftpServerName",
    "Disk.bootOrder", "DomainSpec.firmware", "EFI.persistent", "EFI.secureBoot", "Features.smm",
    "Firmware.bootloader", "Firmware.kernelBoot", "Interface.bootOrder", "Interface.dhcpOptions",
    "Interface.macAddress", "KernelBoot.container", "KernelBoot.kernelArgs",
    "KernelBootContainer.initrdPath", "KernelBootContainer.kernelPath",
  ]
}

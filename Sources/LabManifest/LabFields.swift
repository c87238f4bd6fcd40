/// The fields of a `lab.yaml`, by the mapping that holds them: what its reader takes, and what the
/// JSON Schema offers.
public enum LabFields {
  /// `spec`.
  public static let spec: Set = [
    "dataplane", "acceleration", "cniPlugins", "attachments", "machines", "diskImages",
  ]
  /// `spec.attachments[]`.
  public static let attachment: Set = ["name", "server"]
  /// `spec.attachments[].server`.
  public static let server: Set = [
    "vlan", "address", "range", "leaseTime", "image", "bootFile", "ipxeScript", "methods", "ipv6",
    "options", "command", "sign",
  ]
  /// `spec.attachments[].server.range`.
  public static let range: Set = ["start", "end"]
  /// `spec.attachments[].server.options[]`.
  public static let option: Set = ["number", "value"]
  /// `spec.machines[]`.
  public static let machine: Set = ["name", "timeout", "expect", "efi"]
  /// `spec.machines[].efi`.
  public static let efi: Set = ["keys", "trust", "revoke", "authorities", "variables"]
  /// `spec.machines[].expect`.
  public static let expectation: Set = [
    "bootFrom", "vlan", "server", "secureBoot", "lockdown", "finding",
  ]
}

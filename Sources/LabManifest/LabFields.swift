/// The fields of a `lab.yaml`, by the mapping that holds them: what its reader takes, and what the
/// JSON Schema offers.
package enum LabFields {
  /// `spec`.
  package static let spec: Set = [
    "dataplane", "acceleration", "cniPlugins", "kubernetes", "capture", "nodes", "attachments",
    "machines", "diskImages", "timeScale", "schedulers",
  ]
  /// `spec.schedulers[]`.
  package static let scheduler: Set = ["name", "command"]
  /// `spec.capture`.
  package static let capture: Set = ["limit", "snaplen"]
  /// `spec.nodes[]`.
  package static let node: Set = ["name", "labels", "taints", "capacity", "cpu"]
  /// `spec.nodes[].cpu`.
  package static let processor: Set = ["model", "vendor", "features"]
  /// `spec.nodes[].cpu.features[]`.
  package static let processorFeature: Set = ["name", "policy"]
  /// `spec.attachments[]`.
  package static let attachment: Set = ["name", "server"]
  /// `spec.attachments[].server`.
  package static let server: Set = [
    "vlan", "address", "range", "leaseTime", "image", "bootFile", "ipxeScript", "methods", "ipv6",
    "options", "command", "sign",
  ]
  /// `spec.attachments[].server.range`.
  package static let range: Set = ["start", "end"]
  /// `spec.attachments[].server.options[]`.
  package static let option: Set = ["number", "value"]
  /// `spec.machines[]`.
  package static let machine: Set = ["name", "timeout", "expect", "efi"]
  /// `spec.machines[].efi`.
  package static let efi: Set = ["keys", "trust", "revoke", "authorities", "variables"]
  /// `spec.machines[].expect`.
  package static let expectation: Set = [
    "bootFrom", "vlan", "server", "secureBoot", "lockdown", "finding",
  ]
}

/// Everything that `pxelab up` does, as a value: what it prints with `pxelab plan`, writes to the
/// lab's folder and then carries out, and nothing else.
public struct LabPlan: Codable, Sendable, Hashable {
  /// The lab's name.
  public var lab: String
  /// Where its files are.
  public var paths: LabPaths
  /// Its namespaces.
  public var sandbox: SandboxPlan
  /// Its bridges.
  public var dataplane: DataplanePlan
  /// Its network attachments.
  public var attachments: [AttachmentPlan]
  /// The host's interfaces that join its bridges.
  public var trunks: [TrunkPlan]
  /// The way out of the pod network and of what masquerades; `nil` where there is neither.
  public var uplink: UplinkPlan?
  /// What runs the guests' code (`kvm` or `tcg`), and why.
  public var acceleration: Reasoned<String>
  /// What is served.
  public var servers: [ServerPlan]
  /// Its machines.
  public var machines: [MachinePlan]
  /// What was assumed or left out, for a person.
  public var notices: [String]
  /// The folder of the manifests that it was made from; `nil` where there is none.
  public var manifestFolder: String?
}

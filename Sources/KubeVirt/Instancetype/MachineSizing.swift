import Objects

/// What a machine's instance type and preference have to say of it (KubeVirt,
/// pkg/instancetype/webhooks/vm, ApplyToVM).
struct MachineSizing: Sendable {
  /// What is refused.
  let conflicts: [Cause]
  /// The instance type that is named and not there: its kind and name, or the field that leads to it.
  let missingInstancetype: String?
  /// The preference that is named and not there.
  let missingPreference: String?
  /// Whether an instance type says how much memory the machine has.
  let isSized: Bool
  /// What is filled in; `nil` when nothing is, or something is refused.
  private let application: InstancetypeApplication?

  /// Looks up what a machine names.
  ///
  /// - Parameters:
  ///   - root: the machine.
  ///   - path: the path of the instance's spec in its document.
  init(
    _ root: ObjectNode, kind: Machine.Kind, namespace: String, path: String,
    instancetypes: Instancetypes
  ) {
    let outer = APIValue(root["spec"])
    guard kind == .virtualMachine, outer["instancetype"].exists || outer["preference"].exists,
      let template = outer["template"].node
    else {
      (conflicts, missingInstancetype, missingPreference, isSized) = ([], nil, nil, false)
      application = nil
      return
    }
    let spec = template["spec", default: .mapping()]
    func read(_ reference: Instancetypes.Reference, _ matcher: APIValue) -> (ObjectNode?, String?) {
      switch reference {
      case .none: (nil, nil)
      case .found(let specification): (specification, nil)
      case .missing(let name):
        (nil, name ?? "what volume \(matcher["inferFromVolume"].string) is labelled with")
      }
    }
    let (type, missingType) = read(
      instancetypes.instancetype(outer["instancetype"], namespace: namespace),
      outer["instancetype"])
    let (preference, missing) = read(
      instancetypes.preference(outer["preference"], namespace: namespace), outer["preference"])
    isSized = type != nil || (missingType != nil && !instancetypes.isComplete)
    missingInstancetype = missingType
    missingPreference = missing
    let application = InstancetypeApplication(
      instancetype: type, preference: preference, path: path)
    // Whatever it is, an instance type that is named by name decides processors and memory; one that
    // no cluster has, KubeVirt leaves to the controller.
    conflicts =
      type == nil && outer["instancetype"]["name"].exists && !instancetypes.isComplete
      ? InstancetypeApplication.unconditionalConflicts(spec, path: path)
      : application.conflicts(spec, metadata: template["metadata"])
    self.application = conflicts.isEmpty ? application : nil
  }

  /// Fills in what they say.
  func fill(metadata: inout ObjectNode, spec: inout ObjectNode) {
    guard let application else { return }
    if metadata.isMapping { application.fill(metadata: &metadata) }
    application.fill(&spec)
  }

  /// What the machine lacks of what its preference requires.
  ///
  /// - Parameter spec: the instance's spec with all defaults.
  func requirementCauses(_ spec: APIValue) -> [Cause] {
    [application?.requirementCause(spec)].compactMap { $0 }
  }
}

extension MachineObject {
  /// The instance type and the preference that the machine names and the files do not have, each as
  /// `kind/name` with the field that names it: without them a domain cannot be made.
  package var missingSizing: [(field: String, name: String)] {
    [("instancetype", sizing.missingInstancetype), ("preference", sizing.missingPreference)]
      .compactMap { field, name in name.map { ("\(outerPath).\(field)", $0) } }
  }
}

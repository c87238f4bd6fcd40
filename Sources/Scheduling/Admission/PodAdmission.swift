import KubeVirt
import Objects

/// The way of a pod into the API server: decoding, defaults, the admission plugins Priority and
/// DefaultTolerationSeconds, label keys folded into selectors, validation
/// (pkg/registry/core/pod/strategy.go and plugin/pkg/admission).
package struct PodAdmission: Sendable {
  /// A pod that is taken.
  package struct Admitted: Sendable {
    /// The pod as it is stored.
    package let object: ObjectNode
    /// What the API server warns of.
    package let warnings: [String]
  }

  private let classes: [String: PriorityClass]

  /// The admission of a cluster with these priority classes beside the system's.
  package init(priorityClasses: [PriorityClass] = []) {
    classes = Dictionary(
      (PriorityClass.system + priorityClasses).map { ($0.name, $0) }
    ) { _, last in last }
  }

  /// Takes a pod in.
  ///
  /// - Throws: ``Refusal`` in the API server's words.
  package func admit(_ object: ObjectNode) throws(Refusal) -> Admitted {
    if let refusal = StrictDecoding(object, as: "Pod").refusal { throw refusal }
    var pod = PodDefaults.filled(object)
    try setPriority(&pod)
    PodDefaults.addTolerations(&pod)
    let folded = LabelKeys.folded(pod)
    let errors = PodValidation(folded).errors()
    guard errors.isEmpty else {
      throw Refusal(kind: "Pod", name: APIValue(pod)["metadata"]["name"].string, errors)
    }
    return Admitted(object: folded, warnings: PodWarnings(folded).texts())
  }

  /// A pod that a cluster has already: with defaults and the priority of its class, judged by nobody.
  package func present(_ object: ObjectNode) -> ObjectNode {
    var pod = PodDefaults.filled(object)
    let spec = APIValue(pod)["spec"]
    if !spec["priority"].exists, let found = classes[spec["priorityClassName"].string] {
      pod["spec", "priority"] = .integer(found.value)
    }
    return LabelKeys.folded(pod)
  }

  private func setPriority(_ pod: inout ObjectNode) throws(Refusal) {
    let root = APIValue(pod)
    let spec = root["spec"]
    let name = spec["priorityClassName"].string
    let podName = root["metadata"]["name"].string
    func forbidden(_ reason: String) -> Refusal {
      Refusal("pods \(goQuoted(podName)) is forbidden: \(reason)")
    }
    var found: PriorityClass?
    if name.isEmpty {
      found = classes.values.filter(\.isGlobalDefault)
        .min { ($0.value, $0.name) < ($1.value, $1.name) }
      if let found { pod["spec", "priorityClassName"] = .text(found.name) }
    } else {
      found = classes[name]
      guard found != nil else {
        throw forbidden("no PriorityClass with name \(name) was found")
      }
    }
    let priority = found?.value ?? 0
    if spec["priority"].exists, spec["priority"].integer != priority {
      throw forbidden(
        "the integer value of priority (\(spec["priority"].integer)) must not be provided in pod"
          + " spec; priority admission controller computed \(priority) from the given"
          + " PriorityClass name")
    }
    pod["spec", "priority"] = .integer(priority)
    let policy = found?.preemptionPolicy ?? "PreemptLowerPriority"
    let written = spec["preemptionPolicy"].string
    if !written.isEmpty, written != policy {
      throw forbidden(
        "the string value of PreemptionPolicy (\(written)) must not be provided in pod spec;"
          + " priority admission controller computed \(policy) from the given PriorityClass name")
    }
    pod["spec", "preemptionPolicy"] = .text(policy)
  }
}

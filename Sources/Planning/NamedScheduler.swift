import Objects

/// A scheduler other than the default one that a pod waits for (core/v1, PodSpec.schedulerName).
package struct NamedScheduler: Sendable, Hashable {
  /// Its name.
  package let name: String
  /// Whether the lab runs it (`spec.schedulers` of lab.yaml).
  package let isOfLab: Bool

  /// The scheduler that a pod names; `nil` of a pod that is bound or on its way out, or that the lab's
  /// default scheduler binds.
  package init?(of pod: ObjectNode, among schedulers: [SchedulerPlan]) {
    guard let name = pod["spec", "schedulerName"]?.string, name != "default-scheduler",
      pod["spec", "nodeName"]?.string == nil, pod["metadata", "deletionTimestamp"] == nil
    else { return nil }
    self.name = name
    isOfLab = schedulers.contains { $0.name == name }
  }

  /// What becomes of the pod.
  package var outlook: String {
    isOfLab
      ? "its scheduler \(name) places it when the lab is up"
      : "no scheduler of this lab is named \(name)"
  }

  /// Why the pod has no node.
  ///
  /// - Parameter seconds: how long it has waited.
  package func reason(after seconds: Double) -> String {
    isOfLab
      ? "its scheduler \(name) has not placed it within \(Int(seconds.rounded())) s" : outlook
  }
}

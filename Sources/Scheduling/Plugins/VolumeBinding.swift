/// Ends an attempt for a pod whose claims are not there
/// (pkg/scheduler/framework/plugins/volumebinding and volumerestrictions).
enum VolumeBinding {
  static func rejection(of pod: Pod, claims: Set<String>?) -> Rejection? {
    guard let claims,
      let missing = pod.claims.first(where: { !claims.contains("\(pod.namespace)/\($0)") })
    else { return nil }
    return Rejection(
      plugin: "VolumeRestrictions", code: .unresolvable,
      reasons: ["persistentvolumeclaim \(missing.debugDescription) not found"])
  }
}

import KubeVirt

extension FieldRules {
  /// A taint's effect (validateTaintEffect).
  func taintEffect(_ effect: String, _ path: String) -> [FieldError] {
    if effect.isEmpty { return [.required(path)] }
    let known = Taint.Effect.allCases.map(\.rawValue)
    return known.contains(effect) ? [] : [.unsupported(path, effect, known)]
  }
}

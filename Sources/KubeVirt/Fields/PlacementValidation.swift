/// Affinity and topology spread constraints, as an API server judges a pod's, and as KubeVirt's
/// webhooks judge an instance's (pkg/apis/core/validation/validation.go; pkg/virt-api/webhooks,
/// validate-k8s-utils.go).
package struct PlacementValidation {
  /// The spec with these fields.
  let spec: APIValue
  /// The path of `affinity`, as it is told.
  let affinityPath: String
  /// The path of `topologySpreadConstraints`.
  let spreadPath: String
  let rules: FieldRules
  /// Whether it is a pod on its way into an API server: label keys are in its selectors by now, and
  /// values of labels are looked at.
  let isPod: Bool

  /// A pod's.
  package init(pod spec: APIValue) {
    self.spec = spec
    affinityPath = "spec.affinity"
    spreadPath = "spec.topologySpreadConstraints"
    rules = .apiServer
    isPod = true
  }

  /// An instance's. KubeVirt leaves `affinity` out of the paths.
  init(instance spec: APIValue, path: String) {
    self.spec = spec
    affinityPath = path
    spreadPath = "\(path).topologySpreadConstraints"
    rules = .kubeVirt
    isPod = false
  }

  private static let required = "requiredDuringSchedulingIgnoredDuringExecution"
  private static let preferred = "preferredDuringSchedulingIgnoredDuringExecution"

  /// What is wrong with the affinity.
  package func affinityErrors() -> [FieldError] {
    let affinity = spec["affinity"]
    var errors = nodeAffinityErrors(affinity["nodeAffinity"])
    for kind in ["podAffinity", "podAntiAffinity"] {
      let path = "\(affinityPath).\(kind)"
      for (index, term) in affinity[kind][Self.required].items.enumerated() {
        errors += podTermErrors(term, "\(path).\(Self.required)[\(index)]")
      }
      for (index, weighted) in affinity[kind][Self.preferred].items.enumerated() {
        let path = "\(path).\(Self.preferred)[\(index)]"
        errors += weightErrors(weighted["weight"].integer, "\(path).weight")
        errors += podTermErrors(weighted["podAffinityTerm"], "\(path).podAffinityTerm")
      }
    }
    return errors
  }

  private func nodeAffinityErrors(_ affinity: APIValue) -> [FieldError] {
    var errors: [FieldError] = []
    let path = "\(affinityPath).nodeAffinity"
    let required = affinity[Self.required]
    if required.exists {
      let path = "\(path).\(Self.required).nodeSelectorTerms"
      let terms = required["nodeSelectorTerms"].items
      if terms.isEmpty {
        errors.append(.required(path, "must have at least one node selector term"))
      }
      for (index, term) in terms.enumerated() {
        errors += nodeTermErrors(term, "\(path)[\(index)]", checksValues: isPod)
      }
    }
    for (index, weighted) in affinity[Self.preferred].items.enumerated() {
      let path = "\(path).\(Self.preferred)[\(index)]"
      errors += weightErrors(weighted["weight"].integer, "\(path).weight")
      errors += nodeTermErrors(weighted["preference"], "\(path).preference", checksValues: false)
    }
    return errors
  }

  private func weightErrors(_ weight: Int, _ path: String) -> [FieldError] {
    (1...100).contains(weight)
      ? [] : [.invalid(path, number: weight, "must be in the range 1-100")]
  }

  private func nodeTermErrors(
    _ term: APIValue, _ path: String, checksValues: Bool
  ) -> [FieldError] {
    var errors: [FieldError] = []
    for (index, item) in term["matchExpressions"].items.enumerated() {
      let path = "\(path).matchExpressions[\(index)]"
      errors += rules.requirementOperator(item, path, comparesNumbers: true)
      errors += rules.labelName(item["key"].string, "\(path).key")
      if checksValues {
        errors += rules.labelValues(item["values"].strings, "\(path).values")
      }
    }
    for (index, item) in term["matchFields"].items.enumerated() {
      errors += nodeFieldErrors(item, "\(path).matchFields[\(index)]")
    }
    return errors
  }

  private func nodeFieldErrors(_ item: APIValue, _ path: String) -> [FieldError] {
    var errors: [FieldError] = []
    let values = item["values"].strings
    switch item["operator"].string {
    case "In", "NotIn":
      if values.count != 1 {
        errors.append(
          .required(
            "\(path).values",
            "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"))
      }
    case let other:
      errors.append(.invalid("\(path).operator", other, "not a valid selector operator"))
    }
    let key = item["key"].string
    guard key == "metadata.name" else {
      errors.append(.invalid("\(path).key", key, "not a valid field selector key"))
      return errors
    }
    for (index, value) in values.enumerated() {
      errors += subdomainObjections(value, unit: rules.unit).map {
        .invalid("\(path).values[\(index)]", value, $0)
      }
    }
    return errors
  }

  private func podTermErrors(_ term: APIValue, _ path: String) -> [FieldError] {
    var errors = rules.selector(term["labelSelector"], "\(path).labelSelector")
    errors += rules.selector(term["namespaceSelector"], "\(path).namespaceSelector")
    for name in term["namespaces"].strings {
      errors += labelObjections(name, unit: rules.unit).map {
        .invalid("\(path).namespace", name, $0)
      }
    }
    errors += labelKeyErrors(term, path)
    let key = term["topologyKey"].string
    if key.isEmpty { errors.append(.required("\(path).topologyKey", "can not be empty")) }
    return errors + rules.labelName(key, "\(path).topologyKey")
  }

  /// Label keys whose values a term takes from the pod. They are in the selector by now, so that one
  /// that was written there too stands twice.
  private func labelKeyErrors(_ term: APIValue, _ path: String) -> [FieldError] {
    var errors: [FieldError] = []
    let selector = term["labelSelector"]
    for field in ["matchLabelKeys", "mismatchLabelKeys"] {
      let keys = term[field].strings
      if !keys.isEmpty, !selector.exists {
        errors.append(
          .forbidden("\(path).\(field)", "must not be specified when labelSelector is not set"))
        continue
      }
      for (index, key) in keys.enumerated() {
        errors += rules.labelName(key, "\(path).\(field)[\(index)]")
      }
    }
    let keys = term["matchLabelKeys"].strings
    guard isPod else {
      return errors + writtenKeyErrors(keys, selector, "\(path).matchLabelKeys")
    }
    var seen = Set(selector["matchLabels"].keys)
    for item in selector["matchExpressions"].items {
      let key = item["key"].string
      if let index = keys.lastIndex(of: key), seen.contains(key) {
        errors.append(
          .invalid("\(path)[\(index)]", key, "exists in both matchLabelKeys and labelSelector"))
      }
      seen.insert(key)
    }
    let mismatched = Set(term["mismatchLabelKeys"].strings)
    for (index, key) in keys.enumerated() where mismatched.contains(key) {
      errors.append(
        .invalid(
          "\(path).matchLabelKeys[\(index)]", key,
          "exists in both matchLabelKeys and mismatchLabelKeys"))
    }
    return errors
  }

  private func writtenKeyErrors(
    _ keys: [String], _ selector: APIValue, _ path: String
  ) -> [FieldError] {
    let written = Set(
      selector["matchLabels"].keys + selector["matchExpressions"].items.map { $0["key"].string })
    return keys.enumerated().compactMap { index, key in
      written.contains(key)
        ? .invalid("\(path)[\(index)]", key, "exists in both matchLabelKeys and labelSelector")
        : nil
    }
  }

  /// What is wrong with the constraints.
  package func spreadErrors() -> [FieldError] {
    var errors: [FieldError] = []
    let constraints = spec["topologySpreadConstraints"].items
    for (index, constraint) in constraints.enumerated() {
      let path = "\(spreadPath)[\(index)]"
      let skew = constraint["maxSkew"].integer
      let key = constraint["topologyKey"].string
      let action = constraint["whenUnsatisfiable"].string
      if skew <= 0 {
        errors.append(.invalid("\(path).maxSkew", number: skew, "must be greater than zero"))
      }
      if key.isEmpty { errors.append(.required("\(path).topologyKey", "can not be empty")) }
      let actions = ["DoNotSchedule", "ScheduleAnyway"]
      if !actions.contains(action) {
        errors.append(.unsupported("\(path).whenUnsatisfiable", action, actions))
      }
      let isRepeated = constraints[(index + 1)...].contains {
        $0["topologyKey"].string == key && $0["whenUnsatisfiable"].string == action
      }
      if isRepeated {
        errors.append(
          .duplicate("\(path).{topologyKey, whenUnsatisfiable}", goQuoted("{\(key), \(action)}")))
      }
      errors += domainErrors(constraint["minDomains"], action, "\(path).minDomains")
      for field in ["nodeAffinityPolicy", "nodeTaintsPolicy"] where constraint[field].exists {
        let policies = ["Honor", "Ignore"]
        let policy = constraint[field].string
        if !policies.contains(policy) {
          errors.append(.unsupported("\(path).\(field)", policy, policies))
        }
      }
      errors += labelKeyErrors(constraint, path)
      errors += rules.selector(constraint["labelSelector"], "\(path).labelSelector")
    }
    return errors
  }

  private func domainErrors(_ domains: APIValue, _ action: String, _ path: String) -> [FieldError] {
    guard domains.exists else { return [] }
    var errors: [FieldError] = []
    if domains.integer <= 0 {
      errors.append(.invalid(path, number: domains.integer, "must be greater than zero"))
    }
    if action != "DoNotSchedule" {
      errors.append(
        .invalid(
          path, number: domains.integer,
          "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not \(action)"))
    }
    return errors
  }
}

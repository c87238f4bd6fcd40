extension Admission {
  /// Affinity and spread, as far as a value outside Kubernetes' own types is concerned.
  func placementCauses() -> [Cause] {
    let affinity = spec["affinity"]
    guard affinity.exists else { return [] }
    var causes: [Cause] = []
    let required = "requiredDuringSchedulingIgnoredDuringExecution"
    let preferred = "preferredDuringSchedulingIgnoredDuringExecution"
    let node = affinity["nodeAffinity"]
    let nodePath = "\(path).nodeAffinity"
    let place = "\(path).affinity"
    func add(_ field: String, _ kind: String, _ detail: String) {
      causes.append(Cause(field, "\(field): \(kind)\(detail)", place: place))
    }
    if node[required].exists {
      let field = "\(nodePath).\(required).nodeSelectorTerms"
      let terms = node[required]["nodeSelectorTerms"].items
      if terms.isEmpty {
        add(field, "Required value: ", "must have at least one node selector term")
      }
      for (index, term) in terms.enumerated() {
        causes += termCauses(term, "\(field)[\(index)]", place)
      }
    }
    for (index, term) in node[preferred].items.enumerated() {
      let field = "\(nodePath).\(preferred)[\(index)]"
      let weight = term["weight"].integer
      if !(1...100).contains(weight) {
        add("\(field).weight", "Invalid value: ", "\(weight): must be in the range 1-100")
      }
      causes += termCauses(term["preference"], "\(field).preference", place)
    }
    for kind in ["podAffinity", "podAntiAffinity"] {
      for (index, term) in affinity[kind][required].items.enumerated()
      where term["topologyKey"].string.isEmpty {
        topologyKey("\(path).\(kind).\(required)[\(index)].topologyKey")
      }
      for (index, weighted) in affinity[kind][preferred].items.enumerated() {
        let field = "\(path).\(kind).\(preferred)[\(index)]"
        let weight = weighted["weight"].integer
        if !(1...100).contains(weight) {
          add("\(field).weight", "Invalid value: ", "\(weight): must be in the range 1-100")
        }
        if weighted["podAffinityTerm"]["topologyKey"].string.isEmpty {
          topologyKey("\(field).podAffinityTerm.topologyKey")
        }
      }
    }
    func topologyKey(_ field: String) {
      add(field, "Required value: ", "can not be empty")
      emptyLabelName(field)
    }
    func emptyLabelName(_ field: String) {
      for objection in Self.emptyLabelNameObjections {
        add(field, "Invalid value: ", "\"\": \(objection)")
      }
    }
    return causes
  }

  private static let emptyLabelNameObjections = [
    "name part must be non-empty",
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end"
      + " with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used"
      + " for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
  ]

  private func termCauses(_ term: APIValue, _ path: String, _ place: String) -> [Cause] {
    term["matchExpressions"].items.enumerated().compactMap { index, expression in
      let field = "\(path).matchExpressions[\(index)].values"
      let count = expression["values"].items.count
      switch expression["operator"].string {
      case "In", "NotIn":
        if count > 0 { return nil }
        return Cause(
          field,
          "\(field): Required value: must be specified when `operator` is 'In' or 'NotIn'",
          place: place)
      case "Exists", "DoesNotExist":
        if count == 0 { return nil }
        return Cause(
          field,
          "\(field): Forbidden: may not be specified when `operator` is 'Exists' or"
            + " 'DoesNotExist'",
          place: place)
      case "Gt", "Lt":
        if count == 1 { return nil }
        return Cause(
          field,
          "\(field): Required value: must be specified single value when `operator` is 'Lt' or"
            + " 'Gt'",
          place: place)
      default: return nil
      }
    }
  }
}

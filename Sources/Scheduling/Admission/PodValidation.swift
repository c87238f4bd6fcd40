import KubeVirt
import Objects

/// The API server's validation of a pod that is new, as far as placement goes
/// (pkg/apis/core/validation/validation.go).
struct PodValidation {
  let root: APIValue
  let spec: APIValue

  init(_ pod: ObjectNode) {
    root = APIValue(pod)
    spec = root["spec"]
  }

  func errors() -> [FieldError] {
    var errors = FieldRules.apiServer.errors(root["metadata"])
    errors += containerErrors()
    errors += FieldRules.apiServer.labels(spec["nodeSelector"], "spec.nodeSelector")
    errors += PlacementValidation(pod: spec).affinityErrors()
    errors += gateErrors()
    errors += PlacementValidation(pod: spec).spreadErrors()
    let nodeName = spec["nodeName"].string
    if !nodeName.isEmpty {
      errors += subdomainObjections(nodeName, unit: "bytes").map {
        .invalid("spec.nodeName", nodeName, $0)
      }
    }
    errors += tolerationErrors()
    let className = spec["priorityClassName"].string
    if !className.isEmpty {
      errors += subdomainObjections(className, unit: "bytes").map {
        .invalid("spec.priorityClassName", className, $0)
      }
    }
    let policy = spec["preemptionPolicy"].string
    if !policy.isEmpty, !["PreemptLowerPriority", "Never"].contains(policy) {
      errors.append(
        .unsupported("spec.preemptionPolicy", policy, ["PreemptLowerPriority", "Never"]))
    }
    errors += ResourceRules.overhead(spec["overhead"], "spec.overhead")
    if !nodeName.isEmpty, !spec["schedulingGates"].items.isEmpty {
      errors.append(
        .forbidden(
          "spec.nodeName", "cannot be set until all schedulingGates have been cleared"))
    }
    return errors
  }

  private func gateErrors() -> [FieldError] {
    var seen: Set<String> = []
    return spec["schedulingGates"].items.enumerated().flatMap { index, gate in
      let name = gate["name"].string
      let path = "spec.schedulingGates[\(index)]"
      let errors = FieldRules.apiServer.labelName(name, path)
      return seen.insert(name).inserted ? errors : errors + [.duplicate(path, goQuoted(name))]
    }
  }

  private func containerErrors() -> [FieldError] {
    var errors: [FieldError] = []
    var names: Set<String> = []
    let containers = spec["containers"].items
    if containers.isEmpty { errors.append(.required("spec.containers")) }
    for (list, items) in [
      ("containers", containers), ("initContainers", spec["initContainers"].items),
    ] {
      for (index, container) in items.enumerated() {
        let path = "spec.\(list)[\(index)]"
        let name = container["name"].string
        if name.isEmpty {
          errors.append(.required("\(path).name"))
        } else {
          errors += labelObjections(name, unit: "bytes").map {
            .invalid("\(path).name", name, $0)
          }
          if !names.insert(name).inserted {
            errors.append(.duplicate("\(path).name", goQuoted(name)))
          }
        }
        if container["image"].string.isEmpty { errors.append(.required("\(path).image")) }
        errors += portErrors(container["ports"].items, "\(path).ports")
        errors += ResourceRules.container(container["resources"], "\(path).resources")
      }
    }
    return errors
  }

  /// A container's ports (validateContainerPorts).
  private func portErrors(_ ports: [APIValue], _ path: String) -> [FieldError] {
    let range = 1...65535
    return ports.enumerated().flatMap { index, port -> [FieldError] in
      let path = "\(path)[\(index)]"
      var errors: [FieldError] = []
      let number = port["containerPort"].integer
      if number == 0 {
        errors.append(.required("\(path).containerPort"))
      } else if !range.contains(number) {
        errors.append(
          .invalid(
            "\(path).containerPort", number: number, "must be between 1 and 65535, inclusive"))
      }
      let host = port["hostPort"].integer
      if host != 0, !range.contains(host) {
        errors.append(
          .invalid("\(path).hostPort", number: host, "must be between 1 and 65535, inclusive"))
      }
      let name = port["protocol"].string
      if !name.isEmpty, !["SCTP", "TCP", "UDP"].contains(name) {
        errors.append(.unsupported("\(path).protocol", name, ["SCTP", "TCP", "UDP"]))
      }
      return errors
    }
  }

  private func tolerationErrors() -> [FieldError] {
    var errors: [FieldError] = []
    for (index, toleration) in spec["tolerations"].items.enumerated() {
      let path = "spec.tolerations[\(index)]"
      let key = toleration["key"].string
      let relation = toleration["operator"].string
      let value = toleration["value"].string
      let effect = toleration["effect"].string
      if !key.isEmpty { errors += FieldRules.apiServer.labelName(key, "\(path).key") }
      if key.isEmpty, relation != "Exists" {
        errors.append(
          .invalid(
            "\(path).operator", relation,
            "operator must be Exists when `key` is empty, which means"
              + " \"match all values and all keys\""))
      }
      if toleration["tolerationSeconds"].exists, effect != "NoExecute" {
        errors.append(
          .invalid(
            "\(path).effect", effect,
            "effect must be 'NoExecute' when `tolerationSeconds` is set"))
      }
      switch relation {
      case "", "Equal":
        let objections = LabelValue.objections(value)
        if !objections.isEmpty {
          errors.append(.invalid("\(path).operator", value, objections.joined(separator: ";")))
        }
      case "Exists":
        if !value.isEmpty {
          errors.append(
            .invalid("\(path).operator", value, "value must be empty when `operator` is 'Exists'"))
        }
      case "Lt", "Gt":
        errors.append(
          .unsupported("\(path).operator", relation, ["Equal", "Exists", "Lt", "Gt"]))
      default: errors.append(.unsupported("\(path).operator", relation, ["Equal", "Exists"]))
      }
      if !effect.isEmpty { errors += FieldRules.apiServer.taintEffect(effect, "\(path).effect") }
    }
    return errors
  }
}

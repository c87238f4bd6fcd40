import KubeVirt

/// Rules for amounts of resources (pkg/apis/core/validation, validateResourceRequirements).
enum ResourceRules {
  private static let containerResources: Set<String> = ["cpu", "memory", "ephemeral-storage"]
  private static let otherResources: Set<String> = [
    "storage", "pods", "quotas", "services", "replicationcontrollers", "resourcequotas", "secrets",
    "configmaps", "persistentvolumeclaims", "services.nodeports", "services.loadbalancers",
  ]

  /// What a container requests and is limited to.
  static func container(_ resources: APIValue, _ path: String) -> [FieldError] {
    var errors: [FieldError] = []
    let limits = list(resources["limits"])
    let requests = list(resources["requests"])
    for (name, quantity) in limits { errors += amount(name, quantity, "\(path).limits[\(name)]") }
    for (name, quantity) in requests {
      errors += amount(
        name, quantity, "\(path).requests[\(name)]",
        before: {
          comparison(name, quantity, limits.first { $0.name == name }?.quantity, path)
        })
    }
    let names = (limits + requests).map(\.name)
    if names.contains(where: ResourceName.isHugePages), !names.contains("cpu"),
      !names.contains("memory")
    {
      errors.append(.forbidden(path, "HugePages require cpu or memory"))
    }
    return errors
  }

  /// What a pod takes beside its containers.
  static func overhead(_ overhead: APIValue, _ path: String) -> [FieldError] {
    list(overhead).flatMap { amount($0.name, $0.quantity, "\(path).limits[\($0.name)]") }
  }

  /// A node's capacity or what it allots.
  static func node(_ resources: APIValue, _ path: String) -> [FieldError] {
    list(resources).flatMap { value($0.name, $0.quantity, "\(path).\($0.name)") }
  }

  private static func list(_ resources: APIValue) -> [(name: String, quantity: Quantity)] {
    (resources.node?.entries ?? []).compactMap { entry in
      APIValue(entry.value).quantity.map { (entry.key, $0) }
    }
  }

  private static func amount(
    _ name: String, _ quantity: Quantity, _ path: String, before: () -> [FieldError] = { [] }
  ) -> [FieldError] {
    var errors = nameErrors(name, path) + value(name, quantity, path) + before()
    if ResourceName.isHugePages(name), !isWholePages(name, quantity) {
      errors.append(
        .invalid(
          path, quantity.description,
          "\(quantity.description) is not positive integer multiple of \(name)"))
    }
    return errors
  }

  private static func comparison(
    _ name: String, _ request: Quantity, _ limit: Quantity?, _ path: String
  ) -> [FieldError] {
    let isFree = ResourceName.isOvercommitAllowed(name)
    guard let limit else {
      return isFree
        ? []
        : [.required("\(path).limits", "Limit must be set for non overcommitable resources")]
    }
    if !isFree, request.nanos != limit.nanos {
      return [
        .invalid(
          "\(path).requests", request.description, "must be equal to \(name) limit of \(limit)")
      ]
    }
    if request > limit {
      return [
        .invalid(
          "\(path).requests", request.description,
          "must be less than or equal to \(name) limit of \(limit)")
      ]
    }
    return []
  }

  private static func value(_ name: String, _ quantity: Quantity, _ path: String) -> [FieldError] {
    var errors: [FieldError] = []
    if quantity.nanos < 0 {
      errors.append(
        .invalid(path, quantity.description, "must be greater than or equal to 0"))
    }
    let isWhole =
      otherResources.contains(name) && name != "storage" || ResourceName.isExtended(name)
    if isWhole, quantity.milliValue % 1000 != 0 {
      errors.append(.invalid(path, quantity.description, "must be an integer"))
    }
    return errors
  }

  private static func nameErrors(_ name: String, _ path: String) -> [FieldError] {
    let errors = FieldRules.apiServer.labelName(name, path)
    guard errors.isEmpty else { return errors }
    if !name.contains("/") {
      if containerResources.contains(name) || ResourceName.isHugePages(name) { return [] }
      let isKnown =
        otherResources.contains(name) || name.hasPrefix("requests.") || name.hasPrefix("limits.")
      return
        (isKnown
        ? [] : [.invalid(path, name, "must be a standard resource type or fully qualified")])
        + [.invalid(path, name, "must be a standard resource for containers")]
    }
    if ResourceName.isNative(name) || ResourceName.isExtended(name) { return [] }
    return [.invalid(path, name, "doesn't follow extended resource name standard")]
  }

  private static func isWholePages(_ name: String, _ quantity: Quantity) -> Bool {
    guard let page = Quantity(String(name.dropFirst("hugepages-".count))), page.value > 0,
      page.milliValue % 1000 == 0
    else { return false }
    return quantity.value % page.value == 0
  }
}

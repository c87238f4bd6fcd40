/// Rules that several kinds share (apimachinery, pkg/api/validation and meta/v1/validation).
package struct FieldRules: Sendable {
  /// Those of an API server from 1.34 on.
  package static let apiServer = FieldRules(unit: "bytes")
  /// Those of KubeVirt's webhooks, which have copies of older ones.
  static let kubeVirt = FieldRules(unit: "characters")

  /// What lengths are counted in.
  let unit: String

  /// An object's metadata.
  package func errors(_ metadata: APIValue) -> [FieldError] {
    let name = metadata["name"].string
    var errors: [FieldError] = []
    if name.isEmpty {
      if metadata["generateName"].string.isEmpty {
        errors.append(.required("metadata.name", "name or generateName is required"))
      }
    } else {
      errors += subdomainObjections(name, unit: unit).map {
        .invalid("metadata.name", name, $0)
      }
    }
    return errors + labels(metadata["labels"], "metadata.labels")
  }

  /// Labels, sorted by key.
  package func labels(_ labels: APIValue, _ path: String) -> [FieldError] {
    labels.texts.sorted { $0.key < $1.key }.flatMap { key, value in
      labelName(key, path)
        + LabelValue.objections(value, unit: unit).map { .invalid(path, value, $0) }
    }
  }

  /// The name of a label.
  package func labelName(_ name: String, _ path: String) -> [FieldError] {
    QualifiedName.objections(name, unit: unit).map { .invalid(path, name, $0) }
  }

  /// A label selector (ValidateLabelSelector).
  package func selector(_ selector: APIValue, _ path: String) -> [FieldError] {
    guard selector.exists else { return [] }
    var errors = labels(selector["matchLabels"], "\(path).matchLabels")
    for (index, item) in selector["matchExpressions"].items.enumerated() {
      let path = "\(path).matchExpressions[\(index)]"
      errors += requirementOperator(item, path)
      errors += labelName(item["key"].string, "\(path).key")
      errors += labelValues(item["values"].strings, "\(path).values")
    }
    return errors
  }

  /// The operator of a requirement on labels, and how many values it has.
  ///
  /// - Parameter comparesNumbers: whether there are `Gt` and `Lt`, as of nodes.
  package func requirementOperator(
    _ item: APIValue, _ path: String, comparesNumbers: Bool = false
  ) -> [FieldError] {
    let values = item["values"].strings
    switch item["operator"].string {
    case "In", "NotIn":
      guard values.isEmpty else { return [] }
      return [.required("\(path).values", "must be specified when `operator` is 'In' or 'NotIn'")]
    case "Exists", "DoesNotExist":
      guard !values.isEmpty else { return [] }
      return [
        .forbidden(
          "\(path).values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
      ]
    case "Gt" where comparesNumbers, "Lt" where comparesNumbers:
      guard values.count != 1 else { return [] }
      return [
        .required(
          "\(path).values", "must be specified single value when `operator` is 'Lt' or 'Gt'")
      ]
    case let other: return [.invalid("\(path).operator", other, "not a valid selector operator")]
    }
  }

  /// The values of a label, each in its place.
  package func labelValues(_ values: [String], _ path: String) -> [FieldError] {
    values.enumerated().flatMap { index, value in
      LabelValue.objections(value, unit: unit).map { .invalid("\(path)[\(index)]", value, $0) }
    }
  }
}

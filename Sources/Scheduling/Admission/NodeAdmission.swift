import KubeVirt
import Objects

/// The way of a node into the API server: decoding, defaults, validation
/// (pkg/apis/core/validation, ValidateNode).
package enum NodeAdmission {
  /// Takes a node in.
  ///
  /// - Returns: the node as it is stored.
  /// - Throws: ``Refusal`` in the API server's words.
  package static func admit(_ object: ObjectNode) throws(Refusal) -> ObjectNode {
    if let refusal = StrictDecoding(object, as: "Node").refusal { throw refusal }
    return try admitDecoded(object)
  }

  /// Takes a node in whose values have their types.
  static func admitDecoded(_ object: ObjectNode) throws(Refusal) -> ObjectNode {
    let root = APIValue(object)
    var errors = FieldRules.apiServer.errors(root["metadata"])
    errors += taints(root["spec"]["taints"].items)
    for list in ["capacity", "allocatable"] {
      errors += ResourceRules.node(root["status"][list], "status.\(list)")
    }
    errors += networks(root["spec"])
    guard errors.isEmpty else {
      throw Refusal(kind: "Node", name: root["metadata"]["name"].string, errors)
    }
    return filled(object)
  }

  /// A node with what the API server fills in: what it may allot, where nothing is said of that, is
  /// all that it has.
  package static func filled(_ object: ObjectNode) -> ObjectNode {
    let status = APIValue(object)["status"]
    guard !status["allocatable"].exists, let capacity = status["capacity"].node else {
      return object
    }
    var node = object
    node["status", "allocatable"] = capacity
    return node
  }

  private static func taints(_ taints: [APIValue]) -> [FieldError] {
    var errors: [FieldError] = []
    var seen: Set<[String]> = []
    for (index, taint) in taints.enumerated() {
      // The API server speaks of metadata.
      let path = "metadata.taints[\(index)]"
      let key = taint["key"].string
      let value = taint["value"].string
      let effect = taint["effect"].string
      errors += FieldRules.apiServer.labelName(key, "\(path).key")
      let objections = LabelValue.objections(value)
      if !objections.isEmpty {
        errors.append(.invalid("\(path).value", value, objections.joined(separator: ";")))
      }
      errors += FieldRules.apiServer.taintEffect(effect, "\(path).effect")
      if !seen.insert([key, effect]).inserted {
        let time = taint["timeAdded"].exists ? goQuoted(taint["timeAdded"].string) : "null"
        errors.append(
          .duplicate(
            path,
            "{\"Key\":\(goQuoted(key)),\"Value\":\(goQuoted(value)),\"Effect\":\(goQuoted(effect)),"
              + "\"TimeAdded\":\(time)}",
            "taints must be unique by key and effect pair"))
      }
    }
    return errors
  }

  private static func networks(_ spec: APIValue) -> [FieldError] {
    var networks = spec["podCIDRs"].strings
    let first = spec["podCIDR"].string
    if !first.isEmpty, networks.first != first { networks = [first] }
    var errors = networks.enumerated().compactMap { index, text -> FieldError? in
      isNetwork(text)
        ? nil
        : .invalid(
          "spec.podCIDRs[\(index)]", text,
          "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")
    }
    if errors.isEmpty, networks.count > 1 {
      let kinds = Set(networks.map { $0.contains(":") })
      if networks.count > 2 || kinds.count < 2 {
        errors.append(
          .invalid(
            "spec.podCIDRs", networks: networks,
            "may specify no more than one CIDR for each IP family"))
      }
    }
    return errors
  }

  private static func isNetwork(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[1].isEmpty, parts[1].utf8.allSatisfy({ (48...57).contains($0) }),
      let length = Int(parts[1])
    else { return false }
    return isIPv4Address(parts[0]) && length <= 32 || isIPv6Address(parts[0]) && length <= 128
  }
}

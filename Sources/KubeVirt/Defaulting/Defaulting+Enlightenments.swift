import Objects

extension Defaulting {
  /// Hyper-V's enlightenments by the API's names.
  static let enlightenments = [
    "evmcs", "frequencies", "ipi", "reenlightenment", "relaxed", "reset", "runtime", "spinlocks",
    "synic", "synictimer", "tlbflush", "vapic", "vendorid", "vpindex",
  ]

  /// Enlightenments that need another one, leaves first (pkg/defaults/hyperv.go,
  /// getHypervFeatureDependencies).
  static let requirements = [
    ("evmcs", "vapic"), ("ipi", "vpindex"), ("tlbflush", "vpindex"), ("synictimer", "synic"),
    ("synic", "vpindex"),
  ]

  /// Switches on what enlightenments that are on need, up to the first that is switched off, which
  /// admission refuses (SetHypervFeatureDependencies).
  ///
  /// - Returns: whether none is.
  func fillRequirements(_ hyperv: inout ObjectNode) -> Bool {
    for (name, needed) in Self.requirements {
      guard let feature = hyperv[name], feature["enabled"]?.scalar?.boolean == true else {
        continue
      }
      switch hyperv[needed]?["enabled"]?.scalar?.boolean {
      case true?: continue
      case false?: return false
      case nil:
        let place = "\(path).domain.features.hyperv.\(name)"
        hyperv[needed] = .mapping(
          ["enabled": .boolean(true)],
          because: "KubeVirt: \(hyperv.shortPlace(of: name, path: place, in: path)) needs it")
      }
    }
    return true
  }

  /// Nested Hyper-V needs VMX (setEVMCSDependency).
  func requireNesting(_ domain: inout ObjectNode) {
    let place = "\(path).domain.features.hyperv.evmcs"
    let reason =
      domain["features"]?["hyperv"]?.shortPlace(of: "evmcs", path: place, in: path) ?? place
    let required = ObjectNode.mapping(
      ["name": .text("vmx"), "policy": .text("require")], because: reason)
    var cpu = domain["cpu", default: .mapping()]
    var features = cpu["features", default: .sequence([])]
    if features.items.contains(where: { $0["name"]?.text == "vmx" }) {
      var isFound = false
      features.editItems { _, feature in
        guard !isFound, feature["name"]?.text == "vmx" else { return false }
        isFound = true
        feature = required
        return true
      }
    } else {
      features.append(contentsOf: [required])
    }
    cpu["features"] = features
    domain["cpu"] = cpu
  }
}

extension ObjectNode {
  /// Where a field of this mapping is, `vm.yaml:12 domain.features.hyperv.evmcs`, or its whole path
  /// when no file has it.
  ///
  /// - Parameters:
  ///   - path: the field's path in its object.
  ///   - spec: the path of the instance's spec, which is left out.
  fileprivate func shortPlace(of key: String, path: String, in spec: String) -> String {
    guard let location = entry(key)?.location, self[key]?.reason == nil else { return path }
    return "\(location.file):\(location.line) \(path.dropFirst(spec.count + 1))"
  }
}

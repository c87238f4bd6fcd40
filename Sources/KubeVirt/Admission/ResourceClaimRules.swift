extension Admission {
  /// Dynamic resource allocation (pkg/dra/admitter).
  func resourceClaimCauses() -> [Cause] {
    var causes: [Cause] = []
    let field = "\(path).resourceClaims"
    var names: Set<String> = []
    for (index, claim) in spec["resourceClaims"].items.enumerated() {
      causes += claimCauses(claim, "\(field)[\(index)]", &names)
    }
    var used: Set<String> = []
    causes += claimedDeviceCauses("gpus", "GPU", "GPUsWithDRA", isExclusive: true, &used)
    causes += claimedDeviceCauses(
      "hostDevices", "HostDevice", "HostDevicesWithDRA", isExclusive: false, &used)
    if !used.isSubset(of: names) {
      causes.append(
        Cause(
          field,
          "vmi.spec.resourceClaims must specify all claims used in vmi.spec.domain.devices.gpus"
            + " and vmi.spec.domain.devices.hostDevices"))
    }
    return causes
  }

  private func claimCauses(
    _ claim: APIValue, _ field: String, _ names: inout Set<String>
  ) -> [Cause] {
    var causes: [Cause] = []
    let name = claim["name"].string
    if name.isEmpty {
      causes.append(Cause("\(field).name", "\(field).name is a required field"))
    } else if !names.insert(name).inserted {
      causes.append(
        Cause("\(field).name", "duplicate resourceClaims name \(goQuoted(name))"))
    } else {
      let objections = labelObjections(name)
      if !objections.isEmpty {
        causes.append(
          Cause(
            "\(field).name",
            "\(field).name does not conform to the kubernetes DNS_LABEL rules:"
              + " \(objections.joined(separator: ", "))"))
      }
    }
    let keys = ["resourceClaimName", "resourceClaimTemplateName"].filter { claim[$0].exists }
    if keys.count == 2 {
      causes.append(
        Cause(
          field,
          "at most one of resourceClaimName or resourceClaimTemplateName may be specified"))
    }
    if keys.isEmpty {
      causes.append(
        Cause(
          field, "must specify one of: resourceClaimName, resourceClaimTemplateName"))
    }
    for key in keys {
      for objection in subdomainObjections(claim[key].string) {
        causes.append(Cause("\(field).\(key)", objection))
      }
    }
    return causes
  }

  private func claimedDeviceCauses(
    _ key: String, _ type: String, _ gate: String, isExclusive: Bool, _ used: inout Set<String>
  ) -> [Cause] {
    let all = Array(devices[key].items.enumerated())
    guard !all.isEmpty else { return [] }
    let field = "\(devicesPath).\(key)"
    let what = "vmi.spec.domain.devices.\(key) contains"
    func isClaimed(_ device: APIValue) -> Bool {
      device["deviceName"].string.isEmpty
        && (device["claimName"].exists || device["requestName"].exists)
    }
    let claimed = all.filter { isClaimed($0.element) }
    let plain = all.filter { !isClaimed($0.element) }
    if isExclusive, !claimed.isEmpty, !plain.isEmpty {
      return [
        Cause(
          field,
          "\(what) both DRA and non-DRA \(type)s; each \(type) must be either DRA or non-DRA")
      ]
    }
    var causes: [Cause] = []
    for (_, device) in plain {
      if device["deviceName"].string.isEmpty {
        causes.append(
          Cause(
            field,
            "\(what) \(type)s without deviceName or claimRequest; each \(type) must specify"
              + " either a deviceName or a claimRequest"))
      } else if device["claimName"].exists || device["requestName"].exists {
        causes.append(
          Cause(field, "\(what) \(type)s with both deviceName and claimRequest"))
      }
    }
    if !claimed.isEmpty, !cluster.isOn(gate) {
      return causes + [
        Cause(field, "\(what) DRA enabled \(type)s but feature gate is not enabled")
      ]
    }
    var pairs: Set<String> = []
    for (index, device) in claimed {
      let missing = ["claimName", "requestName"].filter { device[$0].string.isEmpty }
      for name in missing {
        causes.append(
          Cause("\(field)[\(index)].\(name)", "\(name) is required for DRA \(type)"))
      }
      if !missing.isEmpty { continue }
      used.insert(device["claimName"].string)
      let pair = "\(device["claimName"].string)/\(device["requestName"].string)"
      if !pairs.insert(pair).inserted {
        causes.append(
          Cause(
            "\(field)[\(index)]", "duplicate claimName/requestName pair \(goQuoted(pair))"))
      }
    }
    return causes
  }
}

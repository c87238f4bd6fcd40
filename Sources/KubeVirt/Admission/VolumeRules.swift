import FoundationEssentials

extension Admission {
  /// Volumes (validateVolumes).
  func volumeCauses() -> [Cause] {
    var names: [String: Int] = [:]
    var causes: [Cause] = []
    for (index, volume) in volumes.enumerated() {
      let path = volumePath(index)
      let name = volume["name"].string
      if let first = names[name] {
        causes.append(
          Cause("\(path).name", "\(path) and \(volumePath(first)) must not have the same Name."))
      } else {
        names[name] = index
      }
      if volume["dataVolume"].exists, volume["dataVolume"]["name"].string.isEmpty {
        causes.append(Cause("\(path).name", "DataVolume 'name' must be set"))
      }
      if KnownFields.volumeSources.count(where: { volume[$0].exists }) != 1 {
        causes.append(Cause(path, "\(path) must have exactly one source type set"))
      }
      causes += seedCauses(volume, path) + hostDiskCauses(volume["hostDisk"], path)
      if volume["downwardMetrics"].exists, !cluster.isOn("DownwardMetrics") {
        causes.append(
          Cause(
            path,
            "downwardMetrics disks are not allowed: DownwardMetrics feature gate is not enabled."))
      }
      for (source, key) in [
        ("configMap", "name"), ("secret", "secretName"), ("serviceAccount", "serviceAccountName"),
      ] where volume[source].exists && volume[source][key].string.isEmpty {
        let field = "\(path).\(source).\(key)"
        causes.append(Cause(field, "\(field) is a required field"))
      }
    }
    let field = "\(path).volumes"
    for (source, what) in [
      ("serviceAccount", "serviceAccount volume"), ("downwardMetrics", "downwardMetric volume"),
      ("memoryDump", "memory dump volume"),
    ] where volumes.count(where: { $0[source].exists }) > 1 {
      causes.append(Cause(field, "\(field) must have max one \(what) set"))
    }
    for (index, volume) in volumes.enumerated() {
      let file = volume["containerDisk"]["path"].string
      if !file.isEmpty { causes += pathCauses(file, "\(volumePath(index)).containerDisk") }
    }
    if !spec["utilityVolumes"].items.isEmpty {
      causes.append(
        Cause(
          "\(path).utilityVolumes",
          "cannot create VMI with utility volumes in spec, utility volumes can only be added via"
            + " hotplug"))
    }
    return causes
  }

  private func hostDiskCauses(_ disk: APIValue, _ path: String) -> [Cause] {
    guard disk.exists else { return [] }
    var causes: [Cause] = []
    let field = "\(path).hostDisk"
    if !cluster.isOn("HostDisk") {
      causes.append(Cause(path, "HostDisk feature gate is not enabled"))
    }
    if disk["path"].string.isEmpty {
      causes.append(Cause("\(field).path", "\(field).path is required for hostDisk volume"))
    }
    let type = disk["type"].string
    if type != "Disk", type != "DiskOrCreate" {
      causes.append(
        Cause(
          "\(field).type",
          "\(field).type has invalid value '\(type)', allowed are 'Disk' or 'DiskOrCreate'"))
    }
    if type == "Disk", let capacity = disk["capacity"].quantity, capacity.nanos != 0 {
      causes.append(
        Cause(
          "\(field).capacity",
          "\(field).capacity is allowed to pass only with \(field).type equal to 'DiskOrCreate'"))
    }
    return causes
  }

  /// Cloud-init seeds: one source of each kind of data, at most 2048 bytes of each.
  private func seedCauses(_ volume: APIValue, _ path: String) -> [Cause] {
    guard
      let type = ["cloudInitNoCloud", "cloudInitConfigDrive"].first(where: { volume[$0].exists })
    else { return [] }
    let seed = volume[type]
    let field = "\(path).\(type)"
    var causes: [Cause] = []
    var sources = 0
    for (data, reference, alone, secret) in [
      ("userData", "secretRef", "userdatasource", "UserDataSecretRef"),
      ("networkData", "networkDataSecretRef", "networkdata source", "NetworkDataSecretRef"),
    ] {
      var count = seed[reference]["name"].string.isEmpty ? 0 : 1
      var size = 0
      let encoded = seed["\(data)Base64"].string
      if !encoded.isEmpty {
        count += 1
        let decoded = decodeBase64(encoded)
        if !decoded.isValid {
          causes.append(
            Cause(
              "\(field).\(data)Base64",
              "\(field).\(data)Base64.\(type).\(data)Base64 is not a valid base64 value."))
        }
        size = decoded.count
      }
      let plain = seed[data].string
      if !plain.isEmpty {
        count += 1
        size = plain.utf8.count
      }
      if count > 1 { causes.append(Cause(field, "\(field) must have only one \(alone) set.")) }
      if size > 2048 {
        causes.append(
          Cause(
            field,
            "\(field) \(data.lowercased()) exceeds 2048 byte limit. Should use \(secret) for larger"
              + " data."))
      }
      sources += count
    }
    if sources == 0 {
      causes.append(
        Cause(
          field,
          "\(field) must have at least one userdatasource or one networkdatasource set."))
    }
    return causes
  }

  /// As Go decodes: line ends are skipped, and what comes before a fault is kept.
  private func decodeBase64(_ text: String) -> (isValid: Bool, count: Int) {
    let letters = text.utf8.filter { $0 != 10 && $0 != 13 }
    if let data = Data(base64Encoded: Data(letters)) { return (true, data.count) }
    let good = letters.prefix { isLetterOrDigit($0) || $0 == 43 || $0 == 47 }
    return (false, good.count / 4 * 3)
  }

  /// That each volume of an instance is shown as a disk or filesystem.
  func volumeMatchCauses() -> [Cause] {
    let diskNames = Set(disks.map(\.name))
    let filesystems = Set(devices["filesystems"].items.map { $0["name"].string })
    return volumes.enumerated().flatMap { index, volume -> [Cause] in
      guard volume["containerPath"].exists, !volume["memoryDump"].exists else { return [] }
      let name = volume["name"].string
      let field = "\(domainPath).volumes[\(index)]"
      let place = volumePath(index)
      var causes: [Cause] = []
      if diskNames.contains(name) {
        causes.append(
          Cause(
            field, "ContainerPath volume '\(name)' must be mapped to a filesystem, not a disk",
            place: place))
      }
      if !filesystems.contains(name) {
        causes.append(
          Cause(
            field,
            "ContainerPath volume '\(name)' must have a matching filesystem defined in"
              + " spec.domain.devices.filesystems",
            place: place))
      }
      let file = volume["containerPath"]["path"].string
      let reserved = ["/var/run/kubevirt", "/var/run/libvirt"].first { file.hasPrefix($0) }
      if let reserved {
        causes.append(
          Cause(
            "\(field).containerPath.path",
            "ContainerPath volume '\(name)' uses reserved path prefix '\(reserved)'",
            place: "\(place).containerPath.path"))
      }
      return causes
    }
  }

  /// DataVolumes that a VirtualMachine brings (pkg/storage/admitters/data-volume-template.go).
  /// Upstream's path says `dataVolumeTemplate`.
  func dataVolumeTemplateCauses() -> [Cause] {
    let claims = Set(
      volumes.flatMap {
        [$0["persistentVolumeClaim"]["claimName"].string, $0["dataVolume"]["name"].string]
      })
    return root["spec"]["dataVolumeTemplates"].items.enumerated().compactMap { index, template in
      let field = "\(outerPath).dataVolumeTemplate[\(index)]"
      let place = "\(outerPath).dataVolumeTemplates[\(index)]"
      if let fault = dataVolumeFault(template, field) {
        return Cause("\(field).\(fault.field)", fault.message, place: place)
      }
      if claims.contains(template["metadata"]["name"].string) { return nil }
      return Cause(
        field,
        "DataVolumeTemplate entry \(field) must be referenced in the VMI template's 'volumes' list",
        place: place)
    }
  }

  /// The mutating webhook writes an absent `apiGroup` of a reference as null, which the validating
  /// one refuses.
  func dataSourceCauses() -> [Cause] {
    root["spec"]["dataVolumeTemplates"].items.enumerated().flatMap { index, template in
      ["pvc", "storage"].flatMap { target in
        ["dataSource", "dataSourceRef"].compactMap { key -> Cause? in
          let reference = template["spec"][target][key]
          guard reference.exists, !reference["apiGroup"].exists else { return nil }
          return Cause(
            "",
            "\(outerPath).dataVolumeTemplates.spec.\(target).\(key).apiGroup in body must be of type"
              + " string: \"null\"",
            place: "\(outerPath).dataVolumeTemplates[\(index)].spec.\(target).\(key)")
        }
      }
    }
  }

  private func dataVolumeFault(
    _ template: APIValue, _ path: String
  ) -> (field: String, message: String)? {
    if template["metadata"]["name"].string.isEmpty {
      return (
        "name", "'name' field must not be empty for DataVolumeTemplate entry \(path).name."
      )
    }
    let spec = template["spec"]
    let (claim, storage) = (spec["pvc"], spec["storage"])
    if !claim.exists, !storage.exists {
      return ("PVC.Storage", "Missing Data volume PVC or Storage")
    }
    if claim.exists, storage.exists {
      return (
        "PVC.Storage",
        "Duplicate storage definition, both target storage and target pvc defined"
      )
    }
    let target = claim.exists ? claim : storage
    let isPopulated = target["dataSourceRef"].exists || target["dataSource"].exists
    let hasSource = spec["source"].exists || spec["sourceRef"].exists
    if isPopulated, hasSource {
      return ("source", "External population is incompatible with Source and SourceRef")
    }
    if !isPopulated, !hasSource {
      return (
        "source.sourceRef",
        "Data volume should have either Source, SourceRef, or be externally populated"
      )
    }
    guard spec["source"].exists else { return nil }
    let count = spec["source"].keys.count { spec["source"][$0].exists }
    if count == 0 { return ("source", "Missing dataVolume valid source") }
    return count > 1 ? ("source", "Multiple dataVolume sources") : nil
  }

  /// DataVolumes of another namespace than the machine's.
  func dataVolumeNamespaceCauses() -> [Cause] {
    let written = root["metadata"]["namespace"].string
    let namespace = written.isEmpty ? "default" : written
    return root["spec"]["dataVolumeTemplates"].items.enumerated().compactMap { index, template in
      let other = template["metadata"]["namespace"].string
      if other.isEmpty || other == namespace { return nil }
      return Cause(
        "\(outerPath).dataVolumeTemplates[\(index)]",
        "Embedded DataVolume namespace \(other) differs from VM namespace \(namespace)")
    }
  }
}

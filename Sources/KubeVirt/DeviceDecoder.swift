import FoundationEssentials
import Objects

extension NetworkInterface {
  /// Reads one of `devices.interfaces`.
  init(_ field: Field) {
    var bindings: [Binding] = []
    for name in KnownFields.bindings where field[name].exists {
      switch name {
      case "bridge": bindings.append(.bridge)
      case "masquerade": bindings.append(.masquerade)
      case "sriov": bindings.append(.sriov)
      default: bindings.append(.other(name))
      }
    }
    if field["binding"].exists {
      bindings.append(.other(field["binding"]["name"].string ?? "binding"))
    }
    self.init(
      name: field["name"].string ?? "", bindings: bindings, model: field["model"].string,
      macAddressText: field["macAddress"].string, bootOrder: field["bootOrder"].integer,
      pciAddress: field["pciAddress"].string, acpiIndex: field["acpiIndex"].integer,
      state: field["state"].string, tag: field["tag"].string,
      dhcpOptions: DHCPOptions(field["dhcpOptions"]))
  }
}

extension DHCPOptions {
  /// Reads `dhcpOptions`; `nil` when absent.
  init?(_ field: Field) {
    guard field.exists else { return nil }
    self.init(
      bootFileName: field["bootFileName"].string, tftpServerName: field["tftpServerName"].string,
      ntpServers: field["ntpServers"].items.compactMap(\.string),
      privateOptions: field["privateOptions"].items.compactMap { item in
        guard let option = item["option"].integer else { return nil }
        return Private(option: option, value: item["value"].string ?? "")
      })
  }
}

extension Network {
  /// Reads one of `networks`.
  init(_ field: Field) {
    self.init(name: field["name"].string ?? "", isPod: field["pod"].exists)
    let multus = field["multus"]
    if multus.exists {
      self.multus = Multus(
        networkName: multus["networkName"].string ?? "",
        isDefault: multus["default"].boolean ?? false)
    }
  }
}

extension Disk {
  /// Reads one of `devices.disks`.
  init(_ field: Field) {
    let targets = [Target.disk, .lun, .cdrom].filter { field[$0.rawValue].exists }
    let target = field[(targets.first ?? .disk).rawValue]
    self.init(
      name: field["name"].string ?? "", targets: targets, bus: target["bus"].string,
      readOnly: target["readonly"].boolean, bootOrder: field["bootOrder"].integer,
      serial: field["serial"].string, cache: field["cache"].string, io: field["io"].string,
      pciAddress: target["pciAddress"].string)
  }
}

extension Volume {
  /// Reads one of `volumes`.
  init(_ field: Field) {
    let kinds = KnownFields.volumeSources.filter { field[$0].exists }
    self.init(
      name: field["name"].string ?? "", source: kinds.first.map { Source($0, field[$0]) })
    sourceCount = kinds.count
  }
}

extension Volume.Source {
  fileprivate init(_ kind: String, _ field: Field) {
    switch kind {
    case "containerDisk": self = .containerDisk(image: field["image"].string ?? "")
    case "emptyDisk": self = .emptyDisk(capacity: field["capacity"].quantity)
    case "hostDisk":
      self = .hostDisk(
        path: field["path"].string ?? "", type: field["type"].string ?? "",
        capacity: field["capacity"].quantity)
    case "cloudInitNoCloud": self = .cloudInitNoCloud(Volume.CloudInit(field))
    case "cloudInitConfigDrive": self = .cloudInitConfigDrive(Volume.CloudInit(field))
    case "persistentVolumeClaim":
      self = .persistentVolumeClaim(name: field["claimName"].string ?? "")
    case "dataVolume": self = .dataVolume(name: field["name"].string ?? "")
    case "configMap":
      self = .configMap(
        name: field["name"].string ?? "", label: field["volumeLabel"].string)
    case "secret":
      self = .secret(
        name: field["secretName"].string ?? "", label: field["volumeLabel"].string)
    default: self = .other(kind)
    }
  }
}

extension Volume.CloudInit {
  fileprivate init(_ field: Field) {
    func text(_ plain: String, _ encoded: String) -> String? {
      if let text = field[plain].string { return text }
      guard let base64 = field[encoded].string else { return nil }
      guard let data = Data(base64Encoded: base64, options: .ignoreUnknownCharacters),
        let text = String(data: data, encoding: .utf8)
      else {
        field[encoded].error("\(field[encoded].path) is not valid base64 encoded data")
        return nil
      }
      return text
    }
    self.init(
      userData: text("userData", "userDataBase64"),
      networkData: text("networkData", "networkDataBase64"),
      userDataSecret: field["secretRef"]["name"].string,
      networkDataSecret: field["networkDataSecretRef"]["name"].string)
  }
}

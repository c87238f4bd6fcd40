import Manifest

extension Machine {
  /// The versions of KubeVirt's API that a cluster serves.
  static let servedVersions = ["kubevirt.io/v1", "kubevirt.io/v1alpha3"]

  /// Whether a document is a VirtualMachine or VirtualMachineInstance.
  public static func accepts(_ document: ManifestDocument) -> Bool {
    Kind(rawValue: document.kind) != nil
      && ["", "kubevirt.io", "kubevirt"].contains(document.group)
  }

  /// Decodes a VirtualMachine or VirtualMachineInstance, reporting each problem to a log.
  ///
  /// The machine is whole even then: what could not be read is as if absent.
  ///
  /// - Returns: `nil` only for another kind of document.
  public init?(_ document: ManifestDocument, log: ProblemLog) {
    guard Self.accepts(document), let kind = Kind(rawValue: document.kind) else { return nil }
    self.init(
      kind: kind, name: document.name, namespace: document.namespace ?? "default",
      location: document.location)
    document.checkAPIVersion(
      served: Self.servedVersions, tolerated: ["kubevirt/v1alpha3"], log: log)
    let root = document.fields(log)
    root.warnUnknown(except: ManifestDocument.objectKeys, consequence: refusal(root))
    let metadata: Field
    let spec: Field
    switch kind {
    case .virtualMachineInstance:
      metadata = root["metadata"]
      spec = root["spec"]
    case .virtualMachine:
      let outer = root["spec"]
      outer.warnUnknown(except: KnownFields.virtualMachine, consequence: refusal(outer))
      runStrategy = outer["runStrategy"].string
      running = outer["running"].boolean
      dataVolumeTemplates = outer["dataVolumeTemplates"].items.map(DataVolume.init)
      let template = outer["template"]
      template.warnUnknown(except: KnownFields.template, consequence: refusal(template))
      hasTemplate = template.exists
      metadata = template["metadata"]
      spec = template["spec"]
    }
    labels = metadata["labels"].strings
    annotations = metadata["annotations"].strings
    decode(spec: spec)
  }

  private mutating func decode(spec: Field) {
    check(spec, KnownFields.machine)
    startStrategy = spec["startStrategy"].string
    hostname = spec["hostname"].string
    terminationGracePeriodSeconds = spec["terminationGracePeriodSeconds"].integer
    networks = spec["networks"].items.map(Network.init)
    volumes = spec["volumes"].items.map(Volume.init)
    let domain = spec["domain"]
    check(domain, KnownFields.domain)
    firmware = Firmware(domain["firmware"])
    features = Features(domain["features"])
    cpu = CPU(domain["cpu"])
    resources = Resources(domain: domain)
    check(domain["machine"], KnownFields.machineType)
    machineType = domain["machine"]["type"].string
    let devices = domain["devices"]
    check(devices, KnownFields.devices)
    interfaces = devices["interfaces"].items.map(NetworkInterface.init)
    disks = devices["disks"].items.map(Disk.init)
    autoattachPodInterface = devices["autoattachPodInterface"].boolean ?? true
    networkInterfaceMultiqueue = devices["networkInterfaceMultiqueue"].boolean ?? false
    useVirtioTransitional = devices["useVirtioTransitional"].boolean ?? false
  }
}

/// What KubeVirt's webhook says of an unknown field: its path without list indices.
func refusal(_ field: Field) -> (String) -> String {
  { name in
    var path = ""
    var isIndex = false
    for letter in field.path {
      if letter == "[" { isIndex = true }
      if !isIndex { path.append(letter) }
      if letter == "]" { isIndex = false }
    }
    let full = path.isEmpty ? name : "\(path).\(name)"
    return "a cluster refuses it: \(full) in body is a forbidden property"
  }
}

/// Warns of the unknown fields of a KubeVirt structure.
func check(_ field: Field, _ known: Set<String>) {
  field.warnUnknown(except: known, consequence: refusal(field))
}

extension Field {
  /// A quantity, reported in Kubernetes' words when it is none.
  var quantity: Quantity? {
    guard let text = stringOrNumber else { return nil }
    guard let quantity = Quantity(text) else {
      error(Quantity.syntaxMessage)
      return nil
    }
    return quantity
  }

  /// A `bootOrder`; zero is kept for admission, a negative one is refused by Go's decoder.
  var bootOrder: Int? {
    guard let value = integer else { return nil }
    guard value >= 0 else {
      let goPath = path.replacing("[", with: ".").replacing("]", with: "")
      let inner = goPath.hasPrefix("spec.") ? String(goPath.dropFirst(5)) : goPath
      error(
        "json: cannot unmarshal number \(value) into Go struct field VMISpecAlias.\(inner)"
          + " of type uint")
      return nil
    }
    return value
  }
}

import Objects

extension Machine {
  /// The versions of KubeVirt's API that a cluster serves.
  static let servedVersions = ["kubevirt.io/v1", "kubevirt.io/v1alpha3"]

  /// Whether a document is a VirtualMachine or VirtualMachineInstance.
  package static func accepts(_ document: ManifestDocument) -> Bool {
    Kind(rawValue: document.kind) != nil
      && ["", "kubevirt.io", "kubevirt"].contains(document.group)
  }

  /// Decodes a VirtualMachine or VirtualMachineInstance, reporting what is wrong with its version
  /// to a log. The rest is for ``admit(to:document:log:)``, which says it in KubeVirt's words.
  ///
  /// The machine is whole in any case: what could not be read is as if absent.
  ///
  /// - Returns: `nil` only for another kind of document.
  package init?(_ document: ManifestDocument, log: ProblemLog) {
    guard Self.accepts(document), let kind = Kind(rawValue: document.kind) else { return nil }
    self.init(
      kind: kind, name: document.name, namespace: document.namespace ?? "default",
      location: document.location)
    document.checkAPIVersion(
      served: Self.servedVersions, tolerated: ["kubevirt/v1alpha3"], log: log)
    let root = document.fields(ProblemLog(object: document.object))
    let metadata: Field
    let spec: Field
    switch kind {
    case .virtualMachineInstance:
      metadata = root["metadata"]
      spec = root["spec"]
    case .virtualMachine:
      let outer = root["spec"]
      runStrategy = outer["runStrategy"].string
      running = outer["running"].boolean
      dataVolumeTemplates = outer["dataVolumeTemplates"].items.map(DataVolume.init)
      let template = outer["template"]
      hasTemplate = template.exists
      metadata = template["metadata"]
      spec = template["spec"]
    }
    labels = metadata["labels"].strings
    annotations = metadata["annotations"].strings
    decode(spec: spec)
  }

  private mutating func decode(spec: Field) {
    startStrategy = spec["startStrategy"].string
    hostname = spec["hostname"].string
    terminationGracePeriodSeconds = spec["terminationGracePeriodSeconds"].integer
    networks = spec["networks"].items.map(Network.init)
    volumes = spec["volumes"].items.map(Volume.init)
    let domain = spec["domain"]
    firmware = Firmware(domain["firmware"])
    features = Features(domain["features"])
    cpu = CPU(domain["cpu"])
    resources = Resources(domain: domain)
    machineType = domain["machine"]["type"].string
    let devices = domain["devices"]
    interfaces = devices["interfaces"].items.map(NetworkInterface.init)
    disks = devices["disks"].items.map(Disk.init)
    autoattachPodInterface = devices["autoattachPodInterface"].boolean ?? true
    networkInterfaceMultiqueue = devices["networkInterfaceMultiqueue"].boolean ?? false
    useVirtioTransitional = devices["useVirtioTransitional"].boolean ?? false
  }
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
}

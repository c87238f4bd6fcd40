import Objects

extension Machine {
  /// The versions of KubeVirt's API that a cluster serves.
  static let servedVersions = ["kubevirt.io/v1", "kubevirt.io/v1alpha3"]

  /// Whether a document is a VirtualMachine or VirtualMachineInstance.
  package static func accepts(_ document: ManifestDocument) -> Bool {
    Kind(rawValue: document.kind) != nil
      && ["", "kubevirt.io", "kubevirt"].contains(document.group)
  }

  /// Reports what is wrong with the version of a machine, a pool or a replica set.
  package static func checkVersion(of document: ManifestDocument, log: ProblemLog) {
    if let host = MachineHost(document) {
      document.checkAPIVersion(served: host.kind.servedVersions, log: log)
      return
    }
    document.checkAPIVersion(
      served: Self.servedVersions, tolerated: ["kubevirt/v1alpha3"], log: log)
  }

  /// The machine of an object, as the tree of the object has it: what has the wrong type, which
  /// admission reports in KubeVirt's words, is as if absent.
  fileprivate init(_ object: MachineObject, in tree: ObjectNode) {
    let document = object.document
    self.init(
      kind: object.kind, name: document.name, namespace: document.namespace,
      location: document.location)
    host = object.host
    let root = Field(
      node: tree, path: "", location: document.location,
      log: ProblemLog(object: document.object))
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
    hasRandomNumbers = devices["rng"].exists
    useVirtioTransitional = devices["useVirtioTransitional"].boolean ?? false
  }
}

extension MachineObject {
  /// The machine as the validating webhook sees it.
  package var admittedMachine: Machine { Machine(self, in: admitted) }

  /// The machine as the cluster makes a domain of it.
  package var machine: Machine { Machine(self, in: instance) }
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

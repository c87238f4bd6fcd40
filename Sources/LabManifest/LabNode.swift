import Objects

/// A node of a lab.
package struct LabNode: Sendable {
  /// The node's name.
  package var name: String
  /// What manifests say of it, as a Node (Kubernetes, core/v1): labels, taints, what it has.
  package var object: ObjectNode
  /// The processor that it has instead of this machine's; `nil` where lab.yaml says none.
  package var processor: NodeProcessor?

  /// Its labels: those that a kubelet gives each node, then what manifests say.
  package var labels: [String: String] {
    let usual = [
      "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64",
    ]
    return usual.merging(object["metadata", "labels"]?.strings ?? [:]) { $1 }
  }

  /// The node of a lab whose manifests name none.
  package static let usualName = "node01"
  /// What the network between nodes is called, which no node can be.
  package static let fabricName = "fabric"
  /// The label of nodes that run machines, by which policies of the nodes' networks select them.
  private static let workerRole = "node-role.kubernetes.io/worker"
  /// The most nodes of a lab: each has a libvirtd and a switch of its own.
  package static let most = 32

  /// A node of which only the name is said.
  package init(name: String) {
    self.name = name
    object = [
      "apiVersion": "v1", "kind": "Node",
      "metadata": ["name": .text(name), "labels": [Self.workerRole: ""]],
    ]
  }

  /// Takes from another description of the node what this one does not say.
  mutating func complete(from other: LabNode) {
    processor = processor ?? other.processor
    for entry in other.object["metadata", "labels"]?.entries ?? []
    where object["metadata", "labels", entry.key] == nil {
      object["metadata", "labels", entry.key] = entry.value
    }
    for path in [["spec", "taints"], ["status", "capacity"], ["status", "allocatable"]] {
      let (part, field) = (path[0], path[1])
      guard object[part, field] == nil, let value = other.object[part, field] else { continue }
      object[part, field] = value
    }
  }

  /// A Node manifest; `nil` when the document is something else.
  init?(_ document: ManifestDocument) {
    guard document.kind == "Node", document.apiVersion == "v1" else { return nil }
    name = document.name
    object = document.root
  }

  /// What `spec.nodes` of a lab.yaml says: how many, or each by its name.
  static func nodes(of field: Field) -> [LabNode] {
    guard field.node?.isSequence == true else { return numbered(field) }
    var nodes: [LabNode] = []
    for item in field.items {
      item.warnUnknown(except: LabFields.node)
      let name = item["name"]
      guard let text = name.string else {
        item["name"].error("Required value: name is required")
        continue
      }
      if let objection = objection(toNode: text) ?? ObjectName.objection(to: text) {
        name.error(objection)
      }
      if nodes.contains(where: { $0.name == text }) {
        name.error("Duplicate value: \(text.debugDescription): a lab has one node of a name")
      }
      var node = LabNode(name: text)
      for (label, value) in item["labels"].strings {
        node.object["metadata", "labels", label] = .text(value)
      }
      node.processor = NodeProcessor(item["cpu"])
      if let taints = item["taints"].node { node.object["spec", "taints"] = taints }
      for (name, amount) in item["capacity"].entries {
        guard let quantity = amount.amount.flatMap({ _ in amount.stringOrNumber }) else { continue }
        for field in ["capacity", "allocatable"] {
          node.object["status", field, name] = .text(quantity)
        }
      }
      nodes.append(node)
    }
    refuse(nodes.count, field)
    return nodes
  }

  /// Why a node cannot have a name that a cluster takes; `nil` when it can.
  static func objection(toNode name: String) -> String? {
    name == fabricName
      ? "Invalid value: \(fabricName.debugDescription): so the lab calls the network between its nodes; choose another name"
      : nil
  }

  private static func numbered(_ field: Field) -> [LabNode] {
    guard let count = field.integer else { return [] }
    guard count > 0 else {
      field.error("\(count) is no number of nodes: a lab has at least 1")
      return []
    }
    refuse(count, field)
    return (1...min(count, most)).map { number in
      LabNode(name: number < 10 ? "node0\(number)" : "node\(number)")
    }
  }

  private static func refuse(_ count: Int, _ field: Field) {
    guard count > most else { return }
    field.error(
      "\(count) nodes are too many: a lab on one machine has at most \(most); to place machines on more"
        + " without running them, use `pxelab schedule --nodes FILE`")
  }
}

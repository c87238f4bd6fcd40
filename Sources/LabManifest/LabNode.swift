import Objects
import Scheduling

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
  /// What the supervisor calls the lab's API and controllers, which no node can be called.
  package static let daemonTitle = "pxelab-lab"
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
      node.processor = NodeProcessor(item["cpu"])
      node.read(item)
      nodes.append(node)
    }
    refuse(nodes.count, field)
    return nodes
  }

  /// Takes labels, taints and what it has from a node of lab.yaml, after the API server's rules.
  private mutating func read(_ item: Field) {
    var tree: ObjectNode = ["metadata": ["name": .text(name)]]
    for (field, path) in [
      ("labels", ["metadata", "labels"]), ("capacity", ["status", "capacity"]),
    ] {
      guard let node = item[field].node else { continue }
      guard node.isMapping else {
        // Says so.
        _ = item[field].entries
        continue
      }
      tree[path[0], path[1]] = node
    }
    let taints = item["taints"].items
    let readable = taints.filter { taint in
      taint.warnUnknown(except: ["key", "value", "effect", "timeAdded"])
      return taint.node?.isMapping == true
    }
    if !taints.isEmpty, readable.count == taints.count {
      tree["spec", "taints"] = .sequence(readable.compactMap(\.node))
    }
    // The name has been judged.
    let findings = NodeCheck(tree).findings.filter { $0.place != "metadata.name" }
    for finding in findings { Self.field(of: finding.place, in: item).error(finding.message) }
    guard findings.isEmpty else { return }
    for (label, value) in tree["metadata", "labels"]?.strings ?? [:] {
      object["metadata", "labels", label] = .text(value)
    }
    if let taints = tree["spec", "taints"] { object["spec", "taints"] = taints }
    for entry in tree["status", "capacity"]?.entries ?? [] {
      guard let amount = entry.value.scalar?.text else { continue }
      for field in ["capacity", "allocatable"] {
        object["status", field, entry.key] = .text(amount)
      }
    }
  }

  /// The field of lab.yaml that a path in a Node stands for, as far as it goes there.
  private static func field(of place: String, in item: Field) -> Field {
    let steps = place.split { ".[]".contains($0) }.dropFirst()
    return steps.reduce((field: item, isEnd: false)) { seen, step in
      guard !seen.isEnd else { return seen }
      if let index = Int(step), seen.field.node?.isSequence == true {
        return seen.field.items.dropFirst(index).first.map { ($0, false) } ?? (seen.field, true)
      }
      let next = seen.field.node?.isMapping == true ? seen.field[String(step)] : nil
      return next.flatMap { $0.exists ? ($0, false) : nil } ?? (seen.field, true)
    }.field
  }

  /// Why a node cannot have a name that a cluster takes; `nil` when it can.
  package static func objection(toNode name: String) -> String? {
    let owner: String? =
      switch name {
      case fabricName: "the network between its nodes"
      case daemonTitle, "supervisor", "lab", "uplink", "libvirtd", "ovsdb-server", "ovs-vswitchd":
        "a program of its own"
      default: nil
      }
    return owner.map {
      "Invalid value: \(name.debugDescription): so the lab calls \($0); choose another name"
    }
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

import Objects

/// Something that happened to an object, as the API has it (core/v1 Event).
package struct EventRecord: Sendable, Hashable {
  /// How the API addresses events.
  package static let resource = GroupResource("events")
  /// The annotation with how much of a stage is done, in percent.
  package static let percentAnnotation = "pxelab.dev/percent"

  /// Whether a person should look at it.
  package enum Kind: String, Sendable, Hashable {
    /// As it should be.
    case normal = "Normal"
    /// Not as it should be.
    case warning = "Warning"
  }

  /// What it happened to.
  package var object: Reference
  /// Whether a person should look at it.
  package var kind: Kind
  /// Why, in one word: `SuccessfulCreate`, `Wire`.
  package var reason: String
  /// What happened, for a person.
  package var message: String
  /// Who says so: `virtualmachine-controller`, `pxelab`.
  package var component: String
  /// The node on which who says so runs; `nil` where that is not told.
  package var host: String?
  /// When (RFC 3339 with microseconds).
  package var time: String
  /// How much of the stage is done, in percent, where that is known.
  package var percent: Int?

  /// An object that an event is about.
  package struct Reference: Sendable, Hashable {
    /// `kubevirt.io/v1`.
    package var apiVersion: String
    /// `VirtualMachineInstance`.
    package var kind: String
    /// Its namespace; empty of an object of the whole cluster.
    package var namespace: String
    /// Its name.
    package var name: String
    /// Its UID; `kubectl describe` shows no event without.
    package var uid: String

    /// An object.
    package init(apiVersion: String, kind: String, namespace: String, name: String, uid: String) {
      self.apiVersion = apiVersion
      self.kind = kind
      self.namespace = namespace
      self.name = name
      self.uid = uid
    }

    /// An object of a store.
    package init(_ tree: ObjectNode) {
      func text(_ name: String) -> String { tree["metadata", name]?.string ?? "" }
      self.init(
        apiVersion: tree["apiVersion"]?.string ?? "", kind: tree["kind"]?.string ?? "",
        namespace: text("namespace"), name: text("name"), uid: text("uid"))
    }
  }

  /// Something that happened.
  package init(
    _ object: Reference, _ kind: Kind = .normal, reason: String, _ message: String,
    component: String, host: String? = nil, time: String, percent: Int? = nil
  ) {
    self.object = object
    self.kind = kind
    self.reason = reason
    self.message = message
    self.component = component
    self.host = host
    self.time = time
    self.percent = percent
  }

  /// The event of a tree; `nil` for one without an object.
  package init?(_ tree: ObjectNode) {
    guard let about = tree["involvedObject"] else { return nil }
    func text(_ name: String) -> String { about[name]?.string ?? "" }
    self.init(
      Reference(
        apiVersion: text("apiVersion"), kind: text("kind"), namespace: text("namespace"),
        name: text("name"), uid: text("uid")),
      Kind(rawValue: tree["type"]?.string ?? "") ?? .normal,
      reason: tree["reason"]?.string ?? "", tree["message"]?.string ?? "",
      component: tree["source", "component"]?.string ?? "", host: tree["source", "host"]?.string,
      time: tree["eventTime"]?.string ?? tree["lastTimestamp"]?.string ?? "",
      percent: tree["metadata", "annotations", Self.percentAnnotation]?.string.flatMap(Int.init))
  }

  /// The event as it is sent.
  ///
  /// - Parameter name: unique among the events of the object's namespace.
  package func tree(name: String) -> ObjectNode {
    let namespace = object.namespace.isEmpty ? ObjectKey.defaultNamespace : object.namespace
    var metadata: ObjectNode = ["name": .text(name), "namespace": .text(namespace)]
    if let percent {
      metadata["annotations"] = .mapping([Self.percentAnnotation: .text("\(percent)")])
    }
    var source: ObjectNode = ["component": .text(component)]
    if let host { source["host"] = .text(host) }
    // kubectl sorts by lastTimestamp, which has whole seconds.
    let second = time.split(separator: ".").first.map { "\($0)Z" } ?? time
    return [
      "apiVersion": "v1", "kind": "Event", "metadata": metadata,
      "involvedObject": [
        "apiVersion": .text(object.apiVersion), "kind": .text(object.kind),
        "namespace": .text(object.namespace), "name": .text(object.name), "uid": .text(object.uid),
      ],
      "type": .text(kind.rawValue), "reason": .text(reason), "message": .text(message),
      "source": source, "eventTime": .text(time),
      "firstTimestamp": .text(second), "lastTimestamp": .text(second), "count": 1,
      "reportingComponent": .text(component),
    ]
  }
}

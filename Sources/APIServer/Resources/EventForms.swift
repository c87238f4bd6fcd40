import Objects
import Reconciliation

/// Events in the two forms that the API has of them; the store has them in that of the core group
/// (kubernetes, pkg/apis/events/v1/conversion.go).
enum EventForms {
  /// The kind with its newer form.
  static let group = "events.k8s.io"

  /// The newer name of each field, by the older one.
  private static let names = [
    ("involvedObject", "regarding"), ("message", "note"), ("source", "deprecatedSource"),
    ("firstTimestamp", "deprecatedFirstTimestamp"), ("lastTimestamp", "deprecatedLastTimestamp"),
    ("count", "deprecatedCount"), ("reportingComponent", "reportingController"),
  ]

  /// An event in the form of a version (`v1`, `events.k8s.io/v1`).
  static func converted(_ tree: ObjectNode, to apiVersion: String) -> ObjectNode {
    var event = tree
    let isNew = apiVersion.hasPrefix(group)
    for (old, new) in names {
      let (from, to) = isNew ? (old, new) : (new, old)
      guard let value = event[from] else { continue }
      event[from] = nil
      event[to] = value
    }
    event["apiVersion"] = .text(apiVersion)
    return event
  }

  /// An event with the fields that one always has, in its own form.
  static func filled(_ tree: ObjectNode) -> ObjectNode {
    var event = tree
    let isNew = tree["apiVersion"]?.string?.hasPrefix(group) == true
    var always: [(String, ObjectNode)] = [("eventTime", .null)]
    if isNew {
      always += [
        ("regarding", [:]), ("deprecatedSource", [:]), ("deprecatedFirstTimestamp", .null),
        ("deprecatedLastTimestamp", .null),
      ]
    } else {
      always += [
        ("involvedObject", [:]), ("source", [:]), ("firstTimestamp", .null),
        ("lastTimestamp", .null), ("reportingComponent", ""), ("reportingInstance", ""),
      ]
    }
    for (field, value) in always where event[field] == nil { event[field] = value }
    for field in [
      "firstTimestamp", "lastTimestamp", "deprecatedFirstTimestamp", "deprecatedLastTimestamp",
    ] {
      guard let text = event[field]?.string, let time = Timestamp(text) else { continue }
      event[field] = .text("\(time)")
    }
    return event
  }

  /// What is wrong with an event (kubernetes, pkg/apis/core/validation/events.go).
  static func causes(of event: ObjectNode, in namespace: String) -> [StatusError.Cause] {
    let about = event["involvedObject", "namespace"]?.string ?? ""
    // Of an object of the whole cluster it is empty.
    guard !about.isEmpty, about != namespace else { return [] }
    return [
      StatusError.Cause(
        field: "involvedObject.namespace",
        message: "Invalid value: \"\(about)\": does not match event.namespace")
    ]
  }

  static let admission: Admission = { request async throws(StatusError) in
    let form = filled(request.object)
    let event = converted(form, to: "v1")
    // What says nothing is nobody's.
    let written = ObjectNode(
      .mapping(
        form.entries.filter { entry in
          !entry.value.isNull && entry.value.string != ""
            && !(entry.value.isMapping && entry.value.entries.isEmpty)
        }))
    let causes = causes(of: event, in: request.key.namespace)
    guard causes.isEmpty || request.previous != nil else {
      throw .invalid(request.key.name, kind: "Event", group: "", causes)
    }
    return AdmittedObject(filled(event), written: written)
  }

  /// The newer form as a kind of its own over the same objects.
  static func definition(_ selectable: [ResourceDefinition.SelectableField]) -> ResourceDefinition {
    var definition = ResourceDefinition(
      APIResource(GroupResource("events", group: group), kind: "Event", shortNames: ["ev"]),
      updatesUnconditionally: true, conversion: { filled(converted($0, to: $1)) },
      selectableFields: selectable, admission: admission)
    definition.storedAs = GroupResource("events")
    return definition
  }
}

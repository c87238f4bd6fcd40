import KubeVirt
import Objects
import Reconciliation
import Synchronization

/// The kinds that a server serves; they may change while it runs.
package final class ResourceDefinitions: Sendable {
  private let definitions: Mutex<[GroupResource: ResourceDefinition]>

  /// A table of kinds; of two with the same group and name the last counts.
  package init(_ all: [ResourceDefinition]) {
    definitions = Mutex(
      Dictionary(all.map { ($0.resource.id, $0) }) { _, last in last })
  }

  /// Adds a kind, or replaces it.
  package func add(_ definition: ResourceDefinition) {
    definitions.withLock { $0[definition.resource.id] = definition }
  }

  /// Serves these kinds of clients, and no others of theirs; those of the server stay as they are.
  ///
  /// - Returns: the kinds that are no more what they were.
  func replaceCustom(_ custom: [ResourceDefinition]) -> [GroupResource] {
    definitions.withLock { all in
      let before = all.filter { $0.value.isCustom }
      all = all.filter { !$0.value.isCustom }
      for definition in custom where all[definition.resource.id] == nil {
        all[definition.resource.id] = definition
      }
      return before.filter { all[$0.key]?.origin != $0.value.origin }.map(\.key)
    }
  }

  /// Whether a kind is served as this definition says.
  func isCurrent(_ definition: ResourceDefinition) -> Bool {
    definitions.withLock {
      $0[definition.resource.id].map { $0.origin == definition.origin } ?? false
    }
  }

  /// Whether objects of a kind may still be made that was served as this definition says.
  func takesObjects(of definition: ResourceDefinition) -> Bool {
    definitions.withLock { all in
      all[definition.resource.id].map {
        !$0.isTerminating && $0.origin?.uid == definition.origin?.uid
      } ?? false
    }
  }

  /// Whether a client's kind goes with its definition.
  func isTerminating(_ id: GroupResource) -> Bool {
    definitions.withLock { $0[id]?.isTerminating == true }
  }

  /// Whether a kind is the server's own.
  func isBuiltIn(_ id: GroupResource) -> Bool {
    definitions.withLock { $0[id].map { !$0.isCustom } ?? false }
  }

  /// The kinds as they are spelled.
  package var resources: APIResources {
    APIResources(definitions.withLock { $0.values.map(\.resource) })
  }

  /// All of them.
  var all: [ResourceDefinition] { definitions.withLock { Array($0.values) } }

  /// The kind that is served at a path.
  func definition(_ id: GroupResource, version: String) -> ResourceDefinition? {
    let definition = definitions.withLock { $0[id] }
    return definition?.resource.versions.contains(version) == true
      ? definition?.inVersion(version) : nil
  }
}

extension ResourceDefinition {
  /// The kinds of ``APIResources/builtIn``.
  ///
  /// - Parameters:
  ///   - workers: how many nodes there are for machines.
  ///   - settings: the cluster's settings, by which machines are judged.
  ///   - instancetypes: the instance types and preferences that machines may name.
  ///   - pods: what pods of a namespace meet.
  static func builtIn(
    workers: @escaping @Sendable () async -> Int,
    settings: @escaping @Sendable () async -> ClusterSettings,
    instancetypes: @escaping @Sendable () async -> Instancetypes,
    pods: @escaping @Sendable (_ namespace: String) async -> PodSurroundings
  ) -> [ResourceDefinition] {
    let events = (selectableFields[GroupResource("events")] ?? []).map { field in
      var field = field
      field.name = field.name.replacing("involvedObject.", with: "regarding.")
      if field.name == "reportingComponent" { field.name = "reportingController" }
      return field
    }
    let own = APIResources.builtIn.all.map { resource -> ResourceDefinition in
      var definition = ResourceDefinition(
        resource, selectableFields: selectableFields[resource.id] ?? [])
      switch resource.id {
      case .virtualMachines, .virtualMachineInstances:
        definition.admission = machineAdmission(
          settings: settings, instancetypes: instancetypes)
      case GroupResource("hyperconvergeds", group: "hco.kubevirt.io"):
        definition.conversion = HyperConvergedConversion.converted(_:to:)
        definition.admission = hyperConvergedAdmission(workers: workers)
      case GroupResource("kubevirts", group: "kubevirt.io"):
        definition.admission = kubeVirtAdmission
      case GroupResource("nodes"):
        definition.admission = CoreAdmission.node
        definition.statusAdmission = CoreAdmission.nodeStatus
      case GroupResource("pods"):
        definition.admission = CoreAdmission.pod(pods)
        definition.statusAdmission = CoreAdmission.podStatus
        definition.makesStatus = true
        definition.turns = NamespaceTurns()
      case GroupResource("events"): definition.admission = EventForms.admission
      default:
        guard let admission = CoreForms.admission(of: resource.id) else { break }
        definition.admission = admission
        definition.makesStatus = resource.hasStatus
        if resource.id == GroupResource("namespaces") {
          definition.deletionFinalizer = NamespaceReconciler.finalizer
        }
      }
      return definition
    }
    return reviews + cluster + [EventForms.definition(events)] + own
  }

  /// As kubernetes has them (pkg/apis/core/v1/conversion.go).
  private static let selectableFields: [GroupResource: [SelectableField]] = [
    GroupResource("pods"): [
      SelectableField("spec.nodeName"), SelectableField("spec.schedulerName"),
      SelectableField("spec.restartPolicy"), SelectableField("status.phase"),
      SelectableField("spec.serviceAccountName"), SelectableField("status.podIP"),
      SelectableField("status.nominatedNodeName"),
    ],
    GroupResource("nodes"): [SelectableField("spec.unschedulable", fallback: "false")],
    GroupResource("namespaces"): [SelectableField("status.phase")],
    GroupResource("secrets"): [SelectableField("type")],
    GroupResource("events"): [
      SelectableField("involvedObject.kind"), SelectableField("involvedObject.namespace"),
      SelectableField("involvedObject.name"), SelectableField("involvedObject.uid"),
      SelectableField("involvedObject.apiVersion"),
      SelectableField("involvedObject.resourceVersion"),
      SelectableField("involvedObject.fieldPath"), SelectableField("reason"),
      SelectableField("type"), SelectableField("reportingComponent"),
      SelectableField("source", path: ["source", "component"]),
    ],
  ]
}

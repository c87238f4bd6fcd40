import Objects
import Store

/// The names that kinds have, those of the server too (apiextensions-apiserver,
/// pkg/controller/status/naming_controller.go).
struct TakenNames {
  private var names: [GroupResource: CustomResource.Names] = [:]

  /// The names of kinds that are served, and those that definitions were given.
  init(of served: [ResourceDefinition], _ definitions: [CustomResource]) {
    for kind in served where !kind.isCustom {
      names[kind.resource.id] = CustomResource.Names(kind.resource)
    }
    for definition in definitions where names[definition.id] == nil {
      names[definition.id] = definition.accepted
    }
  }

  /// The names of a definition's kind.
  subscript(definition: CustomResource) -> CustomResource.Names? {
    get { names[definition.id] }
    set { names[definition.id] = newValue }
  }

  /// The names that a definition gets, and why it does not get all that it asks for; the others it keeps
  /// as they were.
  func given(
    to definition: CustomResource
  ) -> (names: CustomResource.Names, objection: (reason: String, message: String)?) {
    let others = names.filter {
      $0.key.group == definition.id.group && $0.key != definition.id
    }.values
    let resources = Set(others.flatMap { [$0.plural, $0.singular] + $0.shortNames })
    let kinds = Set(others.flatMap { [$0.kind, $0.listKind] })
    let asked = definition.names
    var given = definition.accepted
    var objection: (reason: String, message: String)?
    func take<Value>(
      _ field: WritableKeyPath<CustomResource.Names, Value>, _ words: [String],
      had: [String], _ taken: Set<String>, _ reason: String
    ) {
      let refused = words.filter { taken.contains($0) && !had.contains($0) }
      guard refused.isEmpty else {
        objection = (
          reason, refused.map { "\"\($0)\" is already in use" }.joined(separator: ", ")
        )
        return
      }
      given[keyPath: field] = asked[keyPath: field]
    }
    take(\.plural, [asked.plural], had: [given.plural], resources, "PluralConflict")
    take(\.singular, [asked.singular], had: [given.singular], resources, "SingularConflict")
    take(\.shortNames, asked.shortNames, had: given.shortNames, resources, "ShortNamesConflict")
    take(\.kind, [asked.kind], had: [given.kind], kinds, "KindConflict")
    take(\.listKind, [asked.listKind], had: [given.listKind], kinds, "ListKindConflict")
    given.categories = asked.categories
    return (given, objection)
  }
}

extension CustomResource {
  /// The definition's status.
  func status(among taken: TakenNames) -> ObjectNode {
    let old = tree["status", "conditions"]?.items ?? []
    func condition(_ type: String, _ isTrue: Bool, _ reason: String, _ message: String)
      -> ObjectNode
    {
      let status: ObjectNode = isTrue ? "True" : "False"
      let same = old.first { $0["type"]?.string == type && $0["status"] == status }
      return [
        "type": .text(type), "status": status,
        "lastTransitionTime": same?["lastTransitionTime"]
          ?? .text(WriteMoment.system.timestamp),
        "reason": .text(reason), "message": .text(message),
      ]
    }
    let (given, objection) = taken.given(to: self)
    var conditions = [
      objection.map { condition("NamesAccepted", false, $0.reason, $0.message) }
        ?? condition("NamesAccepted", true, "NoConflicts", "no conflicts found"),
      isEstablished || objection == nil
        ? condition(
          "Established", true, "InitialNamesAccepted", "the initial names have been accepted")
        : condition("Established", false, "NotAccepted", "not all names are accepted"),
    ]
    let own = conditions.map { $0["type"] }
    conditions += old.filter { !own.contains($0["type"]) }
    var status = tree["status"]?.isMapping == true ? tree["status"] ?? [:] : [:]
    status["conditions"] = .sequence(conditions)
    status["acceptedNames"] = given.tree
    var stored = (status["storedVersions"]?.items ?? [])
    for version in versions where version.isStored && !stored.contains(.text(version.name)) {
      stored.append(.text(version.name))
    }
    status["storedVersions"] = .sequence(stored)
    return status
  }
}

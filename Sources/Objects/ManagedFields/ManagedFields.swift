/// Who has set which field of an object (`metadata.managedFields`; apimachinery,
/// pkg/util/managedfields).
package struct ManagedFields: Sendable {
  /// Somebody's fields.
  package struct Owner: Sendable, Equatable {
    /// Who: `kubectl-create`.
    package var manager: String
    /// `Apply` or `Update`.
    package var operation: String
    /// The version of the API that was spoken.
    package var apiVersion: String
    /// When the fields became these.
    package var time: String
    /// `status`, or empty.
    package var subresource: String
    /// The fields.
    package var fields: Set<FieldPath>

    /// Its place among others: who applies comes first, then by time and name.
    fileprivate var place: (String, String, String, String, String) {
      (operation, time, manager, apiVersion, subresource)
    }

    fileprivate func isSame(_ other: Owner) -> Bool {
      manager == other.manager && operation == other.operation
        && subresource == other.subresource
    }
  }

  /// A write.
  package struct Write: Sendable {
    /// Who writes.
    package var manager: String
    /// The version of the API that is spoken.
    package var apiVersion: String
    /// Now.
    package var time: String
    /// Whether it is the status that is written.
    package var isStatus: Bool
    /// Whether the kind is a custom resource, of whose lists nothing is known.
    package var isCustom: Bool

    /// A write.
    package init(
      manager: String, apiVersion: String, time: String, isStatus: Bool, isCustom: Bool
    ) {
      self.manager = manager
      self.apiVersion = apiVersion
      self.time = time
      self.isStatus = isStatus
      self.isCustom = isCustom
    }

    fileprivate var part: FieldLeaves.Part { isStatus ? .status : .object }
    fileprivate func owner(_ operation: String, _ fields: Set<FieldPath> = []) -> Owner {
      Owner(
        manager: manager, operation: operation, apiVersion: apiVersion, time: time,
        subresource: isStatus ? "status" : "", fields: fields)
    }
  }

  /// A field that another owner wants otherwise.
  package struct Conflict: Sendable, Equatable {
    /// Who has set it.
    package let owner: Owner
    /// Which.
    package let field: FieldPath
  }

  /// An apply that is not done.
  package struct Conflicts: Error, Equatable {
    /// By owner and field.
    package let all: [Conflict]
  }

  private var owners: [Owner]

  /// What an object says of itself.
  package init(of object: ObjectNode) {
    owners = (object["metadata", "managedFields"]?.items ?? []).map { item in
      Owner(
        manager: item["manager"]?.string ?? "", operation: item["operation"]?.string ?? "",
        apiVersion: item["apiVersion"]?.string ?? "", time: item["time"]?.string ?? "",
        subresource: item["subresource"]?.string ?? "",
        fields: Set(fieldsV1: item["fieldsV1"] ?? [:]))
    }
  }

  /// As the object has them; `nil` where nobody has set anything.
  package var tree: ObjectNode? {
    guard !owners.isEmpty else { return nil }
    return .sequence(
      owners.sorted { $0.place < $1.place }.map { owner in
        var tree: ObjectNode = [
          "manager": .text(owner.manager), "operation": .text(owner.operation),
          "apiVersion": .text(owner.apiVersion), "time": .text(owner.time),
          "fieldsType": "FieldsV1", "fieldsV1": owner.fields.fieldsV1,
        ]
        if !owner.subresource.isEmpty { tree["subresource"] = .text(owner.subresource) }
        return tree
      })
  }

  /// Notes what an update has changed.
  ///
  /// - Parameter previous: the object before it; `nil` of one that is made.
  package mutating func update(from previous: ObjectNode?, to object: ObjectNode, by write: Write) {
    let reading = FieldLeaves(isCustom: write.isCustom)
    let old = previous.map { reading.groups(of: $0, part: write.part) } ?? [:]
    let new = reading.groups(of: object, part: write.part)
    let changed = Set(new.filter { old[$0.key] != $0.value }.keys)
    let gone = Set(old.keys.filter { new[$0] == nil })
    guard !changed.isEmpty || !gone.isEmpty else { return }
    let own = write.owner("Update")
    let place = owners.firstIndex { $0.isSame(own) }
    for index in owners.indices where index != place {
      owners[index].fields.subtract(changed)
      owners[index].fields.subtract(gone)
    }
    if let place {
      let fields = owners[place].fields.union(changed).subtracting(gone)
      if fields != owners[place].fields {
        owners[place] = write.owner("Update", fields)
      }
    } else if !changed.isEmpty {
      owners.append(write.owner("Update", changed))
    }
    owners.removeAll { $0.fields.isEmpty }
  }

  /// Notes what somebody wants an object to have, and makes the object so.
  ///
  /// - Parameters:
  ///   - wanted: the fields that are wanted, and nothing else.
  ///   - present: the object as it is; `nil` when it is to be made.
  ///   - isForced: whether fields are taken from others.
  /// - Returns: the object.
  /// - Throws: ``Conflicts``.
  package mutating func apply(
    _ wanted: ObjectNode, to present: ObjectNode?, by write: Write, isForced: Bool
  ) throws(Conflicts) -> ObjectNode {
    let reading = FieldLeaves(isCustom: write.isCustom)
    let leaves = reading.leaves(of: wanted, part: write.part)
    let live = present.map { reading.leaves(of: $0, part: write.part) } ?? [:]
    let own = write.owner("Apply", Set(leaves.keys))
    let place = owners.firstIndex { $0.isSame(own) }
    let differing = Set(leaves.filter { live[$0.key] != nil && live[$0.key] != $0.value }.keys)
    let conflicts = owners.enumerated().filter { $0.offset != place }.flatMap { _, owner in
      owner.fields.intersection(differing).map { Conflict(owner: owner, field: $0) }
    }
    guard conflicts.isEmpty || isForced else {
      throw Conflicts(
        all: conflicts.sorted {
          ($0.owner.manager, $0.field.description) < ($1.owner.manager, $1.field.description)
        })
    }
    let before = place.map { owners[$0].fields } ?? []
    for index in owners.indices where index != place {
      owners[index].fields.subtract(differing)
    }
    let others = owners.enumerated().filter { $0.offset != place }
      .reduce(into: Set<FieldPath>()) { $0.formUnion($1.element.fields) }
    if let place {
      if before != own.fields { owners[place] = own }
    } else {
      owners.append(own)
    }
    owners.removeAll { $0.fields.isEmpty }
    let abandoned = before.subtracting(own.fields).subtracting(others)
    var object = present ?? [:]
    for path in abandoned.sorted(by: { $0.steps.count < $1.steps.count }) {
      object = object.removing(path.steps[...])
    }
    return object.applying(wanted, field: "", parent: "", isCustom: write.isCustom)
  }
}

extension ObjectNode {
  /// The tree with the fields of another in the place of its own; lists with keys are merged.
  fileprivate func applying(
    _ wanted: ObjectNode, field: String, parent: String, isCustom: Bool
  ) -> ObjectNode {
    if wanted.isMapping {
      var merged = isMapping ? self : [:]
      for entry in wanted.entries {
        merged[entry.key] = (merged[entry.key] ?? .null)
          .applying(entry.value, field: entry.key, parent: field, isCustom: isCustom)
      }
      return merged
    }
    guard wanted.isSequence else { return wanted }
    if field == "finalizers" {
      return .sequence(items + wanted.items.filter { !items.contains($0) })
    }
    guard let keys = FieldLeaves.keys(field, parent, isCustom) else { return wanted }
    var merged = items
    for item in wanted.items {
      let name = item.named(by: keys)
      if let index = merged.firstIndex(where: {
        !name.entries.isEmpty && $0.named(by: keys) == name
      }) {
        merged[index] = merged[index].applying(
          item, field: field, parent: parent, isCustom: isCustom)
      } else {
        merged.append(item)
      }
    }
    return .sequence(merged)
  }

  /// The tree without what is at a path, and without the mappings that are empty then.
  fileprivate func removing(_ path: ArraySlice<FieldPath.Step>) -> ObjectNode {
    guard let step = path.first else { return self }
    let rest = path.dropFirst()
    switch step {
    case .field(let name):
      var tree = self
      guard let child = self[name] else { return self }
      let left = rest.isEmpty ? nil : child.removing(rest)
      tree[name] = left?.isEmptyCollection ?? true ? nil : left
      return tree
    case .value(let value):
      return .sequence(items.filter { String(decoding: $0.canonicalJSON, as: UTF8.self) != value })
    case .key(let key):
      let fields = (try? ObjectNode(json: Array(key.utf8)))?.entries ?? []
      func isMeant(_ item: ObjectNode) -> Bool {
        fields.allSatisfy { item[$0.key] == $0.value }
      }
      guard !rest.isEmpty else { return .sequence(items.filter { !isMeant($0) }) }
      return .sequence(items.map { isMeant($0) ? $0.removing(rest) : $0 })
    }
  }

  private var isEmptyCollection: Bool {
    isMapping ? entries.isEmpty : isSequence && items.isEmpty
  }
}

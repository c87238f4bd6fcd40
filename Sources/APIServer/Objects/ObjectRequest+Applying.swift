import HTTPService
import Objects

extension ObjectRequest {
  /// Who writes, for `managedFields`; `nil` of pxelab's own programs, which say no name.
  func fieldWriter(_ part: WrittenPart) -> ManagedFields.Write? {
    let agent = http.fields["User-Agent"].map { String($0.prefix { $0 != "/" }) } ?? ""
    let manager = query["fieldManager"] ?? agent
    guard !manager.isEmpty else { return nil }
    return ManagedFields.Write(
      manager: manager, apiVersion: resource.apiVersion(target.version), time: "\(now)",
      isStatus: part == .status, isCustom: !definition.isTyped)
  }

  /// Who has set an object's fields, after an update.
  func managedFields(
    of admitted: AdmittedObject, over current: ObjectNode?, _ part: WrittenPart
  ) -> ObjectNode? {
    guard var write = fieldWriter(part) else { return current?["metadata", "managedFields"] }
    var fields = ManagedFields(of: current ?? [:])
    if let written = admitted.written {
      fields.update(from: current.map(shown), to: written, by: write)
    } else {
      // What is compared is what is stored.
      if definition.conversion != nil {
        write.apiVersion = resource.apiVersion(resource.storageVersion)
      }
      fields.update(from: current, to: admitted.object, by: write)
    }
    return fields.tree
  }

  /// Has an object be as a client wants it, in the fields that it names (server-side apply).
  func apply(_ part: WrittenPart) async throws(StatusError) -> HTTPResponse {
    let validation = try FieldValidation(query)
    let isDryRun = try query.isDryRun
    let isForced = try query.boolean("force") ?? false
    guard let manager = query["fieldManager"], let write = fieldWriter(part) else {
      throw StatusError(
        422, "Invalid",
        "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for "
          + "apply patch")
    }
    let body = try http.yaml()
    guard body["metadata", "managedFields"] == nil else {
      throw .badRequest("metadata.managedFields must be nil")
    }
    let wanted = try checked(body, against: [:])
    for attempt in 1...Self.attempts {
      let current = await store.get(key)?.tree
      guard current != nil || part == .object else { throw .notFound(key) }
      var fields = ManagedFields(of: current ?? [:])
      var object: ObjectNode
      do {
        object = try fields.apply(
          wanted, to: current.map(shown), by: write, isForced: isForced)
      } catch {
        throw Self.refusal(of: error)
      }
      object["metadata", "managedFields"] = fields.tree
      guard let current else {
        try checkMetadata(of: object, isNew: true)
        do {
          return try await create(object, validation, isDryRun)
        } catch {
          // Somebody else was faster: then it is an update.
          guard error.reason == "AlreadyExists", attempt < Self.attempts else { throw error }
          continue
        }
      }
      do {
        return try await self.write(
          object, over: current, part, validation, isDryRun, noting: false)
      } catch {
        guard case .store(.conflict) = error, attempt < Self.attempts else { throw error.status }
      }
    }
    throw StatusError(
      409, "Conflict", "\(key) changes too fast for \(manager) to apply anything")
  }

  /// apimachinery, pkg/util/managedfields/internal/conflict.go.
  private static func refusal(of conflicts: ManagedFields.Conflicts) -> StatusError {
    func words(_ owner: ManagedFields.Owner) -> String {
      "\"\(owner.manager)\""
        + (owner.subresource.isEmpty ? "" : " with subresource \"\(owner.subresource)\"")
        + " using \(owner.apiVersion)"
    }
    let all = conflicts.all
    let text: String
    if all.count == 1 {
      text = "conflict with \(words(all[0].owner)): \(all[0].field)"
    } else {
      var groups: [(String, [String])] = []
      for conflict in all {
        let name = words(conflict.owner)
        if groups.last?.0 == name {
          groups[groups.count - 1].1.append("- \(conflict.field)")
        } else {
          groups.append((name, ["- \(conflict.field)"]))
        }
      }
      text = groups.map { "conflicts with \($0.0):\n\($0.1.joined(separator: "\n"))" }
        .joined(separator: "\n")
    }
    return StatusError(
      409, "Conflict",
      "Apply failed with \(all.count) conflict\(all.count == 1 ? "" : "s"): \(text)",
      StatusError.Details(
        causes: all.map {
          StatusError.Cause(
            field: $0.field.description, message: "conflict with \(words($0.owner))",
            reason: "FieldManagerConflict")
        }))
  }
}

import Objects
import Reconciliation

/// Objects as rows for printing (apimachinery, meta/v1, Table).
struct TableForm: Sendable {
  /// What of each object goes with its row (`includeObject`).
  enum Included: String, Sendable {
    case metadata = "Metadata"
    case object = "Object"
    case none = "None"
  }

  let columns: [PrinterColumn]
  let included: Included

  init(_ columns: [PrinterColumn], _ query: RequestQuery) throws(StatusError) {
    self.columns = columns
    guard let asked = query["includeObject"] else {
      included = .metadata
      return
    }
    guard let known = Included(rawValue: asked) else {
      throw .badRequest("unrecognized includeObject value: \(asked)")
    }
    included = known
  }

  /// A table.
  ///
  /// - Parameters:
  ///   - items: the objects as they are shown.
  ///   - revision: the version of the list or of the object.
  ///   - saysColumns: `false` for a watch's events after the first.
  func table(
    _ items: [ObjectNode], at now: Timestamp, revision: String, saysColumns: Bool = true
  ) -> ObjectNode {
    let definitions = columns.map { column -> ObjectNode in
      [
        "name": .text(column.name), "type": .text(column.type), "format": .text(column.format),
        "description": .text(column.description), "priority": .integer(column.priority),
      ]
    }
    return [
      "kind": "Table", "apiVersion": "meta.k8s.io/v1",
      "metadata": ["resourceVersion": .text(revision)],
      "columnDefinitions": saysColumns ? .sequence(definitions) : .null,
      "rows": .sequence(items.map { row($0, now) }),
    ]
  }

  private func row(_ object: ObjectNode, _ now: Timestamp) -> ObjectNode {
    var row: ObjectNode = ["cells": .sequence(columns.map { $0.cell(object, now) })]
    switch included {
    case .none: row["object"] = .null
    case .object: row["object"] = object
    case .metadata: row["object"] = object.metadataAlone
    }
    return row
  }
}

extension ObjectNode {
  /// An object's metadata alone (apimachinery, meta/v1, PartialObjectMetadata).
  var metadataAlone: ObjectNode {
    [
      "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1",
      "metadata": self["metadata"] ?? [:],
    ]
  }
}

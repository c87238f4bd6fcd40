import Objects
import Reconciliation

/// A column that lists of a kind are printed with (apiextensions, CustomResourceColumnDefinition; of
/// core kinds kubernetes, pkg/printers/internalversion).
package struct PrinterColumn: Sendable {
  /// The heading, as clients get it; they print it in capitals.
  package var name: String
  /// `string`, `integer`, `date`…
  package var type: String
  /// `name` of the column with the object's name.
  package var format: String
  /// 1 for columns that only wide output has.
  package var priority: Int
  /// What it says, for people.
  package var description: String
  /// The cell of an object at a moment; null where there is nothing to print.
  package var cell: @Sendable (ObjectNode, Timestamp) -> ObjectNode

  /// A column whose cells are worked out.
  package init(
    _ name: String, type: String = "string", format: String = "", priority: Int = 0,
    description: String = "",
    cell: @escaping @Sendable (ObjectNode, Timestamp) -> ObjectNode
  ) {
    self.name = name
    self.type = type
    self.format = format
    self.priority = priority
    self.description = description
    self.cell = cell
  }

  /// A column of a custom resource: the values at a path, dates as ages.
  ///
  /// - Parameter path: such as `.status.phase`.
  package init(
    _ name: String, path: JSONPath, type: String = "string", format: String = "",
    priority: Int = 0
  ) {
    self.init(name, type: type, format: format, priority: priority) { tree, now in
      let values = path.values(in: tree).filter { !$0.isNull }
      guard let first = values.first else { return .null }
      switch type {
      case "date":
        guard let moment = first.string.flatMap({ Timestamp($0) }) else { return "<invalid>" }
        return .text(HumanDuration.text(seconds: now.seconds - moment.seconds))
      case "string":
        return .text(
          values.map { $0.string ?? String(decoding: $0.canonicalJSON, as: UTF8.self) }
            .joined(separator: " "))
      default: return first
      }
    }
  }

  /// The object's name.
  static let objectName = PrinterColumn("Name", format: "name") { tree, _ in
    tree["metadata", "name"] ?? ""
  }

  /// How old a core object is.
  static let age = PrinterColumn("Age") { tree, now in
    .text(age(of: tree["metadata", "creationTimestamp"], at: now))
  }

  /// How long ago a time is.
  static func age(of time: ObjectNode?, at now: Timestamp) -> String {
    guard let moment = time?.string.flatMap({ Timestamp($0) }) else { return "<unknown>" }
    return HumanDuration.text(seconds: now.seconds - moment.seconds)
  }
}

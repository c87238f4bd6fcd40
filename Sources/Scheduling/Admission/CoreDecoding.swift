import KubeVirt
import Objects

/// A pod or a node as an API server decodes it: what it does not know is not in it.
package struct CoreDecoding: Sendable {
  /// The object without the fields that the API does not know.
  package let object: ObjectNode
  /// The paths of those fields.
  package let unknownFields: [String]
  /// The first value of a wrong type, in Go's words.
  package let typeError: String?

  /// Decodes an object.
  ///
  /// - Parameter kind: `Pod` or `Node`.
  package init(_ object: ObjectNode, as kind: String) {
    let decoding = StrictDecoding(object, as: kind)
    typeError = decoding.typeError?.message
    unknownFields = decoding.unknown.map(\.place)
    self.object = unknownFields.isEmpty ? object : Self.known(object, .structure(kind))
  }

  private static func known(_ node: ObjectNode, _ type: APIType) -> ObjectNode {
    switch type {
    case .list(let item) where node.isSequence:
      return .sequence(node.items.map { known($0, item) })
    case .map(let value) where node.isMapping:
      return mapping(node.entries.map { ($0.key, known($0.value, value)) })
    case .structure(let name) where node.isMapping:
      guard let fields = CoreTypes.structures[name]?.fields else { return node }
      return mapping(
        node.entries.compactMap { entry in
          fields[entry.key].map { (entry.key, known(entry.value, $0.type)) }
        })
    default: return node
    }
  }

  private static func mapping(_ fields: [(String, ObjectNode)]) -> ObjectNode {
    ObjectNode(.mapping(fields.map { ObjectNode.Entry(key: $0.0, value: $0.1) }))
  }
}

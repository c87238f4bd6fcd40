import Objects

/// Looks for the field that was meant by a name that the API does not have where it is written: in
/// the mapping itself, in mappings around it, and in mappings inside those.
struct FieldSearch {
  /// A mapping of the object and what the API calls it.
  struct Level {
    var structure: String
    var path: String
    var node: ObjectNode
  }

  /// What was found.
  struct Match {
    var hint: UnknownField.Hint
    /// The structure and name of the field.
    var field: String
  }

  private struct Place {
    var structure: String
    var path: String
    /// Whether the mapping that it belongs into is there.
    var isStarted: Bool
  }

  /// How many mappings inside one are looked through.
  private static let depth = 4

  /// The mappings from the object's root to the one in hand.
  let levels: [Level]

  /// What was meant by a name in the innermost mapping.
  func match(for name: String) -> Match? {
    guard let here = levels.last, let fields = APITypes.structures[here.structure]?.fields else {
      return nil
    }
    let near = nearest(to: name, among: fields.keys)
    if let near, near.lowercased() == name.lowercased() {
      return Match(hint: .misspelt(near), field: "\(here.structure).\(near)")
    }
    if let places = places(of: name), let first = places.first {
      return Match(
        hint: .misplaced(places.map { $0.path.isEmpty ? name : "\($0.path).\(name)" }),
        field: "\(first.structure).\(name)")
    }
    return near.map { Match(hint: .misspelt($0), field: "\(here.structure).\($0)") }
  }

  /// The mappings that may have a field of this name, as few steps away as possible.
  private func places(of name: String) -> [Place]? {
    var best: (cost: Int, places: [Place])?
    for (distance, level) in levels.reversed().enumerated() {
      guard distance < best?.cost ?? .max,
        let found = placesBelow(level, of: name, within: (best?.cost ?? .max) - distance)
      else { continue }
      best = (distance + found.depth, found.places)
    }
    guard let places = best?.places else { return nil }
    let started = places.filter(\.isStarted)
    return (started.isEmpty ? places : started).sorted { $0.path < $1.path }
  }

  private func placesBelow(
    _ level: Level, of name: String, within limit: Int
  ) -> (depth: Int, places: [Place])? {
    var layer: [(structure: String, path: String, node: ObjectNode?)] = [
      (level.structure, level.path, level.node)
    ]
    for depth in 0...Self.depth where depth < limit {
      let places = layer.compactMap { part -> Place? in
        guard APITypes.structures[part.structure]?.fields[name] != nil else { return nil }
        return Place(
          structure: part.structure, path: part.path, isStarted: part.node?.isMapping ?? false)
      }
      if !places.isEmpty { return (depth, places) }
      layer = layer.flatMap { part in
        (APITypes.structures[part.structure]?.fields ?? [:]).compactMap { key, field in
          guard case .structure(let structure) = field.type else { return nil }
          return (
            structure, part.path.isEmpty ? key : "\(part.path).\(key)", part.node?[key]
          )
        }
      }
    }
    return nil
  }
}

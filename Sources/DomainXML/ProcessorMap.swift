/// The CPU models that libvirt knows, as its map has them (libvirt, src/cpu_map).
package struct ProcessorMap: Hashable, Sendable {
  /// A model.
  package struct Model: Hashable, Sendable {
    /// Who makes such processors; `nil` where any may.
    package var vendor: String?
    /// Its features.
    package var features: Set<String>
  }

  /// Where libvirt has its map.
  package static let folder = "/usr/share/libvirt/cpu_map"

  /// The file without which there is no map.
  package static let index = "\(folder)/index.xml"

  /// The models by name.
  package private(set) var models: [String: Model] = [:]

  /// Puts the files of a map together; a model that rests on one that is not there is left out.
  ///
  /// - Throws: `XMLParsingError`.
  package init(parsing files: [String]) throws(XMLParsingError) {
    var elements: [String: XMLElement] = [:]
    for file in files {
      let root = try XMLElement(parsing: file, root: "cpus")
      // Of the index, which has its models in files of their own, nothing is needed.
      for model in root.all("model") {
        if let name = model[attribute: "name"] { elements[name] = model }
      }
    }
    for name in elements.keys.sorted() { models[name] = Self.model(name, of: elements, depth: 0) }
  }

  /// This machine's.
  ///
  /// - Parameters:
  ///   - names: the names of a folder's files.
  ///   - text: what is in a file.
  /// - Throws: `XMLParsingError`; what `names` and `text` throw, also when there is no map.
  package init(
    names: (_ folder: String) throws -> [String], text: (_ path: String) throws -> String
  ) throws {
    _ = try text(Self.index)
    try self.init(
      parsing: names(Self.folder).filter { $0.hasPrefix("x86_") }
        .map { try text("\(Self.folder)/\($0)") })
  }

  private static func model(
    _ name: String, of elements: [String: XMLElement], depth: Int
  ) -> Model? {
    // Versions of models rest on one another in short rows.
    guard let element = elements[name], depth < 16 else { return nil }
    var model = Model(features: [])
    if let base = element.first("model")?[attribute: "name"] {
      guard let inherited = Self.model(base, of: elements, depth: depth + 1) else { return nil }
      model = inherited
    }
    if let vendor = element.first("vendor")?[attribute: "name"] { model.vendor = vendor }
    for feature in element.all("feature") {
      guard let name = feature[attribute: "name"] else { continue }
      if feature[attribute: "removed"] == "yes" {
        model.features.remove(name)
      } else {
        model.features.insert(name)
      }
    }
    return model
  }
}

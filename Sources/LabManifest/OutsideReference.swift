import Objects

/// Something in a lab's manifests that is more than a description of machines and networks: a
/// program that runs as the caller, or a file of the caller's.
package struct OutsideReference: Hashable, Sendable {
  /// What it is.
  package enum Subject: Hashable, Sendable {
    /// A server or a scheduler of the lab's own.
    case command(String)
    /// A disk that is a file of this machine.
    case hostDisk(String)
    /// A file, from the lab's folder on where the path is relative.
    case file(String)
  }

  /// What it is.
  package var subject: Subject
  /// Where it is.
  package var location: SourceLocation
  /// The object as `kind/name`.
  package var object: String
  /// The field's path.
  package var field: String

  /// As an error.
  package func problem(_ message: String) -> Problem {
    Problem(location: location, object: object, field: field, message: message)
  }
}

extension LabInput {
  /// All of them: lab.yaml's first, then the machines'.
  package var outsideReferences: [OutsideReference] {
    labReferences + machineObjects.flatMap { Self.hostDisks(in: $0.document) }
  }

  private var labReferences: [OutsideReference] {
    guard let document = labManifest else { return [] }
    func reference(_ subject: OutsideReference.Subject, _ field: Field) -> OutsideReference {
      OutsideReference(
        subject: subject, location: field.location, object: document.object, field: field.path)
    }
    let spec = document.fields(ProblemLog(object: document.object))["spec"]
    let programs =
      spec["attachments"].items.map { $0["server"]["command"] }
      + spec["schedulers"].items.map { $0["command"] }
    let commands = programs.filter(\.exists)
      .map { field in
        reference(.command(field.items.compactMap(\.stringOrNumber).first ?? ""), field)
      }
    let images = spec["diskImages"].entries.map(\.field)
    let efi = spec["machines"].items.map { $0["efi"] }
    let keys = efi.flatMap { field in
      ["trust", "revoke", "authorities"].flatMap { field[$0].items }
    }
    let files = (images + keys).compactMap { field -> OutsideReference? in
      // `image:NAME` is an image that pxelab brings.
      guard let path = field.stringOrNumber, !path.hasPrefix("image:") else { return nil }
      return reference(.file(path), field)
    }
    return commands + files
  }

  private static func hostDisks(in document: ManifestDocument) -> [OutsideReference] {
    let root = document.fields(ProblemLog(object: document.object))
    let template = root["spec"]["template"]
    let machine = template.exists ? template["spec"] : root["spec"]
    return machine["volumes"].items.map { $0["hostDisk"] }.filter(\.exists).map { field in
      OutsideReference(
        subject: .hostDisk(field["path"].stringOrNumber ?? ""), location: field.location,
        object: document.object, field: field.path)
    }
  }
}

import Objects

/// Bodies in protobuf, which newer clients send of a few kinds and of no others (k8s.io/api and
/// apimachinery, generated.proto): an envelope and the object in it.
enum ProtobufBody {
  /// The first bytes of each (apimachinery, runtime/serializer/protobuf).
  private static let magic = Array("k8s\0".utf8)

  /// The media type that clients name.
  static let mediaType = "application/vnd.kubernetes.protobuf"

  /// The object in a body.
  ///
  /// - Throws: ``StatusError`` for bytes of another form, and kinds that it does not know.
  static func object(_ bytes: [UInt8]) throws(StatusError) -> ObjectNode {
    guard bytes.starts(with: magic) else {
      throw .badRequest("provided data does not appear to be a protobuf message, expected prefix")
    }
    let envelope = try ProtobufMessage(bytes.dropFirst(magic.count))
    let type = try envelope.message(1)
    let apiVersion = try type?.text(1) ?? ""
    let kind = try type?.text(2) ?? ""
    // Options of a deletion name the version of what is deleted.
    let known =
      ProtobufShape.objects["\(apiVersion) \(kind)"] ?? ProtobufShape.objects["* \(kind)"]
    guard let shape = known else {
      throw .unsupportedMediaType(["application/json", "application/yaml"])
    }
    var tree = try shape.tree(try ProtobufMessage(envelope.bytes(2) ?? []))
    tree["apiVersion"] = .text(apiVersion)
    tree["kind"] = .text(kind)
    return tree
  }
}

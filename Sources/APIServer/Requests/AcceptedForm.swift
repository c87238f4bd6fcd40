import HTTPService

/// In which form a client wants an answer (apiserver, pkg/endpoints/handlers/negotiation).
enum AcceptedForm: Equatable {
  /// Objects as they are.
  case objects
  /// Rows for printing (apimachinery, meta/v1, Table).
  case table
  /// Their metadata alone (apimachinery, meta/v1, PartialObjectMetadata).
  case metadata
  /// Discovery of all groups at once (k8s.io/api, apidiscovery/v2).
  case aggregatedDiscovery

  /// The first form of the field Accept that this server knows; what clients would have in protobuf
  /// they take in JSON.
  init(_ request: HTTPRequest) {
    for range in (request.fields["Accept"] ?? "").split(separator: ",") {
      var parameters: [Substring: Substring] = [:]
      let parts = range.split(separator: ";").map { $0.filter { $0 != " " }[...] }
      for part in parts.dropFirst() {
        let sides = part.split(separator: "=", maxSplits: 1)
        if sides.count == 2 { parameters[sides[0]] = sides[1] }
      }
      guard parts.first == "application/json" || parts.first == "*/*" else { continue }
      switch (parameters["as"], parameters["g"], parameters["v"]) {
      case (nil, _, _):
        self = .objects
        return
      case ("Table"?, "meta.k8s.io"?, "v1"?):
        self = .table
        return
      case ("PartialObjectMetadata"?, "meta.k8s.io"?, "v1"?),
        ("PartialObjectMetadataList"?, "meta.k8s.io"?, "v1"?):
        self = .metadata
        return
      case ("APIGroupDiscoveryList"?, "apidiscovery.k8s.io"?, "v2"?):
        self = .aggregatedDiscovery
        return
      default: continue
      }
    }
    self = .objects
  }
}

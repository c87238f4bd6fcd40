import HTTPService
import Objects

extension APIServer {
  /// What is served beside objects: health, version, discovery, OpenAPI; `nil` for another path.
  func document(_ path: [String], _ request: HTTPRequest) -> HTTPResponse? {
    switch (path.first, path.count) {
    case (nil, _):
      return HTTPResponse([
        "paths": ["/api", "/apis", "/healthz", "/livez", "/openapi/v2", "/openapi/v3", "/version"]
      ])
    case ("healthz", 1), ("livez", 1), ("readyz", 1):
      return HTTPResponse(
        fields: ["Content-Type": "text/plain; charset=utf-8"], body: .bytes(Array("ok".utf8)))
    case ("version", 1): return HTTPResponse(ServerVersion.tree)
    case ("api", 1), ("apis", 1):
      let served = served
      let isCore = path[0] == "api"
      guard AcceptedForm(request) != .aggregatedDiscovery else {
        var response = HTTPResponse(served.aggregated(core: isCore))
        response.fields["Content-Type"] =
          "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
        response.fields["Vary"] = "Accept"
        return response
      }
      return HTTPResponse(isCore ? served.coreVersions : served.groupList)
    case ("api", 2): return served.resourceList("", path[1]).map { HTTPResponse($0) }
    case ("apis", 2): return served.groupDocument(path[1]).map { HTTPResponse($0) }
    case ("apis", 3): return served.resourceList(path[1], path[2]).map { HTTPResponse($0) }
    case ("openapi", _): return openAPI(Array(path.dropFirst()))
    default: return ownDocument(path).map { HTTPResponse($0) }
    }
  }
}

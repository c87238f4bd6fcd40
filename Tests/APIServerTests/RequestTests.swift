import Objects
import Testing

/// Requests and the answers that Kubernetes' clients know.
@Suite struct RequestTests {
  struct Case: CustomTestStringConvertible {
    var name: String
    var method = "GET"
    var target: String
    var type: String?
    var body = ""
    var code: Int
    var reason = ""
    var message = ""

    var testDescription: String { name }
  }

  static let pods = "/api/v1/namespaces/default/pods"
  static let maps = "/api/v1/namespaces/default/configmaps"
  static let instances = "/apis/kubevirt.io/v1/namespaces/default/virtualmachineinstances"
  static let json = "application/json"

  static let reading = [
    Case(name: "health", target: "/healthz", code: 200),
    Case(name: "version", target: "/version/", code: 200),
    Case(name: "a list", target: pods, code: 200),
    Case(name: "a list, slash at the end", target: "\(pods)/", code: 200),
    Case(name: "a list of all namespaces", target: "/api/v1/pods", code: 200),
    Case(name: "a list of the cluster's", target: "/api/v1/nodes?limit=500", code: 200),
    Case(name: "a list in no namespace", target: "/api/v1/namespaces/nosuch/pods", code: 200),
    Case(name: "a namespace", target: "/api/v1/namespaces/default", code: 200),
    Case(name: "a namespace's status", target: "/api/v1/namespaces/default/status", code: 200),
    Case(name: "another version", target: "/apis/kubevirt.io/v1alpha3/virtualmachines", code: 200),
    Case(
      name: "a missing object", target: "\(instances)/nosuch", code: 404, reason: "NotFound",
      message: "virtualmachineinstances.kubevirt.io \"nosuch\" not found"),
    Case(
      name: "a missing object of the core", target: "\(pods)/x", code: 404, reason: "NotFound",
      message: "pods \"x\" not found"),
    Case(
      name: "no status subresource", target: "\(instances)/x/status", code: 404,
      reason: "NotFound", message: "virtualmachineinstances.kubevirt.io \"x\" not found"),
    Case(
      name: "an unknown group", target: "/apis/config.openshift.io/v1/clusterversions/version",
      code: 404, reason: "NotFound", message: "the server could not find the requested resource"),
    Case(
      name: "an unknown version", target: "/apis/kubevirt.io/v9/virtualmachines", code: 404,
      reason: "NotFound", message: "the server could not find the requested resource"),
    Case(
      name: "an unknown path", target: "/nosuch", code: 404, reason: "NotFound",
      message: "the server could not find the requested resource"),
    Case(
      name: "a namespace for the cluster's", target: "/api/v1/namespaces/default/nodes", code: 404,
      reason: "NotFound", message: "the server could not find the requested resource"),
    Case(
      name: "a bad field selector", target: "\(instances)?fieldSelector=status.phase%3DRunning",
      code: 400, reason: "BadRequest", message: "field label not supported: status.phase"),
    Case(
      name: "a bad label selector", target: "\(pods)?labelSelector=a+in+b", code: 400,
      reason: "BadRequest"),
    Case(name: "a bad watch", target: "\(pods)?watch=yes", code: 400, reason: "BadRequest"),
    Case(
      name: "a bad version of a watch", target: "\(pods)?watch=1&resourceVersion=x", code: 400,
      reason: "BadRequest"),
    Case(
      name: "a version that is not reached", target: "\(pods)?watch=1&resourceVersion=999999",
      code: 504, reason: "Timeout"),
    Case(name: "a bad escape", target: "\(pods)/%zz", code: 400, reason: "BadRequest"),
    Case(name: "a way up", target: "/api/v1/namespaces/../pods", code: 400, reason: "BadRequest"),
  ]

  static let writing = [
    Case(
      name: "no content type", method: "POST", target: maps,
      body: #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"}}"#, code: 201),
    Case(
      name: "YAML", method: "POST", target: maps, type: "application/yaml",
      body: "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata: {a: '4'}\n", code: 201),
    Case(
      name: "a generated name", method: "POST", target: maps,
      body: #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"generateName":"x-"}}"#, code: 201),
    Case(
      name: "a missing namespace", method: "POST", target: "/api/v1/namespaces/nosuchns/configmaps",
      body: #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"}}"#, code: 404,
      reason: "NotFound", message: "namespaces \"nosuchns\" not found"),
    Case(
      name: "no kind, of a core one", method: "POST", target: maps,
      body: #"{"metadata":{"name":"x"}}"#, code: 201),
    Case(
      name: "no kind", method: "POST", target: instances, body: "{}", code: 400,
      reason: "BadRequest",
      message: "the object provided is unrecognized (must be of type VirtualMachineInstance): "
        + "Object 'Kind' is missing in '{}' ({})"),
    Case(
      name: "another kind", method: "POST", target: maps,
      body: #"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"x"}}"#, code: 400,
      reason: "BadRequest"),
    Case(
      name: "another version", method: "POST", target: instances,
      body: #"{"apiVersion":"v1","kind":"VirtualMachineInstance","metadata":{"name":"x"}}"#,
      code: 400, reason: "BadRequest",
      message: "the API version in the data (v1) does not match the expected API version "
        + "(kubevirt.io/v1)"),
    Case(
      name: "another namespace", method: "POST", target: maps,
      body: #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x","namespace":"y"}}"#,
      code: 400, reason: "BadRequest",
      message: "the namespace of the provided object does not match the namespace sent on the "
        + "request"),
    Case(
      name: "no namespace", method: "POST", target: "/api/v1/configmaps", body: "{}", code: 405,
      reason: "MethodNotAllowed",
      message: "the server does not allow this method on the requested resource"),
    Case(
      name: "no name", method: "POST", target: maps,
      body: #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{}}"#, code: 422,
      reason: "Invalid",
      message: "ConfigMap \"\" is invalid: metadata.name: Required value: name or generateName is "
        + "required"),
    Case(
      name: "a bad name", method: "POST", target: instances,
      body:
        #"{"apiVersion":"kubevirt.io/v1","kind":"VirtualMachineInstance","metadata":{"name":"Bad_Name"}}"#,
      code: 422, reason: "Invalid",
      message: "VirtualMachineInstance.kubevirt.io \"Bad_Name\" is invalid: metadata.name: Invalid "
        + "value: \"Bad_Name\": a lowercase RFC 1123 subdomain must consist of lower case "
        + "alphanumeric characters, '-' or '.', and must start and end with an alphanumeric "
        + "character (e.g. 'example.com', regex used for validation is "
        + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"),
    Case(
      name: "labels that are numbers", method: "POST", target: maps,
      body: #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x","labels":{"a":1}}}"#,
      code: 422, reason: "Invalid"),
    Case(
      name: "no JSON", method: "POST", target: maps, body: "{", code: 400, reason: "BadRequest"),
    Case(
      name: "no protobuf", method: "POST", target: maps,
      type: "application/vnd.kubernetes.protobuf", body: "k8s", code: 400, reason: "BadRequest"),
    Case(
      name: "CBOR", method: "POST", target: maps, type: "application/cbor", body: "", code: 415,
      reason: "UnsupportedMediaType"),
    Case(
      name: "strategic merge patch of a custom kind", method: "PATCH", target: "\(instances)/x",
      type: "application/strategic-merge-patch+json", body: "{}", code: 415,
      reason: "UnsupportedMediaType"),
    Case(
      name: "a patch of nothing", method: "PATCH", target: "\(instances)/x",
      type: "application/merge-patch+json", body: "{}", code: 404, reason: "NotFound"),
    Case(
      name: "a replacement of nothing", method: "PUT", target: "\(maps)/x", type: json,
      body: #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"}}"#, code: 404,
      reason: "NotFound"),
    Case(
      name: "a deletion of nothing", method: "DELETE", target: "\(maps)/x", code: 404,
      reason: "NotFound"),
    Case(
      name: "an unknown propagation", method: "DELETE", target: "\(maps)/x", type: json,
      body: #"{"propagationPolicy":"Sideways"}"#, code: 422, reason: "Invalid"),
    Case(
      name: "an unknown dry run", method: "POST", target: "\(maps)?dryRun=Some",
      body: #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"}}"#, code: 422,
      reason: "Invalid"),
    Case(name: "an unknown method", method: "OPTIONS", target: maps, code: 405),
  ]

  @Test(arguments: reading + writing)
  func answers(_ expected: Case) async throws {
    let api = try await TestAPI()
    let (status, body, _) = try await api.send(
      expected.method, expected.target, type: expected.type, expected.body)
    #expect(status == expected.code)
    if status >= 400 {
      #expect(body["kind"]?.string == "Status")
      #expect(body["code"]?.integer == status)
    }
    if !expected.reason.isEmpty { #expect(body["reason"]?.string == expected.reason) }
    if !expected.message.isEmpty { #expect(body["message"]?.string == expected.message) }
    await api.stop()
  }
}

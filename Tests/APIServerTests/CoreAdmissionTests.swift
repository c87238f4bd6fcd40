import HTTPService
import Objects
import Testing

@testable import APIServer
@testable import Client

/// Nodes and pods that clients write, judged as an API server does.
@Suite struct CoreAdmissionTests {
  private static let node = #"{"apiVersion":"v1","kind":"Node","metadata":{"name":"n"}}"#

  @Test(arguments: [
    (
      #"{"metadata":{"labels":{"a":"b c"}}}"#, 422, "metadata.labels", "FieldValueInvalid"
    ),
    (#"{"metadata":{"labels":{"-a":"b"}}}"#, 422, "metadata.labels", "FieldValueInvalid"),
    (
      #"{"spec":{"taints":[{"key":"k","effect":"Never"}]}}"#, 422, "metadata.taints[0].effect",
      "FieldValueNotSupported"
    ),
    (
      #"{"spec":{"taints":[{"key":"k","effect":"NoSchedule"},{"key":"k","effect":"NoSchedule"}]}}"#,
      422, "metadata.taints[1]", "FieldValueDuplicate"
    ),
    (#"{"spec":{"podCIDR":"10.0.0.0/8"}}"#, 422, "spec.podCIDRs", "FieldValueForbidden"),
  ])
  func nodesAreJudged(patch: String, code: Int, field: String, reason: String) async throws {
    let api = try await TestAPI()
    var node = try json(Self.node)
    node["spec"] = ["podCIDR": "10.1.0.0/16", "podCIDRs": ["10.1.0.0/16"]]
    let (made, _, _) = try await api.send("POST", "/api/v1/nodes", node.text)
    #expect(made == 201)
    let (status, answer, _) = try await api.send(
      "PATCH", "/api/v1/nodes/n", type: "application/merge-patch+json", patch)
    #expect(status == code)
    #expect(answer["details", "kind"] == "Node")
    #expect(answer["details", "causes"]?.item(0)?["field"]?.string == field)
    #expect(answer["details", "causes"]?.item(0)?["reason"]?.string == reason)
    await api.stop()
  }

  @Test func amountsOfNodesAreJudged() async throws {
    let api = try await TestAPI()
    _ = try await api.send("POST", "/api/v1/nodes", Self.node)
    let (status, answer, _) = try await api.send(
      "PATCH", "/api/v1/nodes/n/status", type: "application/merge-patch+json",
      #"{"status":{"capacity":{"cpu":"two"}}}"#)
    #expect(status == 400)
    #expect(
      answer["message"]?.string?.hasPrefix(
        "Node in version \"v1\" cannot be handled as a Node: quantities must match") == true)
    let (taken, node, _) = try await api.send(
      "PATCH", "/api/v1/nodes/n/status", type: "application/merge-patch+json",
      #"{"status":{"capacity":{"cpu":"2"}}}"#)
    #expect(taken == 200)
    #expect(node["status", "allocatable", "cpu"] == "2")
    await api.stop()
  }

  @Test func unknownFieldsOfNodesAreToldOf() async throws {
    let api = try await TestAPI()
    var node = try json(Self.node)
    node["spec"] = ["nosuch": 1, "unschedulable": true]
    let (status, answer, _) = try await api.send(
      "POST", "/api/v1/nodes?fieldValidation=Strict", node.text)
    #expect(status == 400)
    #expect(
      answer["message"]
        == "Node in version \"v1\" cannot be handled as a Node: strict decoding error: unknown field \"spec.nosuch\""
    )
    let (made, stored, fields) = try await api.send("POST", "/api/v1/nodes", node.text)
    #expect(made == 201)
    #expect(stored["spec"]?.text == #"{"unschedulable":true}"#)
    #expect(fields.contains { $0.value == #"299 - "unknown field \"spec.nosuch\"""# })
    await api.stop()
  }

  private static func pod(_ spec: String) -> String {
    #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":\#(spec)}"#
  }

  private static let pods = "/api/v1/namespaces/default/pods"

  @Test func podsAreFilledIn() async throws {
    let api = try await TestAPI()
    let (status, pod, _) = try await api.send(
      "POST", "\(Self.pods)?fieldManager=kubectl-create",
      Self.pod(#"{"containers":[{"name":"c","image":"a/b:1"}]}"#))
    #expect(status == 201)
    #expect(pod["spec", "containers"]?.item(0)?["imagePullPolicy"] == "IfNotPresent")
    #expect(pod["spec", "schedulerName"] == "default-scheduler")
    #expect(pod["spec", "priority"] == 0)
    #expect(pod["spec", "tolerations"]?.items.count == 2)
    #expect(pod["status"]?.text == #"{"phase":"Pending","qosClass":"BestEffort"}"#)
    // What admission adds is nobody's.
    let fields = pod["metadata", "managedFields"]?.item(0)?["fieldsV1", "f:spec"]
    #expect(fields?["f:dnsPolicy"] != nil)
    #expect(fields?["f:tolerations"] == nil)
    await api.stop()
  }

  @Test func podsAreJudgedAndCounted() async throws {
    let api = try await TestAPI()
    let (unknown, refusal, _) = try await api.send(
      "POST", Self.pods,
      Self.pod(#"{"priorityClassName":"none","containers":[{"name":"c","image":"i"}]}"#))
    #expect(unknown == 403)
    #expect(
      refusal["message"] == "pods \"p\" is forbidden: no PriorityClass with name none was found")
    let (invalid, causes, _) = try await api.send(
      "POST", Self.pods,
      Self.pod(
        #"{"nodeSelector":{"a":"b c"},"containers":[{"name":"c","image":"i"}]}"#))
    #expect(invalid == 422)
    #expect(causes["details", "causes"]?.items.isEmpty == false)
    _ = try await api.send(
      "POST", "/api/v1/namespaces/default/resourcequotas",
      #"{"apiVersion":"v1","kind":"ResourceQuota","metadata":{"name":"q"},"spec":{"hard":{"pods":"0"}}}"#
    )
    let (counted, exceeded, _) = try await api.send(
      "POST", Self.pods, Self.pod(#"{"containers":[{"name":"c","image":"i"}]}"#))
    #expect(counted == 403)
    #expect(
      exceeded["message"]
        == "pods \"p\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0"
    )
    await api.stop()
  }

  /// A status may be written without what is wanted of the node, which is not looked at there.
  @Test(arguments: ["", #""spec":{"podCIDR":"10.9.0.0/16"},"#])
  func statusOfANodeLeavesTheRest(spec: String) async throws {
    let api = try await TestAPI()
    var node = try json(Self.node)
    node["spec"] = ["podCIDR": "10.1.0.0/16", "podCIDRs": ["10.1.0.0/16"]]
    _ = try await api.send("POST", "/api/v1/nodes", node.text)
    let (status, answer, _) = try await api.send(
      "PUT", "/api/v1/nodes/n/status",
      #"{"metadata":{"name":"n"},\#(spec)"status":{"capacity":{"cpu":"2"}}}"#)
    #expect(status == 200)
    #expect(answer["spec", "podCIDR"] == "10.1.0.0/16")
    #expect(answer["status", "capacity", "cpu"] == "2")
    await api.stop()
  }

  /// Quotas count objects of any kind by their names, and of some core kinds without `count/`.
  @Test(arguments: [
    (
      "count/virtualmachines.kubevirt.io",
      "/apis/kubevirt.io/v1/namespaces/default/virtualmachines",
      #"{"apiVersion":"kubevirt.io/v1","kind":"VirtualMachine","metadata":{"name":"NAME"},"spec":{"runStrategy":"Halted","template":{"spec":{"domain":{"devices":{}}}}}}"#,
      "virtualmachines.kubevirt.io"
    ),
    (
      "configmaps", "/api/v1/namespaces/default/configmaps",
      #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"NAME"}}"#, "configmaps"
    ),
    (
      "count/configmaps", "/api/v1/namespaces/default/configmaps",
      #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"NAME"}}"#, "configmaps"
    ),
  ])
  func quotasCountObjects(_ name: String, _ path: String, _ object: String, _ resource: String)
    async throws
  {
    let api = try await TestAPI()
    func make(_ name: String, dryRun: Bool = false) async throws -> (Int, ObjectNode) {
      let (status, answer, _) = try await api.send(
        "POST", path + (dryRun ? "?dryRun=All" : ""), object.replacing("NAME", with: name))
      return (status, answer)
    }
    _ = try await api.send(
      "POST", "/api/v1/namespaces/default/resourcequotas",
      #"{"apiVersion":"v1","kind":"ResourceQuota","metadata":{"name":"q"},"spec":{"hard":{"\#(name)":"1","count/secrets":"0"}}}"#
    )
    #expect(try await make("a").0 == 201)
    for dryRun in [true, false] {
      let (status, answer) = try await make("b", dryRun: dryRun)
      #expect(status == 403)
      #expect(
        answer["message"]?.string
          == "\(resource) \"b\" is forbidden: exceeded quota: q, requested: \(name)=1, used: \(name)=1,"
          + " limited: \(name)=1")
    }
    // Its place is free once it has gone.
    _ = try await api.send("DELETE", "\(path)/a", "")
    #expect(try await make("b").0 == 201)
    await api.stop()
  }

  /// Room for one is one's, however many ask at once.
  @Test(arguments: [
    (Self.pods, #""kind":"Pod","spec":{"containers":[{"name":"c","image":"i"}]}"#),
    ("/api/v1/namespaces/default/secrets", #""kind":"Secret""#),
  ])
  func quotasHoldWhenManyAskAtOnce(path: String, object: String) async throws {
    let api = try await TestAPI()
    _ = try await api.send(
      "POST", "/api/v1/namespaces/default/resourcequotas",
      #"{"apiVersion":"v1","kind":"ResourceQuota","metadata":{"name":"q"},"spec":{"hard":{"pods":"1","secrets":"1"}}}"#
    )
    let server = api.api
    let statuses = await withTaskGroup(of: Int.self) { group in
      for number in 0..<16 {
        group.addTask {
          let body =
            #"{"apiVersion":"v1","metadata":{"name":"p\#(number)"},\#(object)}"#
          return await server.answer(
            HTTPRequest(
              method: "POST", target: path, fields: ["Content-Type": "application/json"],
              body: Array(body.utf8))
          ).status
        }
      }
      return await group.reduce(into: [Int]()) { $0.append($1) }
    }
    #expect(statuses.sorted() == [201] + Array(repeating: 403, count: 15))
    await api.stop()
  }

  @Test(arguments: [
    (
      #""stringData":{"port":8080}"#,
      "json: cannot unmarshal number into Go struct field Secret.stringData of type string"
    ),
    (
      #""stringData":["a"]"#,
      "json: cannot unmarshal array into Go struct field Secret.stringData of type map[string]string"
    ),
    (
      #""data":{"a":true}"#,
      "json: cannot unmarshal bool into Go struct field Secret.data of type []uint8"
    ),
    (#""data":{"a":"YQ==!"}"#, "illegal base64 data at input byte 4"),
    (#""data":{"a":"no base64"}"#, "illegal base64 data at input byte 2"),
    (#""data":{"a":"YWI"}"#, "illegal base64 data at input byte 0"),
  ])
  func dataOfSecretsIsChecked(data: String, objection: String) async throws {
    let api = try await TestAPI()
    let (status, answer, _) = try await api.send(
      "POST", "/api/v1/namespaces/default/secrets",
      #"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},\#(data)}"#)
    #expect(status == 400)
    #expect(
      answer["message"]?.string
        == "Secret in version \"v1\" cannot be handled as a Secret: \(objection)")
    await api.stop()
  }

  @Test func typesOfSecretsStay() async throws {
    let api = try await TestAPI()
    func secret(_ type: String) -> String {
      #"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"type":"\#(type)","data":{"a":"YQ==\n"},"stringData":{"b":"c"}}"#
    }
    let path = "/api/v1/namespaces/default/secrets"
    let (made, answer, _) = try await api.send("POST", path, secret("example.org/a"))
    #expect(made == 201)
    #expect(answer["data", "b"] == "Yw==")
    let (kept, _, _) = try await api.send("PUT", "\(path)/s", secret("example.org/a"))
    #expect(kept == 200)
    let (changed, refusal, _) = try await api.send("PUT", "\(path)/s", secret("Opaque"))
    #expect(changed == 422)
    #expect(
      refusal["message"]
        == #"Secret "s" is invalid: type: Invalid value: "Opaque": field is immutable"#)
    await api.stop()
  }
}

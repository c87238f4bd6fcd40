import HTTPService
import Objects
import Testing

@testable import APIServer
@testable import Client

/// Kinds that clients make with CustomResourceDefinitions.
@Suite struct CustomResourceTests {
  private static let definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
  private static let tabs = "/apis/stable.example.com/v1/namespaces/default/crontabs"

  private static let definition = """
    {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
    "metadata":{"name":"crontabs.stable.example.com"},
    "spec":{"group":"stable.example.com","scope":"Namespaced",
    "names":{"plural":"crontabs","kind":"CronTab","shortNames":["ct"],"categories":["all"]},
    "versions":[{"name":"v1beta1","served":true,"storage":false,
    "schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}},
    {"name":"v1","served":true,"storage":true,
    "additionalPrinterColumns":[
    {"name":"Spec","type":"string","description":"The cron spec","jsonPath":".spec.cronSpec"},
    {"name":"Replicas","type":"integer","jsonPath":".spec.replicas"},
    {"name":"Age","type":"date","jsonPath":".metadata.creationTimestamp"}],
    "subresources":{"status":{},"scale":{"specReplicasPath":".spec.replicas",
    "statusReplicasPath":".status.replicas","labelSelectorPath":".status.labelSelector"}},
    "schema":{"openAPIV3Schema":{"type":"object","required":["spec"],"properties":{
    "spec":{"type":"object","required":["cronSpec"],"properties":{
    "cronSpec":{"type":"string","pattern":"^(\\\\d+|\\\\*)(/\\\\d+)?(\\\\s+(\\\\d+|\\\\*)(/\\\\d+)?){4}$"},
    "image":{"type":"string","maxLength":20},
    "mode":{"type":"string","enum":["fast","slow"],"default":"slow"},
    "port":{"x-kubernetes-int-or-string":true},
    "replicas":{"type":"integer","minimum":1,"maximum":10,"default":1},
    "note":{"type":"string","nullable":true},
    "free":{"type":"object","x-kubernetes-preserve-unknown-fields":true},
    "labels":{"type":"object","additionalProperties":{"type":"string"}},
    "steps":{"type":"array","maxItems":2,"items":{"type":"object","properties":{
    "name":{"type":"string"}}}}}},
    "status":{"type":"object","properties":{"replicas":{"type":"integer"},
    "labelSelector":{"type":"string"}}}}}}}]}}
    """

  private static func tab(_ name: String, _ spec: String) -> String {
    #"{"apiVersion":"stable.example.com/v1","kind":"CronTab","metadata":{"name":"\#(name)"},"#
      + #""spec":\#(spec)}"#
  }

  private func served() async throws -> TestAPI {
    let api = try await TestAPI()
    let (status, _, _) = try await api.send("POST", Self.definitions, Self.definition)
    #expect(status == 201)
    return api
  }

  @Test func definitionIsEstablishedAndServedAtOnce() async throws {
    let api = try await served()
    let name = "\(Self.definitions)/crontabs.stable.example.com"
    let (_, tree, _) = try await api.send("GET", name)
    let conditions = tree["status", "conditions"]?.items ?? []
    #expect(
      conditions.map { "\($0["type"]?.string ?? "") \($0["status"]?.string ?? "")" }
        == ["NamesAccepted True", "Established True"])
    #expect(tree["status", "acceptedNames", "listKind"] == "CronTabList")
    #expect(tree["status", "acceptedNames", "singular"] == "crontab")
    #expect(tree["status", "storedVersions"] == ["v1"])
    #expect(tree["spec", "conversion", "strategy"] == "None")
    let (_, list, _) = try await api.send("GET", "/apis/stable.example.com/v1")
    #expect(
      list["resources"]?.items.map { $0["name"] }
        == ["crontabs", "crontabs/scale", "crontabs/status"])
    #expect(list["resources"]?.item(0)?["shortNames"] == ["ct"])
    let (_, group, _) = try await api.send("GET", "/apis/stable.example.com")
    #expect(group["preferredVersion", "version"] == "v1")
    let (_, document, _) = try await api.send("GET", "/openapi/v3/apis/stable.example.com/v1")
    let schema = document["components", "schemas", "com.example.stable.v1.CronTab"]
    #expect(schema?["properties", "spec", "properties", "image", "maxLength"] == 20)
    await api.stop()
  }

  @Test func objectsArePrunedAndFilledIn() async throws {
    let api = try await served()
    let spec =
      #"{"cronSpec":"* * * * */5","nosuch":1,"note":null,"port":80,"free":{"a":[1]},"image":null,"labels":{"a":"b"},"steps":[{"name":"x","other":1}]}"#
    let (status, tree, fields) = try await api.send("POST", Self.tabs, Self.tab("a", spec))
    #expect(status == 201)
    let stored =
      #"{"cronSpec":"* * * * */5","free":{"a":[1]},"labels":{"a":"b"},"mode":"slow","note":null,"port":80,"replicas":1,"steps":[{"name":"x"}]}"#
    #expect(tree["spec"]?.text == stored)
    #expect(
      fields.filter { $0.name.lowercased() == "warning" }.map(\.value) == [
        #"299 - "unknown field \"spec.nosuch\"""#,
        #"299 - "unknown field \"spec.steps[0].other\"""#,
      ])
    let (refused, answer, _) = try await api.send(
      "POST", "\(Self.tabs)?fieldValidation=Strict", Self.tab("b", spec))
    #expect(refused == 400)
    #expect(
      answer["message"]?.string
        == "CronTab in version \"v1\" cannot be handled as a CronTab: strict decoding error: "
        + "unknown field \"spec.nosuch\", unknown field \"spec.steps[0].other\"")
    let (_, other, _) = try await api.send(
      "GET", "/apis/stable.example.com/v1beta1/namespaces/default/crontabs/a")
    #expect(other["apiVersion"] == "stable.example.com/v1beta1")
    await api.stop()
  }

  @Test(arguments: [
    (#"{}"#, "spec.cronSpec: Required value"),
    (
      #"{"cronSpec":5}"#,
      #"spec.cronSpec: Invalid value: "integer": spec.cronSpec in body must be of type string: "integer""#
    ),
    (
      #"{"cronSpec":"x"}"#,
      #"spec.cronSpec: Invalid value: "x": spec.cronSpec in body should match '^(\d+|\*)(/\d+)?(\s+(\d+|\*)(/\d+)?){4}$'"#
    ),
    (
      #"{"cronSpec":"* * * * *","mode":"quick"}"#,
      #"spec.mode: Unsupported value: "quick": supported values: "fast", "slow""#
    ),
    (
      #"{"cronSpec":"* * * * *","replicas":0}"#,
      "spec.replicas: Invalid value: 0: spec.replicas in body should be greater than or equal to 1"
    ),
    (
      #"{"cronSpec":"* * * * *","replicas":11}"#,
      "spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10"
    ),
    (
      #"{"cronSpec":"* * * * *","port":true}"#,
      #"spec.port: Invalid value: "boolean": spec.port in body must be of type integer,string: "boolean""#
    ),
    (
      #"{"cronSpec":"* * * * *","image":"123456789012345678901"}"#,
      "spec.image: Too long: may not be more than 20 bytes"
    ),
    (
      #"{"cronSpec":"* * * * *","steps":[{},{},{}]}"#,
      "spec.steps: Too many: 3: must have at most 2 items"
    ),
  ])
  func objectsAreJudged(spec: String, objection: String) async throws {
    let api = try await served()
    let (status, answer, _) = try await api.send("POST", Self.tabs, Self.tab("a", spec))
    #expect(status == 422)
    #expect(
      answer["message"]?.string
        == "CronTab.stable.example.com \"a\" is invalid: \(objection)")
    #expect(answer["details", "causes"]?.items.count == 1)
    await api.stop()
  }

  @Test func tablesHaveTheDefinitionsColumns() async throws {
    let api = try await served()
    _ = try await api.send("POST", Self.tabs, Self.tab("a", #"{"cronSpec":"* * * * *"}"#))
    let answer = await api.api.answer(
      HTTPRequest(
        method: "GET", target: Self.tabs,
        fields: ["Accept": "application/json;as=Table;v=v1;g=meta.k8s.io"]))
    guard case .bytes(let bytes) = answer.body else {
      Issue.record("no table")
      return
    }
    let table = try ObjectNode(json: bytes)
    let columns = table["columnDefinitions"]?.items ?? []
    #expect(columns.map { $0["name"] } == ["Name", "Spec", "Replicas", "Age"])
    #expect(columns[1]["description"] == "The cron spec")
    #expect(table["rows"]?.item(0)?["cells"]?.items.prefix(3) == ["a", "* * * * *", 1])
    await api.stop()
  }

  @Test func statusAndScaleAreApart() async throws {
    let api = try await served()
    _ = try await api.send("POST", Self.tabs, Self.tab("a", #"{"cronSpec":"* * * * *"}"#))
    let merge = "application/merge-patch+json"
    let (status, tree, _) = try await api.send(
      "PATCH", "\(Self.tabs)/a/status", type: merge,
      #"{"spec":{"replicas":9},"status":{"replicas":3,"x":1}}"#)
    #expect(status == 200)
    #expect(tree["status"]?.text == #"{"replicas":3}"#)
    #expect(tree["spec", "replicas"] == 1)
    #expect(tree["metadata", "generation"] == 1)
    let (refused, _, _) = try await api.send(
      "PATCH", "\(Self.tabs)/a/status", type: merge, #"{"status":{"replicas":"many"}}"#)
    #expect(refused == 422)
    let (_, scale, _) = try await api.send(
      "PATCH", "\(Self.tabs)/a/scale", type: merge, #"{"spec":{"replicas":4}}"#)
    #expect(scale["kind"] == "Scale")
    #expect(scale["spec", "replicas"] == 4)
    #expect(scale["status", "replicas"] == 3)
    let (beyond, _, _) = try await api.send(
      "PATCH", "\(Self.tabs)/a/scale", type: merge, #"{"spec":{"replicas":40}}"#)
    #expect(beyond == 422)
    let (_, scaled, _) = try await api.send("GET", "\(Self.tabs)/a")
    #expect(scaled["spec", "replicas"] == 4)
    await api.stop()
  }

  @Test func objectsGoWithTheirDefinition() async throws {
    let api = try await served()
    _ = try await api.send("POST", Self.tabs, Self.tab("a", #"{"cronSpec":"* * * * *"}"#))
    let held =
      #"{"apiVersion":"stable.example.com/v1","kind":"CronTab","metadata":{"name":"b","finalizers":["example.com/x"]},"spec":{"cronSpec":"* * * * *"}}"#
    _ = try await api.send("POST", Self.tabs, held)
    let name = "\(Self.definitions)/crontabs.stable.example.com"
    let (status, deleted, _) = try await api.send("DELETE", name)
    #expect(status == 200)
    #expect(deleted["kind"] == "CustomResourceDefinition")
    #expect(deleted["metadata", "deletionTimestamp"] != nil)
    #expect(try await api.send("GET", "\(Self.tabs)/a").status == 404)
    // One that somebody holds keeps its definition.
    #expect(try await api.send("GET", name).status == 200)
    #expect(
      try await api.send("POST", Self.tabs, Self.tab("c", #"{"cronSpec":"* * * * *"}"#)).status
        == 405)
    _ = try await api.send(
      "PATCH", "\(Self.tabs)/b", type: "application/merge-patch+json",
      #"{"metadata":{"finalizers":null}}"#)
    #expect(try await api.send("GET", name).status == 404)
    #expect(try await api.send("GET", Self.tabs).status == 404)
    #expect(try await api.send("GET", "/apis/stable.example.com/v1").status == 404)
    await api.stop()
  }

  @Test func definitionsOutliveTheServer() async throws {
    let api = try await served()
    let again = APIServer(store: api.store)
    try await again.prepare()
    let answer = await again.answer(HTTPRequest(method: "GET", target: Self.tabs))
    #expect(answer.status == 200)
    await api.stop()
  }

  @Test(arguments: [
    (
      #""name":"crontabs.stable.example.com""#, #""name":"x.stable.example.com""#,
      #"metadata.name: Invalid value: "x.stable.example.com": must be spec.names.plural+"."+spec.group"#
    ),
    (#""scope":"Namespaced","#, "", "spec.scope: Required value"),
    (
      #""scope":"Namespaced""#, #""scope":"World""#,
      #"spec.scope: Unsupported value: "World": supported values: "Cluster", "Namespaced""#
    ),
    (
      #""schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}"#,
      #""schema":{}"#,
      "spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required"
    ),
    (
      #""type":"date","jsonPath""#, #""type":"day","jsonPath""#,
      #"spec.versions[1].additionalPrinterColumns[2].type: Invalid value: "day": must be one of boolean,date,integer,number,string"#
    ),
    (
      #""image":{"type":"string","#, #""image":{"#,
      "spec.versions[1].schema.openAPIV3Schema.properties[spec].properties[image].type: Required value: must not be empty for specified object fields"
    ),
    (
      #""specReplicasPath":".spec.replicas""#, #""specReplicasPath":".metadata""#,
      #"spec.versions[1].subresources.scale.specReplicasPath: Invalid value: ".metadata": should be a json path under .spec"#
    ),
    (
      #""specReplicasPath":".spec.replicas""#, #""specReplicasPath":".spec.""#,
      #"spec.versions[1].subresources.scale.specReplicasPath: Invalid value: ".spec.": must be a json path in the dot notation"#
    ),
    (
      #""statusReplicasPath":".status.replicas""#, #""statusReplicasPath":".spec.replicas""#,
      #"spec.versions[1].subresources.scale.statusReplicasPath: Invalid value: ".spec.replicas": should be a json path under .status"#
    ),
    (
      #""scope":"Namespaced""#, #""scope":"Namespaced","preserveUnknownFields":true"#,
      "spec.preserveUnknownFields: Invalid value: true: must be false"
    ),
    (
      #""image":{"type":"string""#, #""image":{"type":"text""#,
      #"spec.versions[1].schema.openAPIV3Schema.properties[spec].properties[image].type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string""#
    ),
    (
      #""port":{"#, #""port":{"anyOf":[{"pattern":"("}],"#,
      #"spec.versions[1].schema.openAPIV3Schema.properties[spec].properties[port].anyOf[0].pattern: Invalid value: "(": must be a valid regular expression, but isn't"#
    ),
    (
      #""maxItems":2,"#, #""x-kubernetes-list-type":"map","#,
      "spec.versions[1].schema.openAPIV3Schema.properties[spec].properties[steps].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map"
    ),
  ])
  func definitionsAreJudged(part: String, other: String, objection: String) async throws {
    let api = try await TestAPI()
    #expect(Self.definition.contains(part))
    let (status, answer, _) = try await api.send(
      "POST", Self.definitions, Self.definition.replacing(part, with: other))
    #expect(status == 422)
    #expect(answer["message"]?.string?.hasSuffix("is invalid: \(objection)") == true)
    await api.stop()
  }

  @Test(arguments: [
    (#"{"name":"v1beta1""#, #"{"name":"v1/beta""#, "spec.versions[0].name"),
    (#"["ct"]"#, #"["c t"]"#, "spec.names.shortNames[0]"),
    (#"["all"]"#, #"["All"]"#, "spec.names.categories[0]"),
  ])
  func namesAreLabels(part: String, other: String, field: String) async throws {
    let api = try await TestAPI()
    #expect(Self.definition.contains(part))
    let (status, answer, _) = try await api.send(
      "POST", Self.definitions, Self.definition.replacing(part, with: other))
    #expect(status == 422)
    #expect(answer["details", "causes"]?.items.map { $0["field"] } == [.text(field)])
    await api.stop()
  }

  @Test func namesOfOthersAreNotAccepted() async throws {
    let api = try await served()
    let other = Self.definition.replacing("crontabs", with: "clocks")
      .replacing("\"CronTab\"", with: "\"Clock\"")
    #expect(try await api.send("POST", Self.definitions, other).status == 201)
    let (_, tree, _) = try await api.send("GET", "\(Self.definitions)/clocks.stable.example.com")
    let condition = tree["status", "conditions"]?.item(0)
    #expect(condition?["reason"] == "ShortNamesConflict")
    #expect(condition?["message"] == #""ct" is already in use"#)
    #expect(
      try await api.send("GET", "/apis/stable.example.com/v1/namespaces/default/clocks").status
        == 404)
    await api.stop()
  }
}

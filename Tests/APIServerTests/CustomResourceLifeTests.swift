import HTTPService
import Objects
import Store
import Testing

@testable import APIServer
@testable import Client

/// Names, changes and ends of CustomResourceDefinitions.
@Suite struct CustomResourceLifeTests {
  private static let definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
  private static let merge = "application/merge-patch+json"

  private static let schema: ObjectNode = [
    "type": "object",
    "properties": [
      "spec": [
        "type": "object",
        "properties": ["mode": ["type": "string"], "size": ["type": "integer"]],
      ], "status": ["type": "object", "x-kubernetes-preserve-unknown-fields": true],
    ],
  ]

  private static func version(_ name: String, isStored: Bool = true) -> ObjectNode {
    [
      "name": .text(name), "served": true, "storage": .boolean(isStored),
      "schema": ["openAPIV3Schema": schema], "subresources": ["status": [:]],
    ]
  }

  private static func definition(
    _ plural: String, kind: String, short: [String] = [], group: String = "example.com"
  ) -> ObjectNode {
    [
      "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
      "metadata": ["name": .text("\(plural).\(group)")],
      "spec": [
        "group": .text(group), "scope": "Namespaced",
        "names": [
          "plural": .text(plural), "kind": .text(kind),
          "shortNames": .sequence(short.map { .text($0) }),
        ], "versions": [version("v1")],
      ],
    ]
  }

  private static func object(_ kind: String, _ name: String, _ spec: ObjectNode = [:]) -> ObjectNode
  {
    [
      "apiVersion": "example.com/v1", "kind": .text(kind), "metadata": ["name": .text(name)],
      "spec": spec,
    ]
  }

  private static func path(_ plural: String) -> String {
    "/apis/example.com/v1/namespaces/default/\(plural)"
  }

  private static func conditions(_ tree: ObjectNode) -> [String] {
    (tree["status", "conditions"]?.items ?? []).map {
      "\($0["type"]?.string ?? "") \($0["status"]?.string ?? "")"
    }
  }

  private func served(_ trees: ObjectNode...) async throws -> TestAPI {
    let api = try await TestAPI()
    for tree in trees {
      #expect(try await api.send("POST", Self.definitions, tree.text).status == 201)
    }
    return api
  }

  @Test func servedKindStaysServedWhenItsNewNamesAreTaken() async throws {
    let api = try await served(
      Self.definition("as", kind: "A", short: ["x"]), Self.definition("bs", kind: "B", short: ["y"])
    )
    _ = try await api.send("POST", Self.path("bs"), Self.object("B", "b").text)
    let (status, _, _) = try await api.send(
      "PATCH", "\(Self.definitions)/as.example.com", type: Self.merge,
      #"{"spec":{"names":{"shortNames":["y"]}}}"#)
    #expect(status == 200)
    let (_, changed, _) = try await api.send("GET", "\(Self.definitions)/as.example.com")
    #expect(Self.conditions(changed) == ["NamesAccepted False", "Established True"])
    #expect(changed["status", "acceptedNames", "shortNames"] == ["x"])
    let (_, other, _) = try await api.send("GET", "\(Self.definitions)/bs.example.com")
    #expect(Self.conditions(other) == ["NamesAccepted True", "Established True"])
    for plural in ["as", "bs"] {
      #expect(try await api.send("GET", Self.path(plural)).status == 200)
    }
    // A definition that goes takes its objects, and leaves its names.
    _ = try await api.send("DELETE", "\(Self.definitions)/bs.example.com")
    #expect(
      await api.store.list(GroupResource("bs", group: "example.com")).items.isEmpty)
    let (_, given, _) = try await api.send("GET", "\(Self.definitions)/as.example.com")
    #expect(Self.conditions(given) == ["NamesAccepted True", "Established True"])
    #expect(given["status", "acceptedNames", "shortNames"] == ["y"])
    await api.stop()
  }

  @Test func namesOfTheServersOwnKindsAreTaken() async throws {
    let api = try await served(
      Self.definition("machines", kind: "Machine", short: ["vm"], group: "kubevirt.io"))
    let (_, tree, _) = try await api.send("GET", "\(Self.definitions)/machines.kubevirt.io")
    #expect(Self.conditions(tree) == ["NamesAccepted False", "Established False"])
    #expect(tree["status", "conditions"]?.item(0)?["message"] == #""vm" is already in use"#)
    await api.stop()
  }

  @Test func kindMayBeMendedUntilItIsServed() async throws {
    let api = try await served(
      Self.definition("as", kind: "A"), Self.definition("bs", kind: "A"))
    let kind = #"{"spec":{"names":{"kind":"B","listKind":"BList","singular":"b"}}}"#
    let name = "\(Self.definitions)/bs.example.com"
    #expect(try await api.send("PATCH", name, type: Self.merge, kind).status == 200)
    let (_, tree, _) = try await api.send("GET", name)
    #expect(Self.conditions(tree) == ["NamesAccepted True", "Established True"])
    let (status, answer, _) = try await api.send(
      "PATCH", name, type: Self.merge, #"{"spec":{"names":{"kind":"C"},"scope":"Cluster"}}"#)
    #expect(status == 422)
    #expect(
      answer["details", "causes"]?.items.map { $0["field"] } == ["spec.scope", "spec.names.kind"])
    await api.stop()
  }

  @Test func definitionWithoutRoomForItsStatusHarmsNoOther() async throws {
    var limits = StoreLimits()
    limits.objectBytes = 4000
    let api = try await TestAPI(limits: limits)
    let short = (0..<170).map { "name-\($0)-x" }
    let large = Self.definition("as", kind: "A", short: short)
    let (status, _, fields) = try await api.send("POST", Self.definitions, large.text)
    #expect(status == 201)
    #expect(
      fields.contains { $0.name.lowercased() == "warning" && $0.value.contains("as.example.com") })
    let other = Self.definition("bs", kind: "B")
    #expect(try await api.send("POST", Self.definitions, other.text).status == 201)
    #expect(try await api.send("GET", Self.path("bs")).status == 200)
    let again = APIServer(store: api.store)
    #expect(try await again.prepare().count == 1)
    let answer = await again.answer(HTTPRequest(method: "GET", target: Self.path("bs")))
    #expect(answer.status == 200)
    await api.stop()
  }

  @Test func namesAreBounded() async throws {
    let api = try await TestAPI()
    let tree = Self.definition("as", kind: "A", short: (0..<9000).map { "name-\($0)" })
    let (status, answer, _) = try await api.send("POST", Self.definitions, tree.text)
    #expect(status == 422)
    #expect(answer["message"]?.string?.contains("spec.names: Too long") == true)
    await api.stop()
  }

  @Test func definitionsMadeAtOnceAreAllServed() async throws {
    let api = try await TestAPI()
    let codes = try await withThrowingTaskGroup(of: [Int].self) { group in
      for number in 0..<12 {
        group.addTask {
          let tree = Self.definition("k\(number)s", kind: "K\(number)")
          return [
            try await api.send("POST", Self.definitions, tree.text).status,
            try await api.send("GET", Self.path("k\(number)s")).status,
          ]
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(codes == Array(repeating: [201, 200], count: 12))
    await api.stop()
  }

  @Test func definitionGoesWhenOthersThanClientsTakeItsLastObject() async throws {
    let api = try await served(Self.definition("as", kind: "A"))
    let following = Task { await api.api.followDefinitions() }
    var tree = Self.object("A", "a")
    tree["metadata", "finalizers"] = ["example.com/x"]
    #expect(try await api.send("POST", Self.path("as"), tree.text).status == 201)
    let key = ObjectKey(CustomResourceDefinitions.id, namespace: "", name: "as.example.com")
    _ = try await api.send("DELETE", "\(Self.definitions)/as.example.com")
    #expect(await api.store.get(key) != nil)
    // Another than a client of the API takes the finalizer away.
    let object = ObjectKey(
      GroupResource("as", group: "example.com"), namespace: "default", name: "a")
    var held = try #require(await api.store.get(object)?.tree)
    held["metadata", "finalizers"] = nil
    try await api.store.update(object, held)
    await until { await api.store.get(key) == nil }
    following.cancel()
    await following.value
    await api.stop()
  }

  @Test func deletionWithAVersionIsDone() async throws {
    let api = try await served(Self.definition("as", kind: "A"))
    let name = "\(Self.definitions)/as.example.com"
    let (_, tree, _) = try await api.send("GET", name)
    let (refused, _, _) = try await api.send(
      "DELETE", name, #"{"preconditions":{"resourceVersion":"1"}}"#)
    #expect(refused == 409)
    let (_, kept, _) = try await api.send("GET", name)
    #expect(kept["metadata", "finalizers"] == nil)
    let (status, _, _) = try await api.send(
      "DELETE", name, #"{"preconditions":{"resourceVersion":"\#(tree.version)"}}"#)
    #expect(status == 200)
    #expect(try await api.send("GET", name).status == 404)
    await api.stop()
  }

  @Test func definitionsAreReplacedByVersion() async throws {
    let api = try await served(Self.definition("as", kind: "A"))
    let name = "\(Self.definitions)/as.example.com"
    let (status, answer, _) = try await api.send(
      "PUT", name, Self.definition("as", kind: "A").text)
    #expect(status == 422)
    #expect(
      answer["message"]?.string
        == "customresourcedefinitions.apiextensions.k8s.io \"as.example.com\" is invalid: "
        + "metadata.resourceVersion: Invalid value: 0: must be specified for an update")
    #expect(
      try await api.send(
        "PATCH", name, type: "application/strategic-merge-patch+json",
        #"{"metadata":{"labels":{"a":"b"}}}"#
      ).status == 200)
    await api.stop()
  }

  @Test func statusIsWrittenToTheVersionThatTheClientKnows() async throws {
    let api = try await served(Self.definition("as", kind: "A"))
    let name = "\(Self.path("as"))/a"
    let (_, made, _) = try await api.send("POST", Self.path("as"), Self.object("A", "a").text)
    _ = try await api.send("PATCH", name, type: Self.merge, #"{"spec":{"size":2}}"#)
    var old = made
    old["status"] = ["a": 1]
    #expect(try await api.send("PUT", "\(name)/status", old.text).status == 409)
    for metadata in [#"{"resourceVersion":"\#(made.version)"}"#, #"{"uid":"other"}"#] {
      #expect(
        try await api.send(
          "PATCH", "\(name)/status", type: Self.merge,
          #"{"metadata":\#(metadata),"status":{"a":1}}"#
        ).status == 409)
    }
    var (_, new, _) = try await api.send("GET", name)
    new["status"] = ["a": 1]
    #expect(try await api.send("PUT", "\(name)/status", new.text).status == 200)
    await api.stop()
  }

  @Test func whatIsUnchangedIsNotJudgedAgain() async throws {
    let api = try await served(Self.definition("as", kind: "A"))
    let name = "\(Self.path("as"))/a"
    _ = try await api.send(
      "POST", Self.path("as"), Self.object("A", "a", ["mode": "fast", "size": 1]).text)
    let slow =
      #"[{"op":"add","path":"/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/mode/enum","value":["slow"]}]"#
    #expect(
      try await api.send(
        "PATCH", "\(Self.definitions)/as.example.com", type: "application/json-patch+json", slow
      ).status == 200)
    let changes: [(String, String, Int)] = [
      ("", #"{"metadata":{"labels":{"a":"b"}}}"#, 200), ("", #"{"spec":{"size":2}}"#, 200),
      ("/status", #"{"status":{"a":1}}"#, 200), ("", #"{"spec":{"mode":"quick"}}"#, 422),
      ("", #"{"spec":{"size":"many"}}"#, 422), ("", #"{"spec":{"mode":"slow"}}"#, 200),
      ("", #"{"spec":{"mode":"fast"}}"#, 422),
    ]
    for (part, patch, wanted) in changes {
      let (status, _, _) = try await api.send("PATCH", name + part, type: Self.merge, patch)
      #expect(status == wanted, "\(patch)")
    }
    await api.stop()
  }

  @Test func versionsHaveTheirOwnSubresources() async throws {
    var tree = Self.definition("as", kind: "A")
    var other = Self.version("v1beta1", isStored: false)
    other["subresources"] = nil
    other["selectableFields"] = [["jsonPath": ".spec.mode"]]
    tree["spec", "versions"] = [Self.version("v1"), other]
    let api = try await served(tree)
    _ = try await api.send("POST", Self.path("as"), Self.object("A", "a", ["mode": "fast"]).text)
    let beta = "/apis/example.com/v1beta1/namespaces/default/as"
    #expect(try await api.send("GET", "\(Self.path("as"))/a/status").status == 200)
    #expect(try await api.send("GET", "\(beta)/a/status").status == 404)
    // Without the subresource the status is a field like others.
    let (_, patched, _) = try await api.send(
      "PATCH", "\(beta)/a", type: Self.merge, #"{"status":{"a":1}}"#)
    #expect(patched["status", "a"] == 1)
    #expect(
      try await api.send("GET", "\(Self.path("as"))?fieldSelector=spec.mode=fast").status == 400)
    let (_, list, _) = try await api.send("GET", "\(beta)?fieldSelector=spec.mode=slow")
    #expect(list["items"]?.items.isEmpty == true)
    await api.stop()
  }

  @Test func watchesEndWithTheirKind() async throws {
    let api = try await served(Self.definition("as", kind: "A"))
    _ = try await api.send("POST", Self.path("as"), Self.object("A", "a").text)
    func watch() async throws -> HTTPExchange {
      try await HTTPExchange(
        socket: api.path, method: "GET", target: "\(Self.path("as"))?watch=true")
    }
    func types(_ exchange: inout HTTPExchange) async throws -> [String] {
      var rest: [UInt8] = []
      var types: [String] = []
      while let line = try await exchange.line(&rest) {
        types.append(try ObjectNode(json: line)["type"]?.string ?? "")
      }
      return types
    }
    var first = try await watch()
    _ = try await api.send(
      "PATCH", "\(Self.definitions)/as.example.com", type: Self.merge,
      #"{"spec":{"names":{"shortNames":["x"]}}}"#)
    #expect(try await types(&first) == ["ADDED"])
    var second = try await watch()
    _ = try await api.send("DELETE", "\(Self.definitions)/as.example.com")
    #expect(try await types(&second) == ["ADDED", "DELETED"])
    await api.stop()
  }

  @Test func storedVersionsStay() async throws {
    let api = try await served(Self.definition("as", kind: "A"))
    let (status, answer, _) = try await api.send(
      "PATCH", "\(Self.definitions)/as.example.com", type: Self.merge,
      ObjectNode(dictionaryLiteral: ("spec", ["versions": [Self.version("v2")]])).text)
    #expect(status == 422)
    #expect(answer["details", "causes"]?.item(0)?["field"] == "status.storedVersions[0]")
    await api.stop()
  }
}

import HTTPService
import Objects
import Testing

@testable import APIServer
@testable import Store

/// Server-side apply and strategic merge patches, as clients ask for them.
@Suite struct ApplyTests {
  private func send(
    _ api: APIServer, _ method: String, _ target: String, _ type: String, _ body: String
  ) async throws -> (status: Int, tree: ObjectNode) {
    let response = await api.answer(
      HTTPRequest(
        method: method, target: target, fields: ["Content-Type": type], body: Array(body.utf8)))
    guard case .bytes(let bytes) = response.body else { return (response.status, .null) }
    return (response.status, try ObjectNode(json: bytes))
  }

  private static let path = "/api/v1/namespaces/default/configmaps/a"
  private static let apply = "application/apply-patch+yaml"

  private func yaml(_ data: String) -> String {
    "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: \(data)}"
  }

  @Test func whatIsNotThereIsMadeAndConflictsAreSaid() async throws {
    let api = APIServer(store: Store())
    try await api.prepare()
    let made = try await send(
      api, "PATCH", "\(Self.path)?fieldManager=kubectl&force=false", Self.apply, yaml("{x: '1'}"))
    #expect(made.status == 201)
    #expect(made.tree["metadata", "managedFields"]?.item(0)?["operation"] == "Apply")
    let other = try await send(
      api, "PATCH", "\(Self.path)?fieldManager=other", Self.apply, yaml("{x: '2'}"))
    #expect(other.status == 409)
    #expect(
      other.tree["message"]
        == "Apply failed with 1 conflict: conflict with \"kubectl\" using v1: .data.x")
    #expect(other.tree["details", "causes"]?.item(0)?["reason"] == "FieldManagerConflict")
    let forced = try await send(
      api, "PATCH", "\(Self.path)?fieldManager=other&force=true", Self.apply, yaml("{x: '2'}"))
    #expect(forced.status == 200 && forced.tree["data", "x"] == "2")
    // Applied again, nothing changes, not the version either.
    let again = try await send(
      api, "PATCH", "\(Self.path)?fieldManager=other", Self.apply, yaml("{x: '2'}"))
    #expect(again.tree == forced.tree)
    let badName = try await send(
      api, "PATCH", "/api/v1/namespaces/default/configmaps/A%0A..?fieldManager=kubectl", Self.apply,
      "{apiVersion: v1, kind: ConfigMap}")
    #expect(badName.status == 422)
    let nameless = try await send(api, "PATCH", Self.path, Self.apply, yaml("{x: '2'}"))
    #expect(nameless.status == 422)
  }

  @Test func anUpdateByAnotherIsNoted() async throws {
    let api = APIServer(store: Store())
    try await api.prepare()
    _ = try await send(
      api, "POST", "/api/v1/namespaces/default/configmaps?fieldManager=kubectl-create",
      "application/json",
      #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"1","y":"1"}}"#)
    _ = try await send(
      api, "PATCH", "\(Self.path)?fieldManager=kubectl-edit", "application/merge-patch+json",
      #"{"data":{"x":"3"}}"#)
    let refused = try await send(
      api, "PATCH", "\(Self.path)?fieldManager=kubectl", Self.apply, yaml("{x: '1', y: '2'}"))
    #expect(
      refused.tree["message"] == """
        Apply failed with 2 conflicts: conflicts with "kubectl-create" using v1:
        - .data.y
        conflicts with "kubectl-edit" using v1:
        - .data.x
        """)
  }

  @Test func nodesTakeStrategicPatchesAndCustomResourcesNone() async throws {
    let store = Store()
    let api = APIServer(store: store)
    try await store.create(
      ObjectKey(GroupResource("nodes"), namespace: "", name: "n"),
      ["apiVersion": "v1", "kind": "Node", "metadata": [:], "spec": ["taints": [["key": "a"]]]],
      status: .together)
    let patched = try await send(
      api, "PATCH", "/api/v1/nodes/n", "application/strategic-merge-patch+json",
      #"{"spec":{"unschedulable":true,"taints":null}}"#)
    #expect(patched.tree["spec"] == ["unschedulable": true])
    let refused = try await send(
      api, "PATCH", "/apis/kubevirt.io/v1/namespaces/default/virtualmachines/a",
      "application/strategic-merge-patch+json", "{}")
    #expect(refused.status == 415)
    #expect(
      refused.tree["message"]?.string?.hasSuffix(
        "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml")
        == true)
  }
}

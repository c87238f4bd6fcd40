import HTTPService
import Objects
import Reconciliation
import Testing

@testable import APIServer
@testable import Store

/// Rows for printing.
@Suite struct TableTests {
  private static let accept =
    "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,"
    + "application/json"

  @Test func anInstanceIsARowWithTheColumnsOfItsDefinition() async throws {
    let store = Store()
    let api = APIServer(store: store)
    try await api.prepare()
    var tree = instance("a")
    tree["status"] = [
      "phase": "Running", "nodeName": "node01", "interfaces": [["ipAddress": "10.0.2.2"]],
      "conditions": [["type": "Ready", "status": "True"], ["type": "Paused", "status": "False"]],
    ]
    try await store.create(
      ObjectKey(.virtualMachineInstances, namespace: "default", name: "a"), tree,
      status: .together)
    let table = try await get(api, "/apis/kubevirt.io/v1/virtualmachineinstances?limit=500")
    #expect(table["kind"] == "Table" && table["apiVersion"] == "meta.k8s.io/v1")
    #expect(
      table["columnDefinitions"]?.items.map { $0["name"]?.string } == [
        "Name", "Age", "Phase", "IP", "NodeName", "Ready", "Live-Migratable", "Paused",
      ])
    #expect(
      table["columnDefinitions"]?.items.map { $0["priority"]?.integer } == [0, 0, 0, 0, 0, 0, 1, 1])
    let row = try #require(table["rows"]?.item(0))
    let cells = row["cells"]?.items ?? []
    #expect(cells.count == 8 && cells[0] == "a")
    #expect(
      Array(cells.dropFirst(2)) == ["Running", "10.0.2.2", "node01", "True", .null, "False"])
    #expect(row["object", "kind"] == "PartialObjectMetadata")
    #expect(row["object", "metadata", "namespace"] == "default")
    #expect(row["object", "spec"] == nil)
    // One object is a table of one row, and whole objects go along on request.
    let one = try await get(
      api,
      "/apis/kubevirt.io/v1/namespaces/default/virtualmachineinstances/a?includeObject=Object")
    #expect(one["rows"]?.items.count == 1)
    #expect(one["rows"]?.item(0)?["object", "kind"] == "VirtualMachineInstance")
    #expect(one["metadata", "resourceVersion"] != "")
  }

  private func get(_ api: APIServer, _ target: String) async throws -> ObjectNode {
    let response = await api.answer(
      HTTPRequest(method: "GET", target: target, fields: ["Accept": Self.accept]))
    guard case .bytes(let bytes) = response.body else { return .null }
    return try ObjectNode(json: bytes)
  }

  /// Cells of core kinds (kubernetes, pkg/printers/internalversion/printers.go).
  @Test(arguments: [
    (
      "pods",
      #"{"metadata":{"name":"p"},"spec":{"containers":[{},{}],"nodeName":"n"},"status":{"phase":"Running","containerStatuses":[{"ready":true,"restartCount":2},{"ready":false}]}}"#,
      ["p", "1/2", "Running", "2", "<unknown>", "<none>", "n", "<none>", "<none>"]
    ),
    (
      "pods",
      #"{"metadata":{"name":"p","deletionTimestamp":"2026-11-30T00:00:00Z"},"spec":{"containers":[{}]},"status":{"phase":"Running"}}"#,
      ["p", "0/1", "Terminating", "0", "<unknown>", "<none>", "<none>", "<none>", "<none>"]
    ),
    (
      "pods",
      #"{"metadata":{"name":"p"},"spec":{"containers":[{}]},"status":{"phase":"Failed","containerStatuses":[{"state":{"terminated":{"reason":"Error","exitCode":1}}}]}}"#,
      ["p", "0/1", "Error", "0", "<unknown>", "<none>", "<none>", "<none>", "<none>"]
    ),
    (
      "nodes",
      #"{"metadata":{"name":"n","labels":{"node-role.kubernetes.io/worker":"","node-role.kubernetes.io/control-plane":""}},"spec":{"unschedulable":true},"status":{"conditions":[{"type":"Ready","status":"False"}],"nodeInfo":{"kubeletVersion":"v1.32.0"},"addresses":[{"type":"InternalIP","address":"192.0.2.1"}]}}"#,
      [
        "n", "NotReady,SchedulingDisabled", "control-plane,worker", "<unknown>", "v1.32.0",
        "192.0.2.1", "<none>", "<unknown>", "<unknown>", "<unknown>",
      ]
    ),
    (
      "events",
      #"{"metadata":{"name":"e"},"type":"Warning","reason":"R","message":"text\n","involvedObject":{"kind":"Pod","name":"p"},"source":{"component":"c"},"count":3,"lastTimestamp":"2026-11-30T00:00:00Z","firstTimestamp":"2026-11-29T23:00:00Z"}"#,
      ["90s", "Warning", "R", "pod/p", "", "c", "text", "61m", "3", "e"]
    ),
    (
      "configmaps", #"{"metadata":{"name":"c"},"data":{"a":"1"},"binaryData":{"b":"Yg=="}}"#,
      ["c", "2", "<unknown>"]
    ),
  ])
  func cellsOfCoreKinds(_ resource: String, _ json: String, _ expected: [String]) throws {
    let tree = try ObjectNode(json: Array(json.utf8))
    let now = try #require(Timestamp("2026-11-30T00:01:30Z"))
    let columns = try #require(CoreColumns.byKind[GroupResource(resource)])
    #expect(columns.map { $0.cell(tree, now).scalar?.text ?? "null" } == expected)
  }

  @Test(arguments: [
    (-2, "<invalid>"), (-1, "0s"), (0, "0s"), (119, "119s"), (120, "2m"), (121, "2m1s"),
    (599, "9m59s"), (600, "10m"), (10_799, "179m"), (10_800, "3h"), (10_860, "3h1m"),
    (28_800, "8h"), (172_799, "47h"), (172_800, "2d"), (176_400, "2d1h"), (691_200, "8d"),
    (63_072_000, "2y"), (63_158_400, "2y1d"), (252_288_000, "8y"),
  ])
  func agesArePrintedAsKubectlDoes(_ seconds: Int, _ text: String) {
    #expect(HumanDuration.text(seconds: seconds) == text)
  }

  @Test func aWatchInRowsSaysItsColumnsOnce() async throws {
    let test = try await TestAPI()
    for name in ["a", "b"] { try await test.client.create(configMap(name)) }
    let response = await test.api.answer(
      HTTPRequest(
        method: "GET", target: "/api/v1/namespaces/default/configmaps?watch=true",
        fields: ["Accept": Self.accept]))
    guard case .stream(let lines, _) = response.body else {
      Issue.record("no stream")
      return
    }
    var seen: [ObjectNode] = []
    for try await line in lines {
      seen.append(try ObjectNode(json: line))
      if seen.count == 2 { break }
    }
    #expect(seen.map { $0["type"]?.string } == ["ADDED", "ADDED"])
    #expect(seen[0]["object", "columnDefinitions"]?.items.count == 3)
    #expect(seen[1]["object", "columnDefinitions"]?.isNull == true)
    #expect(seen.allSatisfy { $0["object", "rows"]?.items.count == 1 })
    await test.stop()
  }
}

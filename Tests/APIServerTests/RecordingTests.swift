import FileSystem
import Foundation
import Objects
import Testing

/// The story that a real API server told, told again: Fixtures/README.md.
@Suite struct RecordingTests {
  /// Fields of metadata that are another's in each telling.
  private static let own: Set<String> = [
    "uid", "resourceVersion", "creationTimestamp", "deletionTimestamp", "managedFields",
    // Lists are not cut.
    "continue",
  ]

  private func recorded() throws -> [ObjectNode] {
    let path = try #require(
      Bundle.module.path(forResource: "recorded", ofType: "jsonl", inDirectory: "Fixtures"))
    return try Files.text(of: path).split(separator: "\n").map { try json(String($0)) }
  }

  @Test func answersAreAsRecorded() async throws {
    let api = try await TestAPI()
    let exchanges = try recorded()
    #expect(exchanges.count == 20)
    let namespace: ObjectNode = [
      "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "openshift-cnv"],
    ]
    try await api.client.create(namespace)
    var first = try #require(exchanges.first?["answer"])
    first["metadata", "resourceVersion"] = nil
    try await api.client.create(first)
    for exchange in exchanges {
      let label = Comment(
        rawValue: "\(exchange["label"]?.string ?? "") \(exchange["method"]?.string ?? "")")
      let (status, body, _) = try await api.send(
        exchange["method"]?.string ?? "", exchange["uri"]?.string ?? "",
        type: exchange["type"]?.string, exchange["body"]?.text ?? "")
      #expect(status == exchange["status"]?.integer, label)
      let expected = try #require(exchange["answer"])
      compare(body, expected, label)
      let items = zip(body["items"]?.items ?? [], expected["items"]?.items ?? [])
      for (item, recorded) in items { compare(item, recorded, label) }
      #expect(body["items"]?.items.count == expected["items"]?.items.count, label)
    }
    await api.stop()
  }

  private func compare(_ body: ObjectNode, _ expected: ObjectNode, _ label: Comment) {
    for field in ["apiVersion", "kind", "status", "message", "reason", "code"]
    where expected[field]?.scalar != nil {
      #expect(body[field] == expected[field], label)
    }
    func metadata(_ tree: ObjectNode) -> [ObjectNode.Entry] {
      (tree["metadata"]?.entries ?? []).filter { !Self.own.contains($0.key) }
    }
    #expect(metadata(body).map(\.key) == metadata(expected).map(\.key), label)
    #expect(metadata(body).map(\.value) == metadata(expected).map(\.value), label)
    let isMarked = expected["metadata", "deletionTimestamp"] != nil
    #expect((body["metadata", "deletionTimestamp"] != nil) == isMarked, label)
    for field in ["name", "group", "kind"] {
      #expect(body["details", field] == expected["details", field], label)
    }
    if expected["kind"]?.string == "HyperConverged" {
      #expect(body["spec"] == expected["spec"], label)
    }
  }
}

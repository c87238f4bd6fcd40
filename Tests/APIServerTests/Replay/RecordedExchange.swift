import FileSystem
import Foundation
import HTTPService
import Objects
import Testing

/// A request of a real client and what a real API server answered: Fixtures/README.md.
struct RecordedExchange {
  let label: String
  let method: String
  let uri: String
  let status: Int
  private let tree: ObjectNode

  init(_ tree: ObjectNode) {
    self.tree = tree
    label = tree["label"]?.string ?? ""
    method = tree["method"]?.string ?? ""
    uri = tree["uri"]?.string ?? ""
    status = tree["status"]?.integer ?? 0
  }

  /// The exchanges of a client, in their order.
  static func all(of client: String) throws -> [RecordedExchange] {
    let path = try #require(
      Bundle.module.path(
        forResource: client, ofType: "jsonl", inDirectory: "Fixtures/exchanges"))
    return try Files.text(of: path).split(separator: "\n").map {
      RecordedExchange(try json(String($0)))
    }
  }

  /// The answer, unless it was in protobuf or a watch.
  var answer: ObjectNode? { tree["answer"] }
  /// The events of a watch.
  var events: [ObjectNode]? { tree["events"]?.items }
  /// The list of the answer that the recording cuts off: what follows is not known.
  var cut: String? { tree["cut"]?.string }
  var type: String? { tree["fields", "Content-Type"]?.string }
  var warning: String? { tree["fields", "Warning"]?.string }
  var body: ObjectNode? { tree["body"] }
  var path: String { String(uri.prefix { $0 != "?" }) }

  /// The request, with the names of the recording's objects replaced by those that they have here.
  func request(_ replaced: (String) -> String) -> HTTPRequest {
    var fields: HTTPFields = [:]
    for (name, field) in [("Accept", "accept"), ("Content-Type", "type"), ("User-Agent", "agent")] {
      fields[name] = tree[field]?.string
    }
    return HTTPRequest(
      method: method, target: replaced(uri), fields: fields,
      body: body.map { Array(replaced($0.string ?? $0.text).utf8) } ?? [])
  }
}

import HTTPService
import Objects
import Testing

@testable import APIServer

/// What real clients asked of a real API server, asked again: Fixtures/README.md.
@Suite struct ReplayTests {
  static let clients = [
    "kubectl-1.20", "kubectl-1.33", "oc-1.35", "python-clients", "kube-scheduler", "misc",
  ]

  @Test func answersAreAsRecorded() async throws {
    var known = try KnownDifferences()
    for client in Self.clients { try await replay(client, &known) }
    for entry in known.unused {
      Issue.record("not seen any more: \(entry.exchange) | \(entry.difference)")
    }
  }

  private func replay(_ client: String, _ known: inout KnownDifferences) async throws {
    let exchanges = try RecordedExchange.all(of: client)
    #expect(!exchanges.isEmpty)
    let api = try await TestAPI()
    var world = ReplayedWorld(api, exchanges)
    for exchange in exchanges {
      try await world.prepare(for: exchange)
      let answer = await api.api.answer(exchange.request(world.replaced))
      let differences = try await Replay.differences(exchange, answer, &world)
      for difference in differences {
        let seen = KnownDifferences.Seen(
          exchange: "\(client) | \(exchange.label) | \(exchange.method) \(exchange.uri)",
          difference: KnownDifferences.normalized(difference))
        guard !known.explain(seen) else { continue }
        let line: ObjectNode = [
          "difference": .text(seen.difference), "exchange": .text(seen.exchange),
        ]
        Issue.record("unexplained: \(line.text)")
      }
    }
    await api.stop()
  }
}

enum Replay {
  static func differences(
    _ exchange: RecordedExchange, _ response: HTTPResponse, _ world: inout ReplayedWorld
  ) async throws -> [String] {
    var differences: [String] = []
    // A watch from a version that others made.
    guard exchange.events == nil || world.knowsStart(of: exchange) else {
      return ["not compared: the watch begins at a version that is not known here"]
    }
    if response.status != exchange.status {
      differences.append("status: \(response.status), recorded \(exchange.status)")
    }
    if let type = exchange.type, response.fields["Content-Type"] != type {
      differences.append(
        "Content-Type: \(response.fields["Content-Type"] ?? "none"), recorded \(type)")
    }
    let warning = response.fields["Warning"]
    if warning != exchange.warning {
      differences.append("Warning: \(warning ?? "none"), recorded \(exchange.warning ?? "none")")
    }
    if let events = exchange.events {
      let here = try await lines(response, events.count)
      for (index, event) in events.enumerated() {
        guard here.indices.contains(index) else {
          differences.append(
            "event \(index): nothing, recorded \(event["type"]?.string ?? "") \(event["object"]?.name ?? "")"
          )
          break
        }
        differences += TreeComparison(here[index], event).differences.map {
          "event \(index) \($0)"
        }
      }
      return differences
    }
    var bytes: [UInt8] = []
    if case .bytes(let all) = response.body { bytes = all }
    guard let recorded = exchange.answer else { return differences }
    guard let here = try? ObjectNode(json: bytes) else {
      let text = String(decoding: bytes, as: UTF8.self)
      if .text(text) != recorded {
        differences.append("body: \(text.prefix(100)), recorded \(recorded.text.prefix(100))")
      }
      return differences
    }
    await world.learn(exchange, here)
    if response.status != exchange.status {
      differences.append("body: \(here.text.prefix(300))")
      return differences
    }
    if exchange.uri.hasPrefix("/api?") || exchange.uri.hasPrefix("/apis?")
      || ["APIResourceList", "APIGroupList"].contains(recorded["kind"]?.string ?? "")
    {
      return differences + discovery(here, recorded)
    }
    if recorded["kind"]?.string == "Table",
      here["rows"]?.items.count != recorded["rows"]?.items.count, !world.knowsAll(of: exchange)
    {
      return differences
        + TreeComparison(
          ["columns": here["columnDefinitions"] ?? []],
          ["columns": recorded["columnDefinitions"] ?? []]
        ).differences
    }
    var named = here
    if recorded["metadata", "generateName"] != nil {
      named["metadata", "name"] = recorded["metadata", "name"]
    }
    return differences + TreeComparison(named, recorded).differences
  }

  /// Lists of names: what is served here too must be told of alike.
  private static func discovery(_ here: ObjectNode, _ recorded: ObjectNode) -> [String] {
    func entries(_ tree: ObjectNode) -> [(String, ObjectNode)] {
      if let groups = tree["groups"] { return groups.items.map { ($0["name"]?.string ?? "", $0) } }
      if let resources = tree["resources"] {
        return resources.items.map { ($0["name"]?.string ?? "", $0) }
      }
      return (tree["items"]?.items ?? []).flatMap { group in
        (group["versions"]?.items ?? []).flatMap { version in
          (version["resources"]?.items ?? []).map {
            (
              "\(group.name)/\(version["version"]?.string ?? "")/\($0["resource"]?.string ?? "")",
              $0
            )
          }
        }
      }
    }
    let own = Dictionary(entries(here)) { first, _ in first }
    return entries(recorded).flatMap { name, entry -> [String] in
      guard let there = own[name] else { return ["discovery \(name): not served"] }
      return TreeComparison(there.withSortedVerbs, entry.withSortedVerbs).differences.map {
        "discovery \(name) \($0)"
      }
    }
  }

  private static func lines(_ response: HTTPResponse, _ count: Int) async throws -> [ObjectNode] {
    switch response.body {
    case .bytes(let bytes):
      return try bytes.split(separator: 0x0a).map { try ObjectNode(json: Array($0)) }
    case .stream(let stream, _):
      let reading = Task {
        var lines: [ObjectNode] = []
        if count == 0 { return lines }
        for try await chunk in stream {
          lines.append(try ObjectNode(json: chunk))
          if lines.count == count { break }
        }
        return lines
      }
      let timer = Task {
        try await Task.sleep(for: .seconds(2))
        reading.cancel()
      }
      defer { timer.cancel() }
      return try await reading.value
    default: return []
    }
  }
}

extension ObjectNode {
  /// Verbs are a set.
  var withSortedVerbs: ObjectNode {
    var tree = self
    func sorted(_ node: ObjectNode?) -> ObjectNode? {
      node.map { .sequence($0.items.sorted { ($0.string ?? "") < ($1.string ?? "") }) }
    }
    tree["verbs"] = sorted(tree["verbs"])
    if let subresources = tree["subresources"] {
      tree["subresources"] = .sequence(
        subresources.items.map { item in
          var item = item
          item["verbs"] = sorted(item["verbs"])
          return item
        }.sorted { ($0["subresource"]?.string ?? "") < ($1["subresource"]?.string ?? "") })
    }
    return tree
  }
}

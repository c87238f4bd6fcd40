import Objects
import Store

@testable import APIServer

/// The objects of a recording, as they are at each of its exchanges.
///
/// What was there before the recording, and what others changed meanwhile, is put into the store as the
/// recording shows it. What the recording's own requests made or changed is left as the server made it.
struct ReplayedWorld {
  let api: TestAPI
  /// Whole objects, by uid, as any recording shows them.
  private var whole: [String: [ObjectNode]] = [:]
  /// The recorded uid of each object that is there, and the last recorded version.
  private var known: [ObjectKey: (uid: String, version: String)] = [:]
  /// Recorded uids and what they are here.
  private var uids: [String: String] = [:]
  /// Recorded versions of objects and what they are here.
  private var versions: [String: String] = [:]
  /// The same of lists.
  private var listVersions: [String: String] = [:]

  init(_ api: TestAPI, _ exchanges: [RecordedExchange]) {
    self.api = api
    for exchange in exchanges {
      for object in exchange.objects where object["kind"]?.string != "PartialObjectMetadata" {
        guard object.entries.count > 3, let uid = object["metadata", "uid"]?.string else {
          continue
        }
        whole[uid, default: []].append(object)
      }
    }
  }

  /// A text with recorded uids as they are here.
  func replaced(_ text: String) -> String {
    let text = replacedUIDs(text)
    for (known, before, after) in [
      (versions, "\"resourceVersion\":\"", "\""), (listVersions, "resourceVersion=", "&"),
    ] {
      for (recorded, own) in known {
        let old = "\(before)\(recorded)\(after)"
        guard text.contains(old) else { continue }
        return text.split(separator: old, omittingEmptySubsequences: false)
          .joined(separator: "\(before)\(own)\(after)")
      }
    }
    return text
  }

  private func replacedUIDs(_ text: String) -> String {
    var text = text
    for (recorded, own) in uids where text.contains(recorded) {
      text = text.split(separator: recorded, omittingEmptySubsequences: false).joined(
        separator: own)
    }
    return text
  }

  /// Whether the recordings show all objects of an answer as a whole.
  func knowsAll(of exchange: RecordedExchange) -> Bool {
    exchange.objects.allSatisfy { object in
      object["metadata", "uid"]?.string.map { whole[$0] != nil } ?? false
    }
  }

  /// Whether a watch begins at a version that is known here.
  func knowsStart(of exchange: RecordedExchange) -> Bool {
    listVersions.keys.contains { exchange.uri.contains("resourceVersion=\($0)&") }
  }

  /// Makes the objects that an answer shows, where they are not there as they were then.
  mutating func prepare(for exchange: RecordedExchange) async throws {
    guard exchange.status < 300 else { return }
    let isWrite = exchange.method != "GET"
    if isWrite, exchange.method == "POST" || exchange.status == 201 {
      // The namespace was there.
      try await makeNamespace(of: exchange.path)
      return
    }
    let segments = exchange.path.split(separator: "/").map(String.init)
    guard let target = RequestTarget(segments),
      let definition = api.api.definitions.definition(target.resource, version: target.version)
    else { return }
    try await makeNamespace(of: exchange.path)
    // A write's answer shows what was after it.
    guard !isWrite else {
      let key = target.key
      let before = exchange.answer?["metadata", "uid"]?.string.flatMap { whole[$0]?.first }
      if await api.store.get(key) == nil, let before {
        try await put(before, target, definition.resource)
      }
      return
    }
    let objects = exchange.events == nil ? exchange.objects : []
    for shown in objects { try await put(shown, target, definition.resource) }
    guard target.name.isEmpty, !exchange.uri.contains("elector"), exchange.cut == nil,
      exchange.answer != nil
    else { return }
    let there = Set(objects.compactMap { $0["metadata", "name"]?.string })
    let namespace = target.namespace.isEmpty ? nil : target.namespace
    for (key, _) in await api.store.list(target.resource, namespace: namespace).items
    where !there.contains(key.name) && known[key] == nil { try await remove(key) }
  }

  /// Remembers what an answer says of objects.
  mutating func learn(_ exchange: RecordedExchange, _ here: ObjectNode) async {
    guard exchange.status < 300 else { return }
    if let recorded = exchange.answer?["metadata", "resourceVersion"]?.string,
      let own = here["metadata", "resourceVersion"]?.string
    {
      if exchange.answer?["metadata", "uid"] == nil {
        listVersions[recorded] = own
      } else {
        versions[recorded] = own
      }
    }
    if exchange.method == "POST", exchange.answer?["metadata", "generateName"] != nil,
      let name = here["metadata", "name"]?.string,
      let target = RequestTarget(exchange.path.split(separator: "/").map(String.init))
    {
      // It has another name here: the recorded one comes with the next answer that shows it.
      var key = target.key
      key.name = name
      try? await remove(key)
      return
    }
    guard let answer = exchange.answer, let uid = answer["metadata", "uid"]?.string,
      let target = RequestTarget(exchange.path.split(separator: "/").map(String.init)),
      let name = answer["metadata", "name"]?.string
    else { return }
    var key = target.key
    key.name = name
    if let own = here["metadata", "uid"]?.string { uids[uid] = own }
    known[key] = (uid, answer["metadata", "resourceVersion"]?.string ?? "")
  }

  private func makeNamespace(of path: String) async throws {
    guard let target = RequestTarget(path.split(separator: "/").map(String.init)),
      !target.namespace.isEmpty
    else { return }
    let key = ObjectKey(GroupResource("namespaces"), namespace: "", name: target.namespace)
    guard await api.store.get(key) == nil else { return }
    try await api.store.create(
      key, ["apiVersion": "v1", "kind": "Namespace", "metadata": [:]], status: .together)
  }

  private mutating func put(
    _ shown: ObjectNode, _ target: RequestTarget, _ resource: APIResource
  ) async throws {
    guard let name = shown["metadata", "name"]?.string,
      let uid = shown["metadata", "uid"]?.string
    else { return }
    var object = shown
    if shown["kind"]?.string == "PartialObjectMetadata" {
      guard let all = whole[uid] else { return }
      let version = shown["metadata", "resourceVersion"]
      object = all.first { $0["metadata", "resourceVersion"] == version } ?? all[all.count - 1]
      object["metadata"] = shown["metadata"]
    }
    object["kind"] = .text(resource.kind)
    object["apiVersion"] = .text(resource.apiVersion(resource.storageVersion))
    let key = ObjectKey(
      target.resource, namespace: shown["metadata", "namespace"]?.string ?? "", name: name)
    let version = shown["metadata", "resourceVersion"]?.string ?? ""
    let isThere = await api.store.get(key) != nil
    if isThere, let state = known[key], state == (uid, version) { return }
    let isSame = known[key]?.uid == uid
    known[key] = (uid, version)
    for field in ["resourceVersion", "uid"] { object["metadata", field] = nil }
    object = try json(replacedUIDs(object.text))
    if isThere, isSame {
      try await api.store.update(key, object, status: .together)
    } else {
      if isThere { try await remove(key) }
      try await api.store.create(key, object, status: .together)
    }
    guard let stored = await api.store.get(key) else { return }
    uids[uid] = stored.uid
    versions[version] = stored.tree["metadata", "resourceVersion"]?.string ?? ""
    if let generation = shown["metadata", "generation"]?.integer {
      while let now = await api.store.get(key)?.tree,
        now["metadata", "generation"]?.integer ?? 0 < generation
      {
        var changed = now
        changed["x"] = .integer(now["metadata", "generation"]?.integer ?? 0)
        try await api.store.update(key, changed, status: .together)
        changed["x"] = nil
        if (now["metadata", "generation"]?.integer ?? 0) + 1 == generation { break }
      }
    }
  }

  private func remove(_ key: ObjectKey) async throws {
    if var tree = await api.store.get(key)?.tree, tree["metadata", "finalizers"] != nil {
      tree["metadata", "finalizers"] = nil
      try await api.store.update(key, tree, status: .together)
    }
    try await api.store.delete(key)
  }
}

extension RecordedExchange {
  /// The objects that the answer shows, whole or with their metadata alone.
  var objects: [ObjectNode] {
    var objects: [ObjectNode] = []
    func add(_ tree: ObjectNode?) {
      guard let tree else { return }
      switch tree["kind"]?.string {
      case "Table"?: objects += (tree["rows"]?.items ?? []).compactMap { $0["object"] }
      case "Status"?: return
      default:
        if let items = tree["items"] { objects += items.items } else { objects.append(tree) }
      }
    }
    add(answer)
    for event in events ?? [] { add(event["object"]) }
    return objects
  }
}

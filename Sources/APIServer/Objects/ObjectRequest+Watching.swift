import HTTPService
import Objects
import Store

extension ObjectRequest {
  func watch() async throws(StatusError) -> HTTPResponse {
    let selection = try ObjectSelection(definition, target, query)
    let time = try query.number("timeoutSeconds")
    let sendsInitial = try query.boolean("sendInitialEvents")
    let bookmarks = try query.boolean("allowWatchBookmarks") ?? false
    if sendsInitial == true, !bookmarks || query["resourceVersionMatch"] != "NotOlderThan" {
      throw StatusError(
        422, "Invalid",
        "ListOptions.meta.k8s.io \"\" is invalid: sendInitialEvents: Forbidden: it needs "
          + "allowWatchBookmarks=true and resourceVersionMatch=NotOlderThan")
    }
    let start = try start(sendsInitial)
    let scope = WatchScope(selection.resource, namespace: selection.namespace)
    let form = AcceptedForm(http)
    let presentation = WatchPresentation(
      request: self, form: form,
      table: form == .table ? try TableForm(definition.columns(target.version), query) : nil,
      endsInitial: sendsInitial == true, saysBookmarks: bookmarks)
    var response = HTTPResponse(
      fields: ["Content-Type": "application/json", "Cache-Control": "no-cache, private"])
    do throws(StoreError) {
      let watch = try await store.watch(scope, from: start, bookmarks: bookmarks) {
        selection.matches($0)
      }
      // The watches of a kind end when its definition changes: one that comes late must not outlive it.
      guard definitions.isCurrent(definition) else { return HTTPResponse(json: []) }
      response.body = .stream(
        WatchStream(watch: watch, presentation: presentation),
        // A client that does not say how long gets what an API server gives at least.
        lasting: .seconds(min(time ?? 1800, 86_400)))
    } catch .tooOld(let known, let oldest) {
      response.body = .bytes(presentation.line(.tooOld(known, oldest: oldest)))
    } catch {
      throw StatusError(error)
    }
    return response
  }

  private func start(_ sendsInitial: Bool?) throws(StatusError) -> WatchStart {
    guard sendsInitial != true else { return .existing }
    guard let text = query["resourceVersion"] else {
      return sendsInitial == false ? .now : .existing
    }
    guard let revision = Int(text), revision >= 0 else {
      throw .badRequest(
        "Invalid value: \(text.debugDescription): resourceVersion is a number that the API gave")
    }
    if revision == 0 { return sendsInitial == false ? .now : .existing }
    return .after(revision)
  }
}

/// How a watch's events are written: an object a line (apimachinery, meta/v1, WatchEvent).
struct WatchPresentation: Sendable {
  let request: ObjectRequest
  let form: AcceptedForm
  /// Of a watch in rows.
  let table: TableForm?
  /// Whether the bookmark after the objects that were there says that it is that.
  let endsInitial: Bool
  let saysBookmarks: Bool

  /// The line of an event; `nil` for one that the client does not want.
  ///
  /// - Parameter isFirst: whether no event came before it: then a table says its columns.
  func line(_ event: WatchEvent, isFirst: Bool) -> [UInt8]? {
    switch event {
    case .added(_, let object): line("ADDED", presented(object.tree, isFirst))
    case .modified(_, let object): line("MODIFIED", presented(object.tree, isFirst))
    case .deleted(_, let object): line("DELETED", presented(object.tree, isFirst))
    case .bookmark(let revision, let isInitialEnd):
      saysBookmarks && (!isInitialEnd || endsInitial)
        ? line("BOOKMARK", bookmark(revision, isInitialEnd, isFirst)) : nil
    }
  }

  private func presented(_ tree: ObjectNode, _ isFirst: Bool) -> ObjectNode {
    let shown = request.shown(tree)
    if let table {
      return table.table(
        [shown], at: request.now, revision: shown["metadata", "resourceVersion"]?.string ?? "",
        saysColumns: isFirst)
    }
    return form == .metadata ? shown.metadataAlone : shown
  }

  func line(_ error: StoreError) -> [UInt8] { line("ERROR", StatusError(error).tree) }

  private func line(_ type: String, _ object: ObjectNode) -> [UInt8] {
    var line = Array("{\"type\":\"\(type)\",\"object\":".utf8)
    object.writeCanonicalJSON(to: &line)
    line += Array("}\n".utf8)
    return line
  }

  private func bookmark(
    _ revision: Int, _ isInitialEnd: Bool, _ isFirst: Bool
  ) -> ObjectNode {
    if let table {
      return table.table(
        [], at: request.now, revision: String(revision), saysColumns: isFirst)
    }
    let resource = request.resource
    var tree: ObjectNode = [
      "kind": .text(resource.kind),
      "apiVersion": .text(resource.apiVersion(request.target.version)),
      "metadata": ["resourceVersion": .text(String(revision))],
    ]
    if isInitialEnd {
      tree["metadata", "annotations"] = ["k8s.io/initial-events-end": "true"]
    }
    return tree
  }
}

/// A watch as the lines that are sent. It holds one event at a time: a client that does not read falls
/// behind, and is told that its place is too old.
struct WatchStream: AsyncSequence, Sendable {
  typealias Element = [UInt8]

  let watch: Watch
  let presentation: WatchPresentation

  func makeAsyncIterator() -> Iterator {
    Iterator(events: watch.makeAsyncIterator(), presentation: presentation)
  }

  struct Iterator: AsyncIteratorProtocol {
    var events: Watch.Iterator?
    let presentation: WatchPresentation
    private var isFirst = true

    init(events: Watch.Iterator, presentation: WatchPresentation) {
      self.events = events
      self.presentation = presentation
    }

    mutating func next() async throws -> [UInt8]? {
      do throws(StoreError) {
        while let event = try await events?.next() {
          guard let line = presentation.line(event, isFirst: isFirst) else { continue }
          isFirst = false
          return line
        }
        return nil
      } catch {
        events = nil
        return presentation.line(error)
      }
    }
  }
}

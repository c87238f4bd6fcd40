import FileSystem
import Glibc
import HTTPService
import Objects
import Testing

@testable import APIServer
@testable import Client
@testable import Store

/// An API on a socket in a folder that goes with the test, over a store in memory.
final class TestAPI: Sendable {
  let folder: String
  let store: Store
  let api: APIServer
  let server: HTTPServer
  var path: String { "\(folder)/socket" }
  /// A client with more patience than a busy machine needs.
  var client: APIClient { APIClient(socketPath: path, timeLimit: .seconds(3600)) }

  init(limits: StoreLimits = StoreLimits()) async throws {
    let store = Store(limits: limits)
    let api = APIServer(store: store)
    try await api.prepare()
    folder = try Files.makeUniqueFolder("/tmp/pxelab-api-test.")
    self.store = store
    self.api = api
    server = try await Self.serve(api, "\(folder)/socket")
  }

  deinit { try? Files.remove(folder) }

  static func serve(_ api: APIServer, _ path: String) async throws -> HTTPServer {
    var limits = HTTPLimits()
    limits.requestTime = .seconds(3600)
    limits.idleTime = .seconds(3600)
    limits.stallTime = .seconds(3600)
    return try await HTTPServer.start(
      on: [.unix(path: path, users: [getuid()])], limits: limits
    ) { await api.answer($0) }
  }

  /// Sends a request as it is.
  func send(
    _ method: String, _ target: String, type: String? = nil, _ body: String = ""
  ) async throws -> (status: Int, body: ObjectNode, fields: [(name: String, value: String)]) {
    var exchange = try await HTTPExchange(
      socket: path, method: method, target: target, type: type, body: Array(body.utf8))
    let bytes = try await exchange.body()
    let tree = (try? ObjectNode(json: bytes)) ?? .text(String(decoding: bytes, as: UTF8.self))
    return (exchange.status, tree, exchange.fields)
  }

  func stop() async {
    await server.stop(grace: .zero)
    await store.close()
  }
}

func json(_ text: String) throws -> ObjectNode { try ObjectNode(json: Array(text.utf8)) }

extension ObjectNode {
  var text: String { String(decoding: canonicalJSON, as: UTF8.self) }
  var name: String { self["metadata", "name"]?.string ?? "" }
  var version: String { self["metadata", "resourceVersion"]?.string ?? "" }
}

func configMap(_ name: String, _ data: String = "1", labels: ObjectNode? = nil) -> ObjectNode {
  var tree: ObjectNode = [
    "apiVersion": "v1", "kind": "ConfigMap",
    "metadata": ["name": .text(name), "namespace": "default"], "data": ["a": .text(data)],
  ]
  if let labels { tree["metadata", "labels"] = labels }
  return tree
}

func configMapKey(_ name: String) -> ObjectKey {
  ObjectKey(.configMaps, namespace: "default", name: name)
}

/// A VirtualMachineInstance that a cluster takes.
func instance(_ name: String) -> ObjectNode {
  [
    "apiVersion": "kubevirt.io/v1", "kind": "VirtualMachineInstance",
    "metadata": ["name": .text(name), "namespace": "default"],
    "spec": ["domain": ["devices": [:], "memory": ["guest": "1Gi"]]],
  ]
}

/// Lets other tasks run until something holds.
func until(_ holds: () async -> Bool) async {
  while !(await holds()) { await Task.yield() }
}

/// Returns when the task is cancelled.
func untilCancelled() async {
  let (stream, continuation) = AsyncStream<Void>.makeStream()
  for await _ in stream {}
  continuation.finish()
}

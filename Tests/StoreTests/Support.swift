import FileSystem
import Glibc
import Objects

@testable import Store

let machines = GroupResource("virtualmachines", group: "kubevirt.io")
let pods = GroupResource("pods")
let nodes = GroupResource("nodes")

func machine(_ name: String, in namespace: String = "default") -> ObjectKey {
  ObjectKey(machines, namespace: namespace, name: name)
}

func pod(_ name: String, in namespace: String = "default") -> ObjectKey {
  ObjectKey(pods, namespace: namespace, name: name)
}

/// Times that stand still and UIDs that follow from the key, so that results can be written down.
let fixedMoment = WriteMoment(
  seconds: { 1_764_440_028 }, uid: { "uid-\($0.namespace)-\($0.name)" })

/// The timestamp of ``fixedMoment``.
let fixedTime = "2025-11-29T18:13:48Z"

func json(_ text: String) throws -> ObjectNode { try ObjectNode(json: Array(text.utf8)) }

extension ObjectNode {
  /// The value as JSON text.
  var text: String { String(decoding: canonicalJSON, as: UTF8.self) }

  /// This tree with a value elsewhere.
  func with(_ path: String..., value: ObjectNode?) -> ObjectNode {
    var tree = self
    switch path.count {
    case 1: tree[path[0]] = value
    case 2: tree[path[0], path[1]] = value
    default: tree[path[0], path[1], path[2]] = value
    }
    return tree
  }
}

/// A folder that goes with the test.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = try Files.makeUniqueFolder("/tmp/pxelab-store-test.")
  }

  deinit { try? Files.remove(path) }

  func file(_ name: String = "store") -> String { "\(path)/\(name)" }

  func size(_ name: String = "store") -> Int { Files.size(of: file(name)) ?? -1 }
}

/// A log in memory whose appends wait until they are let through, or fail.
actor GatedLog: ChangeLog {
  private(set) var payloads: [[UInt8]] = []
  private var isOpen: Bool
  private var error: FileError?
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(isOpen: Bool = false) {
    self.isOpen = isOpen
  }

  /// The appends that wait.
  var waitingCount: Int { waiting.count }

  func append(_ payload: [UInt8]) async throws(FileError) {
    if !isOpen { await withCheckedContinuation { waiting.append($0) } }
    if let error { throw error }
    payloads.append(payload)
  }

  func compact(_ table: ObjectTable) async throws(FileError) {}

  func close() {}

  /// Lets what waits through, and what comes; with an error all of it fails.
  func open(failing error: FileError? = nil) {
    isOpen = true
    self.error = error
    let waiting = self.waiting
    self.waiting = []
    for continuation in waiting { continuation.resume() }
  }
}

/// Lets other tasks run until something holds.
func until(_ holds: () async -> Bool) async {
  while !(await holds()) { await Task.yield() }
}

extension ObjectTable {
  /// All objects, as text that shows every difference.
  var contents: [String] {
    resources.flatMap { resource in
      objects(of: resource).map { "\(resource) \($0.key) \($0.object.tree.text)" }
    }
  }
}

extension Store {
  /// Everything in the store, as text that shows every difference.
  var contents: [String] { snapshot.contents }
}

import APIServer
import FileSystem
import FoundationEssentials
import Glibc
import HTTPService
import Kinds
import Objects
import Planning
import Store

@testable import Subresources

/// A lab's API over a store in memory, with the files of its machines in a folder that goes with the
/// test.
final class TestLab: Sendable {
  let folder: String
  let paths: LabPaths
  let store = Store()
  /// Where the names of network namespaces are.
  var networkNamespaces: String { "\(folder)/netns" }
  let api: APIServer

  init() async throws {
    folder = try Files.makeUniqueFolder("/tmp/pxelab-subresources-test.")
    paths = LabPaths(directory: folder, stores: "\(folder)/stores")
    api = APIServer(store: store)
    try await api.prepare()
    PodSubresources(store: store, paths: paths).register(on: api)
    KubeVirtSubresources.register(
      on: api, store: store, paths: paths, networkNamespaces: networkNamespaces)
  }

  deinit { try? Files.remove(folder) }

  /// The answer's status and body; a stream is read to its end.
  func send(
    _ method: String, _ target: String, _ body: String = ""
  ) async throws -> (status: Int, text: String) {
    let response = await api.answer(
      HTTPRequest(method: method, target: target, body: Array(body.utf8)))
    return (response.status, try await text(of: response))
  }

  /// The message of an answer that is a Status.
  func refusal(
    _ method: String, _ target: String, _ body: String = ""
  ) async throws -> (status: Int, message: String) {
    let (status, text) = try await send(method, target, body)
    return (status, try ObjectNode(json: Array(text.utf8))["message"]?.string ?? "")
  }

  func text(of response: HTTPResponse) async throws -> String {
    var all: [UInt8] = []
    switch response.body {
    case .bytes(let bytes): all = bytes
    case .stream(let chunks, _): for try await chunk in chunks { all += chunk }
    default: break
    }
    return String(decoding: all, as: UTF8.self)
  }

  /// Makes an object as it is, its status too.
  func make(_ resource: GroupResource, _ tree: ObjectNode) async throws {
    let key = ObjectKey(
      resource, namespace: tree["metadata", "namespace"]?.string ?? "default",
      name: tree["metadata", "name"]?.string ?? "")
    try await store.create(key, tree, status: .together)
  }

  func append(_ text: String, to path: String) throws {
    try Files.makeFolder(Files.parent(of: path))
    try OpenFile(path, O_WRONLY | O_CREAT | O_APPEND).write(Data(text.utf8))
  }

  /// A machine's instance, its launcher pod and its start on the lab's only node.
  func makeRunningMachine(
    _ name: String = "pxe", phase: String = "Running", isPaused: Bool = false,
    spec: ObjectNode = [:], interfaces: [ObjectNode] = [], logs: Boot.LogLengths? = nil
  ) async throws {
    try await make(
      .virtualMachineInstances,
      [
        "apiVersion": "kubevirt.io/v1", "kind": "VirtualMachineInstance",
        "metadata": ["name": .text(name), "namespace": "default"], "spec": spec,
        "status": [
          "phase": .text(phase), "nodeName": "node01", "interfaces": .sequence(interfaces),
          "conditions": isPaused ? [["type": "Paused", "status": "True"]] : [],
        ],
      ])
    let key = ObjectKey(.virtualMachineInstances, namespace: "default", name: name)
    let uid = await store.get(key)?.uid ?? ""
    try await make(
      GroupResource("pods"), pod("virt-launcher-\(name)", instance: uid, phase: "Running"))
    var boot = Boot(
      namespace: "default",
      spec: Boot.Spec(
        instance: name, title: name, instanceUID: uid, node: "node01", start: 1, isJudged: false,
        timeoutSeconds: 60))
    boot.spec.earlierLogs = logs
    try await store.create(boot.key, try boot.tree(), status: .together)
  }
}

/// A launcher pod with the containers that one with a log of its console has.
func pod(_ name: String, instance uid: String = "", phase: String) -> ObjectNode {
  [
    "apiVersion": "v1", "kind": "Pod",
    "metadata": [
      "name": .text(name), "namespace": "default",
      "labels": ["kubevirt.io": "virt-launcher", "kubevirt.io/created-by": .text(uid)],
    ],
    "spec": [
      "nodeName": "node01",
      "initContainers": [["name": "guest-console-log", "restartPolicy": "Always"]],
      "containers": [["name": "compute"]],
    ],
    "status": ["phase": .text(phase)],
  ]
}

import APIServer
import FileSystem
import HTTPService
import Kinds
import Objects
import Planning
import Store

/// The logs of launcher pods: what QEMU and libvirt wrote for a machine is its container `compute`'s, what
/// its serial console said `guest-console-log`'s. No container runs, so others have said nothing.
struct PodLogs: Sendable {
  let store: Store
  let paths: LabPaths

  /// Answers a request for a log (kubernetes, pkg/registry/core/pod/rest/log.go, and the kubelet's
  /// pkg/kubelet/kubelet_pods.go).
  ///
  /// - Throws: `StatusError`, `KindError`.
  func answer(_ asked: APIServer.SubresourceRequest) async throws -> HTTPResponse {
    let options = try PodLogOptions(asked.query, pod: asked.key.name)
    guard let pod = await store.get(asked.key)?.tree else {
      throw StatusError.notFound(asked.key)
    }
    let container = try options.chosenContainer(of: pod)
    guard pod["spec", "nodeName"]?.string != nil else { return HTTPResponse(status: 204) }
    try check(options, container, of: pod)
    var stream = try await stream(of: container, pod)
    stream?.tailLines = options.tailLines
    stream?.limit = options.limitBytes
    if options.follows {
      let uid = pod["metadata", "uid"]?.string
      stream?.isOver = { [store] in
        guard let pod = await store.get(asked.key), pod.uid == uid else { return true }
        return ["Succeeded", "Failed"].contains(pod.tree["status", "phase"]?.string)
      }
    }
    return HTTPResponse(
      fields: ["Content-Type": "text/plain", "Cache-Control": "no-cache, private"],
      body: stream.map { .stream($0, lasting: nil) } ?? .bytes([]))
  }

  /// - Throws: `StatusError` in the kubelet's words.
  private func check(
    _ options: PodLogOptions, _ container: String, of pod: ObjectNode
  ) throws(StatusError) {
    let name = pod["metadata", "name"]?.string ?? ""
    if options.isPrevious {
      throw .badRequest(
        "previous terminated container \"\(container)\" in pod \"\(name)\" not found")
    }
    guard pod["status", "phase"]?.string ?? "Pending" != "Pending" else {
      throw .badRequest(
        "container \"\(container)\" in pod \"\(name)\" is waiting to start: ContainerCreating")
    }
  }

  /// What a container has written; `nil` of one that writes nothing.
  private func stream(of container: String, _ pod: ObjectNode) async throws -> LogStream? {
    guard let instance = pod["metadata", "labels", "kubevirt.io/created-by"]?.string else {
      return nil
    }
    let namespace = pod["metadata", "namespace"]?.string ?? ""
    @Sendable func boot() async throws -> Boot? {
      try await store.boot(ofInstance: instance, namespace: namespace)
    }
    switch container {
    case "compute":
      return LogStream {
        guard let spec = try await boot()?.spec, let lengths = spec.earlierLogs else { return nil }
        return (files(ofNode: spec.node ?? "").emulatorLog(of: spec.title), lengths.emulator)
      }
    case "guest-console-log":
      return LogStream {
        guard let spec = try await boot()?.spec, let lengths = spec.earlierLogs else { return nil }
        return (MachinePaths(paths, machine: spec.title).consoleLog, lengths.console)
      }
    default: return nil
    }
  }

  /// Where a node keeps its files: of several each has a folder.
  private func files(ofNode name: String) -> NodePaths {
    let own = paths.files(of: .node(name))
    return Files.isFolder(own.directory) ? own : paths.files(of: .only(name))
  }
}

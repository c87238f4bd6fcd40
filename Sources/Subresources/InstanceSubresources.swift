import APIServer
import FileSystem
import Glibc
import HTTPService
import Kinds
import Objects
import Planning
import Reconciliation
import Store

/// The subresources of VirtualMachineInstances.
struct InstanceSubresources: Sendable {
  private let store: Store
  private let nodes: NodeRequests
  private let attachments: InstanceAttachments
  private let ports: PortForwarding
  private let paths: LabPaths

  /// What answers them over a store.
  ///
  /// - Parameters:
  ///   - paths: where the lab's files are.
  ///   - ports: carries connections to guests.
  init(store: Store, paths: LabPaths, ports: PortForwarding) {
    self.store = store
    nodes = NodeRequests(store: store)
    attachments = InstanceAttachments(paths: paths)
    self.ports = ports
    self.paths = paths
  }

  /// Has them answered.
  func register(on api: APIServer) {
    for request in InstanceRequest.allCases {
      api.register(
        KubeVirtSubresources.instances, request.rawValue, request.isOrder ? "PUT" : "GET",
        versions: KubeVirtSubresources.versions, takesPath: request == .portforward
      ) { try await answer(request, $0) }
    }
    api.register(
      KubeVirtSubresources.machines, InstanceRequest.portforward.rawValue, "GET",
      versions: KubeVirtSubresources.versions, takesPath: true
    ) { asked in
      let key = ObjectKey(
        .virtualMachines, namespace: asked.key.namespace, name: asked.key.name)
      try InstanceRequest.checkHasInstance(await store.get(key)?.tree, name: key.name)
      return try await answer(.portforward, asked)
    }
  }

  private func answer(
    _ request: InstanceRequest, _ asked: APIServer.SubresourceRequest
  ) async throws -> HTTPResponse {
    let (instance, boot) = try await store.instance(asked.key)
    try request.check(instance)
    switch request {
    case .pause: return try await order(.pause, of: boot, asked)
    case .unpause: return try await order(.resume, of: boot, asked)
    case .softreboot: return try await order(.softReboot, of: boot, asked)
    case .reset: return try await reset(instance, boot, asked)
    case .screenshot: return try await screenshot(of: boot)
    case .console: return try await attachments.console(of: try started(boot), asked)
    case .vnc: return try await attachments.screen(of: try started(boot), asked)
    case .portforward: return try await ports.answer(instance, asked)
    case .guestosinfo, .userlist, .filesystemlist:
      throw StatusError(
        500, "InternalError", "Internal error occurred: a lab's nodes speak with no guest agent")
    }
  }

  private func order(
    _ action: NodeAction, of boot: Boot?, _ asked: APIServer.SubresourceRequest
  ) async throws -> HTTPResponse {
    if try !asked.query.isDryRun(or: try asked.body()) {
      _ = try await nodes.perform(action, on: try started(boot))
    }
    return HTTPResponse(status: 200)
  }

  private func reset(
    _ instance: ObjectNode, _ boot: Boot?, _ asked: APIServer.SubresourceRequest
  ) async throws -> HTTPResponse {
    do {
      return try await order(.reset, of: boot, asked)
    } catch var error as StatusError where instance["status", "phase"]?.string != "Running" {
      let prefix = "Internal error occurred: "
      let phase = instance["status", "phase"]?.string ?? ""
      error.message =
        "\(prefix)Failed to reset non-running VMI with phase \(phase): "
        + error.message.trimmingPrefix(prefix)
      throw error
    }
  }

  private func screenshot(of boot: Boot?) async throws -> HTTPResponse {
    let boot = try started(boot)
    let picture = try await nodes.perform(.screenshot, on: boot).decoded(as: Screenshot.self)
    // A client of the API can say what an operation came to, and QEMU what is in its folder.
    guard MachinePaths(paths, machine: boot.spec.title).contain(picture.file) else {
      throw StatusError(
        500, "InternalError",
        "Internal error occurred: \(picture.file) is no picture of \(boot.spec.title)")
    }
    guard picture.format == "png" else {
      throw StatusError(
        500, "InternalError",
        "Internal error occurred: this QEMU writes no PNG, which it does since 7.1")
    }
    return HTTPResponse(
      fields: ["Content-Type": "image/png"],
      body: .bytes([UInt8](try OpenFile(picture.file, O_RDONLY | O_NOFOLLOW).readToEnd())))
  }

  private func started(_ boot: Boot?) throws(StatusError) -> Boot {
    guard let boot else {
      throw StatusError(
        500, "InternalError", "Internal error occurred: no node has started the VMI yet")
    }
    return boot
  }
}

extension Store {
  /// The instance that a path below subresources.kubevirt.io names, and its last start; `nil` before the
  /// first.
  ///
  /// - Throws: `StatusError` when there is none; `KindError`.
  func instance(_ asked: ObjectKey) throws -> (instance: ObjectNode, boot: Boot?) {
    let key = ObjectKey(
      .virtualMachineInstances, namespace: asked.namespace, name: asked.name)
    guard let instance = get(key) else { throw StatusError.noInstance(asked.name) }
    return (instance.tree, try boot(ofInstance: instance.uid, namespace: asked.namespace))
  }
}

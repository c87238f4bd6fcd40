import APIServer
import Addresses
import FileSystem
import Glibc
import HTTPService
import Objects
import Planning
import Sockets

/// Carries connections to the ports of guests (`virtctl port-forward`), from where the lab's servers stand: a
/// guest is reached at the address that one of them has given it. Of a cluster's guests it is the address of
/// the first interface (KubeVirt, pkg/virt-api/rest/portforward.go, dialers.go).
struct PortForwarding: Sendable {
  let paths: LabPaths
  /// The folder of the names of network namespaces (ip-netns(8)).
  let networkNamespaces: String
  /// How long a guest may take to answer.
  var patience = Duration.seconds(20)
  /// Seconds of Unix time.
  var now: @Sendable () -> Int = { time(nil) }

  /// Where a guest is reached.
  private struct Place {
    var address: IPv4Address
    /// The name of the network namespace of who gave the address.
    var namespace: String
  }

  /// Connects a client with a port.
  ///
  /// - Parameter instance: the machine's.
  /// - Throws: `StatusError` in KubeVirt's words; `CancellationError`.
  func answer(
    _ instance: ObjectNode, _ asked: APIServer.SubresourceRequest
  ) async throws -> HTTPResponse {
    let handshake = try InstanceAttachments.handshake(asked.http)
    guard instance["status", "interfaces"]?.items.isEmpty == false else {
      throw StatusError.badRequest("no network interfaces are present")
    }
    let port = asked.path.first ?? ""
    let transport = asked.path.dropFirst().first ?? "tcp"
    guard let kind = SocketStream.Transport(rawValue: transport) else {
      throw Self.refusal("\(transport): unknown network \(transport)")
    }
    guard let number = UInt16(port), number > 0 else {
      throw Self.refusal("\(transport): address \(port): invalid port")
    }
    guard let place = try place(of: instance, "\(transport) :\(port)") else {
      throw Self.refusal(
        "\(transport) :\(port): none of the interfaces of \(asked.key.name) has an address that a server of "
          + "the lab has leased")
    }
    let target = "\(transport) \(place.address):\(port)"
    let guest: SocketStream
    do {
      guest = try await connect(to: place, number, by: kind)
    } catch let error as SocketError {
      throw Self.refusal("\(target): connect: \(error)")
    }
    return InstanceAttachments.response(handshake) { client in
      try await InstanceAttachments.carry(client, guest, by: kind)
    }
  }

  private func connect(
    to place: Place, _ port: UInt16, by kind: SocketStream.Transport
  ) async throws -> SocketStream {
    try await withThrowingTaskGroup(of: SocketStream.self) { group in
      group.addTask { [networkNamespaces] in
        try await SocketStream.connect(
          to: place.address, port: port, by: kind,
          inNamespace: "\(networkNamespaces)/\(place.namespace)")
      }
      group.addTask { [patience] in
        try await Task.sleep(for: patience)
        throw SocketError(ETIMEDOUT)
      }
      defer { group.cancelAll() }
      guard let first = try await group.next() else { throw CancellationError() }
      return first
    }
  }

  /// Where an instance is reached: by the first interface that has a place.
  ///
  /// - Parameter asked: what a refusal names.
  private func place(of instance: ObjectNode, _ asked: String) throws(StatusError) -> Place? {
    do {
      for interface in instance["status", "interfaces"]?.items ?? [] {
        if let place = try place(of: interface, instance) { return place }
      }
      return nil
    } catch {
      throw Self.refusal("\(asked): \(error)")
    }
  }

  /// Where an interface of an instance is reached: by its newest lease, of several servers' by the first's by
  /// name, or else, where a server keeps no such file (`server.command`), at the address that was seen on
  /// the wire.
  ///
  /// - Throws: `FileError`.
  private func place(
    of interface: ObjectNode, _ instance: ObjectNode
  ) throws(FileError) -> Place? {
    guard let mac = interface["mac"]?.string.flatMap({ MACAddress($0) }) else { return nil }
    for name in try Files.names(in: paths.directory).sorted()
    where name.hasPrefix(LabPaths.serverPrefix) {
      guard let leases = try Self.text(of: "\(paths.directory)/\(name)/leases"),
        let address = LeaseFile.address(of: mac, in: leases, at: now())
      else { continue }
      return Place(
        address: address, namespace: String(name.dropFirst(LabPaths.serverPrefix.count)))
    }
    guard let address = interface["ipAddress"]?.string.flatMap({ IPv4Address($0) }),
      let server = server(on: interface["name"]?.string ?? "", of: instance)
    else { return nil }
    return Place(address: address, namespace: server)
  }

  /// The network namespace of the server of an interface's attachment.
  private func server(on interface: String, of instance: ObjectNode) -> String? {
    let network = instance["spec", "networks"]?.items.first { $0["name"]?.string == interface }
    guard let reference = network?["multus", "networkName"]?.string else { return nil }
    let attachment = ObjectKey(
      .networkAttachmentDefinitions, reference: reference,
      from: instance["metadata", "namespace"]?.string ?? ObjectKey.defaultNamespace)
    // It has the longer name where the lab has another attachment of its name.
    for title in ["\(attachment.namespace)/\(attachment.name)", attachment.name] {
      let folder = paths.server(title)
      if Files.exists(folder) {
        return String(Files.name(of: folder).dropFirst(LabPaths.serverPrefix.count))
      }
    }
    return nil
  }

  /// A file's text; `nil` without the file.
  private static func text(of path: String) throws(FileError) -> String? {
    do {
      return try Files.text(of: path)
    } catch  where error.errno == ENOENT {
      return nil
    }
  }

  private static func refusal(_ reason: String) -> StatusError {
    StatusError(
      500, "InternalError", "Internal error occurred: dialing VM: dial \(reason)")
  }
}

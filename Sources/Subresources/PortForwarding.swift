import APIServer
import Addresses
import FileSystem
import Glibc
import HTTPService
import Objects
import Planning
import Sockets

/// Carries connections to the ports of guests (`virtctl port-forward`), from where the lab's servers stand: a
/// guest is reached at the address that one of them has leased to it. Of a cluster's guests it is the address
/// of the first interface (KubeVirt, pkg/virt-api/rest/portforward.go, dialers.go).
struct PortForwarding: Sendable {
  let paths: LabPaths
  /// The folder of the names of network namespaces (ip-netns(8)).
  let networkNamespaces: String
  /// How long a guest may take to answer.
  var patience = Duration.seconds(20)

  /// Where a guest is reached.
  private struct Place {
    var address: IPv4Address
    /// The name of the network namespace of who leased the address.
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
    let addresses = instance["status", "interfaces"]?.items.compactMap {
      $0["mac"]?.string.flatMap { MACAddress($0) }
    }
    guard let addresses, !addresses.isEmpty else {
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
    guard let place = addresses.lazy.compactMap(place).first else {
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
      try await InstanceAttachments.carry(client, guest)
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

  /// The newest lease of an interface; of several servers', the first by name.
  private func place(of mac: MACAddress) -> Place? {
    let names = (try? Files.names(in: paths.directory)) ?? []
    for name in names.sorted() where name.hasPrefix(LabPaths.serverPrefix) {
      guard let leases = try? Files.text(of: "\(paths.directory)/\(name)/leases") else { continue }
      let addresses = leases.split(separator: "\n").compactMap { line -> IPv4Address? in
        // The end of the lease, who has it, and the address (dnsmasq(8), --dhcp-leasefile).
        let fields = line.split(separator: " ")
        guard fields.count >= 3, MACAddress(String(fields[1])) == mac else { return nil }
        return IPv4Address(String(fields[2]))
      }
      guard let address = addresses.last else { continue }
      return Place(
        address: address, namespace: String(name.dropFirst(LabPaths.serverPrefix.count)))
    }
    return nil
  }

  private static func refusal(_ reason: String) -> StatusError {
    StatusError(
      500, "InternalError", "Internal error occurred: dialing VM: dial \(reason)")
  }
}

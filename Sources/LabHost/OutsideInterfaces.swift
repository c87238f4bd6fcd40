import Execution
import ExternalCommand
import FileSystem
import FoundationEssentials
import Glibc
import LabStore
import Planning

/// The host's interfaces that a lab borrows: into its sandbox, and back.
///
/// A network namespace that ends destroys the virtual interfaces in it, so the sandbox's is kept by
/// a mount until they are out, however the lab ended.
struct OutsideInterfaces: Sendable {
  let paths: LabPaths
  let runner: any CommandRunner = SubprocessRunner()

  /// What of `ip -json address show` and `ip -json route show` is looked at.
  private struct Link: Decodable {
    struct Address: Decodable {
      var scope: String?
      var local: String?
      var prefixlen: Int?
    }
    var ifname: String?
    var flags: [String]?
    var master: String?
    var addr_info: [Address]?
  }

  private struct Route: Decodable {
    var dev: String?
  }

  /// Checks that an interface can be given away, and answers whether it is up.
  ///
  /// - Throws: ``LabHostError`` with the way out.
  func check(_ interface: String) async throws -> Bool {
    let links: [Link]
    do {
      links = try decode(
        try await runner.run(Command("ip", ["-json", "address", "show", "dev", interface])))
    } catch let error as CommandError {
      throw LabHostError(.host, "the uplink \(interface) cannot be had: \(error)")
    }
    guard let link = links.first(where: { $0.ifname == interface }) else {
      throw LabHostError(.host, "there is no interface \(interface) for an uplink")
    }
    if link.flags?.contains("LOOPBACK") == true {
      throw LabHostError(.host, "\(interface) is the loopback interface, which leads nowhere")
    }
    if let master = link.master {
      throw LabHostError(
        .host,
        "\(interface) is a port of \(master) already: take it off with "
          + "`ip link set dev \(interface) nomaster`, or name another interface")
    }
    for family in ["-4", "-6"] {
      let routes: [Route] = try decode(
        try await runner.run(Command("ip", [family, "-json", "route", "show", "default"])))
      if routes.contains(where: { $0.dev == interface }) {
        throw LabHostError(
          .host,
          "\(interface) has the default route: as an uplink it would be taken from the host, which "
            + "would lose its network. Name an interface that the host does not use")
      }
    }
    if let address = link.addr_info?.first(where: { $0.scope != "link" }) {
      throw LabHostError(
        .host,
        "\(interface) has the address \(address.local ?? "")/\(address.prefixlen ?? 0), which the "
          + "host would lose: take it off with `ip address flush dev \(interface)`, or name an "
          + "interface that the host does not use")
    }
    return link.flags?.contains("UP") == true
  }

  private func decode<Value: Decodable>(_ json: String) throws -> Value {
    // Nothing to show is an empty answer, not an empty list.
    try JSONDecoder().decode(Value.self, from: Data((json.isEmpty ? "[]" : json).utf8))
  }

  /// Moves the plan's interfaces into the sandbox; each step is journaled before it is made.
  func lend(_ trunks: [TrunkPlan], to sandbox: ProcessIdentity, journal: Journal) async throws {
    try keep("/proc/\(sandbox.pid)/ns/net", at: paths.uplinkNamespace, journal: journal)
    try keep("/proc/self/ns/net", at: paths.uplinkHome, journal: journal)
    for trunk in trunks {
      let isUp = try await check(trunk.interface)
      try journal.append(.uplink(interface: trunk.interface, isUp: isUp))
      try await runner.run(
        Command(
          "ip", ["link", "set", "dev", trunk.interface, "netns", paths.uplinkNamespace]))
    }
  }

  private func keep(_ namespace: String, at path: String, journal: Journal) throws {
    try Files.write(Data(), to: path)
    try journal.append(.mount(path))
    guard mount(namespace, path, nil, UInt(MS_BIND), nil) == 0 else {
      throw FileError("keep the network namespace \(namespace) at \(path)")
    }
  }

  /// Takes an interface back, wherever the lab's end has left it.
  ///
  /// - Throws: ``LabHostError`` when it is in the sandbox and stays there.
  func takeBack(_ interface: String, isUp: Bool) async throws {
    let home = ["--net=\(paths.uplinkHome)", "--", "ip", "link"]
    let show = ["show", "dev", interface]
    if (try? await runner.run(Command("nsenter", home + show))) == nil {
      do {
        try await runner.run(
          Command(
            "nsenter",
            [
              "--net=\(paths.uplinkNamespace)", "--", "ip", "link", "set", "dev", interface,
              "netns", paths.uplinkHome,
            ]))
      } catch {
        throw LabHostError(
          .lab, "the uplink \(interface) cannot be taken out of the lab's network: \(error)")
      }
    }
    try await runner.run(
      Command("nsenter", home + ["set", "dev", interface, isUp ? "up" : "down"]))
  }

  /// Lets a namespace go that was kept.
  static func release(_ path: String) throws {
    // A mount that was journaled and not made, or is gone already, is no fault.
    guard umount2(path, Int32(MNT_DETACH)) == 0 || [EINVAL, ENOENT].contains(errno) else {
      throw FileError("unmount \(path)")
    }
  }
}

import Addresses
import FileSystem
import HTTPService
import Testing

@testable import BootFileService

/// Who may say that which machine is installed.
@Suite struct InstalledMachinesTests {
  static let mac = "02:00:00:00:00:05"

  struct Neighbors: NeighborTable {
    func hardwareAddresses(of address: IPAddress) async throws -> [MACAddress] {
      switch "\(address)" {
      case "192.168.100.50", "fe80::5": [MACAddress(InstalledMachinesTests.mac)].compactMap(\.self)
      case "192.168.100.66": [MACAddress("02:00:00:00:00:66")].compactMap(\.self)
      case "192.168.100.99": throw FileError("ask the kernel", errno: 1)
      default: []
      }
    }
  }

  private func status(
    _ method: String, _ target: String, from client: String?, in folder: Folder, most: Int = 10
  ) async -> Int {
    await InstalledMachines(folder: folder.path, neighbors: Neighbors(), most: most).answer(
      to: HTTPRequest(
        method: method, target: target,
        peer: client.flatMap { IPAddress($0) }.map { .host($0, port: 1024) })
    ).status
  }

  @Test(
    arguments: [
      ("POST", "/installed/\(mac)", "192.168.100.50", 204),
      ("POST", "/installed/02-00-00-00-00-05", "192.168.100.50", 204),
      ("POST", "/installed/\(mac)", "fe80::5", 204),
      ("POST", "/installed/\(mac)", "192.168.100.66", 403),
      ("POST", "/installed/\(mac)", "192.168.100.1", 403),
      ("POST", "/installed/\(mac)", nil, 403),
      ("POST", "/installed/\(mac)", "192.168.100.99", 500),
      ("POST", "/installed/02:00", "192.168.100.50", 400),
      ("POST", "/installed/", "192.168.100.50", 400),
      ("POST", "/installed/x/\(mac)", "192.168.100.50", 400),
      ("POST", "/installed/../\(mac)", "192.168.100.50", 400),
      ("PUT", "/installed/\(mac)", "192.168.100.50", 405),
    ] as [(String, String, String?, Int)])
  func onlyTheMachineItself(
    method: String, path: String, client: String?, expected: Int
  ) async throws {
    let folder = try Folder()
    defer { folder.remove() }
    let status = await status(method, path, from: client, in: folder)
    #expect(status == expected)
    let names = try Files.names(in: folder.path)
    #expect(names == (expected == 204 ? [Self.mac] : []))
    if let name = names.first {
      #expect(try Files.text(of: "\(folder.path)/\(name)") == "\(Self.mac),set:installed\n")
    }
  }

  @Test func theirNumberIsBounded() async throws {
    let folder = try Folder()
    defer { folder.remove() }
    let path = "/installed/\(Self.mac)"
    #expect(await status("POST", path, from: "192.168.100.50", in: folder, most: 1) == 204)
    // Again is not one more.
    #expect(await status("POST", path, from: "192.168.100.50", in: folder, most: 1) == 204)
    let other = "/installed/02:00:00:00:00:66"
    #expect(await status("POST", other, from: "192.168.100.66", in: folder, most: 1) == 507)
    #expect(try Files.names(in: folder.path) == [Self.mac])
  }

  /// What `ip -json neighbour show to` prints (iproute2 6.1).
  @Test(
    arguments: [
      ("", []), ("[]\n", []),
      (
        #"[{"dst":"192.168.50.5","dev":"eth0","lladdr":"02:00:00:00:00:05","state":["REACHABLE"]}]"#,
        ["02:00:00:00:00:05"]
      ),
      (
        #"[{"dst":"192.168.50.5","dev":"eth0","lladdr":"02:00:00:00:00:05","state":["STALE"]},"#
          + #"{"dst":"192.168.50.6","dev":"eth0","lladdr":"02:00:00:00:00:06","state":["STALE"]}]"#,
        ["02:00:00:00:00:05"]
      ),
      (#"[{"dst":"192.168.50.5","dev":"eth0","state":["FAILED"]}]"#, []),
    ] as [(String, [String])])
  func theKernelsTableIsRead(text: String, addresses: [String]) throws {
    let address = try #require(IPAddress("192.168.50.5"))
    #expect(
      try KernelNeighborTable.decode(text, address: address).map { "\($0)" } == addresses)
  }

  @Test func anotherTableIsAnError() throws {
    let address = try #require(IPAddress("192.168.50.5"))
    #expect(throws: DecodingError.self) {
      try KernelNeighborTable.decode("192.168.50.5 dev eth0", address: address)
    }
  }
}

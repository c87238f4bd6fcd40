import Addresses
import Execution
import ExternalCommand
import Foundation
import Testing

@testable import LabPlan

@Suite struct DnsmasqConfigurationTests {
  private static func server(_ edit: (inout ServerPlan) -> Void = { _ in }) throws -> ServerPlan {
    var server = ServerPlan(
      attachment: "net", image: "debian-secureboot", port: "pxl-s0",
      vlan: VLANID(rawValue: 100), address: try #require(IPv4Network("192.168.100.1/23")),
      rangeStart: try #require(IPv4Address("192.168.100.50")),
      rangeEnd: try #require(IPv4Address("192.168.101.99")), leaseSeconds: 600,
      root: "/state/labs/lab/server-net/root", bootFiles: [7: "shimx64.efi", 0: "pxelinux.0"],
      options: [], directory: "/state/labs/lab/server-net")
    edit(&server)
    return server
  }

  private static func lines(_ server: ServerPlan) -> [String] {
    server.dnsmasqConfiguration.split(separator: "\n").map(String.init)
  }

  @Test(arguments: [
    "dhcp-range=192.168.100.50,192.168.101.99,255.255.254.0,600",
    "no-ping", "dhcp-authoritative", "port=0", "enable-tftp", "tftp-root=/run/pxelab/net",
    "dhcp-match=set:arch7,option:client-arch,7", "dhcp-boot=tag:arch7,shimx64.efi",
    "dhcp-match=set:arch0,option:client-arch,0", "dhcp-boot=tag:arch0,pxelinux.0",
    "dhcp-leasefile=/state/labs/lab/server-net/leases",
  ])
  func says(_ line: String) throws {
    #expect(Self.lines(try Self.server()).contains(line))
  }

  @Test func optionsComeInTheOrderOfTheFile() throws {
    let server = try Self.server {
      $0.options = [.init(number: 42, value: "192.168.100.1"), .init(number: 26, value: "9000")]
    }
    let options = Self.lines(server).filter { $0.hasPrefix("dhcp-option=") }
    #expect(options == ["dhcp-option=42,192.168.100.1", "dhcp-option=26,9000"])
  }

  /// dnsmasq itself reads the file as a whole.
  @Test(arguments: ["plain", "options", "no boot files"])
  func dnsmasqAcceptsIt(_ kind: String) async throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "pxelab-dnsmasq-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let server = try Self.server { server in
      server.directory = folder.path()
      switch kind {
      case "options":
        server.options = [
          .init(number: 42, value: "192.168.100.1"), .init(number: 119, value: "lab.example"),
          .init(number: 175, value: "b1:01:01"),
        ]
      case "no boot files": server.bootFiles = [:]
      default: break
      }
    }
    let file = folder.appending(path: "dnsmasq.conf")
    try server.dnsmasqConfiguration.write(to: file, atomically: true, encoding: .utf8)
    try await SubprocessRunner().run(
      Command("dnsmasq", ["--test", "--conf-file=\(file.path())"]))
  }
}

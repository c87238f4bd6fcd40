import Addresses
import Execution
import ExternalCommand
import Foundation
import Glibc
import LabManifest
import Testing

@testable import Planning

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
    "dhcp-match=set:arch7,option:client-arch,7", "dhcp-boot=tag:arch7,tag:!installed,shimx64.efi",
    "dhcp-match=set:arch0,option:client-arch,0", "dhcp-boot=tag:arch0,tag:!installed,pxelinux.0",
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
  @Test(arguments: ["plain", "options", "no boot files", "every method"])
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
      case "every method":
        server.methods = BootMethod.allCases
        server.ipv6 = IPv6Address("fd00:100::1").map(ServedIPv6Network.init)
        server.bootFiles[16] = "shimx64.efi"
        server.iPXEBootFile = "boot.ipxe"
      default: break
      }
    }
    let file = folder.appending(path: "dnsmasq.conf")
    try server.dnsmasqConfiguration.write(to: file, atomically: true, encoding: .utf8)
    try await SubprocessRunner().run(
      Command("dnsmasq", ["--test", "--conf-file=\(file.path())"]))
  }

  /// What dnsmasq really tells each kind of client.
  @Test(
    arguments: [
      (
        BootMethod.usual, false,
        """
        v4 0: undionly.kpxe PXEClient
        v4 0 iPXE: boot.ipxe PXEClient
        v4 7: shimx64.efi PXEClient
        v4 7 iPXE: boot.ipxe PXEClient
        v4 9: - PXEClient
        v4 11: - PXEClient
        v4 16: http://192.168.100.1/snponly.efi HTTPClient
        """
      ),
      (
        BootMethod.usual, true,
        """
        v4 0: - PXEClient
        v4 0 iPXE: - PXEClient
        v4 7: - PXEClient
        v4 7 iPXE: - PXEClient
        v4 9: - PXEClient
        v4 11: - PXEClient
        v4 16: http://192.168.100.1/installed HTTPClient
        """
      ),
      (
        [.httpsv4, .pxev6, .httpv6], false,
        """
        v4 0: - PXEClient
        v4 0 iPXE: http://192.168.100.1/boot.ipxe PXEClient
        v4 7: - PXEClient
        v4 7 iPXE: http://192.168.100.1/boot.ipxe PXEClient
        v4 9: - PXEClient
        v4 11: - PXEClient
        v4 16: https://192.168.100.1/snponly.efi HTTPClient
        v6 0: tftp://[fd00:100::1]/undionly.kpxe
        v6 0 iPXE: tftp://[fd00:100::1]/boot.ipxe
        v6 7: tftp://[fd00:100::1]/shimx64.efi
        v6 7 iPXE: tftp://[fd00:100::1]/boot.ipxe
        v6 9: -
        v6 11: -
        v6 16: http://[fd00:100::1]/snponly.efi HTTPClient
        """
      ),
    ] as [([BootMethod], Bool, String)])
  func everyKindOfClientIsAnswered(
    methods: [BootMethod], isInstalled: Bool, answers: String
  ) async throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "pxelab-dnsmasq-\(UUID().uuidString)")
    let installed = folder.appending(path: "installed")
    try FileManager.default.createDirectory(at: installed, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    if isInstalled {
      try "de:00:00:00:00:de,set:installed\n"
        .write(to: installed.appending(path: "m"), atomically: true, encoding: .utf8)
    }
    // dnsmasq reads there as a user of its own, whatever the umask.
    for path in [folder, installed] {
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path.path())
    }
    if isInstalled {
      let file = installed.appending(path: "m").path()
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
    }
    let hasIPv6 = methods.contains(where: \.isIPv6)
    let server = try Self.server {
      $0.directory = folder.path()
      $0.bootFiles = [0: "undionly.kpxe", 7: "shimx64.efi", 16: "snponly.efi"]
      $0.iPXEBootFile = "boot.ipxe"
      $0.methods = methods
      $0.ipv6 = hasIPv6 ? IPv6Address("fd00:100::1").map(ServedIPv6Network.init) : nil
    }
    let file = folder.appending(path: "dnsmasq.conf").path()
    // dnsmasq insists on folders that are there.
    try server.dnsmasqConfiguration.replacing(server.servedRoot, with: folder.path())
      .replacing(server.installedFolder, with: installed.path())
      .write(toFile: file, atomically: true, encoding: .utf8)
    let clients = Checkout.root.appending(path: "Tests/Effects/boot-clients").path()
    let namespace =
      getuid() == 0 ? ["--net"] : ["--user", "--map-root-user", "--map-auto", "--net"]
    let output = try await SubprocessRunner().run(
      Command(
        "unshare",
        namespace + [clients, file, "192.168.100.1/23"] + (hasIPv6 ? ["fd00:100::1/64"] : [])))
    #expect(output == answers + "\n")
  }
}

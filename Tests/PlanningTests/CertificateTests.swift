import Addresses
import Execution
import ExternalCommand
import Foundation
import LabManifest
import Testing

@testable import Planning

@Suite struct CertificateTests {
  private static func server(_ lab: String, _ edit: (inout String) -> Void = { _ in }) throws
    -> LabPlan
  {
    let vlan = try #require(VLANID(rawValue: 100))
    let template = LabTemplate(name: lab, kind: .uefiHTTPSv6, vlan: vlan)
    let files = template.files.filter { $0.name.hasSuffix(".yaml") }.map { name, text in
      var text = text
      if name == "lab.yaml" { edit(&text) }
      return (path: name, text: text)
    }
    return try LabPlanner(LabInput(files: files, folderName: lab), facts: .fixed()).plan()
  }

  @Test func onlyHTTPSNeedsThem() throws {
    let plan = try Self.server("lab")
    let server = try #require(plan.servers.first)
    let certificate = try #require(server.certificate)
    #expect(certificate.addresses == ["192.168.100.1", "fd00:100::1"])
    #expect(certificate.folder == "/state/labs/lab/server-pxe")
    #expect(certificate.authority.folder == "/state/stores/lab/authority")
    #expect(plan.machines.map(\.variableStore?.authority) == ["/state/stores/lab/authority/ca.der"])
    #expect(plan.notices.contains { $0.hasPrefix("node-1: its HTTPS boot trusts the lab's") })
    let lines = try #require(server.stunnelConfiguration).split(separator: "\n").map(String.init)
    for line in [
      "accept = 192.168.100.1:443", "connect = 192.168.100.1:80", "accept = fd00:100::1:443",
      "connect = fd00:100::1:80", "cert = /state/labs/lab/server-pxe/server.crt",
      "key = /state/labs/lab/server-pxe/server.key", "setuid = nobody", "setgid = 65534",
    ] {
      #expect(lines.contains(line))
    }

    let other = try Self.server("lab") { $0.replace("httpsv6", with: "httpv6") }
    #expect(other.servers.map(\.certificate) == [nil])
    #expect(other.machines.map(\.variableStore?.authority) == [nil])
    #expect(other.servers.map(\.stunnelConfiguration) == [nil])
    #expect(!other.notices.contains { $0.contains("trusts") })
  }

  /// A server of one's own gets the certificate, and stunnel is its own matter.
  @Test func aServerByCommandHasThemInItsEnvironment() throws {
    let plan = try Self.server("lab") {
      $0.replace("image: debian-secureboot", with: "command: [serve, $(PXELAB_CERTIFICATE)]")
    }
    let server = try #require(plan.servers.first)
    #expect(server.stunnelConfiguration == nil)
    #expect(server.command?.arguments == ["/state/labs/lab/server-pxe/server.crt"])
    let variables = try #require(server.command?.environment)
    #expect(variables["PXELAB_CERTIFICATE_KEY"] == "/state/labs/lab/server-pxe/server.key")
    #expect(variables["PXELAB_IPV6_ADDRESS"] == "fd00:100::1")
    #expect(Set(variables.keys).isSubset(of: BootServer.variables))
  }

  /// OpenSSL makes them, and holds the server's for one of the authority's, also for the longest name
  /// that a lab can have.
  @Test(arguments: ["lab", String(repeating: "x", count: 63)])
  func opensslTakesThem(lab: String) async throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "pxelab-certificates-\(UUID().uuidString)").path()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let authority = CertificateAuthority(folder: folder, lab: lab)
    let certificate = ServerCertificate(
      authority: authority, folder: folder, addresses: ["192.168.100.1", "fd00:100::1"])
    let runner = SubprocessRunner()
    for (request, commands) in [
      (authority.request, authority.commands), (certificate.request, certificate.commands),
    ] {
      try request.text.write(toFile: request.path, atomically: true, encoding: .utf8)
      for command in commands { try await runner.run(command) }
    }
    func verify(_ address: String) async throws {
      try await runner.run(
        Command(
          "openssl",
          [
            "verify", "-CAfile", authority.certificate, "-purpose", "sslserver", "-verify_ip",
            address, certificate.certificate,
          ]))
    }
    try await verify("192.168.100.1")
    try await verify("fd00:100::1")
    await #expect(throws: CommandError.self) { try await verify("192.168.100.2") }
    let text = try await runner.run(
      Command(
        "openssl",
        ["x509", "-inform", "DER", "-in", authority.certificateDER, "-noout", "-subject"]))
    #expect(text.contains(lab))
  }
}

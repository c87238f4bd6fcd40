import Addresses
import ExternalCommand
import Parts
import Testing

@testable import BootService
@testable import Planning

/// The programs of a server's plan.
@Suite struct ServerPartsTests {
  private func plan() throws -> ServerPlan {
    let address = try #require(IPv4Network("192.168.100.1/24"))
    return ServerPlan(
      attachment: "pxe/net-conf", image: "debian", port: "pxl-s", vlan: nil, address: address,
      rangeStart: address.address, rangeEnd: address.address, leaseSeconds: 60, root: "/images",
      bootFiles: [7: "boot.efi"], options: [], directory: "/lab/pxe")
  }

  @Test func theBuiltInServerIsDnsmasqAndHTTP() throws {
    let parts = try plan().parts(program: "/bin/pxelab-lab")
    #expect(parts.map(\.title) == ["dnsmasq of pxe/net-conf", "the HTTP server of pxe/net-conf"])
    #expect(parts.map(\.namespace) == ["pxe.net-conf", "pxe.net-conf"])
    #expect(parts.map(\.log) == ["/lab/pxe/dnsmasq.log", "/lab/pxe/http.log"])
    #expect(Set(parts.map(\.note)).count == 2 && parts.allSatisfy(\.policy.restarts))
    #expect(
      parts.map(\.start) == [
        .foreground(
          Command("dnsmasq", ["--keep-in-foreground", "--conf-file=/lab/pxe/dnsmasq.conf"]),
          readyFile: "/lab/pxe/dnsmasq.pid"),
        .foreground(
          Command(
            "/bin/pxelab-lab",
            [
              "serve-files", "/run/pxelab/pxe.net-conf", "/run/pxelab-installed/pxe.net-conf",
              "/lab/pxe/http.pid", "192.168.100.1",
            ]), readyFile: "/lab/pxe/http.pid"),
      ])
    #expect(parts[0].configuration.contains("dhcp-range=") && parts[1].configuration.isEmpty)
  }

  @Test func aServerByCommandRunsAsItIsAndOnce() throws {
    var plan = try plan()
    plan.command = ServerCommand(
      ["./serve", "--root", "$(PXELAB_ROOT)"], of: plan, workingDirectory: "/my/lab")
    let part = try #require(try plan.parts(program: "/bin/pxelab-lab").first)
    #expect(part.title == "the server of pxe/net-conf, ./serve,")
    #expect(
      part.start
        == .foreground(
          Command("./serve", ["--root", "/run/pxelab/pxe.net-conf"], environment: plan.variables),
          workingDirectory: "/my/lab"))
    #expect(!part.policy.restarts && part.log == "/lab/pxe/server.log")
    plan.command = ServerCommand(["no-such-server"], of: plan, workingDirectory: "/my/lab")
    let error = #expect(throws: BootServiceError.self) {
      try plan.parts(program: "/bin/pxelab-lab")
    }
    #expect(
      error?.description.hasPrefix(
        "the server of pxe/net-conf, no-such-server, cannot be started: no program no-such-server in "
      )
        == true)
  }
}

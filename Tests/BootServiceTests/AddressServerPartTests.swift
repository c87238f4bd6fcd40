import Addresses
import ExternalCommand
import FileSystem
import Parts
import Testing

@testable import BootService
@testable import Planning

/// The program of what hands out the addresses of an attachment's `ipam`.
@Suite struct AddressServerPartTests {
  private func plan(_ directory: String) throws -> AddressServerPlan {
    AddressServerPlan(
      attachment: "ns/net", networkNamespace: "ipam_1", directory: directory,
      leases: [
        .init(
          mac: try #require(MACAddress("de:00:00:00:00:01")),
          addresses: [
            .init(
              address: try #require(IPNetwork("10.1.0.5/24")), gateway: IPAddress("10.1.0.1"))
          ])
      ])
  }

  @Test func itIsDnsmasqInItsOwnNamespace() throws {
    let part = try plan("/lab").part(of: .only("node01"))
    #expect(part.title == "dnsmasq (ipam) of ns/net" && part.networks == ["ns/net"])
    #expect(part.namespace == "ipam_1" && part.log == "/lab/ipam-ns.net.log")
    #expect(part.policy.restarts && part.policy.isUrgent)
    #expect(
      part.start
        == .foreground(
          Command("dnsmasq", ["--keep-in-foreground", "--conf-file=/lab/ipam-ns.net.conf"]),
          readyFile: "/lab/ipam-ns.net.pid"))
    #expect(part.configuration.contains("dhcp-host=de:00:00:00:00:01,set:p0,10.1.0.5\n"))
    #expect(part.configuration.contains("pid-file=/lab/ipam-ns.net.pid\n"))
    #expect(
      try plan("/lab").part(of: .node("node02")).title == "dnsmasq (ipam) of ns/net of node02")
  }

  @Test func itsConfigurationIsWrittenBeforeEachStart() async throws {
    let folder = try Files.makeUniqueFolder("/tmp/pxelab-ipam-")
    defer { try? Files.remove(folder) }
    let plan = try plan(folder)
    try await plan.part(of: .only("node01")).prepare?()
    #expect(try Files.text(of: plan.configurationPath) == plan.configuration)
  }
}

import LabManifest
import Testing

@testable import Planning

/// A server of the user's own, as lab.yaml names it.
@Suite struct ServerCommandTests {
  private func server(_ fields: String) throws -> ServerPlan {
    let lab = """

      ---
      apiVersion: pxelab.dev/v1alpha1
      kind: Lab
      metadata: {name: lab}
      spec: {attachments: [{name: net, server: {\(fields)}}]}
      """
    var facts = try PlanningFacts.fixed()
    facts.manifestFolder = "/manifests"
    let plan = try LabPlanner(try LabText().input(lab), facts: facts).plan()
    return try #require(plan.servers.first)
  }

  @Test func theVariablesAreThoseThatLabYAMLKnows() throws {
    let server = try server("command: [serve], image: debian-secureboot, methods: [httpsv6]")
    #expect(server.variables.keys.sorted() == BootServer.variables)
    #expect(server.command?.environment == server.variables)
    #expect(server.command?.workingDirectory == "/manifests")
    #expect(server.log == "/state/labs/lab/server-net/server.log")
  }

  @Test(arguments: [
    ("$(PXELAB_ADDRESS)/$(PXELAB_PREFIX_LENGTH)", "10.0.0.1/23"),
    ("$(PXELAB_NETWORK) $(PXELAB_NETMASK)", "10.0.0.0 255.255.254.0"),
    ("$(PXELAB_INTERFACE).$(PXELAB_VLAN)", "eth0.100"),
    ("$(PXELAB_ROOT)/$(PXELAB_BOOT_FILE)", "/run/pxelab/net/x.efi"),
    ("$(PXELAB_LEASE_SECONDS)", "3600"), ("$(HOME)", "$(HOME)"),
  ])
  func anArgumentIsFilledIn(_ word: String, _ expected: String) throws {
    let fields = "address: 10.0.0.1/23, image: debian-secureboot, bootFile: x.efi"
    let server = try server("\(fields), command: [serve, '\(word)']")
    #expect(server.command?.arguments == [expected])
  }

  @Test func withoutAnImageThereIsNoRoot() throws {
    let server = try server("command: [serve], bootFile: x.efi")
    #expect(server.image == nil)
    #expect(server.variables["PXELAB_ROOT"] == nil)
    #expect(server.variables["PXELAB_BOOT_FILE"] == "x.efi")
  }

  @Test func theBuiltInServerHasNoCommand() throws {
    let server = try server("address: 10.0.0.1/24")
    #expect(server.command == nil)
    #expect(server.log.hasSuffix("/dnsmasq.log"))
  }
}

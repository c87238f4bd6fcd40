import DomainXML
import Testing

@testable import Planning

/// QEMU as a user of its own, where root makes the lab.
@Suite struct EmulatorUserTests {
  /// The lab with a disk of each owner, whose root may become any user.
  private static func plan(isRoot: Bool = true, hasEveryUser: Bool = true) throws -> LabPlan {
    let text = LabText(
      domain: "memory: {guest: 1Gi}\n    firmware: {bootloader: {efi: {secureBoot: false}}}",
      disks: [
        ("disk: {bus: virtio}", "emptyDisk: {capacity: 1Gi}"),
        ("disk: {bus: virtio}", "hostDisk: {path: /srv/a.img, type: Disk}"),
        ("disk: {bus: virtio}", "persistentVolumeClaim: {claimName: c}"),
        ("disk: {bus: virtio}", "containerDisk: {image: i}"),
      ],
      cluster: """
        ---
        apiVersion: hco.kubevirt.io/v1beta1
        kind: HyperConverged
        metadata: {name: kubevirt-hyperconverged}
        spec: {featureGates: {HostDisk: true}}
        """)
    var facts = try PlanningFacts.fixed(
      isRoot: isRoot,
      diskImages: ["i": DiskImage(path: "/images/i.qcow2", format: "qcow2", virtualSize: 1 << 30)])
    facts.hasEveryUser = hasEveryUser
    return try LabPlanner(try text.input(), facts: facts).plan()
  }

  @Test(arguments: [
    ("         0          0 4294967295\n", true),
    ("0 1000 1\n", false),
    ("0 0 65536\n", false),
    ("0 1000 1\n1 100000 65536\n", false),
    ("", false),
  ])
  func onlyTheMachinesRootMayBecomeAnyUser(_ map: String, _ isPossible: Bool) {
    #expect(EmulatorUser.isPossible(userMap: map) == isPossible)
  }

  @Test(arguments: ["a", "b", "a-rather-long-name"])
  func aLabsUserIsOneThatNobodyIsGiven(_ name: String) {
    let user = EmulatorUser(lab: LabPaths(stateDirectory: "/state", lab: name))
    #expect((1_879_048_192...2_147_352_575).contains(user.id))
    #expect(user == EmulatorUser(lab: LabPaths(stateDirectory: "/state", lab: name)))
    #expect(user != EmulatorUser(lab: LabPaths(stateDirectory: "/other", lab: name)))
  }

  @Test func qemuIsShownItsFiles() throws {
    let plan = try Self.plan()
    let user = try #require(plan.sandbox.emulatorUser)
    let machine = try #require(plan.machines.first)
    let domain = try Domain(parsing: machine.domainXML)
    #expect(
      domain.disks.map { $0.element.first("source")?[attribute: "file"] } == [
        "/run/pxelab-qemu/machines/machine-m/d0.img", "/run/pxelab-qemu/files/machine-m/1",
        "/run/pxelab-qemu/stores/claims/default.c.img",
        "/run/pxelab-qemu/machines/machine-m/d3.qcow2",
      ])
    #expect(
      domain.disks.last?.element.first("backingStore", "source")?[attribute: "file"]
        == "/run/pxelab-qemu/files/machine-m/3.base")
    #expect(domain.variableStore == "/run/pxelab-qemu/machines/machine-m/m_VARS.fd")
    #expect(
      domain.element.first("devices", "graphics", "listen")?[attribute: "socket"]
        == "/run/pxelab-qemu/machines/machine-m/screen/vnc.sock")
    // libvirt, which is root, opens these itself.
    #expect(
      domain.element.first("devices", "serial", "source")?[attribute: "path"]
        == machine.consoleSocket)
    #expect(machine.vncSocket == "\(machine.directory)/screen/vnc.sock")
    let files = try #require(machine.emulatorFiles)
    #expect(files.others.map(\.path) == ["/srv/a.img", "/images/i.qcow2"])
    #expect(files.passages.contains("\(plan.paths.stores)/claims"))
    #expect(!files.owned.contains("/srv/a.img") && files.owned.count == 4)
    #expect(LibvirtConfiguration.qemu(as: user).contains("user = \"+\(user.id)\"\n"))
  }

  @Test(arguments: [(false, true), (false, false), (true, false)])
  func othersAreConfinedAlready(_ isRoot: Bool, _ hasEveryUser: Bool) throws {
    let plan = try Self.plan(isRoot: isRoot, hasEveryUser: hasEveryUser)
    #expect(plan.sandbox.emulatorUser == nil)
    let machine = try #require(plan.machines.first)
    #expect(machine.emulatorFiles == nil && !machine.domainXML.contains("/run/pxelab-qemu"))
    #expect(machine.vncSocket == "\(machine.directory)/vnc.sock")
    #expect(LibvirtConfiguration.qemu(as: nil).contains("user = \"root\"\n"))
  }
}

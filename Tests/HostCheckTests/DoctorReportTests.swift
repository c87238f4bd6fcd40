import Foundation
import HostCheck
import Testing

@Suite struct DoctorReportTests {
  /// One thing wrong with an otherwise good workstation, and the result that must name it.
  struct Shortfall: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var check: String
    var status: CheckResult.Status
    var detail: String
    var remedy: String?
    var spoil: @Sendable (inout FakeProbe) -> Void

    init(
      _ description: String, _ check: String, _ status: CheckResult.Status, _ detail: String,
      remedy: String?, spoil: @escaping @Sendable (inout FakeProbe) -> Void
    ) {
      self.testDescription = description
      self.check = check
      self.status = status
      self.detail = detail
      self.remedy = remedy
      self.spoil = spoil
    }
  }

  private static let appArmor = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns"
  private static let descriptor = "/usr/share/qemu/firmware/40-secure.json"

  static let shortfalls: [Shortfall] = [
    Shortfall(
      "Debian's switch", "user namespaces", .missing, "kernel.unprivileged_userns_clone=0",
      remedy: "sysctl -w kernel.unprivileged_userns_clone=1"
    ) { $0.texts["/proc/sys/kernel/unprivileged_userns_clone"] = "0\n" },
    Shortfall(
      "none allowed", "user namespaces", .missing, "user.max_user_namespaces=0",
      remedy: "sysctl -w user.max_user_namespaces=15000"
    ) { $0.texts["/proc/sys/user/max_user_namespaces"] = "0\n" },
    Shortfall(
      "a kernel without", "user namespaces", .missing, "CONFIG_USER_NS", remedy: "as root"
    ) { $0.others.remove("/proc/self/ns/user") },
    Shortfall(
      "Ubuntu 24.04", "AppArmor", .missing, "apparmor_restrict_unprivileged_userns=1",
      remedy: "profile pxelab \"/usr/local/bin/pxelab\" flags=(unconfined) {\n  userns,"
    ) {
      $0.texts[appArmor] = "1\n"
      $0.texts["/proc/self/attr/current"] = "unconfined\n"
    },
    Shortfall("Ubuntu with the profile", "AppArmor", .ok, "profile pxelab", remedy: nil) {
      $0.texts[appArmor] = "1\n"
      $0.texts["/proc/self/attr/current"] = "pxelab (unconfined)\n"
    },
    Shortfall("Ubuntu, not restricted", "AppArmor", .ok, "does not restrict", remedy: nil) {
      $0.texts[appArmor] = "0\n"
    },
    Shortfall(
      "no entries", "subordinate IDs", .missing, "/etc/subuid and /etc/subgid have no entry",
      remedy: "usermod --add-subuids 165536-231071 --add-subgids 165536-231071 alice"
    ) {
      $0.texts["/etc/subuid"] = "bob:100000:65536\n"
      $0.texts["/etc/subgid"] = nil
    },
    Shortfall(
      "no groups", "subordinate IDs", .missing, "/etc/subgid has no entry for alice",
      remedy: "usermod --add-subgids 165536-231071 alice"
    ) { $0.texts["/etc/subgid"] = "alicia:1:65536\nalice:no:1\nalice:5:0\n" },
    Shortfall("by number", "subordinate IDs", .ok, "7 users, 65536 groups", remedy: nil) {
      $0.texts["/etc/subuid"] = "# a comment\n1000:300000:7\n"
    },
    Shortfall("no tun", "/dev/net/tun", .missing, "does not exist", remedy: "modprobe tun") {
      $0.devices = [:]
    },
    Shortfall(
      "tun for root only", "/dev/net/tun", .missing, "Permission denied", remedy: "chmod 0666"
    ) { $0.devices["/dev/net/tun"] = .denied(reason: "Permission denied") },
    Shortfall("no KVM", "KVM", .warning, "TCG", remedy: "modprobe kvm_intel") {
      $0.kvmState = .absent
    },
    Shortfall("KVM without SMM", "KVM", .warning, "Secure Boot run with TCG", remedy: "KVM_SMM") {
      $0.kvmState = .answers(version: 12, systemManagementMode: false)
    },
    Shortfall(
      "no filtering in the kernel", "bridge VLAN filtering", .warning, "labs use Open vSwitch",
      remedy: "distribution's kernel"
    ) { $0.texts["/boot/config-6.1.0-test"] = "CONFIG_BRIDGE=y\nCONFIG_BRIDGE_VLAN_FILTERINGS=y" },
    Shortfall(
      "an existing bridge knows better", "bridge VLAN filtering", .warning, "docker0",
      remedy: "distribution's kernel"
    ) {
      $0.folders["/sys/class/net"] = ["docker0", "lo"]
      $0.others.insert("/sys/class/net/docker0/bridge")
    },
    Shortfall("an existing bridge has it", "bridge VLAN filtering", .ok, "docker0", remedy: nil) {
      $0.texts["/boot/config-6.1.0-test"] = nil
      $0.folders["/sys/class/net"] = ["docker0", "lo"]
      $0.others.formUnion([
        "/sys/class/net/docker0/bridge", "/sys/class/net/docker0/bridge/vlan_filtering",
      ])
    },
    Shortfall(
      "configuration kept to root", "bridge VLAN filtering", .warning,
      "/boot/config-6.1.0-test cannot be read: Permission denied", remedy: nil
    ) { $0.unreadable.insert("/boot/config-6.1.0-test") },
    Shortfall(
      "no 8021q", "VLAN devices (8021q)", .warning, "CONFIG_VLAN_8021Q", remedy: "distribution"
    ) { $0.texts["/boot/config-6.1.0-test"] = "CONFIG_BRIDGE_VLAN_FILTERING=y\n" },
    Shortfall(
      "no firmware", "OVMF with Secure Boot", .missing, "no firmware fits UEFI",
      remedy: "apt-get install ovmf"
    ) { $0.folders = [:] },
    Shortfall(
      "firmware without keys", "OVMF with Secure Boot", .missing, "no firmware", remedy: "ovmf"
    ) {
      $0.texts[descriptor] = FakeProbe.firmwareDescriptor(features: ["requires-smm", "secure-boot"])
    },
    Shortfall(
      "another architecture", "OVMF with Secure Boot", .missing, "no firmware", remedy: "ovmf"
    ) { $0.texts[descriptor] = FakeProbe.firmwareDescriptor(architecture: "aarch64") },
    Shortfall(
      "descriptor without its file", "OVMF with Secure Boot", .missing,
      "names /vars.fd, which does not exist", remedy: "ovmf"
    ) { $0.others.remove("/vars.fd") },
    Shortfall(
      "broken descriptor", "OVMF with Secure Boot", .missing, "not a firmware descriptor",
      remedy: "ovmf"
    ) { $0.texts[descriptor] = "{" },
    Shortfall(
      "libvirt without QEMU", "libvirt's QEMU driver", .missing, "libvirt_driver_qemu.so",
      remedy: "apt-get install libvirt-daemon-driver-qemu"
    ) { $0.others.remove("/usr/lib64/libvirt/connection-driver/libvirt_driver_qemu.so") },
    Shortfall("no dnsmasq", "dnsmasq", .missing, "not installed", remedy: "install dnsmasq-base") {
      $0.programs.remove("dnsmasq")
    },
    Shortfall("Fedora's names", "ip", .missing, "not installed", remedy: "dnf install iproute") {
      $0.programs.remove("ip")
      $0.texts["/etc/os-release"] = "NAME=\"CentOS\"\nID=\"centos\"\nID_LIKE=\"rhel fedora\"\n"
    },
    Shortfall("unneeded Open vSwitch", "ovs-vsctl", .warning, "not needed", remedy: "openvswitch") {
      $0.programs.remove("ovs-vsctl")
    },
    Shortfall("needed Open vSwitch", "ovs-vsctl", .missing, "not installed", remedy: "openvswitch")
    {
      $0.programs.remove("ovs-vsctl")
      $0.texts["/boot/config-6.1.0-test"] = "CONFIG_BRIDGE=y\n"
    },
  ]

  @Test(arguments: shortfalls)
  func `each shortfall is named with its way out`(_ shortfall: Shortfall) async throws {
    var probe = FakeProbe.workstation
    shortfall.spoil(&probe)
    let report = try await DoctorReport.examine(probe)
    let result = try #require(report.checks.first { $0.name == shortfall.check })
    #expect(result.status == shortfall.status)
    #expect(result.detail.contains(shortfall.detail), "\(result.detail)")
    if let remedy = shortfall.remedy {
      #expect(result.remedy?.contains(remedy) == true, "\(result.remedy ?? "no remedy")")
    } else {
      #expect(result.remedy == nil)
    }
    #expect(report.isReady == (shortfall.status != .missing))
  }

  @Test func `a good workstation has nothing to mend`() async throws {
    let report = try await DoctorReport.examine(FakeProbe.workstation)
    #expect(report.checks.filter { $0.status != .ok || $0.remedy != nil } == [])
    #expect(report.acceleration.kind == .kvm)
  }

  @Test func `root needs neither user namespaces nor subordinate IDs`() async throws {
    var probe = FakeProbe.workstation
    probe.account = Account(name: "root", id: 0)
    probe.texts["/etc/subuid"] = nil
    probe.texts["/proc/sys/user/max_user_namespaces"] = "0\n"
    probe.texts[Self.appArmor] = "1\n"
    probe.programs.remove("newuidmap")
    let report = try await DoctorReport.examine(probe)
    #expect(report.isReady)
    #expect(report.checks.first { $0.name == "newuidmap" }?.status == .warning)
  }

  @Test func `a kernel whose configuration names no filtering lacks it`() async throws {
    var probe = FakeProbe.workstation
    probe.texts["/proc/config.gz"] = try fixture("kernel-config-plain-bridge.txt")
    let report = try await DoctorReport.examine(probe)
    let bridge = try #require(report.checks.first { $0.name == "bridge VLAN filtering" })
    #expect(bridge.detail.hasPrefix("/proc/config.gz lacks CONFIG_BRIDGE_VLAN_FILTERING"))
  }

  @Test func `what decides and cannot be read is an error`() async throws {
    var probe = FakeProbe.workstation
    probe.unreadable.insert("/etc/subuid")
    let spoiled = probe
    let error = try await #require(throws: HostProbeError.self) {
      try await DoctorReport.examine(spoiled)
    }
    #expect(error.description == "/etc/subuid cannot be read: Permission denied")
  }

  @Test func `the report survives JSON`() async throws {
    let report = try await DoctorReport.examine(FakeProbe.workstation)
    let data = try JSONEncoder().encode(report)
    #expect(try JSONDecoder().decode(DoctorReport.self, from: data) == report)
  }
}

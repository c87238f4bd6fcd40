/// What a lab needs a program for.
package enum ProgramUse: String, Codable, Hashable, Sendable, CaseIterable {
  /// Making the sandbox, always.
  case sandbox
  /// Making it as an ordinary user.
  case rootlessSandbox
  /// Links and addresses, with either engine.
  case network
  /// The Linux bridge with VLAN filtering.
  case linuxBridge
  /// Open vSwitch's userspace datapath.
  case openVSwitch
  /// DHCP and TFTP.
  case server
  /// HTTPS.
  case https
  /// The machines.
  case machine
  /// Disk images: container disks, claims, cloud-init seeds.
  case diskImages
  /// The pod network's way out.
  case podNetwork
  /// macspoofchk and masquerade.
  case firewall
  /// Unpacking netboot images.
  case images
  /// A lab's own keys of Secure Boot, and reading certificates.
  case signing
}

/// A program that pxelab runs.
package struct RequiredProgram: Codable, Hashable, Sendable {
  /// Its name in the search path.
  package var name: String
  /// The package that brings it.
  package var package: PackageName
  /// What it is needed for.
  package var use: ProgramUse

  init(_ name: String, _ use: ProgramUse, debian: String, fedora: String? = nil) {
    self.name = name
    self.use = use
    self.package = PackageName(debian: debian, fedora: fedora ?? debian)
  }

  /// Every program that pxelab runs. Debian's package of each is in scripts/packages-debian.txt too.
  package static let all: [RequiredProgram] = [
    RequiredProgram("unshare", .sandbox, debian: "util-linux"),
    RequiredProgram("setpriv", .sandbox, debian: "util-linux"),
    RequiredProgram("nsenter", .podNetwork, debian: "util-linux"),
    RequiredProgram("tini", .sandbox, debian: "tini"),
    RequiredProgram("newuidmap", .rootlessSandbox, debian: "uidmap", fedora: "shadow-utils"),
    RequiredProgram("newgidmap", .rootlessSandbox, debian: "uidmap", fedora: "shadow-utils"),
    RequiredProgram("ip", .network, debian: "iproute2", fedora: "iproute"),
    RequiredProgram("ethtool", .network, debian: "ethtool"),
    RequiredProgram("bridge", .linuxBridge, debian: "iproute2", fedora: "iproute"),
    RequiredProgram(
      "ovs-vsctl", .openVSwitch, debian: "openvswitch-switch", fedora: "openvswitch"),
    RequiredProgram(
      "ovs-vswitchd", .openVSwitch, debian: "openvswitch-switch", fedora: "openvswitch"),
    RequiredProgram(
      "ovs-ofctl", .openVSwitch, debian: "openvswitch-common", fedora: "openvswitch"),
    RequiredProgram(
      "ovs-appctl", .openVSwitch, debian: "openvswitch-common", fedora: "openvswitch"),
    RequiredProgram(
      "ovsdb-server", .openVSwitch, debian: "openvswitch-common", fedora: "openvswitch"),
    RequiredProgram(
      "ovsdb-tool", .openVSwitch, debian: "openvswitch-common", fedora: "openvswitch"),
    RequiredProgram("dnsmasq", .server, debian: "dnsmasq-base", fedora: "dnsmasq"),
    RequiredProgram("stunnel", .https, debian: "stunnel4", fedora: "stunnel"),
    RequiredProgram("libvirtd", .machine, debian: "libvirt-daemon"),
    RequiredProgram("qemu-system-x86_64", .machine, debian: "qemu-system-x86"),
    RequiredProgram("qemu-img", .diskImages, debian: "qemu-utils", fedora: "qemu-img"),
    RequiredProgram("xorrisofs", .diskImages, debian: "xorriso"),
    RequiredProgram("pasta", .podNetwork, debian: "passt"),
    RequiredProgram("nft", .firewall, debian: "nftables"),
    RequiredProgram("openssl", .signing, debian: "openssl"),
    RequiredProgram("sbsign", .signing, debian: "sbsigntool", fedora: "sbsigntools"),
    RequiredProgram("apt-get", .images, debian: "apt"),
    RequiredProgram("dpkg-deb", .images, debian: "dpkg"),
    RequiredProgram("sfdisk", .images, debian: "fdisk", fedora: "util-linux"),
    RequiredProgram("mformat", .images, debian: "mtools"),
  ]

  /// The programs that are needed for `uses` and not installed.
  package static func missing(
    for uses: Set<ProgramUse>, on probe: some HostProbe
  ) -> [RequiredProgram] {
    all.filter { uses.contains($0.use) && probe.path(ofProgram: $0.name) == nil }
  }
}

/// Programs that a lab needs and the machine lacks.
package struct MissingProgramsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The programs; at least one.
  package var programs: [RequiredProgram]
  /// How packages are installed here.
  package var distribution: Distribution

  /// An error for programs that are missing.
  package init(programs: [RequiredProgram], distribution: Distribution) {
    self.programs = programs
    self.distribution = distribution
  }

  /// The programs and the command that installs them.
  package var description: String {
    let names = programs.map(\.name).joined(separator: ", ")
    return "not installed: \(names). Way out: "
      + distribution.installCommand(programs.map(\.package))
  }
}

import Addresses
import NetworkAttachment
import Objects

/// A lab as its `lab.yaml` and pxelab's defaults make it: what manifests cannot say.
package struct Lab: Hashable, Sendable {
  /// The name: an RFC 1123 label, safe as a file name.
  package var name: String
  /// Which engine makes the bridge.
  package var dataplane: DataplaneChoice
  /// Which accelerator QEMU uses.
  package var acceleration: AccelerationChoice
  /// The release of the CNI plugins that the lab's nodes stand for.
  package var cniPlugins: CNIPluginsVersion
  /// How much is captured on each bridge.
  package var capture = LabCapture()
  /// What is served on the attachments.
  package var attachments: [LabAttachment]
  /// What is expected of the machines, one for each machine of the folder.
  package var machines: [LabMachine]
  /// Which local disk image stands for a container disk's image or a DataVolume's URL: paths as
  /// written, which are relative to the lab's folder.
  package var diskImages: [String: String]
  /// The schedulers that run with it.
  package var schedulers: [LabScheduler] = []
  /// Each default that was assumed and each document that was skipped, for people to read.
  package var notices: [String]

  /// A lab.
  package init(
    name: String, dataplane: DataplaneChoice = .auto, acceleration: AccelerationChoice = .auto,
    cniPlugins: CNIPluginsVersion = .newest,
    attachments: [LabAttachment] = [], machines: [LabMachine] = [],
    diskImages: [String: String] = [:], notices: [String] = []
  ) {
    self.name = name
    self.dataplane = dataplane
    self.acceleration = acceleration
    self.cniPlugins = cniPlugins
    self.attachments = attachments
    self.machines = machines
    self.diskImages = diskImages
    self.notices = notices
  }

  /// The versions of lab.yaml that are read.
  package static let apiVersion = "pxelab.dev/v1alpha1"
}

/// Which engine makes the bridge.
package enum DataplaneChoice: String, Codable, CaseIterable, Hashable, Sendable {
  /// The Linux bridge where the kernel filters VLANs, else Open vSwitch.
  case auto
  /// The Linux bridge with VLAN filtering.
  case linuxBridge = "linux-bridge"
  /// Open vSwitch with its userspace datapath.
  case openVSwitch = "open-vswitch"
}

/// Which accelerator QEMU uses.
package enum AccelerationChoice: String, Codable, CaseIterable, Hashable, Sendable {
  /// KVM where it works, with SMM where Secure Boot needs it, else TCG.
  case auto
  /// KVM or nothing.
  case kvm
  /// Emulation.
  case tcg
}

/// What is served on a network attachment.
package struct LabAttachment: Codable, Hashable, Sendable {
  /// The NetworkAttachmentDefinition's name.
  package var name: String
  /// The NetworkAttachmentDefinition's namespace.
  package var namespace: String
  /// The NetworkAttachmentDefinition's identity.
  package var key: ObjectKey {
    ObjectKey(.networkAttachmentDefinitions, namespace: namespace, name: name)
  }
  /// The server; `nil` when nothing is served.
  package var server: BootServer?
  /// The server's address and network; where nothing is served, the ones that a server would get.
  package var address: IPv4Network?

  /// An attachment; without an address, its server's.
  package init(
    name: String, namespace: String = "default", server: BootServer?, address: IPv4Network? = nil
  ) {
    self.name = name
    self.namespace = namespace
    self.server = server
    self.address = address ?? server?.address
  }
}

/// A DHCP and TFTP server on a VLAN: the built-in one, or a command of the user's.
package struct BootServer: Codable, Hashable, Sendable {
  /// The image that is served where nothing else is said.
  package static let usualImage = "debian-secureboot"

  /// A DHCP option beyond those that network boot needs.
  package struct Option: Codable, Hashable, Sendable {
    /// The option's number (RFC 2132), 1 to 254.
    package var number: UInt8
    /// The value in dnsmasq's notation: an address, a number, a text.
    package var value: String

    /// An option.
    package init(number: UInt8, value: String) {
      self.number = number
      self.value = value
    }
  }

  /// The VLAN of the server's port; `nil` when it is untagged.
  package var vlan: VLANID?
  /// The server's address and network.
  package var address: IPv4Network
  /// The first address that is leased.
  package var rangeStart: IPv4Address
  /// The last address that is leased.
  package var rangeEnd: IPv4Address
  /// How long an address is leased, in seconds.
  package var leaseSeconds: Int
  /// The name of the image served, a folder under images/; `nil` when a command of the user's
  /// serves and asks for none.
  package var image: String?
  /// The network boot program; `nil` for the image's own.
  package var bootFile: String?
  /// What clients boot that are iPXE already; `nil` for the image's own script.
  package var iPXEScript: String?
  /// The ways by which it boots clients.
  package var methods: [BootMethod]
  /// Its address in an IPv6 network with a prefix of 64 bits; `nil` when nothing is served by IPv6.
  package var ipv6: IPv6Address?
  /// Extra DHCP options in the order of the file.
  package var options: [Option]
  /// The files of the image that are signed with the lab's own key, by their paths in the TFTP
  /// root.
  package var signedFiles: [String] = []
  /// The program that serves instead of the built-in server, with its arguments, in which
  /// `$(PXELAB_...)` stands for a variable; `nil` for the built-in server.
  package var command: [String]?

  /// A server.
  package init(
    vlan: VLANID?, address: IPv4Network, rangeStart: IPv4Address, rangeEnd: IPv4Address,
    leaseSeconds: Int = 3600, image: String? = "debian-secureboot", bootFile: String? = nil,
    iPXEScript: String? = nil, methods: [BootMethod] = BootMethod.usual,
    ipv6: IPv6Address? = nil, options: [Option] = [], command: [String]? = nil
  ) {
    self.vlan = vlan
    self.address = address
    self.rangeStart = rangeStart
    self.rangeEnd = rangeEnd
    self.leaseSeconds = leaseSeconds
    self.image = image
    self.bootFile = bootFile
    self.iPXEScript = iPXEScript
    self.methods = methods
    self.ipv6 = ipv6
    self.options = options
    self.command = command
  }
}

/// What is expected of a machine.
package struct LabMachine: Codable, Hashable, Sendable {
  /// What the machine is called in the lab: its name, or `namespace.name` where another namespace
  /// of the lab has a machine of that name.
  package var name: String
  /// How long the machine has, from its first instruction to its report, in seconds; `nil` as long as
  /// its processors need as a rule.
  package var timeoutSeconds: Double?
  /// What its boot must be like.
  package var expectation: Expectation
  /// What is in its variable store at first, besides what the firmware comes with.
  package var efi: LabEFI?
  /// Whether the lab file says what it boots from, and not only the manifest's boot order.
  package var saysBootFrom: Bool

  /// A machine.
  package init(
    name: String, timeoutSeconds: Double? = nil, expectation: Expectation, efi: LabEFI? = nil,
    saysBootFrom: Bool = false
  ) {
    self.name = name
    self.timeoutSeconds = timeoutSeconds
    self.expectation = expectation
    self.efi = efi
    self.saysBootFrom = saysBootFrom
  }
}

/// What a machine's boot must be like; what is `nil` is not judged.
package struct Expectation: Codable, Hashable, Sendable {
  /// The name of the interface or disk that the machine boots from; of several boots, the last's.
  package var bootFrom: String?
  /// The names of the devices of the boots before that one, the first boot's first.
  package var earlierBoots: [String]
  /// The VLAN that its DHCP exchange is on.
  package var vlan: VLANID?
  /// The DHCP server that answers it.
  package var server: IPv4Address?
  /// Whether the guest runs under Secure Boot.
  package var secureBoot: Bool?
  /// Whether the guest's kernel is locked down.
  package var lockdown: Bool?
  /// The id of the finding that must come first, of a lab that is broken on purpose: `PXL003`.
  package var finding: String?

  /// An expectation.
  package init(
    bootFrom: String? = nil, earlierBoots: [String] = [], vlan: VLANID? = nil,
    server: IPv4Address? = nil, secureBoot: Bool? = nil, lockdown: Bool? = nil,
    finding: String? = nil
  ) {
    self.bootFrom = bootFrom
    self.earlierBoots = earlierBoots
    self.vlan = vlan
    self.server = server
    self.secureBoot = secureBoot
    self.lockdown = lockdown
    self.finding = finding
  }
}

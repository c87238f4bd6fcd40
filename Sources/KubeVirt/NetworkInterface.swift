import Addresses

/// One of `domain.devices.interfaces`.
package struct NetworkInterface: Hashable, Sendable {
  /// How the interface meets its network.
  package enum Binding: Hashable, Sendable {
    /// On the network's own layer 2.
    case bridge
    /// Behind NAT; on the pod network only.
    case masquerade
    /// A virtual function of a NIC.
    case sriov
    /// Any other binding of the API, or the name of a binding plugin.
    case other(String)
  }

  /// The name, which is that of its network.
  package var name: String
  /// The bindings named; admission wants exactly one.
  package var bindings: [Binding]
  /// The NIC model; virtio when absent.
  package var model: String?
  /// The MAC address as written.
  package var macAddressText: String?
  /// The place in the global boot order, from 1.
  package var bootOrder: Int?
  /// The guest's PCI address as written.
  package var pciAddress: String?
  /// The ACPI index that names the guest's device (`eno101`); values under 1 are ignored.
  package var acpiIndex: Int?
  /// `up`, `down` or `absent`; up when absent.
  package var state: String?
  /// A tag passed to the guest.
  package var tag: String?
  /// What the in-pod DHCP server says.
  package var dhcpOptions: DHCPOptions?

  /// An interface.
  package init(
    name: String, bindings: [Binding], model: String? = nil, macAddressText: String? = nil,
    bootOrder: Int? = nil, pciAddress: String? = nil, acpiIndex: Int? = nil,
    state: String? = nil, tag: String? = nil, dhcpOptions: DHCPOptions? = nil
  ) {
    self.name = name
    self.bindings = bindings
    self.model = model
    self.macAddressText = macAddressText
    self.bootOrder = bootOrder
    self.pciAddress = pciAddress
    self.acpiIndex = acpiIndex
    self.state = state
    self.tag = tag
    self.dhcpOptions = dhcpOptions
  }

  /// The one binding; `nil` when there is none or several.
  package var binding: Binding? { bindings.count == 1 ? bindings.first : nil }

  /// The MAC address; `nil` when none is written or it is malformed.
  package var macAddress: MACAddress? {
    macAddressText.flatMap(hardwareAddress).flatMap { MACAddress(octets: $0) }
  }
}

/// `dhcpOptions` of an interface (RFC 2132 numbers in the fields' documentation).
package struct DHCPOptions: Hashable, Sendable {
  /// A site-specific option.
  package struct Private: Hashable, Sendable {
    /// The option's number; admission wants 224 to 254.
    package var option: Int
    /// The value as text.
    package var value: String

    /// A site-specific option.
    package init(option: Int, value: String) {
      self.option = option
      self.value = value
    }
  }

  /// Option 67.
  package var bootFileName: String?
  /// Option 66.
  package var tftpServerName: String?
  /// Option 42, as written.
  package var ntpServers: [String]
  /// Options 224 to 254.
  package var privateOptions: [Private]

  /// DHCP options.
  package init(
    bootFileName: String? = nil, tftpServerName: String? = nil, ntpServers: [String] = [],
    privateOptions: [Private] = []
  ) {
    self.bootFileName = bootFileName
    self.tftpServerName = tftpServerName
    self.ntpServers = ntpServers
    self.privateOptions = privateOptions
  }
}

/// One of `networks`.
package struct Network: Hashable, Sendable {
  /// A network attachment by Multus.
  package struct Multus: Hashable, Sendable {
    /// The NetworkAttachmentDefinition, `name` or `namespace/name`.
    package var networkName: String
    /// Whether it replaces the pod network.
    package var isDefault: Bool

    /// A network attachment.
    package init(networkName: String, isDefault: Bool = false) {
      self.networkName = networkName
      self.isDefault = isDefault
    }
  }

  /// The name, which is that of its interface.
  package var name: String
  /// Whether it is the pod network.
  package var isPod: Bool
  /// The network attachment, if it is one.
  package var multus: Multus?

  /// A network; admission wants exactly one of pod and Multus.
  package init(name: String, isPod: Bool = false, multus: Multus? = nil) {
    self.name = name
    self.isPod = isPod
    self.multus = multus
  }
}

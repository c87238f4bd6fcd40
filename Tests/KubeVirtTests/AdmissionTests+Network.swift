import KubeVirt
import Manifest
import Testing

extension AdmissionTests {
  static let networks: [Case] = [
    Case(
      "interface without network", "\(iface)[1].name: \(iface)[1].name 'pxe-net' not found."
    ) { $0.networks = "- {name: default, pod: {}}" },
    Case(
      "network without interface",
      "spec.networks[1].name: spec.networks[1].name 'pxe-net' not found."
    ) { $0.interfaces = "- {name: default, masquerade: {}}" },
    Case("pod and multus", "spec.networks[1]: should have only one network type") {
      $0.networks = $0.networks.replacing("multus:", with: "resourceClaim: {}, pod: {}, multus:")
      $0.interfaces = $0.interfaces.replacing("- {name: default, masquerade: {}}\n", with: "")
      $0.networks = $0.networks.replacing(
        "- {name: default, pod: {}}", with: "- {name: other, multus: {networkName: x}}")
      $0.interfaces += "\n- {name: other, bridge: {}}"
    },
    Case("no type", "spec.networks[1]: should have a network type") {
      $0.networks = "- {name: default, pod: {}}\n- {name: pxe-net}"
    },
    Case(
      "empty networkName", "spec.networks[1]: CNI delegating plugin must have a networkName"
    ) { $0.networks = $0.networks.replacing("pxe-net-conf", with: "''") },
    Case(
      "two on pod networks",
      "spec.interfaces: more than one interface is connected to a pod network in spec.interfaces"
    ) { $0.networks = "- {name: default, pod: {}}\n- {name: pxe-net, pod: {}}" },
    Case(
      "multus default and pod",
      "spec.networks: Pod network cannot be defined when Multus default network is defined"
    ) {
      $0.networks = $0.networks.replacing("pxe-net-conf", with: "pxe-net-conf, default: true")
    },
    Case(
      "the same network twice",
      "\(iface)[2].name: Only one interface can be connected to one specific network"
    ) { $0.interfaces += "\n- {name: pxe-net, bridge: {}}" },
    Case(
      "one name twice",
      "spec.networks[2].name: Network with name \"pxe-net\" already exists, every network must"
        + " have a unique name"
    ) { $0.networks += "\n- {name: pxe-net, multus: {networkName: b}}" },
  ]

  @Test(arguments: networks)
  func refusesNetworks(row: Case) throws { try check(row) }

  static let interfaces: [Case] = [
    Case(
      "no binding",
      "\(iface)[1]: logical pxe-net interface must have exactly one binding method or binding"
        + " plugin"
    ) { $0.interfaces = $0.interfaces.replacing("bridge: {}, ", with: "") },
    Case(
      "two bindings",
      "\(iface)[1]: logical pxe-net interface must have exactly one binding method or binding"
        + " plugin"
    ) { $0.interfaces = $0.interfaces.replacing("bridge: {}", with: "bridge: {}, sriov: {}") },
    Case(
      "masquerade on multus",
      "\(iface)[1].name: Masquerade interface only implemented with pod network"
    ) { $0.interfaces = $0.interfaces.replacing("bridge: {}", with: "masquerade: {}") },
    Case(
      "model",
      "\(iface)[1].model: interface \(iface)[1].name uses model vmxnet3 that is not supported."
    ) {
      $0.interfaces = $0.interfaces.replacing("bridge: {}", with: "bridge: {}, model: vmxnet3")
    },
    Case(
      "MAC of 5 octets",
      "\(iface)[1].macAddress: interface \(iface)[1].name has malformed MAC address"
        + " (de:00:00:00:00)."
    ) {
      $0.interfaces = $0.interfaces.replacing("de:00:00:00:00:de", with: "de:00:00:00:00")
    },
    Case(
      "MAC of 8 octets",
      "\(iface)[1].macAddress: interface \(iface)[1].name has too long MAC address"
        + " (de:00:00:00:00:de:00:00)."
    ) {
      $0.interfaces = $0.interfaces.replacing(
        "de:00:00:00:00:de", with: "de:00:00:00:00:de:00:00")
    },
    Case(
      "the bridge's MAC",
      "\(iface)[0].macAddress: The requested MAC address is reserved for the in-pod bridge."
        + " Please choose another one."
    ) {
      $0.interfaces = $0.interfaces.replacing(
        "masquerade: {}", with: "masquerade: {}, macAddress: '02:00:00:00:00:00'")
    },
    Case(
      "PCI address",
      "\(iface)[1].pciAddress: interface \(iface)[1].name has malformed PCI address"
        + " (0000:81:100.a)."
    ) {
      $0.interfaces = $0.interfaces.replacing(
        "bridge: {}", with: "bridge: {}, pciAddress: '0000:81:100.a'")
    },
    Case(
      "state",
      "\(iface)[1].state: logical pxe-net interface state value is unsupported: sideways"
    ) {
      $0.interfaces = $0.interfaces.replacing("bridge: {}", with: "bridge: {}, state: sideways")
    },
    Case(
      "absent on the pod network",
      "\(iface)[0].state: \"default\" interface's state \"absent\" is supported only for bridge"
        + " binding",
      "\(iface)[0].state: \"default\" interface's state \"absent\" is not supported on default"
        + " networks"
    ) {
      $0.interfaces = $0.interfaces.replacing(
        "masquerade: {}", with: "masquerade: {}, state: absent")
    },
    Case(
      "DHCP options",
      "spec: provided DHCPPrivateOptions are out of range, must be in range 224 to 254",
      "spec: Found Duplicates: you have provided duplicate DHCPPrivateOptions",
      "\(iface)[0].dhcpOptions.ntpServers[0]: NTP servers must be a list of valid IPv4 addresses."
    ) {
      $0.interfaces = $0.interfaces.replacing(
        "masquerade: {}",
        with: "masquerade: {}, dhcpOptions: {ntpServers: [x], privateOptions:"
          + " [{option: 1, value: a}, {option: 1, value: b}]}")
    },
  ]

  @Test(arguments: interfaces)
  func refusesInterfaces(row: Case) throws { try check(row) }
}

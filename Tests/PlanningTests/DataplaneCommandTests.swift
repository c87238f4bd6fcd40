import Addresses
import ExternalCommand
import NetworkAttachment
import Testing

@testable import Planning

/// A table by its numbers.
func table(
  _ pvid: UInt16?, untagged: [UInt16] = [], tagged: [UInt16] = []
) -> PortVLANs {
  PortVLANs(
    pvid: pvid.flatMap(VLANID.init(rawValue:)),
    untagged: untagged.compactMap(VLANID.init(rawValue:)),
    tagged: tagged.compactMap(VLANID.init(rawValue:)))
}

private func bridge(_ vlans: PortVLANs, mtu: Int? = nil) -> [BridgePlan] {
  let port = PortPlan(
    device: "t0", peer: .machine(name: "m", interface: "net"), vlans: vlans, mtu: mtu)
  return [BridgePlan(name: "br0", device: "br0", captureDevice: "mirror0", ports: [port])]
}

@Suite struct LinuxBridgeCommandsTests {
  @Test(arguments: [
    (
      table(100, untagged: [100]),
      ["vlan del dev t0 vid 1", "vlan add dev t0 vid 100 pvid untagged"]
    ),
    (
      table(100, untagged: [1, 100]),
      ["vlan add dev t0 vid 1 untagged", "vlan add dev t0 vid 100 pvid untagged"]
    ),
    (
      table(1, untagged: [1], tagged: [50, 51]),
      ["vlan add dev t0 vid 1 pvid untagged", "vlan add dev t0 vid 50-51"]
    ),
    (
      table(100, untagged: [100], tagged: [50]),
      [
        "vlan del dev t0 vid 1", "vlan add dev t0 vid 50", "vlan add dev t0 vid 100 pvid untagged",
      ]
    ),
    (table(nil, tagged: [200]), ["vlan del dev t0 vid 1", "vlan add dev t0 vid 200"]),
    (
      table(51, untagged: [51], tagged: [49, 50, 52, 53, 60]),
      [
        "vlan del dev t0 vid 1", "vlan add dev t0 vid 49-50",
        "vlan add dev t0 vid 51 pvid untagged", "vlan add dev t0 vid 52-53",
        "vlan add dev t0 vid 60",
      ]
    ),
    (table(nil), ["vlan del dev t0 vid 1"]),
  ])
  func vlanTable(_ vlans: PortVLANs, _ expected: [String]) throws {
    let commands = LinuxBridgeCommands(bridges: bridge(vlans)).setUp
    #expect(commands.map(\.program) == ["ip", "bridge"])
    #expect(commands.last?.input == expected.map { $0 + "\n" }.joined())
  }

  @Test func aPortThatIsAsTheBridgeMakesItNeedsNoTable() {
    let commands = LinuxBridgeCommands(bridges: bridge(.access(.bridgeDefault))).setUp
    #expect(commands.map(\.program) == ["ip"])
  }

  @Test func flagsMTUsAndGateways() throws {
    let network = try #require(IPNetwork("10.1.0.1/16"))
    let other = try #require(IPNetwork("fd00:1::1/64"))
    let plan = BridgePlan(
      name: "br0", device: "br0", captureDevice: "br0", filtersVLANs: false, isPromiscuous: true,
      mtu: 9000,
      gateways: [
        GatewayPlan(device: "br0", port: nil, vlan: nil, addresses: [network]),
        GatewayPlan(device: "br0.7", port: "g0", vlan: VLANID(rawValue: 7), addresses: [other]),
      ],
      masquerades: [
        MasqueradePlan(network: "a", backend: .nftables, addresses: [network, other]),
        MasqueradePlan(network: "b", backend: .iptables, addresses: [network]),
      ],
      ports: [
        PortPlan(
          device: "t0", peer: .machine(name: "m", interface: "net"), vlans: .access(.bridgeDefault),
          mtu: 1400, isHairpin: true, isIsolated: true)
      ])
    let commands = LinuxBridgeCommands(bridges: [plan]).setUp
    #expect(
      commands.map(\.input) == [
        """
        link add name br0 mtu 9000 type bridge vlan_filtering 0
        link set dev br0 promisc on
        tuntap add dev t0 mode tap
        link set dev t0 alias m/net mtu 1400 master br0 up
        link set dev t0 type bridge_slave hairpin on isolated on
        link set dev br0 up
        address add 10.1.0.1/16 brd + dev br0
        link add name br0.7 mtu 9000 type veth peer name g0 mtu 9000
        link set dev g0 master br0 up
        link set dev br0.7 up
        address add fd00:1::1/64 dev br0.7

        """,
        "vlan del dev g0 vid 1\nvlan add dev g0 vid 7 pvid untagged\n", "1", "1",
        """
        add table inet cni_plugins_masquerade
        add chain inet cni_plugins_masquerade masq_checks
        add chain inet cni_plugins_masquerade postrouting \
        { type nat hook postrouting priority srcnat; }
        add rule inet cni_plugins_masquerade postrouting ip daddr == 224.0.0.0/4 return
        add rule inet cni_plugins_masquerade postrouting ip6 daddr == ff00::/8 return
        add rule inet cni_plugins_masquerade postrouting goto masq_checks
        add rule inet cni_plugins_masquerade masq_checks ip saddr == 10.1.0.1 \
        ip daddr != 10.1.0.0/16 masquerade comment "net: a"
        add rule inet cni_plugins_masquerade masq_checks ip6 saddr == fd00:1::1 \
        ip6 daddr != fd00:1::/64 masquerade comment "net: a"
        add table ip nat
        add chain ip nat POSTROUTING { type nat hook postrouting priority srcnat; policy accept; }
        add chain ip nat CNI-dec2d4ba416b2782
        add rule ip nat CNI-dec2d4ba416b2782 ip daddr 10.1.0.0/16 counter accept comment "name: b"
        add rule ip nat CNI-dec2d4ba416b2782 ip daddr != 224.0.0.0/4 counter masquerade \
        comment "name: b"
        add rule ip nat POSTROUTING ip saddr 10.1.0.1 counter jump CNI-dec2d4ba416b2782 \
        comment "name: b"

        """,
      ])
    #expect(
      commands.filter { $0.program == "tee" }.map(\.arguments) == [
        ["/proc/sys/net/ipv4/ip_forward"], ["/proc/sys/net/ipv6/conf/all/forwarding"],
      ])
  }

  @Test func sourcesAreCheckedByThePluginsRulesAndCountedBesideThem() throws {
    let port = PortPlan(
      device: "t0", peer: .machine(name: "m", interface: "net"), vlans: .access(.bridgeDefault),
      mac: MACAddress("02:00:00:00:00:01"), checksSource: true)
    let commands = LinuxBridgeCommands(
      bridges: [BridgePlan(name: "br0", device: "br0", captureDevice: "br0", ports: [port])])
    let rules = try #require(commands.setUp.last)
    #expect(rules.program == "nft")
    #expect(
      rules.input == """
        add table bridge nat
        add chain bridge nat PREROUTING { type filter hook prerouting priority -300; policy accept; }
        add table bridge pxelab
        add chain bridge pxelab spoofed { type filter hook prerouting priority -301; policy accept; }
        add chain bridge nat cni-br-iface-t0
        add chain bridge nat cni-br-iface-t0-mac
        add rule bridge nat PREROUTING iifname "t0" jump cni-br-iface-t0 comment "macspoofchk-t0"
        add rule bridge nat cni-br-iface-t0 jump cni-br-iface-t0-mac comment "macspoofchk-t0"
        add rule bridge nat cni-br-iface-t0-mac ether saddr 02:00:00:00:00:01 return \
        comment "macspoofchk-t0"
        add rule bridge nat cni-br-iface-t0-mac drop comment "macspoofchk-t0"
        add rule bridge pxelab spoofed iifname "t0" ether saddr != 02:00:00:00:00:01 counter \
        comment "t0"

        """)
    #expect(commands.listRules.map(\.program) == ["nft"])
  }
}

@Suite struct OpenVSwitchCommandsTests {
  @Test(arguments: [
    (table(100, untagged: [100]), ["vlan_mode=access", "tag=100"]),
    (table(1, untagged: [1]), ["vlan_mode=access", "tag=0"]),
    // A port has one VLAN that leaves it untagged.
    (table(100, untagged: [1, 100]), ["vlan_mode=access", "tag=100"]),
    (
      table(1, untagged: [1], tagged: [50, 51]),
      ["vlan_mode=native-untagged", "tag=0", "trunks=0,50,51"]
    ),
    (
      table(100, untagged: [100], tagged: [200, 50]),
      ["vlan_mode=native-untagged", "tag=100", "trunks=50,100,200"]
    ),
    (table(nil, tagged: [200, 300]), ["vlan_mode=trunk", "trunks=200,300"]),
    // Without any the port would carry every VLAN.
    (table(nil), ["vlan_mode=trunk", "trunks=4095"]),
  ])
  func vlanColumns(_ vlans: PortVLANs, _ expected: [String]) throws {
    let commands = OpenVSwitchCommands(bridges: bridge(vlans), directory: "/d").setUp
    let transaction = try #require(commands.first { $0.arguments.contains("init") }?.arguments)
    let port = try #require(transaction.firstIndex(of: "t0"))
    let columns = transaction[(port + 1)...].prefix { $0 != "--" }
    #expect(Array(columns) == expected)
  }

  @Test func aBridgeThatLooksAtNoVLANCarriesEveryTag() throws {
    var plan = bridge(.access(.bridgeDefault))
    plan[0].filtersVLANs = false
    let commands = OpenVSwitchCommands(bridges: plan, directory: "/d").setUp
    let transaction = try #require(commands.first { $0.arguments.contains("init") }?.arguments)
    let port = try #require(transaction.firstIndex(of: "t0"))
    #expect(
      transaction[(port + 1)...].prefix { $0 != "--" } == ["vlan_mode=native-untagged", "tag=0"])
  }

  @Test func portsWithoutFlagsNeedNoRules() {
    let commands = OpenVSwitchCommands(bridges: bridge(.access(.bridgeDefault)), directory: "/d")
    #expect(!commands.setUp.contains { $0.program == "ovs-ofctl" })
    #expect(commands.listRules.isEmpty)
  }

  @Test func everyCommandStaysInTheLabsFolder() throws {
    var plan = bridge(.access(.bridgeDefault))
    plan[0].ports[0].isHairpin = true
    let commands = OpenVSwitchCommands(bridges: plan, directory: "/d")
    let all = commands.setUp + [commands.listPorts] + commands.listRules
    #expect(all.contains { $0.program == "ovs-ofctl" })
    for command in all where command.program.hasPrefix("ovs") {
      #expect(command.environment["OVS_RUNDIR"] == "/d", "\(command)")
      #expect(command.arguments.contains { $0.contains("/d/") }, "\(command)")
    }
  }

  @Test func waitsForEveryPortBeforeItGoesOn() throws {
    let setUp = OpenVSwitchCommands(bridges: bridge(.access(.bridgeDefault)), directory: "/d").setUp
    let wait = try #require(setUp.first { $0.arguments.contains("wait-until") }?.arguments)
    for device in ["t0", "mirror0"] {
      #expect(wait.joined(separator: " ").contains("wait-until interface \(device) ofport>0"))
    }
  }
}

import Addresses
import ExternalCommand
import NetworkAttachment
import Testing

@testable import LabPlan

/// A table by its numbers.
private func table(
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
    (table(1, untagged: [1]), ["vlan add dev t0 vid 1 pvid untagged"]),
    (
      table(100, untagged: [1, 100]),
      ["vlan add dev t0 vid 1 untagged", "vlan add dev t0 vid 100 pvid untagged"]
    ),
    (
      table(1, untagged: [1], tagged: [50, 51]),
      ["vlan add dev t0 vid 1 pvid untagged", "vlan add dev t0 vid 50", "vlan add dev t0 vid 51"]
    ),
    (
      table(100, untagged: [100], tagged: [50]),
      [
        "vlan del dev t0 vid 1", "vlan add dev t0 vid 50", "vlan add dev t0 vid 100 pvid untagged",
      ]
    ),
    (table(nil, tagged: [200]), ["vlan del dev t0 vid 1", "vlan add dev t0 vid 200"]),
    (table(nil), ["vlan del dev t0 vid 1"]),
  ])
  func vlanTable(_ vlans: PortVLANs, _ expected: [String]) throws {
    let commands = LinuxBridgeCommands(bridges: bridge(vlans)).setUp
    #expect(commands.map(\.program) == ["ip", "bridge"])
    #expect(commands.last?.input == expected.map { $0 + "\n" }.joined())
  }

  @Test func devicesAreMadeWithTheirMTUBeforeTheyComeUp() throws {
    let commands = LinuxBridgeCommands(bridges: bridge(.access(.bridgeDefault), mtu: 9000)).setUp
    #expect(
      commands.first?.input == """
        link add name br0 type bridge vlan_filtering 1
        tuntap add dev t0 mode tap
        link set dev t0 alias m/net
        link set dev t0 mtu 9000
        link set dev t0 up
        link set dev t0 master br0
        link set dev br0 up

        """)
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

  @Test func everyCommandStaysInTheLabsFolder() throws {
    let commands = OpenVSwitchCommands(bridges: bridge(.access(.bridgeDefault)), directory: "/d")
    for command in commands.setUp + [commands.listPorts] where command.program.hasPrefix("ovs") {
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

import Addresses
import ExternalCommand
import NetworkAttachment
import Testing

@testable import Planning

/// What a lab that is up is changed by, from one plan of its bridges to the next.
@Suite struct DataplaneChangesTests {
  private static func port(_ device: String, _ vlans: PortVLANs, mtu: Int? = nil) -> PortPlan {
    PortPlan(device: device, peer: .machine(name: device, interface: "net"), vlans: vlans, mtu: mtu)
  }

  private static func plan(
    _ engine: DataplaneEngine, _ bridges: [(name: String, ports: [PortPlan])]
  ) -> DataplanePlan {
    DataplanePlan(
      engine: Reasoned(engine, because: "test"),
      bridges: bridges.map {
        BridgePlan(
          name: $0.name, device: $0.name, captureDevice: "mirror-\($0.name)", ports: $0.ports)
      }, directory: "/ovs")
  }

  private static func text(_ commands: [Command]) -> String {
    commands.map { "\($0.program) \($0.arguments.joined(separator: " "))\n\($0.input ?? "")" }
      .joined(separator: "\n")
  }

  private static let hundred = table(100, untagged: [100])
  private static let twoHundred = table(200, untagged: [200])

  @Test(arguments: [DataplaneEngine.linuxBridge, .openVSwitch])
  func theSamePlanNeedsNothing(_ engine: DataplaneEngine) {
    let plan = Self.plan(engine, [("br0", [Self.port("t0", Self.hundred)])])
    #expect(plan.changes(from: plan) == [])
  }

  @Test(arguments: [DataplaneEngine.linuxBridge, .openVSwitch])
  func anAddedPortLeavesTheOthersAlone(_ engine: DataplaneEngine) {
    let old = Self.plan(engine, [("br0", [Self.port("t0", Self.hundred)])])
    let new = Self.plan(
      engine, [("br0", [Self.port("t0", Self.hundred), Self.port("t1", Self.twoHundred)])])
    let added = Self.text(new.changes(from: old))
    #expect(added.contains("t1") && added.contains("200"), "\(added)")
    #expect(!added.contains("t0"), "\(added)")
    let removed = Self.text(old.changes(from: new))
    #expect(removed.contains("t1"), "\(removed)")
    #expect(!removed.contains("t0"), "\(removed)")
  }

  @Test(arguments: [DataplaneEngine.linuxBridge, .openVSwitch])
  func anotherVLANChangesTheTableOfThatPortOnly(_ engine: DataplaneEngine) {
    let other = Self.port("t1", Self.hundred)
    let old = Self.plan(engine, [("br0", [Self.port("t0", Self.hundred), other])])
    let new = Self.plan(engine, [("br0", [Self.port("t0", Self.twoHundred), other])])
    let commands = new.changes(from: old)
    #expect(commands.count == 1, "\(Self.text(commands))")
    let changed = Self.text(commands)
    #expect(changed.contains("t0") && changed.contains("200"), "\(changed)")
    #expect(!changed.contains("t1"), "\(changed)")
  }

  @Test func aVLANTableIsTakenBackBeforeTheNextOne() {
    let old = Self.plan(.linuxBridge, [("br0", [Self.port("t0", Self.hundred)])])
    let new = Self.plan(.linuxBridge, [("br0", [Self.port("t0", Self.twoHundred)])])
    #expect(
      new.changes(from: old).map(\.input) == [
        "vlan del dev t0 vid 100\nvlan add dev t0 vid 200 pvid untagged\n"
      ])
    let untagged = Self.plan(
      .linuxBridge, [("br0", [Self.port("t0", .access(.bridgeDefault))])])
    #expect(
      untagged.changes(from: old).map(\.input) == [
        "vlan del dev t0 vid 100\nvlan add dev t0 vid 1 pvid untagged\n"
      ])
  }

  @Test func anotherMTUMakesThePortAnew() {
    let old = Self.plan(.linuxBridge, [("br0", [Self.port("t0", Self.hundred)])])
    let new = Self.plan(.linuxBridge, [("br0", [Self.port("t0", Self.hundred, mtu: 9000)])])
    let text = Self.text(new.changes(from: old))
    #expect(text.contains("9000"), "\(text)")
    #expect(text.contains("del"), "\(text)")
  }

  @Test(arguments: [DataplaneEngine.linuxBridge, .openVSwitch])
  func aBridgeComesAndGoesWithItsPorts(_ engine: DataplaneEngine) {
    let first = (name: "br0", ports: [Self.port("t0", Self.hundred)])
    let second = (name: "br1", ports: [Self.port("t1", Self.twoHundred)])
    let old = Self.plan(engine, [first])
    let new = Self.plan(engine, [first, second])
    let added = Self.text(new.changes(from: old))
    #expect(added.contains("br1") && added.contains("t1"), "\(added)")
    #expect(!added.contains("br0 ") && !added.contains("t0"), "\(added)")
    let removed = Self.text(old.changes(from: new))
    #expect(removed.contains("br1"), "\(removed)")
    #expect(!removed.contains("br0 ") && !removed.contains("t0"), "\(removed)")
  }
}

import Addresses
import ExternalCommand
import NetworkAttachment
import Testing

@testable import Planning

/// The programs of an Open vSwitch, and what it needs again.
@Suite struct DataplaneDaemonTests {
  private func plan(_ engine: DataplaneEngine) -> DataplanePlan {
    let bridge = BridgePlan(
      name: "br0", device: "br0", captureDevice: "pxl-c0",
      ports: [
        PortPlan(
          device: "pxl-t0", peer: .machine(name: "m", interface: "net"),
          vlans: .access(.bridgeDefault))
      ])
    return DataplanePlan(
      engine: Reasoned(engine, because: "test"), bridges: [bridge], directory: "/lab/ovs")
  }

  @Test func eachIsStartedAsTheDataplaneStartsIt() throws {
    let plan = plan(.openVSwitch)
    #expect(plan.daemons.map(\.name) == ["ovsdb-server", "ovs-vswitchd"])
    #expect(
      plan.daemons.map(\.pidFile) == ["/lab/ovs/ovsdb-server.pid", "/lab/ovs/ovs-vswitchd.pid"])
    for daemon in plan.daemons {
      #expect(plan.setUp.contains(daemon.start))
      #expect(daemon.start.arguments.contains("--pidfile=\(daemon.pidFile)"))
      #expect(daemon.start.arguments.contains("--log-file=\(daemon.log)"))
      #expect(daemon.probe.arguments == ["--timeout=5", "--target=\(daemon.name)", "version"])
      #expect(daemon.probe.environment == daemon.start.environment)
    }
  }

  /// The database outlives both; the switch has lost its own devices and its rules.
  @Test func theSwitchIsGivenWhatFollowsItsStart() throws {
    let plan = plan(.openVSwitch)
    #expect(plan.daemons[0].restore == [])
    let start = try #require(plan.setUp.firstIndex(of: plan.daemons[1].start))
    let restore = plan.daemons[1].restore
    #expect(restore.map(\.program).first == "ovs-vsctl" && restore.last?.program == "ip")
    #expect(Array(plan.setUp[(start + 1)...].prefix(restore.count)) == restore)
    #expect(restore.last?.input?.contains("link set dev pxl-c0 up") == true)
  }

  @Test func theKernelsBridgeHasNone() {
    #expect(plan(.linuxBridge).daemons == [])
  }
}

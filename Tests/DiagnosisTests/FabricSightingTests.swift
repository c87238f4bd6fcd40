import Addresses
import PXEWire
import Testing

@testable import Diagnosis

/// How far a machine's DISCOVERs got between its node and the fabric.
@Suite struct FabricSightingTests {
  /// A boot whose machine was on a node, with what the fabric saw of it.
  private func evidence(
    port: HostReport.Port?, _ fabric: (Evidence) -> FabricSighting?
  ) throws -> Evidence {
    var evidence = try Capture("secureboot").evidence(Capture.expectation { _ in })
    let vlan = try #require(VLANID(rawValue: 100))
    evidence.host = HostReport(
      engine: "open-vswitch", machineType: "q35", secureLoader: false, smm: false,
      interfaces: [.init(mac: Capture.mac, tap: "tap0")],
      ports: [.init(name: "tap0", pvid: vlan, untagged: [vlan])])
    evidence.host?.uplink = .init(node: "node02", bridge: "br-pxe", port: port)
    evidence.fabric = fabric(evidence)
    return evidence
  }

  private func port(_ vlan: UInt16) throws -> HostReport.Port {
    .init(name: "pxl-n1", pvid: nil, untagged: [], tagged: [try #require(VLANID(rawValue: vlan))])
  }

  @Test func aFrameThatIsAtBothPlacesIsOne() throws {
    let evidence = try evidence(port: try port(100)) { FabricSighting(trace: $0.trace) }
    #expect(
      evidence.discoverPath == "left node02's br-pxe, came to the fabric on VLAN 100")
  }

  @Test func aTrunkWithoutTheVLANKeepsIt() throws {
    let lacking = try evidence(port: try port(200)) { _ in FabricSighting(trace: nil) }
    #expect(
      lacking.discoverPath
        == "left node02's br-pxe, did not leave its uplink: VLAN 100 is not on that trunk")
    let carrying = try evidence(port: try port(100)) { _ in FabricSighting(trace: nil) }
    #expect(carrying.discoverPath == "left node02's br-pxe, did not leave its uplink")
  }

  @Test func aBridgeWithoutAnUplinkKeepsIt() throws {
    let evidence = try evidence(port: nil) { _ in FabricSighting(trace: nil) }
    #expect(
      evidence.discoverPath == "left no further than node02's br-pxe, which has no uplink")
  }

  @Test func whereNobodyListenedNothingIsSaid() throws {
    #expect(try evidence(port: try port(100)) { _ in nil }.discoverPath == nil)
    let items = try evidence(port: nil) { _ in FabricSighting(trace: nil) }.pathEvidence
    #expect(items.map(\.text).first?.hasPrefix("the way of the DISCOVER") == true)
  }
}

import Addresses
import KubeVirt
import LabManifest
import Objects
import Testing

@testable import Planning

@Suite struct MACAssignmentTests {
  private static func machines(_ names: [String], interfaces: [(String, String?)]) -> [Machine] {
    names.map { name in
      let input = LabInput(
        files: [
          (
            path: "m.yaml",
            text: """
            apiVersion: kubevirt.io/v1
            kind: VirtualMachineInstance
            metadata: {name: \(name)}
            spec: {domain: {memory: {guest: 1Gi}, devices: {}}}
            """
          )
        ], folderName: "lab")
      var machine = input.machines[0]
      machine.interfaces = interfaces.map { name, mac in
        NetworkInterface(name: name, bindings: [.bridge], macAddressText: mac)
      }
      return machine
    }
  }

  private static func pool(_ first: String, _ last: String) throws -> MACAddressPool {
    let first = try #require(MACAddress(first))
    let last = try #require(MACAddress(last))
    return try #require(MACAddressPool(first: first, last: last))
  }

  private static func all(
    _ machines: [Machine], lab: String = "lab", pool: MACAddressPool? = nil
  ) throws -> [MACAddress] {
    let assignment = try MACAssignment(machines, lab: lab, pool: pool)
    return machines.flatMap { machine in
      machine.interfaces.compactMap { assignment.address(of: $0, in: machine) }
    }
  }

  @Test func staysTheSame() throws {
    // Written down once: machines keep their addresses over versions of pxelab.
    let macs = try Self.all(Self.machines(["m"], interfaces: [("net", nil)]))
    #expect(macs.map(\.description) == ["02:a1:4f:b2:b2:44"])
  }

  @Test func everyPartCounts() throws {
    let machines = Self.machines(["m", "m2"], interfaces: [("net", nil), ("net2", nil)])
    let macs = try Self.all(machines) + Self.all(machines, lab: "lab2")
    #expect(Set(macs).count == 8)
    for mac in macs {
      // Locally administered, unicast.
      #expect(mac.rawValue >> 40 & 0b11 == 0b10)
    }
  }

  @Test func anotherMachineChangesNothing() throws {
    let pool = try Self.pool("02:00:00:00:10:00", "02:00:00:00:1f:ff")
    let alone = try Self.all(Self.machines(["m"], interfaces: [("net", nil)]), pool: pool)
    let together = try Self.all(
      Self.machines(["a", "b", "m"], interfaces: [("net", nil)]), pool: pool)
    #expect(alone == [together[2]])
  }

  @Test func aPoolIsUsedToItsLastAddress() throws {
    let pool = try Self.pool("02:00:00:00:00:01", "02:00:00:00:00:04")
    let machines =
      Self.machines(["given"], interfaces: [("net", "02-00-00-00-00-03")])
      + Self.machines(["a", "b", "c"], interfaces: [("net", nil)])
    let macs = try Self.all(machines, pool: pool)
    #expect(Set(macs.map(\.rawValue)) == Set((1...4).map { 0x0200_0000_0000 + $0 }))
    #expect(macs == (try Self.all(machines, pool: pool)))
  }

  @Test func anExhaustedPoolIsAnError() throws {
    let pool = try Self.pool("02:00:00:00:00:01", "02:00:00:00:00:02")
    let machines = Self.machines(["a", "b", "c"], interfaces: [("net", nil)])
    let error = try #require(throws: PlanningError.self) {
      try Self.all(machines, pool: pool)
    }
    #expect(
      error.description
        == "no MAC address is left for interface net of c: the range of kubeMacPoolConfiguration,"
        + " 02:00:00:00:00:01 to 02:00:00:00:00:02, has 2 and all are taken; widen it, or give the"
        + " interface a macAddress")
  }

  @Test func theRangeComesFromTheHyperConverged() throws {
    let cluster = """
      ---
      apiVersion: hco.kubevirt.io/v1beta1
      kind: HyperConverged
      metadata: {name: kubevirt-hyperconverged}
      spec:
        kubeMacPoolConfiguration: {rangeStart: "0A:00:00:00:00:05", rangeEnd: "0a:00:00:00:00:05"}
      """
    let machine = try LabText(cluster: cluster).machine()
    #expect(machine.interfaces.map(\.mac.description) == ["0a:00:00:00:00:05"])
    #expect(machine.domainXML.contains("0a:00:00:00:00:05"))
  }

  @Test(
    arguments: [
      (
        "{rangeStart: '02:00:00:00:00:05'}", "rangeStart and rangeEnd must be configured together",
        .error
      ),
      (
        "{rangeStart: '02:00:00:00:00:05', rangeEnd: '02:00:00:00:00:04'}", "is after rangeEnd",
        .error
      ),
      (
        "{rangeStart: '02:00:00:00:00:05', rangeEnd: 'FD:00:00:00:00:06'}", "Multicast addressing",
        .warning
      ),
      ("{rangeStart: hello, rangeEnd: '02:00:00:00:00:04'}", "is not the MAC address", .error),
    ] as [(String, String, Problem.Severity)])
  func aRangeThatIsNoneIsSaid(_ range: String, _ problem: String, _ severity: Problem.Severity) {
    let text = """
      apiVersion: hco.kubevirt.io/v1beta1
      kind: HyperConverged
      metadata: {name: kubevirt-hyperconverged}
      spec: {kubeMacPoolConfiguration: \(range)}
      """
    let problems = LabInput(files: [(path: "a.yaml", text: text)], folderName: "lab").problems
    #expect(
      problems.contains { $0.message.contains(problem) && $0.severity == severity }, "\(problems)")
  }
}

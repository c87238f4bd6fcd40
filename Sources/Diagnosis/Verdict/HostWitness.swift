import Addresses

/// Asks the domain's XML and the dataplane's VLAN table.
enum HostWitness {
  static func witness(in evidence: Evidence) -> Witness<HostReport> {
    guard let expectation = evidence.expectation else { return Witness(missing: .noExpectation) }
    guard let report = evidence.host else {
      return Witness(missing: "the domain and its port could not be read")
    }
    var checks = [
      Check(
        "MAC", expected: "\(expectation.mac)",
        seen: report.interfaces.map { "\($0.mac)" }.joined(separator: ", "),
        holds: report.interface(expectation.mac) != nil)
    ]
    if let disk = expectation.disk, let order = disk.bootOrder {
      let seen = report.disks.first { $0.name == disk.name }
      checks.append(
        Check(
          "boot order of the disk", expected: "\(order)",
          seen: seen.map { $0.bootOrder.map { "\($0)" } ?? "none" },
          holds: seen?.bootOrder == order))
    }
    if let order = expectation.bootOrder {
      let seen = report.interface(expectation.mac)?.bootOrder
      checks.append(
        Check(
          "boot order", expected: "\(order)", seen: seen.map { "\($0)" }, holds: seen == order))
    }
    checks.append(
      Check(
        "secure loader", expected: yes(expectation.secureBoot), seen: yes(report.secureLoader),
        holds: report.secureLoader == expectation.secureBoot))
    if expectation.secureBoot {
      checks.append(
        Check("SMM", expected: "on", seen: report.smm ? "on" : "off", holds: report.smm))
    }
    if expectation.persistent {
      checks.append(
        Check(
          "variable store", expected: "a file of the machine's own", seen: report.nvram,
          holds: report.nvram != nil))
    }
    if let vlan = expectation.vlan { checks += port(vlan, report, expectation) }
    return Witness(report, checks: checks)
  }

  private static func port(
    _ vlan: VLANID, _ report: HostReport, _ expectation: MachineExpectation
  ) -> [Check] {
    let port = report.port(of: expectation.mac)
    var checks = [
      Check(
        "PVID", expected: "\(vlan), untagged", seen: port.map { describe($0) },
        holds: port.map { $0.pvid == vlan && $0.untagged.contains(vlan) } ?? false)
    ]
    if vlan != .bridgeDefault, !expectation.keepsDefaultVLAN {
      let isThere = port.map { ($0.untagged + $0.tagged).contains(.bridgeDefault) }
      checks.append(
        Check(
          "VLAN 1", expected: "not on the port", seen: isThere.map { $0 ? "there" : "not there" },
          holds: isThere == false))
    }
    return checks
  }

  private static func describe(_ port: HostReport.Port) -> String {
    let pvid = port.pvid.map { "\($0)" } ?? "none"
    let untagged = port.untagged.map { "\($0)" }.joined(separator: ", ")
    return "\(port.name): PVID \(pvid), untagged \(untagged.isEmpty ? "none" : untagged)"
  }

  private static func yes(_ value: Bool) -> String { value ? "yes" : "no" }
}

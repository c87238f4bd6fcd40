import Addresses

/// Asks the probe inside the guest.
enum GuestWitness {
  static func witness(in evidence: Evidence) -> Witness<GuestReport> {
    guard let expectation = evidence.expectation else { return Witness(missing: .noExpectation) }
    guard let report = evidence.guest else {
      let unreadable = evidence.console(.reportUnreadable).last?.problem
      return Witness(
        missing: unreadable.map { "the probe's report does not decode: \($0)" }
          ?? "no report came from inside the guest")
    }
    var checks = [
      Check(
        "Secure Boot", expected: expectation.secureBoot ? "on" : "off",
        seen: report.secureBoot.map { $0 ? "on" : "off" },
        // A machine without EFI variables has no Secure Boot.
        holds: (report.secureBoot ?? false) == expectation.secureBoot),
      Check(
        "NIC", expected: "\(expectation.mac)",
        seen: report.nics.map { "\($0.name) \($0.mac)" }.joined(separator: ", "),
        holds: report.nics.contains { $0.mac == expectation.mac }),
    ]
    if expectation.efi {
      checks.append(
        Check(
          "BootCurrent", expected: "a network entry of \(expectation.mac)",
          seen: current(report, evidence), holds: evidence.bootCurrentMAC == expectation.mac))
      checks.append(order(report))
    } else {
      checks.append(
        Check(
          "boot NIC", expected: "\(expectation.mac)", seen: report.bootMAC?.description,
          holds: report.bootMAC == expectation.mac))
    }
    if expectation.lockdown {
      checks.append(
        Check(
          "lockdown", expected: "integrity or confidentiality", seen: report.lockdown,
          holds: report.isLockedDown == true))
    }
    if let pod = report.pod {
      checks.append(
        Check(
          "pod network", expected: "its gateway answers",
          seen: "\(pod.gateway ?? "no gateway") on \(pod.interface ?? "no interface"), "
            + (pod.reachable == true ? "reachable" : "not reachable"),
          holds: pod.reachable == true))
    }
    return Witness(report, checks: checks)
  }

  private static func current(_ report: GuestReport, _ evidence: Evidence) -> String? {
    guard let number = report.bootCurrent else { return nil }
    let description = evidence.bootCurrentDescription.map { " \($0)" } ?? ""
    return "Boot\(number)\(description)"
  }

  private static func order(_ report: GuestReport) -> Check {
    let order = report.bootOrder ?? []
    return Check(
      "BootOrder", expected: "holds the entry that was booted",
      seen: order.isEmpty ? nil : order.joined(separator: ", "),
      holds: report.bootCurrent.map { order.contains($0) } ?? false)
  }
}

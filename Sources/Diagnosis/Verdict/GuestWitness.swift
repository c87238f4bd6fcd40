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
    for (index, source) in expectation.earlierBoots.enumerated() {
      checks.append(earlier(index, source, evidence))
    }
    if let disk = expectation.disk {
      checks += Self.disk(disk, report, expectation, evidence)
    } else if expectation.efi {
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

  /// BootCurrent is an entry without a network card, and the kernel was given what the disk's boot
  /// loader gives it and none that comes by the network.
  private static func disk(
    _ disk: MachineExpectation.BootDisk, _ report: GuestReport, _ expectation: MachineExpectation,
    _ evidence: Evidence
  ) -> [Check] {
    var checks = [
      Check(
        "boot disk", expected: "a kernel that a disk's boot loader has loaded",
        seen: report.isBootedFromDisk ? "from a disk" : report.bootMAC.map { "by \($0)" },
        holds: report.isBootedFromDisk)
    ]
    if expectation.efi {
      checks.append(
        Check(
          "BootCurrent", expected: "an entry of the disk \(disk.name)",
          seen: current(report, evidence).map { current in
            current + (evidence.bootCurrentDisk.map { " of the disk \($0)" } ?? "")
          },
          holds: evidence.bootCurrentDescription != nil && evidence.bootCurrentMAC == nil
            && (evidence.bootCurrentDisk ?? disk.name) == disk.name))
      checks.append(order(report))
    }
    return checks
  }

  private static func earlier(
    _ index: Int, _ source: MachineExpectation.BootSource, _ evidence: Evidence
  ) -> Check {
    let boot = evidence.earlierBoots.indices.contains(index) ? evidence.earlierBoots[index] : nil
    let mac = boot.flatMap { $0.bootCurrentMAC ?? $0.guest.bootMAC }
    let seen = boot.map { boot in
      boot.guest.isBootedFromDisk
        ? boot.bootCurrentDisk.map { "from the disk \($0)" } ?? "from a disk"
        : mac.map { "by \($0)" } ?? "by something else"
    }
    switch source {
    case .interface(let name, let expected):
      return Check(
        "boot \(index + 1)", expected: "by \(name), \(expected)", seen: seen,
        holds: boot?.guest.isBootedFromDisk == false && mac == expected)
    case .disk(let name):
      return Check(
        "boot \(index + 1)", expected: "from the disk \(name)", seen: seen,
        holds: boot?.guest.isBootedFromDisk == true && (boot?.bootCurrentDisk ?? name) == name)
    }
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

/// What `pxelab doctor` prints.
package struct DoctorReport: Codable, Hashable, Sendable {
  /// The machine's distribution family.
  package var distribution: Distribution
  /// The running kernel's release.
  package var kernel: String
  /// Who asked.
  package var account: Account
  /// How a machine with Secure Boot would run.
  package var acceleration: Acceleration
  /// Every check, in the order in which `up` would meet them.
  package var checks: [CheckResult]

  /// Whether a lab comes up: nothing is missing.
  package var isReady: Bool { checks.allSatisfy { $0.status != .missing } }

  /// A report.
  package init(
    distribution: Distribution, kernel: String, account: Account, acceleration: Acceleration,
    checks: [CheckResult]
  ) {
    self.distribution = distribution
    self.kernel = kernel
    self.account = account
    self.acceleration = acceleration
    self.checks = checks
  }

  /// Checks a machine, touching nothing.
  ///
  /// - Throws: ``HostProbeError`` when something that decides exists and cannot be read.
  package static func examine(_ probe: some HostProbe) async throws -> DoctorReport {
    let distribution = Distribution(osRelease: try await probe.text(at: "/etc/os-release") ?? "")
    let processors = try await probe.text(at: "/proc/cpuinfo") ?? ""
    let kvm = probe.kvm()
    let acceleration = try Acceleration.decide(
      .auto, kvm: kvm, processors: processors, needsSystemManagementMode: true)
    let configuration = await KernelConfiguration.find(on: probe)

    let bridge = try DataplaneChecks.vlanFiltering(on: probe, configuration: configuration)
    var checks: [CheckResult] = try await sandboxChecks(on: probe)
    checks += [
      DeviceChecks.kvm(state: kvm, processors: processors),
      bridge,
      DataplaneChecks.vlanDevices(on: probe, configuration: configuration),
      try await FirmwareCheck.secureBoot(on: probe, distribution: distribution),
      ProgramChecks.qemuDriver(on: probe, distribution: distribution),
    ]
    checks += ProgramChecks.results(
      on: probe, distribution: distribution, bridgeWorks: bridge.status == .ok)
    return DoctorReport(
      distribution: distribution, kernel: probe.kernelRelease, account: probe.account,
      acceleration: acceleration, checks: checks)
  }

  /// Checks only what a sandbox of the caller's needs.
  ///
  /// - Throws: ``HostProbeError`` when something that decides exists and cannot be read.
  package static func sandboxChecks(on probe: some HostProbe) async throws -> [CheckResult] {
    [
      try await NamespaceChecks.userNamespaces(on: probe),
      try await NamespaceChecks.appArmor(on: probe),
      try await NamespaceChecks.subordinateIDs(on: probe),
      DeviceChecks.tun(on: probe),
    ]
  }
}

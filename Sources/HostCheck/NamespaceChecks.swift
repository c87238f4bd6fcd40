/// Whether a rootless sandbox can be made: user namespaces, the security module's opinion of them,
/// and the user's subordinate IDs.
enum NamespaceChecks {
  /// Whether the kernel lets this user make user namespaces.
  static func userNamespaces(on probe: some HostProbe) async throws(HostProbeError) -> CheckResult {
    let name = "user namespaces"
    if probe.account.isRoot { return CheckResult(name, .ok, "not needed: root makes the sandbox") }
    guard probe.exists("/proc/self/ns/user") else {
      return CheckResult(
        name, .missing, "this kernel has none (CONFIG_USER_NS)",
        remedy: "run a distribution's kernel, or pxelab as root")
    }
    // Debian's switch; other kernels do not have the file.
    if try await number(at: "/proc/sys/kernel/unprivileged_userns_clone", on: probe) == 0 {
      return forbidden(name, "kernel.unprivileged_userns_clone", allowed: "1")
    }
    if try await number(at: "/proc/sys/user/max_user_namespaces", on: probe) == 0 {
      return forbidden(name, "user.max_user_namespaces", allowed: "15000")
    }
    return CheckResult(name, .ok, "an ordinary user may make them")
  }

  /// Whether AppArmor forbids user namespaces to programs without a profile, as Ubuntu does from
  /// 23.10 on.
  static func appArmor(on probe: some HostProbe) async throws(HostProbeError) -> CheckResult {
    let name = "AppArmor"
    let path = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns"
    guard try await number(at: path, on: probe) == 1 else {
      return CheckResult(name, .ok, "does not restrict user namespaces")
    }
    if probe.account.isRoot { return CheckResult(name, .ok, "restricts ordinary users, not root") }
    let label = try await probe.text(at: "/proc/self/attr/current") ?? "unconfined"
    if label.hasPrefix(AppArmorProfile.name) {
      return CheckResult(name, .ok, "profile \(AppArmorProfile.name) allows user namespaces")
    }
    return CheckResult(
      name, .missing,
      "user namespaces are restricted (kernel.apparmor_restrict_unprivileged_userns=1) and pxelab "
        + "has no profile that allows them",
      remedy: "run pxelab with sudo, or give it a profile:\n"
        + AppArmorProfile.installCommand(executable: probe.executablePath))
  }

  /// Whether the user has subordinate user and group IDs (subuid(5), subgid(5)).
  static func subordinateIDs(on probe: some HostProbe) async throws(HostProbeError) -> CheckResult {
    let name = "subordinate IDs"
    let account = probe.account
    if account.isRoot { return CheckResult(name, .ok, "not needed: root makes the sandbox") }
    let users = SubordinateIDs(try await probe.text(at: "/etc/subuid") ?? "")
    let groups = SubordinateIDs(try await probe.text(at: "/etc/subgid") ?? "")
    let files = [("/etc/subuid", users), ("/etc/subgid", groups)]
    let lacking = files.filter { $0.1.count(for: account) == 0 }.map(\.0)
    if lacking.isEmpty {
      let counts = "\(users.count(for: account)) users, \(groups.count(for: account)) groups"
      return CheckResult(name, .ok, "\(account.name) has \(counts)")
    }
    let first = max(users.firstFree, groups.firstFree)
    let range = "\(first)-\(first + SubordinateIDs.customaryCount - 1)"
    let options = [
      lacking.contains("/etc/subuid") ? "--add-subuids \(range) " : "",
      lacking.contains("/etc/subgid") ? "--add-subgids \(range) " : "",
    ]
    return CheckResult(
      name, .missing,
      "\(lacking.joined(separator: " and ")) \(lacking.count == 1 ? "has" : "have") no entry for "
        + account.name,
      remedy: "`sudo usermod \(options.joined())\(account.name)`, or run pxelab as root")
  }

  private static func forbidden(_ name: String, _ key: String, allowed: String) -> CheckResult {
    CheckResult(
      name, .missing, "forbidden to ordinary users (\(key)=0)",
      remedy: "`sudo sysctl -w \(key)=\(allowed)`, and the same line in /etc/sysctl.d/ to keep it; "
        + "or run pxelab as root")
  }

  private static func number(
    at path: String, on probe: some HostProbe
  ) async throws(HostProbeError) -> Int? {
    guard let text = try await probe.text(at: path) else { return nil }
    guard let value = Int(text.filter { !$0.isWhitespace }) else {
      throw HostProbeError(path: path, reason: "not a number: \(text)")
    }
    return value
  }
}

import KubeVirt
import Objects

/// Counts what machines ask for against the quotas of their namespaces, one after the other, as a
/// cluster does when it makes their pods; what a refused machine asks for is not counted.
///
/// A machine counts with what its manifest says. The launcher's own memory, which KubeVirt adds, is
/// left out: it depends on the release.
struct QuotaLedger: Sendable {
  /// How far a limit must be above the request (OpenShift Virtualization, "Working with resource
  /// quotas for virtual machines"): what the launcher needs beside the guest.
  static let headroom = Quantity(bytes: 100 << 20)

  private let quotas: [String: [ResourceQuota]]
  /// What is used, by quota and resource, in the order of `quotas`.
  private var used: [ObjectKey: [String: Quantity]] = [:]
  private(set) var problems: [Problem] = []
  /// What it is that a machine exceeds a quota: a lab comes up in spite of it, and says it as a cluster. Where
  /// the quota counts machines the API refuses the machine itself, and it is always an error.
  private let excess: Problem.Severity

  init(_ quotas: [ResourceQuota], excess: Problem.Severity = .error) {
    self.excess = excess
    self.quotas = Dictionary(grouping: quotas.filter { !$0.hard.isEmpty }, by: \.namespace)
  }

  mutating func add(_ machine: Machine, _ document: ManifestDocument) {
    guard let quotas = quotas[machine.namespace] else { return }
    let before = problems.count
    for quota in quotas { checkLimits(of: machine, quota, document) }
    guard problems.count == before else { return }
    let asked = machine.quotaUsage
    for quota in quotas {
      let key = quota.key
      let used = used[key] ?? [:]
      let exceeded = quota.hard.filter { resource, hard in
        asked[resource].map { (used[resource] ?? .zero) + $0 > hard } ?? false
      }
      guard exceeded.isEmpty else {
        report(
          "exceeded quota: \(quota.name), requested: \(Self.list(asked, exceeded)),"
            + " used: \(Self.list(used, exceeded)), limited: \(Self.list(quota.hard, exceeded))",
          machine, document, "resources",
          severity: exceeded.keys.contains(machine.countName) ? .error : excess)
        return
      }
    }
    for quota in quotas {
      let key = quota.key
      used[key] = (used[key] ?? [:]).merging(asked) { $0 + $1 }
    }
  }

  private mutating func checkLimits(
    of machine: Machine, _ quota: ResourceQuota, _ document: ManifestDocument
  ) {
    let resources = machine.resources
    if quota.limits("memory") {
      let request = resources.quotaMemory
      if let limit = resources.memoryLimit {
        if let request, limit < request + Self.headroom {
          let gap =
            limit < request ? "\(request - limit) below" : "\(limit - request) above"
          report(
            "failed quota: \(quota.name): limits.memory \(limit) is \(gap) requests.memory"
              + " \(request), and with limits in a quota it must be at least"
              + " \(Self.headroom) above: at least \(request + Self.headroom)",
            machine, document, "resources.limits.memory")
        }
      } else {
        let least = request.map {
          "; requests.memory is \($0), so it must be at least \($0 + Self.headroom)"
        }
        report(
          "failed quota: \(quota.name): must specify limits.memory for: compute" + (least ?? ""),
          machine, document, "resources.limits.memory")
      }
    }
    if quota.limits("cpu"), resources.cpuLimit == nil {
      report(
        "failed quota: \(quota.name): must specify limits.cpu for: compute", machine, document,
        "resources.limits.cpu")
    }
  }

  private mutating func report(
    _ message: String, _ machine: Machine, _ document: ManifestDocument, _ field: String,
    severity: Problem.Severity = .error
  ) {
    let path = "\(machine.specPath).domain.\(field)"
    problems.append(
      Problem(
        severity: severity, location: document.location(of: path), object: machine.object,
        field: path, message: message))
  }

  private static func list(_ amounts: [String: Quantity], _ of: [String: Quantity]) -> String {
    of.keys.sorted().map { "\($0)=\(amounts[$0] ?? .zero)" }.joined(separator: ",")
  }
}

extension Resources {
  /// What the machine's pod requests of memory, without the launcher's own.
  fileprivate var quotaMemory: Quantity? {
    requestedMemory ?? guestMemory ?? memoryLimit ?? hugepageSize
  }
}

extension Machine {
  /// By what name quotas count the object itself.
  fileprivate var countName: String {
    kind == .virtualMachine
      ? "count/virtualmachines.kubevirt.io" : "count/virtualmachineinstances.kubevirt.io"
  }

  /// What the machine counts with, by the names of quotas.
  fileprivate var quotaUsage: [String: Quantity] {
    var usage: [String: Quantity] = [:]
    if kind == .virtualMachine { usage["count/virtualmachines.kubevirt.io"] = .one }
    guard startsAtOnce else { return usage }
    for resource in ["pods", "count/pods", "count/virtualmachineinstances.kubevirt.io"] {
      usage[resource] = .one
    }
    if let memory = resources.quotaMemory {
      usage["memory"] = memory
      usage["requests.memory"] = memory
    }
    // KubeVirt asks for a tenth of a processor for each of the guest's (cpuAllocationRatio 10).
    let processors = [cpu.sockets, cpu.cores, cpu.threads].reduce(into: Int128(1)) {
      product, count in
      product *= Int128(clamping: max(1, min(count ?? 1, 1 << 20)))
    }
    let requested = resources.requestedCPU ?? Quantity("\(processors * 100)m")
    usage["cpu"] = requested
    usage["requests.cpu"] = requested
    usage["limits.memory"] = resources.memoryLimit
    usage["limits.cpu"] = resources.cpuLimit
    return usage
  }
}

extension Quantity {
  fileprivate static let zero = Quantity("0") ?? Quantity(bytes: 0)
  fileprivate static let one = Quantity("1") ?? Quantity(bytes: 1)
}

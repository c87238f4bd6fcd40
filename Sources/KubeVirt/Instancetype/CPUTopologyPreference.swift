import Objects

/// How a preference wants an instance type's processors to be seen by the guest (KubeVirt,
/// pkg/instancetype/preference/apply/cpu.go); as sockets without one.
struct CPUTopologyPreference {
  private enum Spread: String {
    case socketsCores = "SocketsCores"
    case coresThreads = "CoresThreads"
    case socketsCoresThreads = "SocketsCoresThreads"
  }

  /// What the preference says: `sockets`, `cores`, `threads`, `spread` or `any`, or a deprecated
  /// name of one of them.
  let name: String
  private let ratio: Int
  private let spread: Spread
  private static let threadsPerCore = 2

  /// Reads a preference's spec.
  init(_ preference: ObjectNode?) {
    let value = APIValue(preference)
    let written = value["cpu"]["preferredCPUTopology"].string
    name = written.isEmpty ? "sockets" : written
    let options = value["cpu"]["spreadOptions"]
    let ratios = [options["ratio"].integer, value["preferSpreadSocketToCoreRatio"].integer]
    ratio = ratios.first { $0 > 0 } ?? 2
    let across = options["across"].string
    spread = Spread(rawValue: across) ?? .socketsCores
  }

  /// The kind of name, the deprecated names among them.
  private var kind: String {
    let lower = name.lowercased()
    return lower.hasPrefix("prefer") ? String(lower.dropFirst("prefer".count)) : lower
  }

  /// The topology of a number of processors.
  func parts(of count: Int) -> (sockets: Int, cores: Int, threads: Int) {
    guard count > 1 else { return (1, 1, 1) }
    switch kind {
    case "cores": return (1, count, 1)
    case "threads": return (1, 1, count)
    case "sockets", "any": return (count, 1, 1)
    case "spread":
      switch spread {
      case .socketsCores: return (count / ratio, ratio, 1)
      case .coresThreads: return (1, count / ratio, ratio)
      case .socketsCoresThreads:
        return (count / Self.threadsPerCore / ratio, ratio, Self.threadsPerCore)
      }
    default: return (1, 1, 1)
    }
  }

  /// The number of processors that the preference's requirement is compared with, and what they are
  /// called (pkg/instancetype/preference/requirements/cpu.go).
  func counted(sockets: Int, cores: Int, threads: Int) -> (count: Int, name: String) {
    switch kind {
    case "cores": return (cores, "cores")
    case "threads": return (threads, "threads")
    case "any": return (cores &* sockets &* threads, "cores, sockets and threads")
    case "spread":
      switch spread {
      case .socketsCores: return (sockets &* cores, spread.rawValue)
      case .coresThreads: return (cores &* threads, spread.rawValue)
      case .socketsCoresThreads: return (sockets &* cores &* threads, spread.rawValue)
      }
    default: return (sockets, "sockets")
    }
  }

  /// Why a number of processors cannot be spread; `nil` when it can.
  func remainder(of count: Int) -> String? {
    guard kind == "spread", count > 1 else { return nil }
    let option = "Spec.PreferSpreadSocketToCoreRatio or Spec.CPU.PreferSpreadOptions.Ratio"
    let provided = "\(count) vCPUs provided by the instance type are not divisible by the"
    switch spread {
    case .socketsCores where count % ratio > 0:
      return "\(provided) \(option) of \(ratio) provided by the preference"
    case .coresThreads where count % ratio > 0:
      return "\(provided) number of threads per core \(ratio)"
    case .socketsCoresThreads
    where count % Self.threadsPerCore > 0 || count / Self.threadsPerCore % ratio > 0:
      return "\(provided) number of threads per core \(Self.threadsPerCore) and \(option) of"
        + " \(ratio)"
    default: return nil
    }
  }
}

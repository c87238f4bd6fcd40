import PXEWire

/// How far a client got, and when.
struct BootProgress: Sendable {
  /// How far.
  let stage: ClientStage
  /// What asked for addresses, in order of appearance.
  let programs: [String]
  /// When a server last gave an address that the client asked for.
  let lastLease: Timestamp?
  /// When a file last arrived whole.
  let lastLoad: Timestamp?
  /// When something last showed that a program that was loaded ran.
  let lastRun: Timestamp?

  init(_ trace: ClientTrace) {
    let loads = trace.transfers.filter(\.isWhole)
    let firstLoad = loads.map(\.lastProgress).min()
    var runs: [Timestamp] = []
    if let firstLoad {
      runs += trace.transfers
        .filter { $0.started > firstLoad && $0.state != .sizeOnly }
        .filter { later in
          loads.contains {
            $0.lastProgress < later.started && !ClientTrace.isSame($0.file, later.file)
          }
        }
        .map(\.started)
      runs += trace.exchanges
        .filter { $0.started > firstLoad && $0.requester.isLoaded }
        .map(\.started)
    }
    lastRun = runs.max()
    lastLoad = loads.map(\.lastProgress).max()
    lastLease = trace.exchanges.flatMap(\.acks).map(\.time).max()
    var names: [String] = []
    for exchange in trace.exchanges {
      let name = exchange.requester.description
      if !names.contains(name) { names.append(name) }
    }
    programs = names

    let system = trace.exchanges.contains { exchange in
      exchange.requester == .system && firstLoad.map { exchange.started > $0 } ?? false
    }
    stage =
      if system { .system } else if lastRun != nil { .loader } else if lastLoad != nil {
        .loaded
      } else if !trace.transfers.isEmpty { .nbp } else if lastLease != nil {
        .lease
      } else if trace.exchanges.contains(where: { !$0.offers.isEmpty }) {
        .offer
      } else if !trace.exchanges.isEmpty { .discover } else { .silent }
  }
}

/// What asks for an address.
enum Requester: Hashable, Sendable, CustomStringConvertible {
  /// UEFI firmware or a BIOS option ROM that boots by TFTP.
  case firmware
  /// UEFI firmware that boots by HTTP.
  case httpFirmware
  /// iPXE.
  case ipxe
  /// An operating system, or anything else that asks for no boot file.
  case system

  /// Whether it comes over the network rather than with the machine. iPXE can be either.
  var isLoaded: Bool { self == .ipxe || self == .system }

  var description: String {
    switch self {
    case .firmware: "PXE"
    case .httpFirmware: "HTTP boot"
    case .ipxe: "iPXE"
    case .system: "system"
    }
  }
}

extension DHCPExchange {
  /// What asks in this exchange.
  var requester: Requester {
    if isIPXE { return .ipxe }
    if vendorClass?.hasPrefix("HTTPClient") == true { return .httpFirmware }
    if vendorClass?.hasPrefix("PXEClient") == true || architecture != nil { return .firmware }
    return .system
  }
}

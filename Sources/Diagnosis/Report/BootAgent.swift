/// What kind of program asks for an address, by the options that it sends.
package enum BootAgent: String, Codable, Hashable, Sendable {
  /// PXE firmware: vendor class `PXEClient` (PXE specification 2.1), or an architecture (option 93).
  case firmware
  /// Firmware that boots over HTTP: vendor class `HTTPClient` (UEFI 2.10 section 24.7).
  case httpFirmware
  /// iPXE: user class `iPXE` or option 175.
  case ipxe
  /// Anything else: an operating system's client, a boot loader, an installer.
  case other
  /// Firmware or iPXE: the options that tell were not captured.
  case firmwareOrIPXE
  /// Not known: the options that tell were not captured.
  case unknown

  init(vendorClass: String?, hasArchitecture: Bool, isIPXE: Bool) {
    if isIPXE {
      self = .ipxe
    } else if vendorClass?.hasPrefix("HTTPClient") == true {
      self = .httpFirmware
    } else if vendorClass?.hasPrefix("PXEClient") == true || hasArchitecture {
      self = .firmware
    } else {
      self = .other
    }
  }

  /// Whether it looks for something to boot.
  package var wantsBootFile: Bool { self != .other && self != .unknown }

  /// Whether it is known which program asks.
  var isCertain: Bool { self != .unknown && self != .firmwareOrIPXE }

  /// What a person calls it.
  var title: String {
    switch self {
    case .firmware: "PXE"
    case .httpFirmware: "HTTP boot"
    case .ipxe: "iPXE"
    case .other: "system"
    case .firmwareOrIPXE: "PXE or iPXE"
    case .unknown: "unknown"
    }
  }
}

extension DHCPExchange {
  /// What asks.
  package var agent: BootAgent {
    let agent = BootAgent(
      vendorClass: vendorClass, hasArchitecture: architecture != nil, isIPXE: isIPXE)
    switch agent {
    case .other where lacksOptions || (direct.isEmpty && relayed.isEmpty): return .unknown
    // iPXE's user class stands in front of option 55, which firmware sends before its vendor class.
    case .firmware where lacksOptions && requestedOptions.isEmpty: return .firmwareOrIPXE
    default: return agent
    }
  }
}

extension DHCPv6Exchange {
  /// What asks.
  package var agent: BootAgent {
    let agent = BootAgent(
      vendorClass: vendorClass, hasArchitecture: architecture != nil, isIPXE: isIPXE)
    return agent == .other && direct.isEmpty && relayed.isEmpty ? .unknown : agent
  }
}

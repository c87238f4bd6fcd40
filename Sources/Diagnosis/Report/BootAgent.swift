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
  package var wantsBootFile: Bool { self != .other }

  /// What a person calls it.
  var title: String {
    switch self {
    case .firmware: "PXE"
    case .httpFirmware: "HTTP boot"
    case .ipxe: "iPXE"
    case .other: "system"
    }
  }
}

extension DHCPExchange {
  /// What asks.
  package var agent: BootAgent {
    BootAgent(vendorClass: vendorClass, hasArchitecture: architecture != nil, isIPXE: isIPXE)
  }
}

extension DHCPv6Exchange {
  /// What asks.
  package var agent: BootAgent {
    BootAgent(vendorClass: vendorClass, hasArchitecture: architecture != nil, isIPXE: isIPXE)
  }
}

import Addresses
import Diagnosis
import PXEWire

/// One thing that a machine's firmware tried to boot.
package struct BootAttempt: Codable, Hashable, Sendable {
  /// How it ended.
  package enum Outcome: String, Codable, Hashable, Sendable {
    /// What was loaded was started, and had not come back.
    case started
    /// Nothing was started, or what was started came back.
    case failed
    /// It is not over.
    case running
  }

  /// The boot entry's number; `nil` in a BIOS, and before the firmware has said it.
  package var entry: UInt16?
  /// What the firmware calls it: `UEFI PXEv4 (MAC:DE00000000DE)`, `Hard Disk`.
  package var description: String
  /// The entry's device path as text.
  package var path: String?
  /// The MAC address of the card that it is from, if it is one.
  package var mac: MACAddress?
  /// The device's ``BootDevice/title``, where it is one of the machine's.
  package var device: String?
  /// When it began, as far as the console and the wire show; `nil` of a console without times.
  package var began: Timestamp?
  /// When it ended.
  package var ended: Timestamp?
  /// How it ended.
  package var outcome: Outcome
  /// Why, in one line.
  package var reason: String

  /// Whether it is a network boot by HTTP; `nil` of what is no network boot.
  var isHTTP: Bool? {
    isIPv6.map { _ in path?.contains("Uri(") ?? false || description.contains("HTTP") }
  }

  /// Whether it is a network boot by IPv6; `nil` of what is not known to be one by either version.
  var isIPv6: Bool? {
    for text in [path, description].compactMap({ $0 }) {
      if text.contains("IPv4") || text.contains("PXEv4") || text.contains("HTTPv4") { return false }
      if text.contains("IPv6") || text.contains("PXEv6") || text.contains("HTTPv6") { return true }
    }
    return nil
  }
}

/// What a machine's firmware tried from one start to the next.
package struct BootRecord: Codable, Hashable, Sendable {
  /// When the machine was started; `nil` of a start that was not seen.
  package var began: Timestamp?
  /// What was tried, in order.
  package var attempts: [BootAttempt]
  /// Whether the firmware said nothing, so that this is made of packets and of the system that ran in
  /// the end: disks that were tried in vain are not seen.
  package var isByWireAlone = false

  /// A record.
  package init(began: Timestamp?, attempts: [BootAttempt], isByWireAlone: Bool = false) {
    self.began = began
    self.attempts = attempts
    self.isByWireAlone = isByWireAlone
  }
}

/// A sentence of edk2's boot manager about an entry (edk2 OvmfPkg/Library/PlatformBootManagerLib and
/// PlatformBmPrintScLib): `BdsDxe: failed to load Boot0001 "UEFI PXEv4 (MAC:DE00000000DE)" from
/// PciRoot(0x0)/...: Not Found`.
struct BootManagerLine: Hashable {
  enum Verb: String {
    case loading
    case starting
    case failedToLoad = "failed to load"
    case failedToStart = "failed to start"

    var isEnd: Bool { self == .failedToLoad || self == .failedToStart }
  }

  var verb: Verb
  var entry: UInt16
  var description: String
  var path: String
  /// EFI_STATUS in words, of a failure.
  var status: String?

  /// The sentence in a line of the console; `nil` in another.
  init?(_ line: String) {
    let pattern =
      #/BdsDxe: (loading|starting|failed to load|failed to start) Boot([0-9A-F]{4}) "(.*)" from (.*)/#
    guard let match = line.firstMatch(of: pattern), let verb = Verb(rawValue: String(match.1)),
      let entry = UInt16(match.2, radix: 16)
    else { return nil }
    self.verb = verb
    self.entry = entry
    description = String(match.3).trimmingSpaces
    path = String(match.4)
    if verb.isEnd, let colon = path.ranges(of: ": ").last {
      status = String(path[colon.upperBound...])
      path = String(path[..<colon.lowerBound])
    }
    path = path.trimmingSpaces
  }
}

extension MACAddress {
  /// The address in a boot entry's name, `UEFI PXEv4 (MAC:DE00000000DE)`, or in a device path,
  /// `MAC(DE00000000DE,0x1)`.
  init?(inBootEntry text: String) {
    guard let match = text.firstMatch(of: #/MAC[:(]([0-9A-Fa-f]{12})/#),
      let number = UInt64(match.1, radix: 16)
    else { return nil }
    self.init(rawValue: number)
  }
}

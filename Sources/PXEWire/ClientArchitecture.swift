/// A client system architecture of DHCP option 93 (RFC 4578 section 2.1 and IANA's registry of
/// processor architecture types, which settled 7 as x64 UEFI and 9 as EBC).
package struct ClientArchitecture: RawRepresentable, Hashable, Sendable {
  /// The number on the wire.
  package let rawValue: UInt16

  /// An architecture from its number; any number is allowed.
  package init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// x86 BIOS.
  package static let x86BIOS = ClientArchitecture(rawValue: 0)
  /// x86 UEFI.
  package static let x86UEFI = ClientArchitecture(rawValue: 6)
  /// x64 UEFI, booting by TFTP.
  package static let x64UEFI = ClientArchitecture(rawValue: 7)
  /// EFI byte code; some firmware and servers use it for x64 UEFI.
  package static let ebc = ClientArchitecture(rawValue: 9)
  /// 64-bit ARM UEFI.
  package static let arm64UEFI = ClientArchitecture(rawValue: 11)
  /// x64 UEFI, booting by HTTP.
  package static let x64UEFIHTTP = ClientArchitecture(rawValue: 16)

  /// The registry's name, shortened; `nil` for a number that is not listed here.
  package var name: String? {
    switch rawValue {
    case 0: "x86 BIOS"
    case 1: "NEC PC-98"
    case 2: "Itanium"
    case 3: "DEC Alpha"
    case 4: "Arc x86"
    case 5: "Intel Lean Client"
    case 6: "x86 UEFI"
    case 7: "x64 UEFI"
    case 8: "EFI Xscale"
    case 9: "EBC"
    case 10: "arm32 UEFI"
    case 11: "arm64 UEFI"
    case 15: "x86 UEFI HTTP"
    case 16: "x64 UEFI HTTP"
    case 17: "EBC HTTP"
    case 18: "arm32 UEFI HTTP"
    case 19: "arm64 UEFI HTTP"
    case 20: "x86 BIOS HTTP"
    case 25: "riscv32 UEFI"
    case 27: "riscv64 UEFI"
    default: nil
    }
  }
}

extension ClientArchitecture: CustomStringConvertible {
  /// Number and name: `7 (x64 UEFI)`.
  package var description: String {
    guard let name else { return String(rawValue) }
    return "\(rawValue) (\(name))"
  }
}

extension ClientArchitecture: Codable {}

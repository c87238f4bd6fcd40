import PXEWire

/// The kind of machine that a boot program is for.
enum BootMachine: Hashable, Sendable {
  case bios, x64, ia32, arm64, arm32, riscv64
  /// Some UEFI machine.
  case uefi

  /// The kind by the customary names; `nil` when the name says nothing.
  init?(named file: String) {
    let name = (file.split(separator: "/").last.map(String.init) ?? file).lowercased()
    if name.hasSuffix(".efi") {
      if ["aa64", "arm64", "aarch64"].contains(where: name.contains) {
        self = .arm64
      } else if name.contains("riscv64") {
        self = .riscv64
      } else if ["ia32", "i386", "x86.efi"].contains(where: name.contains) {
        self = .ia32
      } else if ["x64", "x86_64", "amd64"].contains(where: name.contains) {
        self = .x64
      } else if name.contains("arm") {
        self = .arm32
      } else {
        self = .uefi
      }
    } else if [".kpxe", ".kkpxe", ".pxe", ".0", ".bs", ".com", ".lkrn"].contains(
      where: name.hasSuffix)
    {
      self = .bios
    } else {
      return nil
    }
  }

  /// The kind by the machine of a PE header (PE format section 3.3.1); `nil` for one that no
  /// firmware of today has.
  init?(portableExecutable machine: UInt16) {
    switch machine {
    case 0x8664: self = .x64
    case 0x014c: self = .ia32
    case 0xaa64: self = .arm64
    case 0x01c0, 0x01c2, 0x01c4: self = .arm32
    case 0x5064: self = .riscv64
    default: return nil
    }
  }

  /// The kind of a client; `nil` where it is of no kind that programs are known of here.
  init?(_ architecture: ClientArchitecture) {
    switch architecture.rawValue {
    case 0, 20: self = .bios
    case 6, 15: self = .ia32
    case 7, 9, 16, 17: self = .x64
    case 10, 18: self = .arm32
    case 11, 19: self = .arm64
    case 27, 28: self = .riscv64
    default: return nil
    }
  }

  var title: String {
    switch self {
    case .bios: "BIOS"
    case .x64: "x64 UEFI"
    case .ia32: "32-bit x86 UEFI"
    case .arm64: "arm64 UEFI"
    case .arm32: "32-bit ARM UEFI"
    case .riscv64: "64-bit RISC-V UEFI"
    case .uefi: "UEFI"
    }
  }

  /// Whether such a program can run on a machine.
  func runs(on machine: BootMachine) -> Bool {
    self == machine || (self == .uefi && machine != .bios)
  }
}

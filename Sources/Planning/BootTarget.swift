import Addresses
import Firmware

/// What a machine boots once, before all that its boot order has.
package enum BootTarget: String, Codable, Sendable, CaseIterable {
  /// From the network, by PXE over IPv4.
  case pxe
  /// From a disk.
  case disk
  /// From the network, by HTTP over IPv4.
  case http
  /// The firmware's setup.
  case setup
}

/// Why a machine's firmware cannot be told what to boot.
package struct BootTargetError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Why, and the way out.
  package let description: String

  /// An error.
  package init(description: String) { self.description = description }
}

extension BootTarget {
  /// Tells the firmware by its variable store: `BootNext`, or `OsIndications` for the setup (UEFI
  /// 2.10 sections 3.1.2 and 8.5.4).
  ///
  /// - Parameters:
  ///   - store: the machine's, as its last boot left it.
  ///   - interfaces: the machine's, whose first in boot order is meant.
  /// - Returns: what was set, for a person.
  /// - Throws: ``BootTargetError`` where the firmware has no entry for it; `VariableStoreFullError`,
  ///   `EFIDecodingError`.
  package func set(
    in store: inout VariableStore, interfaces: [MachinePlan.Interface]
  ) throws -> String {
    if self == .setup {
      // EFI_OS_INDICATIONS_BOOT_TO_FW_UI.
      try store.set(
        Variable(
          VariableName("OsIndications", vendor: .efiGlobal), attributes: .runtime,
          data: [1, 0, 0, 0, 0, 0, 0, 0]))
      return "OsIndications asks for the firmware's setup"
    }
    let options = try store.bootNumbers.compactMap { number in
      try store.bootOption(number).map { (number: number, option: $0) }
    }
    guard let chosen = entry(among: options, interfaces: interfaces) else {
      let entries = options.map { "\($0.option.description)" }
      throw BootTargetError(
        description: options.isEmpty
          ? "the firmware has made no boot entries yet: start the machine once"
          : "the firmware has no boot entry for \(rawValue): with a boot order it keeps entries of "
            + "devices that are in it alone, so give the device a bootOrder; it has "
            + entries.joined(separator: ", "))
    }
    try store.setBootNext(chosen.number)
    return "BootNext is \(BootVariable.name(of: chosen.number)), \(chosen.option.description)"
  }

  /// Has a machine's firmware boot this once.
  ///
  /// - Parameter read: reads the machine's variable store, by its path.
  /// - Returns: the store as it is then, and what was set, for a person.
  /// - Throws: as ``set(in:interfaces:)`` does, and what `read` throws.
  package func set(
    on machine: MachinePlan, read: (String) throws -> [UInt8]
  ) throws -> (bytes: [UInt8], notice: String) {
    guard let path = machine.variableStore?.path else {
      throw BootTargetError(
        description: "\(machine.name) boots by BIOS, which has no BootNext: change its bootOrder")
    }
    var store = try VariableStore(bytes: try read(path))
    let notice = try set(in: &store, interfaces: machine.interfaces)
    return (store.bytes, notice)
  }

  private func entry(
    among options: [(number: UInt16, option: LoadOption)], interfaces: [MachinePlan.Interface]
  ) -> (number: UInt16, option: LoadOption)? {
    let fitting = options.filter { matches($0.option) }
    guard self == .pxe || self == .http else { return fitting.first }
    let ordered = interfaces.enumerated().sorted { one, other in
      (one.element.bootOrder ?? .max, one.offset) < (other.element.bootOrder ?? .max, other.offset)
    }
    for interface in ordered.map(\.element) {
      if let option = fitting.first(where: { $0.option.devicePath.macAddress == interface.mac }) {
        return option
      }
    }
    return nil
  }

  private func matches(_ option: LoadOption) -> Bool {
    let nodes = option.devicePath.nodes
    let isIPv4 = nodes.contains { if case .ipv4 = $0 { true } else { false } }
    let isHTTP = nodes.contains { if case .uri = $0 { true } else { false } }
    let isFirmware = nodes.contains { if case .firmwareVolume = $0 { true } else { false } }
    let isNetwork = option.devicePath.macAddress != nil
    return switch self {
    case .pxe: isIPv4 && !isHTTP
    case .http: isIPv4 && isHTTP
    case .disk: !isNetwork && !isFirmware && !option.attributes.contains(.application)
    case .setup: false
    }
  }
}

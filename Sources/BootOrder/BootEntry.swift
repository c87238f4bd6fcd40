import Diagnosis
import Firmware

/// A boot entry of a variable store, beside its place in `BootOrder`.
package struct BootEntry: Codable, Hashable, Sendable {
  /// Its number: `Boot####`.
  package var number: UInt16
  /// Its place in `BootOrder`, from 1; `nil` for an entry that is not in it.
  package var position: Int?
  /// Its name.
  package var description: String
  /// Its device path as text (UEFI 2.10 section 10.6).
  package var path: String
  /// Whether the boot manager may boot it.
  package var isActive: Bool
  /// Whether it is an application, such as setup, that is not tried in the boot order.
  package var isApplication: Bool
  /// Whether the firmware made it itself, and removes it when its device is gone.
  package var isAutomatic: Bool

  /// `Boot0003`.
  package var name: String { BootVariable.name(of: number) }
}

extension BootEntry {
  /// The GUID in the optional data of the entries that edk2's boot manager makes itself (edk2
  /// MdeModulePkg/Library/UefiBootManagerLib, mBmAutoCreateBootOptionGuid).
  private static let automatic = GUID("8108ac4e-9f11-4d59-850e-e21a522c59b2")

  init(_ number: UInt16, _ option: LoadOption, position: Int?) {
    self.number = number
    self.position = position
    description = option.description.trimmingSpaces
    path = "\(option.devicePath)"
    isActive = option.attributes.contains(.active)
    isApplication = option.attributes.contains(.application)
    isAutomatic = Self.automatic.map { option.optionalData == $0.bytes } ?? false
  }
}

/// The boot entries of a variable store, with what they boot.
struct StoredEntries {
  struct Item {
    var entry: BootEntry
    var path: DevicePath
  }

  /// Those in `BootOrder` by their place, then the others by number.
  private(set) var items: [Item] = []
  /// The entry for the next start alone.
  private(set) var next: UInt16?

  /// What does not decode is left out: the firmware leaves it out too.
  init(_ store: VariableStore) {
    next = (try? store.bootNext()) ?? nil
    let order = ((try? store.bootOrder()) ?? nil) ?? []
    let others = store.bootNumbers.filter { !order.contains($0) }
    for (index, number) in (order + others).enumerated() {
      guard let option = (try? store.bootOption(number)) ?? nil else { continue }
      let position = index < order.count ? index + 1 : nil
      items.append(
        Item(entry: BootEntry(number, option, position: position), path: option.devicePath))
    }
  }
}

extension DevicePath {
  /// Whether it names a partition without the disk that it is on, as installers write their entries
  /// (UEFI 2.10 section 3.1.2); the firmware looks for the partition on all disks.
  var isShortForm: Bool {
    if case .partition? = nodes.first { true } else { false }
  }

  /// Whether it begins with a PCI root bridge.
  var isOnPCI: Bool {
    if case .pciRoot? = nodes.first { true } else { false }
  }
}

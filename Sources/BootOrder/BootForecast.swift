import Firmware

/// What the firmware will try at its next start, and in which order.
///
/// OVMF, once its devices are connected, removes the entries that it has made itself and whose
/// devices are gone, and makes one for each new way to boot (EfiBootManagerRefreshAllBootOption).
/// Where QEMU hands it a `bootorder` that fits any entry, it then takes the active entries in that
/// order, keeps after them those that begin neither with a PCI root nor with a partition, and deletes
/// all others (SetBootOrderFromQemu of edk2's OvmfPkg/Library/QemuBootOrderLib). SeaBIOS tries what
/// QEMU hands it, and of disks the first alone (seabios src/boot.c).
package struct BootForecast: Codable, Hashable, Sendable {
  /// What is tried, first to last.
  package var steps: [Step]
  /// Entries of the store that will be deleted.
  package var deleted: [BootEntry]
  /// What decides.
  package var decidedBy: Decision

  /// What decides the order.
  package enum Decision: String, Codable, Hashable, Sendable {
    /// QEMU's fw_cfg file `bootorder`, made of the domain's `<boot order>`.
    case fwCfg
    /// `BootOrder` of the variable store, for nothing was asked for.
    case nvram
    /// The firmware's own habits: nothing was asked for, and there is no variable store.
    case firmware
  }

  /// One thing that is tried.
  package struct Step: Codable, Hashable, Sendable {
    /// The device that it boots from, as ``BootDevice/title``; `nil` for a program of the firmware's
    /// own, or a device that is not there.
    package var device: String?
    /// The boot entry's number; `nil` for one that is yet to be made, and in a BIOS.
    package var entry: UInt16?
    /// What it is: an entry's name, or a way to boot.
    package var description: String
    /// Whether it is `BootNext`, for this once.
    package var isOnce: Bool
  }
}

extension BootForecast {
  /// The ways in which OVMF boots from a network card, in the order of the entries that it makes.
  static let networkWays = ["PXEv4", "PXEv6", "HTTPv4", "HTTPv6"]

  /// What SeaBIOS tries.
  ///
  /// - Parameter devices: of the domain.
  static func bios(_ devices: [BootDevice]) -> BootForecast {
    var steps: [Step] = []
    var hasDisk = false
    for device in devices.inFirmwareOrder {
      if device.kind == .disk {
        guard !hasDisk else { continue }
        hasDisk = true
      }
      steps.append(
        Step(
          device: device.title, entry: nil, description: device.biosWay, isOnce: false))
    }
    return BootForecast(
      steps: steps, deleted: [], decidedBy: steps.isEmpty ? .firmware : .fwCfg)
  }

  /// What OVMF tries.
  ///
  /// - Parameters:
  ///   - devices: of the domain.
  ///   - stored: the entries with which it starts.
  static func uefi(_ devices: [BootDevice], _ stored: StoredEntries) -> BootForecast {
    var candidates = candidates(devices, stored)
    let kept = candidates.count { !$0.isGone }
    var deleted = candidates.filter(\.isGone).compactMap(\.entry)
    candidates.removeAll(where: \.isGone)
    var chosen: [Candidate] = []
    for device in devices.inFirmwareOrder {
      let own = candidates.filter { $0.device == device.title }
      chosen += own
      candidates.removeAll { $0.device == device.title }
    }
    let isObeyed = !chosen.isEmpty
    if isObeyed {
      let survivors = candidates.filter { !$0.isPrunable }
      deleted += candidates.filter(\.isPrunable).compactMap(\.entry)
      chosen += survivors
    } else {
      chosen = candidates
    }
    var steps = chosen.filter { $0.entry?.isApplication != true }.map(\.step)
    if let next = stored.next, let once = chosen.first(where: { $0.entry?.number == next }) {
      var step = once.step
      step.isOnce = true
      steps.insert(step, at: 0)
    }
    return BootForecast(
      steps: steps, deleted: deleted,
      decidedBy: isObeyed ? .fwCfg : kept > 0 ? .nvram : .firmware)
  }

  /// An active entry that is in the store's order, or that the firmware will make.
  private struct Candidate {
    var entry: BootEntry?
    var description: String
    var device: String?
    /// Whether the firmware deletes it where something was asked for that it is not.
    var isPrunable: Bool
    /// Whether the firmware deletes it because its device is gone.
    var isGone = false

    var step: Step {
      Step(device: device, entry: entry?.number, description: description, isOnce: false)
    }
  }

  private static func candidates(
    _ devices: [BootDevice], _ stored: StoredEntries
  ) -> [Candidate] {
    var candidates: [Candidate] = []
    for item in stored.items where item.entry.position != nil && item.entry.isActive {
      let device = devices.owner(of: item.path)
      candidates.append(
        Candidate(
          entry: item.entry, description: item.entry.description, device: device?.title,
          isPrunable: item.path.isOnPCI || item.path.isShortForm,
          isGone: device == nil && item.entry.isAutomatic && item.path.isOnPCI
            && devices.allSatisfy { !$0.prefix.nodes.isEmpty }))
    }
    // Entries are made for what is read in blocks first.
    for device in devices.filter(\.isDisk) + devices.filter({ !$0.isDisk }) where device.hasDriver {
      let own = stored.items.filter { devices.owner(of: $0.path) == device }
      let ways = device.kind == .interface ? networkWays.map { "UEFI \($0)" } : [device.title]
      for way in ways
      where !own.contains(where: {
        device.kind != .interface ? !$0.path.isShortForm : $0.entry.description.hasPrefix(way)
      }) {
        candidates.append(
          Candidate(description: way, device: device.title, isPrunable: true))
      }
    }
    return candidates
  }
}

extension [BootDevice] {
  /// Those with a place in the boot order, first to last: what QEMU hands to the firmware.
  var inFirmwareOrder: [BootDevice] {
    filter { $0.order != nil }.sorted { ($0.order ?? 0) < ($1.order ?? 0) }
  }

  /// The device that an entry boots from. Of an entry that names a partition alone it is the only
  /// disk; of several it is taken for the first of the boot order, which need not be so.
  func owner(of path: DevicePath) -> BootDevice? {
    device(bootedBy: path)
      ?? (path.isShortForm ? filter { $0.kind == .disk }.inFirmwareOrder.first : nil)
  }

  /// The device that an entry boots from; `nil` where that is none of these, or the entry names a
  /// partition alone and there are several disks.
  package func device(bootedBy path: DevicePath) -> BootDevice? {
    if path.isShortForm {
      let disks = filter { $0.kind == .disk }
      return disks.count == 1 ? disks[0] : nil
    }
    return first { $0.owns(path) }
  }
}

extension BootDevice {
  fileprivate var biosWay: String {
    switch kind {
    case .disk: "hard disk"
    case .cdrom: "CD-ROM"
    case .interface, .hostDevice: "option ROM of the card"
    }
  }
}

import Addresses
import Diagnosis
import Firmware

/// A machine's boot order as each of those who have a say in it has it, device by device, and what
/// came of it.
package struct BootOrderTable: Codable, Hashable, Sendable {
  /// The machine.
  package var machine: String
  /// `uefi` or `bios`.
  package var firmware: String
  /// Whether the machine is on; `nil` where that is not known.
  package var isOn: Bool?
  /// Where each column is from.
  package var sources: Sources
  /// The devices: those with a place in the boot order by it, then the others.
  package var devices: [Row]
  /// The boot entries of the variable store that are no device's.
  package var otherEntries: [BootEntry]
  /// The entry for the next start alone.
  package var bootNext: BootEntry?
  /// What the firmware tries at its next start, and what decides that.
  package var forecast: BootForecast
  /// What was tried, start by start.
  package var boots: [BootRecord]
  /// Where they differ, and which one the firmware obeys.
  package var notes: [Note]

  /// Where columns are from.
  package struct Sources: Codable, Hashable, Sendable {
    /// Which description of the domain was read.
    package var libvirt: BootOrderEvidence.DomainSource
    /// Whether the order is the running QEMU's own, or computed from the domain.
    package var fwCfg: FWCfgSource
    /// Which variable store was read; `nil` where there is none.
    package var nvram: BootOrderEvidence.StoreSource?
    /// Whether the store lasts from one start to the next.
    package var isPersistent: Bool
  }

  /// Where the order in fw_cfg is from.
  package enum FWCfgSource: String, Codable, Hashable, Sendable {
    /// The running QEMU says the `bootindex` of each device; the paths are computed.
    case qemu
    /// Computed from the domain's description.
    case computed
  }

  /// A device.
  package struct Row: Codable, Hashable, Sendable {
    /// What it is.
    package var kind: BootDevice.Kind
    /// Its name in the manifest.
    package var name: String
    /// ``BootDevice/title``.
    package var device: String
    /// Its MAC address.
    package var mac: MACAddress?
    /// `bootOrder` of the manifest; `nil` without.
    package var manifest: Int?
    /// Where the manifest says that, or has the device.
    package var place: ManifestPlace?
    /// `<boot order>` of the domain.
    package var libvirt: Int?
    /// The line in the fw_cfg file `bootorder`, from 1.
    package var fwCfg: Int?
    /// That line.
    package var fwCfgPath: String?
    /// What the device paths of its entries begin with.
    package var devicePath: String?
    /// Its boot entries, by their places in `BootOrder`.
    package var entries: [BootEntry]
    /// The attempts to boot from it in the last boot, counted from 1.
    package var attempts: [Int]
    /// Where the machine has another order as it is now, of `--what-if`.
    package var before: Before?
  }

  /// What was before an edit of the manifest.
  package struct Before: Codable, Hashable, Sendable {
    /// `bootOrder` of the manifest; `nil` without, and of a new device.
    package var manifest: Int?
    /// The line in fw_cfg.
    package var fwCfg: Int?
    /// Whether the device was there.
    package var exists: Bool
  }

  /// A sentence for a person.
  package struct Note: Codable, Hashable, Sendable {
    /// Whether it tells of a difference.
    package var isDifference: Bool
    /// The sentence.
    package var text: String
  }
}

extension BootOrderTable {
  /// Puts together what is known.
  package init(_ evidence: BootOrderEvidence) {
    var devices = BootDevice.devices(of: evidence.domain)
    let domainDevices = devices
    if let indexes = evidence.bootIndexes {
      for index in devices.indices {
        devices[index].order = devices[index].alias.flatMap { indexes[$0] }
      }
    }
    let stored = evidence.store.map { StoredEntries($0) }
    machine = evidence.machine
    firmware = evidence.isUEFI ? "uefi" : "bios"
    isOn = evidence.isOn
    sources = Sources(
      libvirt: evidence.domainSource, fwCfg: evidence.bootIndexes == nil ? .computed : .qemu,
      nvram: evidence.store == nil ? nil : evidence.storeSource,
      isPersistent: evidence.isPersistent)
    forecast =
      evidence.isUEFI
      ? .uefi(devices, stored ?? StoredEntries.none) : .bios(devices)
    bootNext = stored.flatMap { stored in
      stored.items.first { $0.entry.number == stored.next }?.entry
    }
    otherEntries = stored?.items.filter { devices.owner(of: $0.path) == nil }.map(\.entry) ?? []
    boots = BootRecorder.boots(
      console: evidence.console, wire: evidence.wire, starts: evidence.starts,
      order: stored?.items.filter { $0.entry.position != nil }.map(\.entry.number) ?? [])
    if !evidence.hasFirmwareConsole, !evidence.starts.isEmpty || !evidence.wire.isEmpty {
      boots = BootRecorder.bootsByWire(
        console: evidence.console, wire: evidence.wire, starts: evidence.starts,
        isUEFI: evidence.isUEFI)
    }
    if evidence.isOn == false, let last = boots.indices.last,
      let open = boots[last].attempts.indices.last, boots[last].attempts[open].outcome == .running
    {
      boots[last].attempts[open].outcome = .failed
      boots[last].attempts[open].reason += "; the machine is off"
    }
    for boot in boots.indices {
      for index in boots[boot].attempts.indices {
        let owner = boots[boot].attempts[index].owner(among: devices)
        boots[boot].attempts[index].device = owner?.title
        let reason = boots[boot].attempts[index].reason
        if owner?.hasLink == false, reason.hasPrefix(WireSummary.nothing) {
          boots[boot].attempts[index].reason =
            "its link is down" + reason.dropFirst(WireSummary.nothing.count)
        }
      }
    }
    let lines = devices.inFirmwareOrder.map(\.title)
    let last = boots.last?.attempts ?? []
    self.devices = zip(devices, domainDevices).map { device, domainDevice in
      let asked = evidence.manifest.first {
        $0.name == device.name && $0.isInterface != device.isDisk
      }
      return Row(
        kind: device.kind, name: device.name, device: device.title, mac: device.mac,
        manifest: asked?.order, place: asked?.place,
        libvirt: domainDevice.isImplied ? nil : domainDevice.order,
        fwCfg: lines.firstIndex(of: device.title).map { $0 + 1 },
        fwCfgPath: device.openFirmwarePath,
        devicePath: device.prefix.nodes.isEmpty ? nil : device.prefix.description,
        entries: stored?.items.filter { devices.owner(of: $0.path) == device }.map(\.entry) ?? [],
        attempts: last.indices.filter { last[$0].device == device.title }.map { $0 + 1 },
        before: evidence.before.flatMap { Self.before(device, asked, in: $0, lines) })
    }
    // Devices that the manifest has and the domain has not.
    self.devices += evidence.manifest.filter { asked in
      !devices.contains { $0.name == asked.name && $0.isDisk != asked.isInterface }
    }.map { asked in
      let kind = asked.isInterface ? BootDevice.Kind.interface : .disk
      return Row(
        kind: kind, name: asked.name, device: "\(kind.title) \(asked.name)", mac: nil,
        manifest: asked.order, place: asked.place, entries: [], attempts: [])
    }
    self.devices = self.devices.enumerated().sorted { left, right in
      (left.element.rank, left.offset) < (right.element.rank, right.offset)
    }.map(\.element)
    notes = []
    notes = BootOrderNotes(table: self, evidence: evidence).notes
  }

  private static func before(
    _ device: BootDevice, _ asked: ManifestBootDevice?, in table: BootOrderTable,
    _ lines: [String]
  ) -> Before? {
    let row = table.devices.first { $0.device == device.title }
    let line = lines.firstIndex(of: device.title).map { $0 + 1 }
    guard row == nil || row?.manifest != asked?.order || row?.fwCfg != line else { return nil }
    return Before(manifest: row?.manifest, fwCfg: row?.fwCfg, exists: row != nil)
  }
}

extension BootOrderTable.Row {
  /// Where it stands in the table.
  fileprivate var rank: Int { fwCfg ?? manifest.map { 1_000_000 + $0 } ?? Int.max }
}

extension BootAttempt {
  /// The device that was tried.
  func owner(among devices: [BootDevice]) -> BootDevice? {
    if let path, let parsed = try? DevicePath(text: path), let owner = devices.owner(of: parsed) {
      return owner
    }
    if let mac { return devices.first { $0.mac == mac } }
    // SeaBIOS names kinds of device.
    let ordered = devices.inFirmwareOrder
    switch description {
    case "Hard Disk":
      return ordered.first { $0.kind == .disk } ?? devices.first { $0.kind == .disk }
    case "DVD/CD": return ordered.first { $0.kind == .cdrom } ?? devices.first { $0.kind == .cdrom }
    default: return nil
    }
  }
}

extension StoredEntries {
  static let none = StoredEntries()
  private init() {}
}

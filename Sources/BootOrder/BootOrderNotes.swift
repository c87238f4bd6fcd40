import Firmware

/// Says where a table's columns differ, and which of them the firmware obeys.
struct BootOrderNotes {
  let table: BootOrderTable
  let evidence: BootOrderEvidence

  var notes: [BootOrderTable.Note] {
    [decision] + implied + disagreements + omissions + stored + persistence + tried + unseen
  }

  private var domainDevices: [BootDevice] { BootDevice.devices(of: evidence.domain) }

  private func difference(_ text: String) -> BootOrderTable.Note {
    BootOrderTable.Note(isDifference: true, text: text)
  }

  private func remark(_ text: String) -> BootOrderTable.Note {
    BootOrderTable.Note(isDifference: false, text: text)
  }

  /// What the firmware obeys, and why.
  private var decision: BootOrderTable.Note {
    guard evidence.isUEFI else {
      return remark(
        table.forecast.decidedBy == .fwCfg
          ? "SeaBIOS obeys fw_cfg's bootorder and has no variables. Of several disks it boots the "
            + "first alone, and it stops after the last device that is listed."
          : "No device has a boot order, so QEMU hands SeaBIOS none: it tries disks before CD-ROMs "
            + "before the cards' ROMs.")
    }
    switch table.forecast.decidedBy {
    case .fwCfg:
      return remark(
        "OVMF obeys fw_cfg's bootorder: at each start it puts the NVRAM's BootOrder in that order, "
          + "keeps its own programs after it and deletes the entries of devices that are not in it."
      )
    case .nvram:
      return remark(
        "No device has a boot order, so QEMU hands OVMF none, and the NVRAM's BootOrder decides; "
          + "entries of new devices come last.")
    case .firmware:
      return remark(
        "No device has a boot order and there are no boot entries yet: OVMF makes them at its start, "
          + "disks before network cards, and goes by them.")
    }
  }

  /// What is in the order though nobody asked for it.
  private var implied: [BootOrderTable.Note] {
    let devices = domainDevices.filter(\.isImplied)
    guard !devices.isEmpty else { return [] }
    let kinds = evidence.domain.bootKinds
    return [
      difference(
        "No device has a bootOrder, so libvirt goes by <boot dev> "
          + "(\(kinds.isEmpty ? "hd, which it adds" : kinds.joined(separator: ", "))): "
          + "\(devices.map(\.title).joined(separator: ", ")) alone is handed to the firmware.")
    ]
  }

  /// Where two of those who should agree do not.
  private var disagreements: [BootOrderTable.Note] {
    table.devices.flatMap { row -> [BootOrderTable.Note] in
      var notes: [BootOrderTable.Note] = []
      let isInDomain = domainDevices.contains { $0.title == row.device }
      if !isInDomain, row.place != nil {
        notes.append(
          difference("\(row.device) is in the manifest, and the domain does not have it."))
      } else if row.manifest != row.libvirt {
        notes.append(
          difference(
            "\(row.device): the manifest asks for \(Self.order(row.manifest)), libvirt's domain has "
              + "\(Self.order(row.libvirt)): the domain counts, and the manifest is read again by "
              + "`pxelab up`."))
      }
      let isInFWCfg = row.fwCfg != nil
      let isInOrder = domainDevices.contains { $0.title == row.device && $0.order != nil }
      if isInDomain, isInFWCfg != isInOrder {
        notes.append(
          difference(
            "\(row.device): libvirt's domain has \(Self.order(row.libvirt)), and the running QEMU "
              + (isInFWCfg ? "hands it to the firmware." : "does not hand it to the firmware.")))
      }
      return notes
    }
  }

  private static func order(_ order: Int?) -> String {
    order.map { "boot order \($0)" } ?? "no boot order"
  }

  /// Devices that will never be tried, and one that is tried four times.
  private var omissions: [BootOrderTable.Note] {
    guard table.forecast.decidedBy == .fwCfg else { return [] }
    var notes: [BootOrderTable.Note] = []
    let without = table.devices.filter { $0.fwCfg == nil && $0.libvirt == nil }
    if !without.isEmpty {
      let names = without.map(\.device).joined(separator: ", ")
      notes.append(
        remark(
          "\(names): without a bootOrder, while others have one, "
            + "\(without.count == 1 ? "it is" : "they are") never tried."))
    }
    let isTriedOftener = table.devices.contains { row in
      row.fwCfg != nil && table.forecast.steps.count { $0.device == row.device && !$0.isOnce } > 1
    }
    if evidence.isUEFI, isTriedOftener {
      notes.append(
        remark(
          "One bootOrder of an interface stands for all its entries: PXE, then HTTP, each by IPv4 "
            + "and IPv6 as the entries stand in BootOrder."))
    }
    let undriven = domainDevices.filter { $0.order != nil && !$0.hasDriver }
    if evidence.isUEFI, !undriven.isEmpty {
      notes.append(
        difference(
          undriven.map(\.title).joined(separator: ", ")
            + ": OVMF has no driver for a card of this model and so no entry for it: it is not tried."
        ))
    }
    let disks = table.devices.filter { $0.kind == .disk && $0.fwCfg != nil }
    if !evidence.isUEFI, disks.count > 1 {
      notes.append(
        difference(
          disks.dropFirst().map(\.device).joined(separator: ", ")
            + ": SeaBIOS boots no disk but the first in the order, \(disks[0].device)."))
    }
    return notes
  }

  /// What the variable store has that the next start will not go by.
  private var stored: [BootOrderTable.Note] {
    guard let store = evidence.store else { return [] }
    var notes: [BootOrderTable.Note] = []
    let stored = StoredEntries(store).items.filter { $0.entry.position != nil }
      .map(\.entry).filter { $0.isActive && !$0.isApplication }
    let steps = table.forecast.steps.filter { !$0.isOnce }
    let now = stored.map(\.number)
    let then = steps.compactMap(\.entry)
    if table.forecast.decidedBy == .fwCfg, now != then || steps.contains(where: { $0.entry == nil })
    {
      if !now.isEmpty, let first = stored.first, steps.first?.entry != first.number {
        notes.append(
          difference(
            "NVRAM's BootOrder begins with \(first.name) \(first.description.debugDescription), and "
              + "fw_cfg with \(table.devices.first { $0.fwCfg == 1 }?.device ?? "another device"): "
              + "OVMF obeys fw_cfg and writes BootOrder anew at its next start."))
      }
      for entry in table.forecast.deleted {
        notes.append(
          remark(
            "\(entry.name) \(entry.description.debugDescription) is of no device in fw_cfg's "
              + "bootorder: the next start deletes it."))
      }
    }
    if let next = table.bootNext {
      let isDeleted = table.forecast.deleted.contains { $0.number == next.number }
      notes.append(
        difference(
          "BootNext is \(next.name) \(next.description.debugDescription): the next start "
            + (isDeleted
              ? "deletes that entry before it would boot it." : "tries it before all others, once.")
        ))
    }
    return notes
  }

  private var persistence: [BootOrderTable.Note] {
    guard evidence.isUEFI, !evidence.isPersistent, evidence.storeSource == .file,
      table.forecast.decidedBy == .nvram
    else { return [] }
    return [
      difference(
        "The variable store is not persistent: `pxelab power on` begins from the template, without "
          + "this BootOrder.")
    ]
  }

  /// Whether what was tried last is what the order has.
  private var tried: [BootOrderTable.Note] {
    guard let boot = table.boots.last, let first = boot.attempts.first else { return [] }
    if boot.isByWireAlone { return triedOnTheWire(boot) }
    // The order as the firmware has written it at its start, which is the store's now.
    let order =
      evidence.store.map { StoredEntries($0).items }?
      .filter { $0.entry.position != nil && $0.entry.isActive && !$0.entry.isApplication }
      .map(\.entry) ?? []
    if let entry = first.entry, let head = order.first, head.number != entry {
      return [
        difference(
          "The last start tried \(BootVariable.name(of: entry)) \(first.description.debugDescription)"
            + " first, and BootOrder begins with \(head.name): by BootNext, by a choice in the "
            + "firmware's menu, or BootOrder was changed since.")
      ]
    }
    let expected = Self.once(table.forecast.steps.filter { !$0.isOnce }.compactMap(\.device))
    let devices = Self.once(boot.attempts.compactMap(\.device))
    guard !expected.isEmpty, !devices.isEmpty, !expected.starts(with: devices) else { return [] }
    return [
      difference(
        "The last start tried \(devices.joined(separator: ", ")), and by the order it would be "
          + "\(expected.joined(separator: ", ")): by BootNext, by a choice in the firmware's menu, or "
          + "the order was changed since.")
    ]
  }

  /// Whether the cards asked in their order; what else was tried is not seen.
  private func triedOnTheWire(_ boot: BootRecord) -> [BootOrderTable.Note] {
    let order = table.forecast.steps.filter { !$0.isOnce }.compactMap(\.device)
    let devices = Self.once(boot.attempts.compactMap(\.device))
    var rest = Self.once(order)[...]
    for device in devices {
      guard let place = rest.firstIndex(of: device) else {
        return [
          difference(
            "The last start tried \(devices.joined(separator: ", ")), and the order is "
              + "\(Self.once(order).joined(separator: ", ")).")
        ]
      }
      rest = rest[(place + 1)...]
    }
    return []
  }

  /// What cannot be known of what was tried.
  private var unseen: [BootOrderTable.Note] {
    guard table.boots.contains(where: \.isByWireAlone) else { return [] }
    let why =
      evidence.isUEFI
      ? "The machine has no serial console"
      : "SeaBIOS writes to the serial console with `bios: {useSerial: true}` alone"
    return [
      remark(
        why + ": what was tried is made of packets and of the system that ran. Disks and CD-ROMs "
          + "that were tried in vain are not seen, nor why the firmware gave something up.")
    ]
  }

  /// The devices without repetitions one after the other.
  private static func once(_ devices: [String]) -> [String] {
    devices.reduce(into: []) { seen, device in
      if seen.last != device { seen.append(device) }
    }
  }
}

import BootOrder
import FileSystem
import Firmware
import PXEWire

/// A boot order for a person: the devices, what was tried, and what to know of it.
struct BootOrderText {
  let text: String

  init(_ table: BootOrderTable) {
    var sections = [Self.head(table), Self.devices(table)]
    if let next = table.bootNext {
      sections.append("BootNext: \(next.name) \(next.description.debugDescription), for one start")
    }
    sections.append(Self.paths(table))
    sections.append(Self.forecast(table))
    sections += table.boots.enumerated().map { Self.boot($0.element, $0.offset + 1) }
    sections.append(
      table.notes.map { "\($0.isDifference ? "differs: " : "")\($0.text)" }
        .joined(separator: "\n"))
    text = sections.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private static func head(_ table: BootOrderTable) -> String {
    var parts = [table.firmware == "uefi" ? "UEFI" : "BIOS"]
    if let isOn = table.isOn { parts.append(isOn ? "on" : "off") }
    switch table.sources.libvirt {
    case .live: parts.append("libvirt: the running domain")
    case .defined: parts.append("libvirt: the next start's domain")
    case .planned: parts.append("libvirt: as `up` would define it")
    }
    parts.append(
      table.sources.fwCfg == .qemu
        ? "fw_cfg: QEMU's boot indexes, paths computed" : "fw_cfg: computed")
    let kept = table.sources.isPersistent ? ", persistent" : ""
    switch table.sources.nvram {
    case .snapshot: parts.append("NVRAM: a snapshot" + kept)
    case .file: parts.append("NVRAM: the store" + kept)
    case .template: parts.append("NVRAM: the template of the next start")
    case nil: break
    }
    return "\(table.machine): \(parts.joined(separator: "; "))"
  }

  /// A row for each boot entry, and for each device without one.
  private static func devices(_ table: BootOrderTable) -> String {
    let hasVariables = table.firmware == "uefi"
    let hasBoots = !table.boots.isEmpty
    var rows = Table(
      ["DEVICE", "MANIFEST", "LIBVIRT", "FW_CFG"] + (hasVariables ? ["NVRAM"] : [])
        + (hasBoots ? ["TRIED"] : []))
    let attempts = table.boots.last?.attempts ?? []
    for row in table.devices {
      let device = row.device + (row.mac.map { " \($0)" } ?? "")
      let before = row.before
      let manifest =
        number(row.manifest)
        + (row.place.map { " \(Files.name(of: $0.file)):\($0.line)" } ?? "")
        + (before.map { $0.exists ? was($0.manifest, now: row.manifest) : " (new)" } ?? "")
      let line =
        number(row.fwCfg)
        + (before.map { $0.exists ? was($0.fwCfg, now: row.fwCfg) : "" } ?? "")
      var cells = [device, manifest, number(row.libvirt), line]
      let entries: [BootEntry?] = row.entries.isEmpty ? [nil] : row.entries
      // Attempts of which the entry is not known stand beside the first.
      var others = row.attempts.filter { number in
        !row.entries.contains { $0.number == attempts[number - 1].entry }
      }
      for entry in entries {
        var tried = row.attempts.filter { entry != nil && attempts[$0 - 1].entry == entry?.number }
        tried += others
        others = []
        rows.add(
          cells + (hasVariables ? [entry.map(text) ?? "-"] : [])
            + (hasBoots
              ? [tried.sorted().map { outcome(attempts, $0) }.joined(separator: ", ")] : []))
        cells = ["", "", "", ""]
      }
    }
    for entry in table.otherEntries where entry.position != nil {
      let tried = attempts.indices.filter { attempts[$0].entry == entry.number }.map { $0 + 1 }
      rows.add(
        [entry.path.hasPrefix("Fv(") ? "the firmware's own" : "no device of the machine"]
          + ["-", "-", "-", text(entry)]
          + (hasBoots ? [tried.map { outcome(attempts, $0) }.joined(separator: ", ")] : []))
    }
    return rows.text
  }

  private static func number(_ number: Int?) -> String { number.map { "\($0)" } ?? "-" }

  private static func was(_ before: Int?, now: Int?) -> String {
    before == now ? "" : " (was \(number(before)))"
  }

  private static func text(_ entry: BootEntry) -> String {
    "\(number(entry.position)) \(entry.name) \(entry.description)"
      + (entry.isActive ? "" : " (inactive)") + (entry.isApplication ? " (not tried)" : "")
  }

  private static func outcome(_ attempts: [BootAttempt], _ number: Int) -> String {
    "\(number). \(attempts[number - 1].outcome.rawValue)"
  }

  private static func paths(_ table: BootOrderTable) -> String {
    let rows = table.devices.filter { $0.fwCfg != nil }
    guard !rows.isEmpty else { return "fw_cfg bootorder: none" }
    guard rows.contains(where: { $0.fwCfgPath != nil }) else {
      return
        "fw_cfg's paths follow from the addresses that libvirt gives when `up` defines the machine."
    }
    let hasVariables = table.firmware == "uefi"
    var lines = Table(["FW_CFG", "PATH"] + (hasVariables ? ["DEVICE PATHS BEGIN WITH"] : []))
    for row in rows {
      lines.add(
        [number(row.fwCfg), row.fwCfgPath ?? "of an address that libvirt is yet to give"]
          + (hasVariables ? [row.devicePath ?? "-"] : []))
    }
    return lines.text
  }

  private static func forecast(_ table: BootOrderTable) -> String {
    guard !table.forecast.steps.isEmpty else { return "" }
    var lines = Table(["NEXT START", "TRIES", "OF"])
    for (index, step) in table.forecast.steps.enumerated() {
      let entry = step.entry.map { "\(BootVariable.name(of: $0)) " } ?? ""
      lines.add([
        "\(index + 1)", entry + step.description + (step.isOnce ? " (BootNext)" : ""),
        step.device ?? "the firmware's own",
      ])
    }
    return lines.text
  }

  private static func boot(_ boot: BootRecord, _ number: Int) -> String {
    let start = boot.began ?? boot.attempts.first?.began
    let title = "START \(number)" + (boot.isByWireAlone ? ", BY PACKETS" : "")
    var lines = Table([title, "AT", "TOOK", "TRIED", "RESULT", "WHY"])
    for (index, attempt) in boot.attempts.enumerated() {
      let at = attempt.began.flatMap { began in start.map { began.seconds(since: $0) } }
      let took = attempt.ended.flatMap { end in attempt.began.map { end.seconds(since: $0) } }
      let name = attempt.entry.map { "\(BootVariable.name(of: $0)) " } ?? ""
      lines.add([
        "\(index + 1)", seconds(at), seconds(took),
        name + attempt.description + (attempt.device.map { ", \($0)" } ?? ""),
        attempt.outcome.rawValue, attempt.reason,
      ])
    }
    guard !boot.attempts.isEmpty else {
      return boot.isByWireAlone
        ? "START \(number): no card has asked for a boot, and no system spoken"
        : "START \(number): nothing was tried yet"
    }
    return lines.text
  }

  private static func seconds(_ value: Double?) -> String {
    value.map { "\($0.text(decimals: 1)) s" } ?? "-"
  }
}

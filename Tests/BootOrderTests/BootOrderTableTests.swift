import BootOrder
import Testing

/// Tables of recorded machines: who has which order, and what came of it.
@Suite struct BootOrderTableTests {
  @Test(arguments: [
    ("pxe-first", ["interface pxe", "disk root"], "interface pxe"),
    ("disk-first", ["disk root", "interface pxe"], "disk root"),
    ("empty-disk-first", ["disk root", "interface pxe"], "interface pxe"),
    ("second-card-first", ["interface pxe", "interface other"], "interface pxe"),
  ])
  func theFirmwareDidWhatTheTableSays(_ name: String, _ order: [String], _ booted: String) throws {
    let table = BootOrderTable(try Recorded(name).evidence())
    #expect(table.devices.map(\.device) == order)
    #expect(table.devices.map(\.fwCfg) == [1, 2])
    #expect(table.devices.map(\.libvirt) == [1, 2])
    #expect(table.sources.fwCfg == .qemu)
    #expect(table.forecast.decidedBy == .fwCfg)
    // The store as the firmware has written it goes with fw_cfg.
    let positions = table.devices.map { $0.entries.compactMap(\.position) }
    #expect(positions.joined().sorted() == Array(positions.joined()))
    #expect(table.forecast.deleted.isEmpty)
    #expect(table.forecast.steps.allSatisfy { $0.entry != nil })
    let last = try #require(table.boots.last?.attempts.last)
    #expect(last.device == booted && last.outcome == .started)
    #expect(table.notes.filter(\.isDifference).map(\.text) == [])
  }

  /// What the domain says is not what the manifest does: it was edited by hand.
  @Test func aDomainThatWasEditedIsTold() throws {
    var evidence = try Recorded("devices-efi").evidence()
    evidence.manifest[0].order = 9
    let texts = BootOrderTable(evidence).notes.filter(\.isDifference).map(\.text)
    #expect(
      texts.contains {
        $0.hasPrefix(
          "disk usb: the manifest asks for boot order 9, libvirt's domain has boot order 1")
      })
    evidence = try Recorded("devices-efi").evidence()
    evidence.bootIndexes = [:]
    let missing = BootOrderTable(evidence)
    #expect(
      missing.notes.contains {
        $0.text.hasSuffix("the running QEMU does not hand it to the firmware.")
      })
    #expect(missing.forecast.decidedBy == .nvram)
  }

  @Test func aBIOSHasNoVariables() throws {
    let table = BootOrderTable(try Recorded("devices-bios").evidence())
    #expect(table.firmware == "bios" && table.sources.nvram == nil)
    #expect(table.devices.allSatisfy { $0.entries.isEmpty })
    #expect(
      table.forecast.steps.compactMap(\.device) == [
        "disk usb", "CD-ROM cd", "interface pxe", "interface intel",
      ])
    #expect(
      table.notes.filter(\.isDifference).map(\.text) == [
        "disk vd, disk scsi, disk sata, disk scsi2: SeaBIOS boots no disk but the first in the "
          + "order, disk usb."
      ])
  }
}

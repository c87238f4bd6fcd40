import BootOrder
import DomainXML
import Firmware
import Foundation
import Testing

/// What the next start makes of a store, with the devices of a recorded machine, of which a disk and
/// a card have boot orders.
@Suite struct BootForecastTests {
  private static let pxe =
    "/MAC(DE00000009A1,0x1)/IPv4(0.0.0.0,0x0,DHCP,0.0.0.0,0.0.0.0,0.0.0.0)"
  /// The optional data of entries that the firmware makes.
  private static let automatic = "4eac088119f1594d850ee21a522c59b2"

  /// A store with entries: number, title, path, whether the firmware made it.
  private static func store(
    _ entries: [(UInt16, String, String, Bool)], order: [UInt16], next: UInt16? = nil
  ) throws -> VariableStore {
    var store = try Recorded.emptyStore()
    for (number, title, path, isAutomatic) in entries {
      try store.setBootOption(
        number,
        LoadOption(
          attributes: .active, description: title, devicePath: try DevicePath(text: path),
          optionalData: isAutomatic ? try #require([UInt8](hexadecimal: automatic)) : []))
    }
    try store.setBootOrder(order)
    try store.setBootNext(next)
    return store
  }

  /// The recorded machine with other boot orders.
  private static func evidence(disk: Int?, card: Int?, _ store: VariableStore) throws
    -> BootOrderEvidence
  {
    let recorded = try Recorded("devices-efi")
    var evidence = try recorded.evidence()
    var xml = recorded.observation.domainXML.replacing(#/<boot order='\d+'\/>/#, with: "")
    for (alias, order) in [("ua-vd", disk), ("ua-pxe", card)] {
      let name = "<alias name='\(alias)'/>"
      xml = xml.replacing(name, with: order.map { "<boot order='\($0)'/>\(name)" } ?? name)
    }
    evidence.domain = try Domain(parsing: xml)
    evidence.bootIndexes = nil
    evidence.console = []
    evidence.wire = []
    evidence.starts = []
    evidence.store = store
    return evidence
  }

  /// What the device paths of a device's entries begin with.
  private static func path(_ device: String) throws -> String {
    let domain = try Domain(parsing: try Recorded("devices-efi").observation.domainXML)
    return try #require(BootDevice.devices(of: domain).first { $0.title == device }).prefix
      .description
  }

  @Test func fwCfgIsObeyedAndNotTheStore() throws {
    let disk = try Self.path("disk vd")
    let card =
      try Self.path("interface pxe") + Self.pxe
    let gone = "PciRoot(0x0)/Pci(0x1e,0x0)/Pci(0x0,0x0)"
    let store = try Self.store(
      [
        (5, "UEFI PXEv4 (MAC:DE00000009A1)", card, true), (6, "gone", gone, true),
        (7, "by hand, gone", gone, false), (1, "UEFI Misc Device", disk, true),
        (8, "shell", "Fv(7CB8BDC9-F8EB-4F34-AAEA-3EE4AF6516A1)", false),
      ], order: [5, 6, 7, 8, 1], next: 5)
    let table = BootOrderTable(try Self.evidence(disk: 1, card: 2, store))
    #expect(table.forecast.decidedBy == .fwCfg)
    let steps = table.forecast.steps
    #expect(steps.first?.isOnce == true && steps.first?.entry == 5)
    #expect(steps.dropFirst().first?.entry == 1)
    #expect(steps.dropFirst(2).first?.entry == 5)
    #expect(steps.last?.entry == 8 && steps.last?.device == nil)
    #expect(Set(table.forecast.deleted.map(\.number)) == [6, 7])
    #expect(table.otherEntries.map(\.number) == [6, 7, 8])
    let differences = table.notes.filter(\.isDifference).map(\.text)
    #expect(differences.contains { $0.hasPrefix("NVRAM's BootOrder begins with Boot0005") })
    #expect(differences.contains { $0.hasPrefix("BootNext is Boot0005") })
  }

  @Test func withoutAnyBootOrderTheStoreDecides() throws {
    let card = try Self.path("interface pxe") + Self.pxe
    let store = try Self.store([(5, "UEFI PXEv4 (MAC:DE00000009A1)", card, true)], order: [5])
    var evidence = try Self.evidence(disk: nil, card: nil, store)
    evidence.domain.element.update("devices") { $0.remove("disk") }
    let table = BootOrderTable(evidence)
    #expect(table.forecast.decidedBy == .nvram)
    #expect(table.forecast.steps.first?.entry == 5)
    #expect(table.forecast.deleted.isEmpty)
  }

  /// What libvirt does by itself: QEMU was seen to have that boot index (labs/stale-boot-order).
  @Test func libvirtPutsADiskFirstWhereNothingIsAskedFor() throws {
    let table = BootOrderTable(
      try Self.evidence(disk: nil, card: nil, try Recorded.emptyStore()))
    #expect(table.forecast.steps.map(\.device) == ["disk usb"])
    #expect(table.devices.first?.libvirt == nil && table.devices.first?.fwCfg == 1)
    #expect(
      table.notes.contains {
        $0.isDifference && $0.text.contains("<boot dev> (hd, which it adds): disk usb alone")
      })
  }

  @Test func aCardAloneInTheOrderLosesTheDiskItsEntry() throws {
    let store = try Self.store(
      [(1, "UEFI Misc Device", try Self.path("disk vd"), true)], order: [1], next: 1)
    let table = BootOrderTable(try Self.evidence(disk: nil, card: 1, store))
    #expect(table.forecast.deleted.map(\.number) == [1])
    #expect(Set(table.forecast.steps.map(\.device)) == ["interface pxe"])
    #expect(table.notes.contains { $0.text.contains("deletes that entry before it would boot it") })
    #expect(
      table.notes.contains { $0.text.contains("they are never tried") })
  }

  /// An installer's entry names its partition alone.
  @Test func aPartitionIsTakenForTheDisks() throws {
    let store = try Self.store(
      [
        (
          9, "debian",
          "HD(1,GPT,12345678-1234-1234-1234-123456789ABC,0x800,0x1000)/\\EFI\\debian\\shimx64.efi",
          false
        )
      ], order: [9])
    let table = BootOrderTable(try Self.evidence(disk: 1, card: 2, store))
    #expect(table.devices.first { $0.device == "disk vd" }?.entries.map(\.number) == [9])
    #expect(table.forecast.steps.first?.entry == 9)
    let without = BootOrderTable(try Self.evidence(disk: nil, card: 1, store))
    #expect(without.forecast.deleted.map(\.number) == [9])
  }

  @Test func anEmptyStoreGetsAnEntryForEachWay() throws {
    let table = BootOrderTable(
      try Self.evidence(disk: 2, card: 1, try Recorded.emptyStore()))
    #expect(
      table.forecast.steps.map(\.description) == [
        "UEFI PXEv4", "UEFI PXEv6", "UEFI HTTPv4", "UEFI HTTPv6", "disk vd",
      ])
    #expect(table.forecast.steps.allSatisfy { $0.entry == nil })
  }

  @Test func anEditIsComparedWithTheMachineAsItIs() throws {
    let store = try Recorded.emptyStore()
    let before = BootOrderTable(try Self.evidence(disk: 2, card: 1, store))
    var edited = try Self.evidence(disk: 1, card: 2, store)
    edited.manifest = edited.manifest.map { device in
      var device = device
      device.order = device.isInterface ? 2 : 1
      return device
    }
    edited.before = before
    let table = BootOrderTable(edited)
    #expect(table.devices.prefix(2).map(\.device) == ["disk vd", "interface pxe"])
    #expect(table.devices.prefix(2).map(\.before?.fwCfg) == [2, 1])
    edited.before = table
    #expect(BootOrderTable(edited).devices.allSatisfy { $0.before == nil })
  }

  /// The same JSON, read back.
  @Test func jsonIsStable() throws {
    let table = BootOrderTable(try Recorded("devices-efi").evidence())
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let data = try encoder.encode(table)
    let again = try JSONDecoder().decode(BootOrderTable.self, from: data)
    #expect(try encoder.encode(again) == data)
  }
}

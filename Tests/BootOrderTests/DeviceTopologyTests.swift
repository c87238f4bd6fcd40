import BootOrder
import DomainXML
import Testing

/// Where devices are is computed as QEMU computes it.
@Suite struct DeviceTopologyTests {
  @Test(arguments: [
    "devices-efi", "devices-bios", "pxe-first", "disk-first", "empty-disk-first",
    "second-card-first",
  ])
  func pathsAreThoseOfFWCfg(_ name: String) throws {
    let recorded = try Recorded(name)
    let devices = BootDevice.devices(of: try Domain(parsing: recorded.observation.domainXML))
    let computed = devices.filter { $0.order != nil }
      .sorted { ($0.order ?? 0) < ($1.order ?? 0) }.map(\.openFirmwarePath)
    // libvirt starts QEMU with -boot strict=on, which adds HALT.
    #expect(recorded.fwCfg.last == "HALT")
    #expect(computed == recorded.fwCfg.dropLast().map(Optional.some))
  }

  /// Every entry that OVMF made of a device is found to be that device's.
  @Test func entriesFindTheirDevices() throws {
    let table = BootOrderTable(try Recorded("devices-efi").evidence())
    let entries = table.devices.filter { !$0.entries.isEmpty }
    // OVMF has no driver for that card.
    let expected = table.devices.filter { $0.fwCfg != nil && $0.device != "interface intel" }
    #expect(entries.map(\.device) == expected.map(\.device))
    #expect(table.otherEntries.allSatisfy { $0.path.hasPrefix("Fv(") })
  }

  @Test func addressesAreTakenFromTheDomainAsItIs() throws {
    let xml = try Recorded("devices-efi").observation.domainXML
    let known = try Domain(parsing: xml)
    var planned = known
    planned.element.update("devices") { devices in
      for name in ["disk", "interface"] { devices.update(name) { $0.remove("address") } }
      devices.remove("controller")
    }
    #expect(BootDevice.devices(of: planned).allSatisfy { $0.openFirmwarePath == nil })
    planned.takeAddresses(of: known)
    #expect(BootDevice.devices(of: planned) == BootDevice.devices(of: known))
  }
}

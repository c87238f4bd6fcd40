import Addresses
import Firmware
import Testing

@Suite struct DevicePathTests {
  /// What OVMF itself printed of these entries on its console (`console.txt`).
  @Test func textIsTheFirmwares() throws {
    var seen = 0
    for line in try fixture("console.txt").split(separator: "\n") {
      let quoted = line.split(separator: "\"", omittingEmptySubsequences: false)
      guard let name = quoted.first?.split(separator: " ").last,
        let path = quoted.last?.dropFirst(" from ".count).split(separator: ": ").first
      else { continue }
      let option = try LoadOptionTests.option(String(name))
      #expect(option.description == quoted[1])
      #expect(option.devicePath.description == path)
      #expect(try DevicePath(text: String(path)) == option.devicePath)
      seen += 1
    }
    #expect(seen == 9)
  }

  static let guid = "7cb8bdc9-f8eb-4f34-aaea-3ee4af6516a1"

  @Test(arguments: [
    "PciRoot(0x0)/Pci(0x1F,0x2)/Sata(0x0,0xFFFF,0x0)/HD(1,GPT,\(guid),0x800,0x100000)",
    "PcieRoot(0x1)/Pci(0x1,0x0)/Scsi(0x0,0x2)/HD(2,MBR,0x1234ABCD,0x3F,0x10)",
    "PciRoot(0x0)/Pci(0x2,0x0)/MAC(DE00000000DE,0x1)/Vlan(100)"
      + "/IPv4(192.168.100.1,UDP,Static,192.168.100.9,192.168.100.1,255.255.255.0)",
    "MAC(DE00000000DE,0x1)/IPv4(0.0.0.0,0x0,DHCP,0.0.0.0,0.0.0.0,0.0.0.0)"
      + "/Uri(http://192.168.100.1/shimx64.efi?a=1/2)",
    "HD(1,GPT,\(guid),0x800,0x100000)/\\EFI\\debian\\shimx64.efi",
    "Fv(\(guid))/FvFile(\(guid))",
    "PciRoot(0x0)/Pci(0x1F,0x0)/Acpi(PNP0501,0x1)",
    "PciRoot(0x0)/Pci(0x14,0x0)/USB(0x3,0x0)",
    "VenHw(\(guid),0102FF)/VenMsg(\(guid))/VenMedia(\(guid))",
    "Path(3,14,0000)/Path(5,1)",
    "PciRoot(0x0)/Pci(0x1F,0x0)/Acpi(PNP0501,0x0)/Uart(115200,8,N,1)/VenMsg(\(guid))",
    "Uart(DEFAULT,DEFAULT,D,1.5)/Ctrl(0x2)/AcpiAdr(0x80010100)",
    "PciRoot(0x0)/Pci(0x4,0x0)/NVMe(0x1,00-11-22-33-44-55-66-77)/HD(1,GPT,\(guid),0x800,0x1000)",
    "PciRoot(0x0)/Pci(0x1F,0x2)/Sata(0x1,0xFFFF,0x0)/CDROM(0x0,0x1E,0x1000)",
  ])
  func textAndBytesAgree(text: String) throws {
    let path = try DevicePath(text: text)
    #expect(path.description.lowercased() == text.lowercased())
    #expect(try DevicePath(bytes: path.bytes) == path)
    if !text.contains("Path(") {
      for node in path.nodes {
        if case .other = node { Issue.record("\(node) is not modelled") }
      }
    }
  }

  @Test(arguments: [
    "", "Pci(0x2)", "Pci(0x2,zz)", "Pci(0x2,0x100)", "MAC(DE,0x1)", "Nothing(0x1)", "Fv(abc)",
    "PciRoot(0x0", "HD(1,GPT,\(guid),0x800)", "IPv4(1.2.3,0x0,DHCP,0.0.0.0,0.0.0.0,0.0.0.0)",
    "PciRoot(0x0)//Pci(0x2,0x0)", "Uart(fast,8,N,1)", "Uart(9600,8,X,1)", "NVMe(0x1,00-11)",
  ])
  func refusedText(text: String) {
    #expect(throws: EFIDecodingError.self) { try DevicePath(text: text) }
  }

  @Test func oddBytesSurvive() throws {
    // A PCI node with a byte too many, and a MAC node whose padding is not zero.
    var mac: [UInt8] = [3, 11, 37, 0] + [UInt8](repeating: 0, count: 33)
    mac[20] = 1
    let bytes: [UInt8] = [1, 1, 7, 0, 1, 2, 3] + mac + [0x7f, 0xff, 4, 0]
    let path = try DevicePath(bytes: bytes)
    #expect(path.bytes == bytes)
    #expect(path.description.hasPrefix("Path(1,1,010203)/Path(3,11,"))
  }

  @Test(
    arguments: [
      ([], 0), ([1, 1, 6, 0, 0], 4), ([1, 1, 6, 0, 0, 0], 6), ([1, 1, 3, 0, 0, 0], 0),
    ] as [([UInt8], Int)])
  func refusedBytes(bytes: [UInt8], offset: Int) {
    let error = #expect(throws: EFIDecodingError.self) { try DevicePath(bytes: bytes) }
    #expect(error?.offset == offset)
  }
}

@Suite struct GUIDTests {
  @Test func memoryOrder() throws {
    let guid = try #require(GUID(BootVariable.vendor))
    #expect(
      guid.bytes == [
        0x61, 0xdf, 0xe4, 0x8b, 0xca, 0x93, 0xd2, 0x11, 0xaa, 0x0d, 0x00, 0xe0, 0x98, 0x03, 0x2b,
        0x8c,
      ])
    #expect(guid.description == BootVariable.vendor)
    #expect(GUID(BootVariable.vendor.uppercased()) == guid)
    for text in [
      "", "8be4df61", "8be4df6193ca11d2aa0d00e098032b8c", "8be4df61-93ca-11d2-aa0d-00e098032b8",
    ] {
      #expect(GUID(text) == nil)
    }
  }
}

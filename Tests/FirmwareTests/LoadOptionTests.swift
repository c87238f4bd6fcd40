import Addresses
import Firmware
import Foundation
import Testing

@Suite struct LoadOptionTests {
  /// The variables of a store that OVMF wrote: names to bytes.
  static func variables() throws -> [String: [UInt8]] {
    let data = Data(try fixture("boot-variables.json").utf8)
    return try JSONDecoder().decode([String: String].self, from: data).mapValues { text in
      let digits = text.compactMap(\.hexDigitValue)
      return stride(from: 0, to: digits.count, by: 2).map {
        UInt8(digits[$0] << 4 | digits[$0 + 1])
      }
    }
  }

  static func option(_ name: String) throws -> LoadOption {
    try LoadOption(bytes: #require(variables()[name]))
  }

  @Test(arguments: [
    ("Boot0000", "UiApp", LoadOption.Attributes([.active, .hidden, .application]), nil),
    ("Boot0001", "UEFI Misc Device", .active, nil),
    ("Boot0002", "UEFI PXEv4 (MAC:DE00000000DE)", .active, LoadOption.NetworkProtocol.optionROM),
    ("Boot0003", "UEFI PXEv4 (MAC:DE00000000DE) 2", .active, .pxeIPv4),
    ("Boot0004", "UEFI PXEv6 (MAC:DE00000000DE)", .active, .pxeIPv6),
    ("Boot0005", "UEFI HTTPv4 (MAC:DE00000000DE)", .active, .httpIPv4),
    ("Boot0006", "UEFI HTTPv6 (MAC:DE00000000DE)", .active, .httpIPv6),
    ("Boot0007", "EFI Internal Shell", .active, nil),
  ])
  func entries(
    name: String, description: String, attributes: LoadOption.Attributes,
    network: LoadOption.NetworkProtocol?
  ) throws {
    let option = try Self.option(name)
    #expect(option.description == description)
    #expect(option.attributes == attributes)
    #expect(option.networkProtocol == network)
    let address = MACAddress("de:00:00:00:00:de")
    #expect(option.devicePath.macAddress == (network == nil ? nil : address))
    #expect(option.bytes == (try Self.variables()[name]))
  }

  @Test func orderAndNames() throws {
    let order = try BootVariable.entries(bytes: #require(Self.variables()["BootOrder"]))
    #expect(order == [2, 3, 4, 5, 6, 1, 0, 7])
    #expect(BootVariable.bytes(entries: order) == (try Self.variables()["BootOrder"]))
    let names = try Self.variables().keys.compactMap(BootVariable.entry(named:))
    #expect(Set(names) == Set(order))
    #expect(BootVariable.name(of: 0xab) == "Boot00AB")
    for name in ["BootOrder", "Boot00ab", "Boot00AG", "Boot001", "Boot+001", "boot0001"] {
      #expect(BootVariable.entry(named: name) == nil)
    }
    #expect(throws: EFIDecodingError.self) { try BootVariable.entries(bytes: [1, 0, 2]) }
  }

  /// Every place where a real entry can be cut off is an error, not a crash, except within the
  /// optional data.
  @Test func cutOffEntries() throws {
    let option = try Self.option("Boot0005")
    let bytes = option.bytes
    for count in 0..<bytes.count - option.optionalData.count {
      #expect(throws: EFIDecodingError.self) { try LoadOption(bytes: Array(bytes.prefix(count))) }
    }
  }
}

import Firmware
import Foundation
import Testing

@Suite struct VariableValueTests {
  @Test(
    arguments: [
      ("BootOrder", "0003,Boot0001,a", [3, 0, 1, 0, 10, 0], "0003,0001,000A"),
      ("BootOrder", "", [], "none"),
      ("BootNext", "0x0", nil, nil), ("BootNext", "1,2", nil, nil), ("BootNext", "", nil, nil),
      ("BootNext", "Boot00ab", [0xab, 0], "00AB"),
      ("SecureBootEnable", "off", [0], "off"), ("SecureBootEnable", "ON", [1], "on"),
      ("SecureBootEnable", "maybe", nil, nil),
      ("Timeout", "5", [5, 0], "5"), ("Timeout", "0xffff", [255, 255], "65535"),
      ("Timeout", "65536", nil, nil), ("Timeout", "-1", nil, nil),
      ("PlatformLang", "en", [0x65, 0x6e, 0], #""en""#),
      ("SbatLevel", "sbat,1\n", [0x73, 0x62, 0x61, 0x74, 0x2c, 0x31, 10], #""sbat,1\n""#),
      ("SbatLevel", "é", nil, nil),
      (
        "ConOut", "PciRoot(0x0)/Pci(0x1F,0x0),PciRoot(0x1)",
        [
          2, 1, 12, 0, 0xd0, 0x41, 3, 10, 0, 0, 0, 0, 1, 1, 6, 0, 0, 31, 0x7f, 1, 4, 0,
          2, 1, 12, 0, 0xd0, 0x41, 3, 10, 1, 0, 0, 0, 0x7f, 0xff, 4, 0,
        ], "PciRoot(0x0)/Pci(0x1f,0x0),PciRoot(0x1)"
      ),
    ] as [(String, String, [UInt8]?, String?)])
  func textAndBytes(name: String, text: String, bytes: [UInt8]?, shown: String?) throws {
    let name = try #require(VariableName(wellKnown: name))
    guard let bytes else {
      #expect(throws: EFIDecodingError.self) { try VariableValue.bytes(of: text, for: name) }
      return
    }
    #expect(try VariableValue.bytes(of: text, for: name) == bytes)
    let variable = Variable(name, attributes: .runtime, data: bytes)
    #expect(VariableValue(variable).description == shown)
  }

  @Test func whatIsNotAsItShouldBeIsBytes() throws {
    for name in ["BootOrder", "Boot0001", "SecureBootEnable", "Timeout", "ConOut", "db"] {
      let name = try #require(VariableName(wellKnown: name))
      let value = VariableValue(Variable(name, attributes: .runtime, data: [1, 2, 3]))
      #expect(value == .bytes([1, 2, 3]))
      #expect(value.description == "010203")
    }
    let other = VariableName("BootOrder", vendor: .shimLock)
    #expect(
      VariableValue(Variable(other, attributes: .runtime, data: [1, 0])) == .bytes([1, 0]))
  }

  @Test func namesThatPeopleWrite() throws {
    var store = try Stores.store("OVMF_VARS_4M.ms.fd")
    #expect(try store.name("db") == .allowed)
    #expect(try store.name("Boot00AB") == .boot(0xab))
    #expect(try store.name("MTC").vendor.description == "eb704011-1402-11d3-8e77-00a0c969723b")
    let mine = VariableName("db", vendor: .shimLock)
    #expect(try store.name(mine.description) == mine)
    try store.set(Variable(mine, attributes: .runtime, data: [1]))
    #expect(throws: EFIDecodingError.self) { try store.name("mtc") }
    #expect(throws: EFIDecodingError.self) { try store.name("Nothing") }
    #expect(VariableName(wellKnown: "db")?.usualAttributes == .secureBoot)
    #expect(mine.usualAttributes == nil)
  }

  @Test func signatureDatabases() throws {
    let store = try Stores.store("OVMF_VARS_4M.ms.fd")
    for name in [VariableName.platformKey, .keyExchangeKeys, .allowed, .forbidden] {
      let data = try #require(store[name]?.data)
      var database = try SignatureDatabase(bytes: data)
      #expect(database.bytes == data)
      let count = database.signatures.count
      for (kind, signature) in database.signatures { database.add(signature, kind: kind) }
      #expect(database.signatures.count == count)
      database.add(
        Signature(owner: .microsoft, data: [UInt8](repeating: 7, count: 32)), kind: .sha256)
      #expect(database.signatures.count == count + 1)
      #expect(try SignatureDatabase(bytes: database.bytes) == database)
      for cut in 1..<60 {
        #expect(throws: EFIDecodingError.self) {
          try SignatureDatabase(bytes: Array(data.dropLast(cut)))
        }
      }
    }
    #expect(
      try SignatureDatabase(bytes: #require(store[.allowed]?.data)).summary == "2 certificates")
    #expect(SecureBootState(store) == .enabled)
    #expect(SecureBootState(try Stores.store("OVMF_VARS_4M.fd")) == .setupMode)
  }

  @Test func listingsAreReadBack() throws {
    let variables = try Stores.store("OVMF_VARS_4M.ms.fd").variables
    let listing = VariableListing(variables)
    let data = try JSONEncoder().encode(listing)
    #expect(try JSONDecoder().decode(VariableListing.self, from: data).decoded() == variables)
    for change: (inout VariableListing.Item) -> Void in [
      { $0.guid = "x" }, { $0.data = "0" }, { $0.data = "zz" }, { $0.name = "" },
      { $0.name = "a\u{0}b" }, { $0.time = "00" },
    ] {
      var broken = listing
      change(&broken.variables[1])
      let error = #expect(throws: EFIDecodingError.self) { try broken.decoded() }
      #expect(error?.offset == 1)
    }
  }
}

import Addresses
import Testing

@testable import PXEWire

@Suite("DHCP messages")
struct DHCPMessageTests {
  private static func message(_ capture: String, _ number: Int) throws -> DHCPMessage {
    let frame = try Frame(decoding: Fixture.named(capture, number).bytes)
    return try DHCPMessage(decoding: #require(frame.datagram).payload)
  }

  /// Fixed fields of a request by de:00:00:00:00:de, then the cookie, then the given options.
  private static func made(
    options: [UInt8], file: [UInt8] = [], serverName: [UInt8] = []
  ) -> [UInt8] {
    var bytes: [UInt8] = [1, 1, 6, 0] + [UInt8](repeating: 0, count: 24)
    bytes += [0xde, 0, 0, 0, 0, 0xde] + [UInt8](repeating: 0, count: 10)
    bytes += serverName + [UInt8](repeating: 0, count: 64 - serverName.count)
    bytes += file + [UInt8](repeating: 0, count: 128 - file.count)
    return bytes + [99, 130, 83, 99] + options
  }

  @Test("what UEFI firmware asks with")
  func firmware() throws {
    let discover = try Self.message("small-nbp", 11)
    #expect(discover.messageType == .discover)
    #expect(discover.clientArchitectures == [.x64UEFI])
    #expect(discover.clientArchitectures?.first?.description == "7 (x64 UEFI)")
    #expect(discover.clientInterface.map { [$0.type, $0.major, $0.minor] } == [1, 3, 0])
    #expect(discover.isBroadcast)
    #expect(discover.parameterRequestList?.contains(67) == true)
    #expect(!discover.isFromIPXE)
    #expect(discover.userClasses == nil)
  }

  @Test("what the server answers: the boot file in option 67 or the file field")
  func offer() throws {
    let offer = try Self.message("small-nbp", 12)
    #expect(offer.messageType == .offer)
    #expect(offer.bootFile == "small.efi")
    #expect(offer.bootFileOption == "small.efi")
    #expect(offer.subnetMask == IPv4Address("255.255.255.0"))
    #expect(offer.renewalTime == 1800)
    #expect(offer.rebindingTime == 3150)
  }

  @Test("iPXE names itself in option 77, not as RFC 3004 has it, and in option 175")
  func ipxe() throws {
    for (capture, number, architecture) in [
      ("option-rom", 13, ClientArchitecture.x64UEFI), ("bios", 11, .x86BIOS),
    ] {
      let discover = try Self.message(capture, number)
      #expect(discover.userClasses == ["iPXE"])
      #expect(discover.isFromIPXE)
      #expect(discover.clientArchitectures == [architecture])
      // Sub-option 177 is the network card's bus ID: type 1 (PCI), 1af4:1000 (virtio-net).
      let bus = discover.ipxeOptions?.first { $0.code == 177 }
      #expect(bus?.data == [1, 0x1a, 0xf4, 0x10, 0x00])
      #expect(discover.clientIdentifier == [1, 0xde, 0, 0, 0, 0, 0xde])
    }
  }

  @Test("a NAK says why")
  func nak() throws {
    let nak = try Self.message("lease-refused", 25)
    #expect(nak.messageType == .nak)
    #expect(nak.message == "wrong network")
  }

  @Test("user classes in RFC 3004 form")
  func userClasses() throws {
    let bytes = Self.made(options: [77, 7, 3, 97, 98, 99, 2, 120, 121, 255])
    #expect(try DHCPMessage(decoding: bytes[...]).userClasses == ["abc", "xy"])
  }

  @Test("an option in several parts is joined (RFC 3396), across overloaded fields (option 52)")
  func concatenation() throws {
    let bytes = Self.made(
      options: [52, 1, 3, 67, 3, 97, 98, 99, 255], file: [67, 2, 100, 101, 255],
      serverName: [67, 1, 102, 255])
    let message = try DHCPMessage(decoding: bytes[...])
    #expect(message.bootFileOption == "abcdef")
    #expect(message.bootFile == "abcdef")
    #expect(message.fileField.isEmpty)
    #expect(message.serverName.isEmpty)
    #expect(message.options.map(\.field) == [.options, .options, .file, .serverName])
  }

  @Test(
    "option 52 over a field that holds a name, and over one that holds options",
    arguments: [
      (1, Array("boot.efi".utf8), "boot.efi"), (3, Array("pxelinux.0".utf8), "pxelinux.0"),
      (1, [67, 2, 100, 101, 255], nil), (1, [], nil), (1, [97, 98], nil),
      (1, Array("boot.efi".utf8) + [0, 1], nil), (0, Array("boot.efi".utf8), nil),
      (2, Array("boot.efi".utf8), nil),
    ] as [(UInt8, [UInt8], String?)])
  func overloadedName(_ overload: UInt8, _ file: [UInt8], _ name: String?) throws {
    let message = try DHCPMessage(
      decoding: Self.made(options: [52, 1, overload, 255], file: file)[...])
    #expect(message.overloadedFileName == name)
    #expect(message.overloadedServerName == nil)
    #expect(message.fileField.isEmpty == (overload & 1 != 0 || file.isEmpty))
  }

  @Test("option 52 over a server's name")
  func overloadedServerName() throws {
    let message = try DHCPMessage(
      decoding: Self.made(options: [52, 1, 2, 255], serverName: Array("boot.example".utf8))[...])
    #expect(message.overloadedServerName == "boot.example")
    #expect(message.overloadedFileName == nil)
  }

  @Test("option 250 of Windows Deployment Services")
  func deployment() throws {
    let options: [UInt8] = [2, 1, 1, 5, 4, 0, 0, 1, 2, 6, 4, 99, 97, 108, 108, 14, 1, 0, 255]
    let message = try DHCPMessage(
      decoding: Self.made(options: [250, UInt8(options.count)] + options + [255])[...])
    let deployment = try #require(message.windowsDeploymentOptions)
    #expect(deployment.nextAction == .approval)
    #expect(deployment.requestID == 258)
    #expect(deployment.message == "call")
    #expect(!deployment.isDone)
    let cut = try DHCPMessage(decoding: Self.made(options: [250, 3, 2, 9, 1, 255])[...])
    #expect(cut.windowsDeploymentOptions?.nextAction == nil)
    let none = try DHCPMessage(decoding: Self.made(options: [255])[...])
    #expect(none.windowsDeploymentOptions == nil)
  }

  @Test("without option 52 the fields are names")
  func names() throws {
    let bytes = Self.made(options: [255], file: Array("a.efi".utf8), serverName: Array("s".utf8))
    let message = try DHCPMessage(decoding: bytes[...])
    #expect(message.bootFile == "a.efi")
    #expect(message.serverName == "s")
  }

  @Test("an option that does not fit is dropped and reported; those before it stay")
  func overrun() throws {
    let message = try DHCPMessage(decoding: Self.made(options: [53, 1, 1, 60, 200, 65])[...])
    #expect(message.messageType == .discover)
    #expect(message.vendorClass == nil)
    #expect(!message.hasEndOption)
    #expect(
      message.optionsError
        == .truncated(layer: .dhcp, field: "option 60", needed: 200, available: 1))
  }

  @Test("BOOTP without the cookie has no options")
  func bootp() throws {
    let message = try DHCPMessage(decoding: Self.made(options: []).dropLast(4))
    #expect(!message.hasMagicCookie)
    #expect(message.options.isEmpty)
    #expect(message.clientMAC == MACAddress("de:00:00:00:00:de"))
  }

  @Test("PXE sub-options of option 43")
  func pxe() throws {
    let inner: [UInt8] = [
      6, 1, 8, 8, 7, 0x80, 0, 1, 10, 0, 0, 1, 10, 4, 255, 98, 111, 111, 255,
    ]
    let bytes = Self.made(options: [43, UInt8(inner.count)] + inner + [255])
    let options = try #require(try DHCPMessage(decoding: bytes[...]).pxeOptions)
    #expect(options.discoveryControl == 8)
    #expect(options.bootsOfferedFile)
    #expect(options.bootServers.map(\.type) == [0x8000])
    #expect(options.bootServers.first?.addresses == [IPv4Address(rawValue: 0x0a00_0001)])
    #expect(options.menuPrompt?.timeout == 255)
    #expect(options.menuPrompt?.text == "boo")
  }

  @Test("relay agent information")
  func relay() throws {
    let bytes = Self.made(options: [82, 6, 1, 1, 7, 2, 1, 9, 255])
    let parts = try #require(try DHCPMessage(decoding: bytes[...]).relayAgentInformation)
    #expect(parts.map(\.code) == [1, 2])
    #expect(parts.map(\.data) == [[7], [9]])
  }

  @Test("the machine's UUID is little-endian in its first three groups")
  func uuid() throws {
    let bytes = Self.made(options: [97, 17, 0] + [UInt8](1...16) + [255])
    #expect(
      try DHCPMessage(decoding: bytes[...]).clientMachineUUID
        == "04030201-0605-0807-090a-0b0c0d0e0f10")
  }
}

import Addresses
import Testing

@testable import PXEWire

@Suite("Frames")
struct FrameTests {
  @Test("every cut of every frame decodes or throws, and never says more than the whole")
  func cuts() throws {
    for fixture in Fixture.all {
      let bytes = try fixture.bytes
      let whole = try Frame(decoding: bytes)
      for count in 0..<bytes.count {
        let cut = Array(bytes.prefix(count))
        guard let frame = try? Frame(decoding: cut) else {
          // Only the Ethernet header with its tag can be incomplete.
          #expect(count < 14 + 4 * whole.tags.count)
          continue
        }
        #expect(frame.source == whole.source)
        guard let datagram = frame.datagram, let all = whole.datagram else { continue }
        #expect(datagram.payloadLength == all.payloadLength)
        #expect(datagram.isTruncated == (datagram.payload.count < all.payloadLength))
        if datagram.isTruncated { #expect(datagram.checksum != .valid) }
        _ = try? DHCPMessage(decoding: datagram.payload)
        _ = try? TFTPMessage(decoding: datagram)
      }
    }
  }

  @Test("damaged bytes decode or throw")
  func damage() throws {
    for fixture in Fixture.all {
      let bytes = try fixture.bytes
      for index in bytes.indices.prefix(420) {
        for value: UInt8 in [0, 0xff, bytes[index] &+ 1] {
          var damaged = bytes
          damaged[index] = value
          guard let frame = try? Frame(decoding: damaged) else { continue }
          guard let datagram = frame.datagram else { continue }
          _ = try? TFTPMessage(decoding: datagram)
          guard let message = try? DHCPMessage(decoding: datagram.payload) else { continue }
          _ = message.userClasses
          _ = message.pxeOptions?.bootServers
          _ = message.ipxeOptions
          _ = message.clientMachineUUID
        }
      }
    }
  }

  @Test("one flipped bit makes the UDP checksum wrong")
  func checksum() throws {
    var bytes = try Fixture.named("small-nbp", 11).bytes
    bytes[100] ^= 1
    #expect(try Frame(decoding: bytes).datagram?.checksum == .invalid)
    // A zero checksum field means that there is none (RFC 768): 18 + 20 + 6 bytes in.
    bytes[44] = 0
    bytes[45] = 0
    #expect(try Frame(decoding: bytes).datagram?.checksum == .absent)
  }

  @Test(
    "tags: none, 802.1Q with priority, and 802.1ad around it",
    arguments: [
      ([UInt8](), [VLANTag](), VLANID?.none),
      (
        [0x81, 0x00, 0xe0, 0x64], [VLANTag(tpid: 0x8100, controlInformation: 0xe064)],
        VLANID(rawValue: 100)
      ),
      (
        [0x88, 0xa8, 0x10, 0xc8, 0x81, 0x00, 0x00, 0x64],
        [
          VLANTag(tpid: 0x88a8, controlInformation: 0x10c8),
          VLANTag(tpid: 0x8100, controlInformation: 100),
        ],
        VLANID(rawValue: 200)
      ),
      (
        [0x81, 0x00, 0xa0, 0x00], [VLANTag(tpid: 0x8100, controlInformation: 0xa000)],
        VLANID?.none
      ),
    ])
  func tags(_ tagBytes: [UInt8], _ expected: [VLANTag], _ vlan: VLANID?) throws {
    var bytes = try Fixture.named("small-nbp", 19).bytes
    bytes.replaceSubrange(12..<16, with: tagBytes)
    let frame = try Frame(decoding: bytes)
    #expect(frame.tags == expected)
    #expect(frame.vlan == vlan)
    #expect(frame.etherType == 0x0806)
    guard case .arp = frame.payload else {
      Issue.record("not ARP: \(frame.payload)")
      return
    }
  }

  @Test("a tag's bits")
  func tagBits() {
    let tag = VLANTag(tpid: 0x8100, controlInformation: 0xb064)
    #expect(tag.pcp == 5)
    #expect(tag.dei)
    #expect(tag.vid == 100)
  }

  @Test("fragments are flagged: the first has ports but no verdict on the checksum")
  func fragments() throws {
    var bytes = try Fixture.named("small-nbp", 27).bytes
    bytes[24] = 0x20
    let first = try Frame(decoding: bytes)
    #expect(first.datagram?.checksum == .unverified)
    bytes[25] = 0xb9
    guard case .ipv4(let later) = try Frame(decoding: bytes).payload else {
      Issue.record("not IPv4")
      return
    }
    #expect(later.isFragment)
    #expect(later.fragmentOffset == 185 * 8)
    #expect(later.payload == .fragment)
    #expect(!later.headerChecksumIsValid)
  }

  @Test("an ICMP error names what could not be delivered")
  func unreachable() throws {
    let fixture = try Fixture.named("port-unreachable", 11)
    guard case .ipv4(let packet) = try Frame(decoding: fixture.bytes).payload,
      case .icmp(let message) = packet.payload
    else {
      Issue.record("not ICMP")
      return
    }
    #expect(message.isError)
    #expect(message.meaning == "port unreachable")
    #expect(message.original?.destination == IPAddress("192.168.100.1"))
    #expect(message.original?.destinationPort == 69)
  }

  @Test("an error says the layer, the field and the bytes")
  func errorText() {
    #expect(throws: WireError.self) { try Frame(decoding: [1, 2, 3]) }
    do throws(WireError) {
      _ = try Frame(decoding: [1, 2, 3])
    } catch {
      #expect("\(error)" == "Ethernet: destination address needs 4 bytes, 1 are left")
    }
  }
}

import Addresses
import PXEWire

/// Where the parts of a UDP datagram lie in an Ethernet frame with at most one tag and an IPv4
/// packet without options that is no fragment.
struct DatagramHeader {
  /// Where the IPv4 header begins.
  let packet: Int
  /// The payload's length in bytes, as the UDP header states it.
  let payloadLength: Int
  /// A number made from addresses and ports.
  let hash: Int

  /// Where the payload begins.
  var payload: Int { packet + 28 }

  @inline(__always)
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= 46 else { return nil }
    var packet = 14
    var etherType = bytes.loadBigEndian16(12)
    if etherType == 0x8100 || etherType == 0x88a8 || etherType == 0x9100 {
      guard bytes.count >= 50 else { return nil }
      etherType = bytes.loadBigEndian16(16)
      packet = 18
    }
    guard etherType == 0x0800, bytes[packet] == 0x45, bytes[packet + 9] == 17,
      bytes.loadBigEndian16(packet + 6) & 0x3fff == 0
    else { return nil }
    let length = Int(bytes.loadBigEndian16(packet + 24))
    guard length >= 8, length <= Int(bytes.loadBigEndian16(packet + 2)) - 20 else { return nil }
    self.packet = packet
    payloadLength = length - 8
    let addresses = bytes.loadUnaligned(fromByteOffset: packet + 12, as: UInt64.self)
    let ports = bytes.loadUnaligned(fromByteOffset: packet + 20, as: UInt32.self)
    let mixed = (addresses ^ UInt64(ports) << 16 ^ UInt64(ports)) &* 0x9e37_79b9_7f4a_7c15
    hash = Int(truncatingIfNeeded: mixed >> 40)
  }
}

/// What the frames of one direction of a datagram flow share: addresses, tag and ports.
struct DatagramKey: Hashable {
  private let start: UInt64
  private let middle: UInt64
  private let end: UInt64
  private let addresses: UInt64
  private let ports: UInt32
  private let interface: Int?
  /// The sender and receiver of the frames.
  let source: MACAddress
  let destination: MACAddress
  /// The VLAN of the frames; `nil` for untagged and priority-tagged ones.
  let vlan: VLANID?

  init(_ bytes: UnsafeRawBufferPointer, _ header: DatagramHeader, _ interface: Int?) {
    start = bytes.load64(0)
    middle = bytes.load64(4)
    end = bytes.load64(header.packet - 8)
    addresses = bytes.load64(header.packet + 12)
    ports = bytes.loadUnaligned(fromByteOffset: header.packet + 20, as: UInt32.self)
    self.interface = interface
    destination = MACAddress(rawValue: UInt64(bigEndian: start) >> 16)
    source = MACAddress(rawValue: UInt64(bigEndian: bytes.load64(6)) >> 16)
    vlan = header.packet == 18 ? VLANID(rawValue: bytes.loadBigEndian16(14) & 0xfff) : nil
  }

  /// The addresses and ports of the datagrams.
  var sender: IPv4Address { IPv4Address(rawValue: UInt32(UInt64(bigEndian: addresses) >> 32)) }
  var receiver: IPv4Address {
    IPv4Address(rawValue: UInt32(truncatingIfNeeded: UInt64(bigEndian: addresses)))
  }
  var sourcePort: UInt16 { UInt16(UInt32(bigEndian: ports) >> 16) }
  var destinationPort: UInt16 { UInt16(truncatingIfNeeded: UInt32(bigEndian: ports)) }

  /// Whether a frame is of this flow. Three overlapping numbers cover all up to the IPv4 header.
  @inline(__always)
  func matches(
    _ bytes: UnsafeRawBufferPointer, _ header: DatagramHeader, _ interface: Int?
  ) -> Bool {
    bytes.load64(header.packet + 12) == addresses
      && bytes.loadUnaligned(fromByteOffset: header.packet + 20, as: UInt32.self) == ports
      && bytes.load64(0) == start && bytes.load64(4) == middle
      && bytes.load64(header.packet - 8) == end && interface == self.interface
  }
}

extension UnsafeRawBufferPointer {
  @inline(__always)
  func loadBigEndian16(_ offset: Int) -> UInt16 {
    UInt16(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }

  @inline(__always)
  fileprivate func load64(_ offset: Int) -> UInt64 {
    loadUnaligned(fromByteOffset: offset, as: UInt64.self)
  }
}

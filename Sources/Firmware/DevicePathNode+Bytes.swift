import Addresses

extension DevicePathNode {
  /// Compressed EISA identifiers of PCI roots: PNP0A03 and PNP0A08 (ACPI 6.5 section 19.3.4).
  static let pciRootHID: UInt32 = 0x0a03_41d0
  static let pciExpressRootHID: UInt32 = 0x0a08_41d0

  /// A node from its type, subtype and body.
  package init(type: UInt8, subtype: UInt8, body: [UInt8]) {
    var reader = ByteReader(body[...], of: "device path node")
    let node = try? Self.decode(type, subtype, &reader)
    // Only a node that gives the same bytes again is taken for what it says it is.
    if let node, reader.remaining == 0, node.bytes.dropFirst(4).elementsEqual(body) {
      self = node
    } else {
      self = .other(type: type, subtype: subtype, body: body)
    }
  }

  private static func decode(
    _ type: UInt8, _ subtype: UInt8, _ reader: inout ByteReader
  ) throws(EFIDecodingError) -> DevicePathNode? {
    switch (type, subtype) {
    case (1, 1):
      let function = try reader.number(UInt8.self)
      return .pci(device: try reader.number(UInt8.self), function: function)
    case (2, 1):
      let hid = try reader.number(UInt32.self)
      let uid = try reader.number(UInt32.self)
      switch hid {
      case pciRootHID: return .pciRoot(isExpress: false, uid: uid)
      case pciExpressRootHID: return .pciRoot(isExpress: true, uid: uid)
      default: return .acpi(hid: hid, uid: uid)
      }
    case (1, 5): return .controller(try reader.number(UInt32.self))
    case (2, 3): return .acpiAddress(try reader.number(UInt32.self))
    case (3, 14):
      guard try reader.number(UInt32.self) == 0 else { return nil }
      let baud = try reader.number(UInt64.self)
      let (dataBits, parity) = (try reader.number(UInt8.self), try reader.number(UInt8.self))
      let stopBits = try reader.number(UInt8.self)
      guard Int(parity) < UARTText.parities.count, Int(stopBits) < UARTText.stopBits.count else {
        return nil
      }
      return .uart(baud: baud, dataBits: dataBits, parity: parity, stopBits: stopBits)
    case (3, 23):
      let namespace = try reader.number(UInt32.self)
      return .nvme(namespace: namespace, identifier: try reader.number(UInt64.self))
    case (4, 2):
      let entry = try reader.number(UInt32.self)
      let start = try reader.number(UInt64.self)
      return .cdROM(entry: entry, start: start, size: try reader.number(UInt64.self))
    case (3, 2):
      let target = try reader.number(UInt16.self)
      return .scsi(target: target, unit: try reader.number(UInt16.self))
    case (3, 5):
      let port = try reader.number(UInt8.self)
      return .usb(port: port, interface: try reader.number(UInt8.self))
    case (3, 11):
      guard let address = MACAddress(octets: try reader.take(32).prefix(6)) else { return nil }
      return .mac(address, interfaceType: try reader.number(UInt8.self))
    case (3, 12): return .ipv4(try IPv4Node(&reader))
    case (3, 13): return .ipv6(try IPv6Node(&reader))
    case (3, 18):
      let port = try reader.number(UInt16.self)
      let multiplier = try reader.number(UInt16.self)
      return .sata(port: port, multiplier: multiplier, unit: try reader.number(UInt16.self))
    case (3, 20): return .vlan(try reader.number(UInt16.self))
    case (3, 24): return .uri(String(decoding: try reader.take(reader.remaining), as: UTF8.self))
    case (4, 1): return .partition(try PartitionNode(&reader))
    case (4, 4):
      var units: [UInt16] = []
      while reader.remaining > 0 { units.append(try reader.number(UInt16.self)) }
      guard units.last == 0 else { return nil }
      return .file(String(decoding: units.dropLast(), as: UTF16.self))
    case (4, 6): return GUID(bytes: try reader.take(16)).map { .firmwareFile($0) }
    case (4, 7): return GUID(bytes: try reader.take(16)).map { .firmwareVolume($0) }
    default:
      guard let kind = VendorKind(rawValue: type), kind.subtype == subtype,
        let guid = GUID(bytes: try reader.take(16))
      else { return nil }
      return .vendor(kind, guid, data: Array(try reader.take(reader.remaining)))
    }
  }

  /// The node with its header.
  package var bytes: [UInt8] {
    let (type, subtype, body) = parts
    return [type, subtype] + UInt16(truncatingIfNeeded: body.count + 4).littleEndianBytes + body
  }

  var parts: (type: UInt8, subtype: UInt8, body: [UInt8]) {
    switch self {
    case .pciRoot(let isExpress, let uid):
      let hid = isExpress ? Self.pciExpressRootHID : Self.pciRootHID
      return (2, 1, hid.littleEndianBytes + uid.littleEndianBytes)
    case .acpi(let hid, let uid): return (2, 1, hid.littleEndianBytes + uid.littleEndianBytes)
    case .pci(let device, let function): return (1, 1, [function, device])
    case .mac(let address, let interfaceType):
      return (3, 11, address.octets + [UInt8](repeating: 0, count: 26) + [interfaceType])
    case .ipv4(let node): return (3, 12, node.bytes)
    case .ipv6(let node): return (3, 13, node.bytes)
    case .vlan(let identifier): return (3, 20, identifier.littleEndianBytes)
    case .uri(let text): return (3, 24, Array(text.utf8))
    case .usb(let port, let interface): return (3, 5, [port, interface])
    case .sata(let port, let multiplier, let unit):
      return (3, 18, [port, multiplier, unit].flatMap(\.littleEndianBytes))
    case .scsi(let target, let unit): return (3, 2, [target, unit].flatMap(\.littleEndianBytes))
    case .partition(let node): return (4, 1, node.bytes)
    case .file(let path): return (4, 4, (Array(path.utf16) + [0]).flatMap(\.littleEndianBytes))
    case .acpiAddress(let address): return (2, 3, address.littleEndianBytes)
    case .controller(let number): return (1, 5, number.littleEndianBytes)
    case .uart(let baud, let dataBits, let parity, let stopBits):
      return (3, 14, [0, 0, 0, 0] + baud.littleEndianBytes + [dataBits, parity, stopBits])
    case .nvme(let namespace, let identifier):
      return (3, 23, namespace.littleEndianBytes + identifier.littleEndianBytes)
    case .cdROM(let entry, let start, let size):
      return (
        4, 2, entry.littleEndianBytes + start.littleEndianBytes + size.littleEndianBytes
      )
    case .firmwareFile(let guid): return (4, 6, guid.bytes)
    case .firmwareVolume(let guid): return (4, 7, guid.bytes)
    case .vendor(let kind, let guid, let data):
      return (kind.rawValue, kind.subtype, guid.bytes + data)
    case .other(let type, let subtype, let body): return (type, subtype, body)
    }
  }
}

extension IPv4Node {
  init(_ reader: inout ByteReader) throws(EFIDecodingError) {
    func address(_ bytes: ArraySlice<UInt8>) -> IPv4Address {
      IPv4Address(rawValue: UInt32(littleEndian: bytes).byteSwapped)
    }
    local = address(try reader.take(4))
    remote = address(try reader.take(4))
    localPort = try reader.number(UInt16.self)
    remotePort = try reader.number(UInt16.self)
    transport = try reader.number(UInt16.self)
    isStatic = try reader.number(UInt8.self) == 1
    gateway = address(try reader.take(4))
    netmask = address(try reader.take(4))
  }

  var bytes: [UInt8] {
    local.octets + remote.octets + [localPort, remotePort, transport].flatMap(\.littleEndianBytes)
      + [isStatic ? 1 : 0] + gateway.octets + netmask.octets
  }
}

extension IPv6Node {
  init(_ reader: inout ByteReader) throws(EFIDecodingError) {
    local = Array(try reader.take(16))
    remote = Array(try reader.take(16))
    localPort = try reader.number(UInt16.self)
    remotePort = try reader.number(UInt16.self)
    transport = try reader.number(UInt16.self)
    origin = try reader.number(UInt8.self)
    prefixLength = try reader.number(UInt8.self)
    gateway = Array(try reader.take(16))
  }

  var bytes: [UInt8] {
    local + remote + [localPort, remotePort, transport].flatMap(\.littleEndianBytes)
      + [origin, prefixLength] + gateway
  }
}

extension PartitionNode {
  init(_ reader: inout ByteReader) throws(EFIDecodingError) {
    number = try reader.number(UInt32.self)
    start = try reader.number(UInt64.self)
    size = try reader.number(UInt64.self)
    signature = Array(try reader.take(16))
    format = try reader.number(UInt8.self)
    signatureType = try reader.number(UInt8.self)
  }

  var bytes: [UInt8] {
    number.littleEndianBytes + start.littleEndianBytes + size.littleEndianBytes + signature
      + [format, signatureType]
  }
}

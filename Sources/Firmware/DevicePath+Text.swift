import Addresses

extension DevicePath {
  /// Parses the text form that `description` writes (UEFI 2.10 section 10.6.1.6). Letter case
  /// does not matter, except in URIs and files.
  ///
  /// - Throws: `EFIDecodingError` with the offset of the node that is not understood.
  package init(text: String) throws(EFIDecodingError) {
    nodes = []
    var rest = text[...]
    var offset = 0
    while true {
      let length = Self.nodeLength(rest)
      let node = rest.prefix(length)
      do {
        nodes.append(try DevicePathNode(text: node))
      } catch {
        throw EFIDecodingError(structure: "device path text", offset: offset, reason: error.reason)
      }
      rest = rest.dropFirst(length)
      if rest.isEmpty { return }
      if rest.first == "," { nodes.append(.endOfInstance) }
      rest = rest.dropFirst()
      offset += length + 1
    }
  }

  /// How long the first node is: up to the first slash outside parentheses, or the comma before
  /// another instance, which the names of files may hold.
  private static func nodeLength(_ text: Substring) -> Int {
    var depth = 0
    for (index, character) in text.enumerated() {
      switch character {
      case "(": depth += 1
      case ")": depth -= 1
      case "/" where depth <= 0: return index
      case "," where depth <= 0 && !text.hasPrefix("\\"): return index
      default: break
      }
    }
    return text.count
  }
}

private struct TextError: Error {
  var reason: String
}

/// The arguments of a node in text form, each taken once and in order.
private struct Arguments {
  let node: Substring
  var values: [Substring]

  mutating func next() throws(TextError) -> Substring {
    guard !values.isEmpty else { throw TextError(reason: "\(node) says too little") }
    return values.removeFirst()
  }

  mutating func number<T: FixedWidthInteger>(_ type: T.Type) throws(TextError) -> T {
    let text = try next()
    let isHexadecimal = text.lowercased().hasPrefix("0x")
    let number = isHexadecimal ? T(text.dropFirst(2), radix: 16) : T(text)
    guard let number else {
      throw TextError(reason: "\(text) in \(node) is no number of \(T.bitWidth) bits")
    }
    return number
  }

  mutating func value<T>(_ parse: (String) -> T?) throws(TextError) -> T {
    let text = try next()
    guard let value = parse(String(text)) else {
      throw TextError(reason: "\(text) in \(node) is no \(T.self)")
    }
    return value
  }

  mutating func data() throws(TextError) -> [UInt8] {
    values.isEmpty ? [] : try value { [UInt8](hexadecimal: $0) }
  }

  mutating func transport() throws(TextError) -> UInt16 {
    switch values.first?.uppercased() {
    case "TCP"?: values.removeFirst(); return 6
    case "UDP"?: values.removeFirst(); return 17
    default: return try number(UInt16.self)
    }
  }

  mutating func ipv6() throws(TextError) -> [UInt8] {
    try value { text in
      let bytes = [UInt8](hexadecimal: text.filter { $0 != ":" })
      return bytes?.count == 16 ? bytes : nil
    }
  }
}

extension DevicePathNode {
  fileprivate init(text: Substring) throws(TextError) {
    guard let opening = text.firstIndex(of: "("), !text.hasPrefix("\\") else {
      guard text.hasPrefix("\\") else { throw TextError(reason: "\"\(text)\" is no node") }
      self = .file(String(text))
      return
    }
    guard text.hasSuffix(")") else { throw TextError(reason: "\(text) has no end") }
    let inner = text[text.index(after: opening)...].dropLast()
    let name = text[..<opening].lowercased()
    if name == "uri" {
      self = .uri(String(inner))
      return
    }
    var arguments = Arguments(
      node: text, values: inner.split(separator: ",", omittingEmptySubsequences: false))
    self = try Self.parse(name, &arguments)
    guard arguments.values.isEmpty else { throw TextError(reason: "\(text) says too much") }
  }

  private static func parse(
    _ name: String, _ arguments: inout Arguments
  ) throws(TextError) -> DevicePathNode {
    switch name {
    case "pciroot": .pciRoot(isExpress: false, uid: try arguments.number(UInt32.self))
    case "pcieroot": .pciRoot(isExpress: true, uid: try arguments.number(UInt32.self))
    case "acpi":
      .acpi(
        hid: try arguments.value(eisaIdentifier), uid: try arguments.number(UInt32.self))
    case "pci":
      .pci(device: try arguments.number(UInt8.self), function: try arguments.number(UInt8.self))
    case "mac":
      .mac(
        try arguments.value { [UInt8](hexadecimal: $0).flatMap { MACAddress(octets: $0) } },
        interfaceType: try arguments.number(UInt8.self))
    case "ipv4": .ipv4(try ipv4(&arguments))
    case "ipv6": .ipv6(try ipv6(&arguments))
    case "vlan": .vlan(try arguments.number(UInt16.self))
    case "usb":
      .usb(port: try arguments.number(UInt8.self), interface: try arguments.number(UInt8.self))
    case "sata":
      .sata(
        port: try arguments.number(UInt16.self), multiplier: try arguments.number(UInt16.self),
        unit: try arguments.number(UInt16.self))
    case "scsi":
      .scsi(target: try arguments.number(UInt16.self), unit: try arguments.number(UInt16.self))
    case "acpiadr": .acpiAddress(try arguments.number(UInt32.self))
    case "ctrl": .controller(try arguments.number(UInt32.self))
    case "uart": try uart(&arguments)
    case "nvme":
      .nvme(
        namespace: try arguments.number(UInt32.self),
        identifier: try arguments.value { text in
          let bytes = [UInt8](hexadecimal: text.filter { $0 != "-" })
          return bytes?.count == 8 ? bytes.map { UInt64(littleEndian: $0[...]) } : nil
        })
    case "cdrom":
      .cdROM(
        entry: try arguments.number(UInt32.self), start: try arguments.number(UInt64.self),
        size: try arguments.number(UInt64.self))
    case "hd": .partition(try partition(&arguments))
    case "fv": .firmwareVolume(try arguments.value { GUID($0) })
    case "fvfile": .firmwareFile(try arguments.value { GUID($0) })
    case "venhw":
      .vendor(.hardware, try arguments.value { GUID($0) }, data: try arguments.data())
    case "venmsg":
      .vendor(.messaging, try arguments.value { GUID($0) }, data: try arguments.data())
    case "venmedia": .vendor(.media, try arguments.value { GUID($0) }, data: try arguments.data())
    case "path":
      DevicePathNode(
        type: try arguments.number(UInt8.self), subtype: try arguments.number(UInt8.self),
        body: try arguments.data())
    default: throw TextError(reason: "\(arguments.node) is a node of no kind known here")
    }
  }

  private static func uart(_ arguments: inout Arguments) throws(TextError) -> DevicePathNode {
    func place(_ words: [String]) -> (String) -> UInt8? {
      { text in words.firstIndex(of: text.uppercased()).map { UInt8($0) } }
    }
    func number<Value: FixedWidthInteger>(_ type: Value.Type) -> (String) -> Value? {
      { text in text.uppercased() == "DEFAULT" ? 0 : Value(text) }
    }
    let baud = try arguments.value(number(UInt64.self))
    let dataBits = try arguments.value(number(UInt8.self))
    let parity = try arguments.value(place(UARTText.parities))
    return .uart(
      baud: baud, dataBits: dataBits, parity: parity,
      stopBits: try arguments.value(place(UARTText.stopBits)))
  }

  private static func eisaIdentifier(_ text: String) -> UInt32? {
    if text.uppercased().hasPrefix("PNP"), text.count == 7 {
      return UInt32(text.dropFirst(3), radix: 16).map { $0 << 16 | 0x41d0 }
    }
    return text.lowercased().hasPrefix("0x") ? UInt32(text.dropFirst(2), radix: 16) : nil
  }

  private static func ipv4(_ arguments: inout Arguments) throws(TextError) -> IPv4Node {
    var node = IPv4Node.unconfigured
    node.remote = try arguments.value { IPv4Address($0) }
    node.transport = try arguments.transport()
    node.isStatic = try arguments.value { ["DHCP": false, "STATIC": true][$0.uppercased()] }
    node.local = try arguments.value { IPv4Address($0) }
    node.gateway = try arguments.value { IPv4Address($0) }
    node.netmask = try arguments.value { IPv4Address($0) }
    return node
  }

  private static func ipv6(_ arguments: inout Arguments) throws(TextError) -> IPv6Node {
    let origins: [String: UInt8] = [
      "static": 0, "statelessautoconfigure": 1, "statefulautoconfigure": 2,
    ]
    let remote = try arguments.ipv6()
    let transport = try arguments.transport()
    let origin = try arguments.value { origins[$0.lowercased()] }
    let local = try arguments.ipv6()
    let prefixLength = try arguments.number(UInt8.self)
    return IPv6Node(
      local: local, remote: remote, localPort: 0, remotePort: 0, transport: transport,
      origin: origin, prefixLength: prefixLength, gateway: try arguments.ipv6())
  }

  private static func partition(_ arguments: inout Arguments) throws(TextError) -> PartitionNode {
    let number = try arguments.number(UInt32.self)
    let kind = try arguments.next().uppercased()
    let signature: [UInt8]
    switch kind {
    case "GPT": signature = try arguments.value { GUID($0) }.bytes
    case "MBR":
      signature =
        try arguments.number(UInt32.self).littleEndianBytes + [UInt8](repeating: 0, count: 12)
    default: throw TextError(reason: "\(arguments.node) is neither GPT nor MBR")
    }
    let start = try arguments.number(UInt64.self)
    return PartitionNode(
      number: number, start: start, size: try arguments.number(UInt64.self),
      signature: signature, format: kind == "GPT" ? 2 : 1, signatureType: kind == "GPT" ? 2 : 1)
  }
}

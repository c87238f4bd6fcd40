import PXEWire

/// Makes a pcapng file, block by block, in little-endian byte order with times in nanoseconds
/// (draft-ietf-opsawg-pcapng).
///
/// What it has made is in ``bytes``, to be written out and emptied when it suits the caller.
package struct PcapngEncoder: Sendable {
  /// What made a capture, and where.
  package struct Origin: Hashable, Sendable {
    /// The processor (`shb_hardware`).
    package var hardware: String?
    /// The system (`shb_os`).
    package var operatingSystem: String?
    /// The program (`shb_userappl`).
    package var application: String?
    /// What the capture is of.
    package var comment: String?

    /// An origin.
    package init(
      hardware: String? = nil, operatingSystem: String? = nil, application: String? = nil,
      comment: String? = nil
    ) {
      self.hardware = hardware
      self.operatingSystem = operatingSystem
      self.application = application
      self.comment = comment
    }
  }

  /// What was made since it was last emptied.
  package var bytes: [UInt8] = []
  /// How many interfaces were described.
  package private(set) var interfaces = 0

  /// Begins a section.
  package init(_ origin: Origin = Origin()) {
    block(PcapngBlock.sectionHeader) { body in
      body.add(UInt32(0x1a2b_3c4d))
      body.add(UInt16(1))
      body.add(UInt16(0))
      // The section's length is not known.
      body.add(UInt64.max)
      body.addOptions([
        (PcapngOption.comment, origin.comment), (PcapngOption.hardware, origin.hardware),
        (PcapngOption.operatingSystem, origin.operatingSystem),
        (PcapngOption.application, origin.application),
      ])
    }
  }

  /// Describes the next interface; packets name it by its number, the first being 0.
  package mutating func describe(_ interface: CaptureInterface, filter: String? = nil) {
    interfaces += 1
    block(PcapngBlock.interfaceDescription) { body in
      body.add(interface.linkType.rawValue)
      body.add(UInt16(0))
      body.add(UInt32(clamping: interface.snapshotLength))
      body.addOption(PcapngOption.timestampResolution, [9])
      if let filter {
        // 0: the filter is libpcap's text.
        body.addOption(PcapngOption.filter, [0] + Array(filter.utf8))
      }
      body.addOptions([
        (PcapngOption.interfaceName, interface.name),
        (PcapngOption.interfaceDescription, interface.description),
      ])
    }
  }

  /// Adds a packet of a described interface.
  ///
  /// - Parameters:
  ///   - originalLength: how long it was on the wire, in bytes.
  ///   - bytes: what was kept of it.
  ///   - comments: notes that Wireshark shows beside it.
  package mutating func add(
    _ time: Timestamp, originalLength: Int, bytes packet: UnsafeRawBufferPointer,
    interface: Int = 0, comments: [String] = []
  ) {
    block(PcapngBlock.enhancedPacket) { body in
      let time = UInt64(bitPattern: time.nanoseconds)
      body.add(UInt32(clamping: interface))
      body.add(UInt32(truncatingIfNeeded: time >> 32))
      body.add(UInt32(truncatingIfNeeded: time))
      body.add(UInt32(clamping: packet.count))
      body.add(UInt32(clamping: max(originalLength, packet.count)))
      body.append(contentsOf: packet)
      body.pad()
      if !comments.isEmpty { body.addOptions(comments.map { (PcapngOption.comment, $0) }) }
    }
  }

  /// Gives IPv4, IPv6 and MAC addresses names; those of other lengths are left out.
  package mutating func name(_ names: [CaptureName]) {
    block(PcapngBlock.nameResolution) { body in
      for name in names {
        let kind: UInt16
        switch name.address.count {
        case 4: kind = 1
        case 16: kind = 2
        case 6: kind = 3
        default: continue
        }
        body.addOption(kind, name.address + Array(name.name.utf8) + [0])
      }
      body.add(UInt32(0))
    }
  }

  /// Says what an interface counted.
  ///
  /// - Parameters:
  ///   - received: packets that passed the filter, those lost included.
  ///   - dropped: packets lost because they were not read in time.
  ///   - droppedByInterface: packets lost by the interface or its driver.
  package mutating func count(
    interface: Int, from start: Timestamp, to end: Timestamp, received: Int, dropped: Int,
    droppedByInterface: Int
  ) {
    block(PcapngBlock.interfaceStatistics) { body in
      body.add(UInt32(clamping: interface))
      body.addTime(end)
      for (code, time) in [(PcapngOption.startTime, start), (PcapngOption.endTime, end)] {
        body.add(code)
        body.add(UInt16(8))
        body.addTime(time)
      }
      for (code, count) in [
        (PcapngOption.received, received), (PcapngOption.droppedByInterface, droppedByInterface),
        (PcapngOption.droppedBySystem, dropped),
      ] {
        body.add(code)
        body.add(UInt16(8))
        body.add(UInt64(clamping: count))
      }
      body.add(UInt32(0))
    }
  }

  /// Adds a block, whose length is known when it is whole.
  private mutating func block(_ type: UInt32, _ body: (inout [UInt8]) -> Void) {
    let start = bytes.count
    bytes.add(type)
    bytes.add(UInt32(0))
    body(&bytes)
    let length = UInt32(bytes.count - start + 4)
    bytes.add(length)
    for index in 0..<4 {
      bytes[start + 4 + index] = UInt8(truncatingIfNeeded: length >> (8 * UInt32(index)))
    }
  }
}

extension [UInt8] {
  fileprivate mutating func add<Number: FixedWidthInteger>(_ number: Number) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }

  /// A time as two halves, the upper one first.
  fileprivate mutating func addTime(_ time: Timestamp) {
    let time = UInt64(bitPattern: time.nanoseconds)
    add(UInt32(truncatingIfNeeded: time >> 32))
    add(UInt32(truncatingIfNeeded: time))
  }

  /// Every block and option begins at a multiple of 4 bytes, and blocks are nothing but such.
  fileprivate mutating func pad() {
    while count % 4 != 0 { append(0) }
  }

  /// An option's value has up to 65,535 bytes; what is longer is cut.
  fileprivate mutating func addOption(_ code: UInt16, _ value: [UInt8]) {
    let value = value.prefix(Int(UInt16.max))
    add(code)
    add(UInt16(value.count))
    append(contentsOf: value)
    pad()
  }

  /// Options that have a value, then the end of options.
  fileprivate mutating func addOptions(_ options: [(code: UInt16, text: String?)]) {
    for option in options {
      if let text = option.text { addOption(option.code, Array(text.utf8)) }
    }
    add(UInt32(0))
  }
}

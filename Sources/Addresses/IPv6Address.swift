/// An IPv6 address (RFC 4291), without a zone.
package struct IPv6Address: Hashable, Sendable {
  /// The first eight octets as a number, most significant octet first: the subnet's prefix.
  package let high: UInt64
  /// The last eight octets as a number: the interface identifier.
  package let low: UInt64

  /// An address from its two halves.
  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// An address from sixteen octets in network order; `nil` for another count.
  package init?(octets: some Collection<UInt8>) {
    guard octets.count == 16 else { return nil }
    self.init(
      high: octets.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
      low: octets.suffix(8).reduce(0) { $0 << 8 | UInt64($1) })
  }

  /// The sixteen octets in network order.
  package var octets: [UInt8] {
    (0..<16).map { index in
      let half = index < 8 ? high : low
      return UInt8(truncatingIfNeeded: half >> UInt64(56 - 8 * (index % 8)))
    }
  }

  /// The eight groups of 16 bits.
  package var groups: [UInt16] {
    (0..<8).map { index in
      let half = index < 4 ? high : low
      return UInt16(truncatingIfNeeded: half >> UInt64(48 - 16 * (index % 4)))
    }
  }

  /// `::`.
  package static let any = IPv6Address(high: 0, low: 0)
  /// `ff02::1`, all nodes of the link.
  package static let allNodes = IPv6Address(high: 0xff02 << 48, low: 1)
  /// `ff02::2`, all routers of the link.
  package static let allRouters = IPv6Address(high: 0xff02 << 48, low: 2)
  /// `ff02::1:2`, all DHCP servers and relay agents of the link (RFC 8415 section 7.1).
  package static let allDHCPServers = IPv6Address(high: 0xff02 << 48, low: 0x1_0002)

  /// Whether it is in ff00::/8.
  package var isMulticast: Bool { high >> 56 == 0xff }
  /// Whether it is in fe80::/10, valid on one link only.
  package var isLinkLocal: Bool { high >> 54 == 0xfe80 >> 6 }

  /// The MAC address that an interface identifier was made from (modified EUI-64, RFC 4291
  /// appendix A); `nil` when it was made in another way.
  package var embeddedMAC: MACAddress? {
    guard !isMulticast, low >> 24 & 0xffff == 0xfffe else { return nil }
    let flipped = low ^ 0x0200_0000_0000_0000
    return MACAddress(rawValue: flipped >> 16 & 0xffff_ff00_0000 | flipped & 0xff_ffff)
  }

  /// The link-local address that an interface makes of its MAC address (RFC 4862 section 5.3).
  package static func linkLocal(of mac: MACAddress) -> IPv6Address {
    let identifier =
      (mac.rawValue & 0xffff_ff00_0000) << 16 | 0xff_fe00_0000 | mac.rawValue & 0xff_ffff
    return IPv6Address(high: 0xfe80 << 48, low: identifier ^ 0x0200_0000_0000_0000)
  }
}

extension IPv6Address: Comparable {
  /// Numeric order.
  package static func < (left: IPv6Address, right: IPv6Address) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}

extension IPv6Address: LosslessStringConvertible {
  /// Any text form of RFC 4291 section 2.2: groups, one `::`, an IPv4 address as the last 32 bits.
  /// No zone, no prefix length.
  package init?(_ description: String) {
    let bytes = description.utf8
    guard (2...45).contains(bytes.count) else { return nil }
    var sides: [Substring] = [description[...]]
    if let gap = Self.gap(in: description) {
      sides = [description[..<gap.lowerBound], description[gap.upperBound...]]
    }
    guard let head = Self.groups(sides[0], mayEndInIPv4: sides.count == 1) else { return nil }
    guard sides.count == 2 else {
      guard head.count == 8 else { return nil }
      self.init(groups: head)
      return
    }
    // `::` stands for one group or more (RFC 4291 section 2.2).
    guard let tail = Self.groups(sides[1], mayEndInIPv4: true), head.count + tail.count < 8
    else { return nil }
    self.init(
      groups: head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail)
  }

  /// As RFC 5952 wants it: lower case, no leading zeros, the longest run of zero groups as `::`;
  /// IPv4-mapped addresses as `::ffff:192.0.2.1`.
  package var description: String {
    if high == 0, low >> 32 == 0xffff {
      return "::ffff:\(IPv4Address(rawValue: UInt32(truncatingIfNeeded: low)))"
    }
    let groups = groups
    let texts = groups.map { String($0, radix: 16) }
    guard let run = Self.longestZeroRun(in: groups) else { return texts.joined(separator: ":") }
    return texts[..<run.lowerBound].joined(separator: ":") + "::"
      + texts[run.upperBound...].joined(separator: ":")
  }

  private init(groups: [UInt16]) {
    self.init(
      high: groups.prefix(4).reduce(0) { $0 << 16 | UInt64($1) },
      low: groups.suffix(4).reduce(0) { $0 << 16 | UInt64($1) })
  }

  private static func gap(in text: String) -> Range<String.Index>? {
    let bytes = text.utf8
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let next = bytes.index(after: index)
      if next < bytes.endIndex, bytes[index] == UInt8(ascii: ":"), bytes[next] == UInt8(ascii: ":")
      {
        return index..<bytes.index(after: next)
      }
      index = next
    }
    return nil
  }

  private static func groups(_ text: Substring, mayEndInIPv4: Bool) -> [UInt16]? {
    guard !text.isEmpty else { return [] }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 8 else { return nil }
    var groups: [UInt16] = []
    for (index, part) in parts.enumerated() {
      if index == parts.count - 1, mayEndInIPv4, let address = IPv4Address(String(part)) {
        groups.append(UInt16(address.rawValue >> 16))
        groups.append(UInt16(truncatingIfNeeded: address.rawValue))
        continue
      }
      guard (1...4).contains(part.utf8.count), part.allSatisfy(\.isHexDigit),
        let group = UInt16(part, radix: 16)
      else { return nil }
      groups.append(group)
    }
    return groups
  }

  /// The longest run of two zero groups or more, the first of several.
  private static func longestZeroRun(in groups: [UInt16]) -> Range<Int>? {
    var longest = 0..<0
    var start = 0
    for (index, group) in groups.enumerated() {
      if group != 0 {
        start = index + 1
      } else if index + 1 - start > longest.count {
        longest = start..<index + 1
      }
    }
    return longest.count >= 2 ? longest : nil
  }
}

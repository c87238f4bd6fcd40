/// VLANs in the short form that people write: `200-300,400`.
package struct VLANRanges: Hashable, Sendable {
  /// The VLANs, ascending.
  package let vlans: [VLANID]

  /// A set of VLANs.
  package init(_ vlans: some Swift.Sequence<VLANID>) {
    self.vlans = Set(vlans).sorted()
  }

  /// The ranges, ascending; a single VLAN is a range of one.
  package var ranges: [ClosedRange<VLANID>] {
    var ranges: [ClosedRange<VLANID>] = []
    for vlan in vlans {
      if let last = ranges.last, last.upperBound.rawValue + 1 == vlan.rawValue {
        ranges[ranges.count - 1] = last.lowerBound...vlan
      } else {
        ranges.append(vlan...vlan)
      }
    }
    return ranges
  }
}

extension VLANRanges: LosslessStringConvertible {
  /// Numbers and ranges of 1 to 4094, separated by commas; `nil` for anything else.
  package init?(_ text: String) {
    var vlans: Set<VLANID> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { end in
        end.utf8.allSatisfy({ (0x30...0x39).contains($0) })
          ? UInt16(end).flatMap(VLANID.init(rawValue:)) : nil
      }
      guard (1...2).contains(ends.count), let first = ends.first ?? nil,
        let last = ends.last ?? nil,
        first <= last
      else { return nil }
      vlans.formUnion((first.rawValue...last.rawValue).compactMap(VLANID.init(rawValue:)))
    }
    self.init(vlans)
  }

  /// `200-300,400`.
  package var description: String {
    ranges.map { range in
      range.lowerBound == range.upperBound
        ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
    }.joined(separator: ",")
  }
}

import Addresses

/// One VLAN tag of a frame (IEEE 802.1Q clause 9).
package struct VLANTag: Hashable, Sendable {
  /// The tag protocol identifier: 0x8100 (802.1Q) or 0x88a8 (802.1ad), or 0x9100 as older switches.
  package let tpid: UInt16
  /// Priority code point, 0 to 7.
  package let pcp: UInt8
  /// Drop eligible indicator.
  package let dei: Bool
  /// VLAN identifier, 0 to 4095; 0 marks a priority tag.
  package let vid: UInt16

  /// A tag from its protocol identifier and its 16 bits of tag control information.
  package init(tpid: UInt16, controlInformation tci: UInt16) {
    self.tpid = tpid
    pcp = UInt8(tci >> 13)
    dei = tci >> 12 & 1 == 1
    vid = tci & 0xfff
  }

  /// The VLAN, or `nil` for a priority tag (0) and the reserved 4095.
  package var vlan: VLANID? { VLANID(rawValue: vid) }

  static func isTag(_ etherType: UInt16) -> Bool {
    etherType == 0x8100 || etherType == 0x88a8 || etherType == 0x9100
  }
}

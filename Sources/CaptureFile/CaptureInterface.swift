import PXEWire

/// An interface that a capture file describes.
package struct CaptureInterface: Hashable, Sendable {
  /// The link-layer header of its packets.
  package var linkType: LinkType
  /// The most bytes that are kept of a packet; 0 for no limit.
  package var snapshotLength: Int
  /// Its name (`if_name`); pcap has none.
  package var name: String?
  /// What it is (`if_description`).
  package var description: String?
  /// Packets that it received, as the file's last statistics of it say (`isb_ifrecv`).
  package var received: Int?
  /// Packets lost for lack of resources, as the file's last statistics of it say: `isb_ifdrop` and
  /// `isb_osdrop` together. A capture that lost packets proves no absence.
  package var dropped: Int?

  /// An interface.
  package init(
    linkType: LinkType, snapshotLength: Int, name: String? = nil, description: String? = nil
  ) {
    self.linkType = linkType
    self.snapshotLength = snapshotLength
    self.name = name
    self.description = description
  }
}

/// A name that a capture file gives an address (pcapng's name resolution block).
package struct CaptureName: Hashable, Sendable {
  /// The address's bytes in network order: 4 for IPv4, 16 for IPv6, 6 for a MAC address.
  package var address: [UInt8]
  /// Its name.
  package var name: String

  /// A name.
  package init(address: [UInt8], name: String) {
    self.address = address
    self.name = name
  }
}

/// Where a capture file ends before its last record does.
package struct CaptureCut: Hashable, Sendable, CustomStringConvertible {
  /// Where the incomplete record begins, in bytes from the file's beginning (unpacked).
  package var offset: Int
  /// How many whole packets come before it.
  package var packets: Int

  /// One line for a person.
  package var description: String {
    "the capture is cut off in the record at byte \(offset), after \(packets) packets"
  }
}

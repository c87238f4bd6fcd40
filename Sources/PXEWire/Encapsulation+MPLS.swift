import Addresses

extension Encapsulation {
  /// What is behind a stack of MPLS labels (RFC 3032): an IP packet, or a pseudowire's Ethernet frame
  /// with or without a control word (RFC 4448 section 4.6). The labels do not say which, so that what
  /// decodes well decides (RFC 4928 section 3 tells how routers guess). `nil` for what is neither.
  init?(labels bytes: ArraySlice<UInt8>) {
    var reader = ByteReader(bytes, layer: .tunnel)
    var labels: [UInt32] = []
    while true {
      guard labels.count < 16, let entry = try? reader.uint32("label") else { return nil }
      labels.append(entry >> 12)
      if entry & 0x100 != 0 { break }
    }
    let tunnel = Tunnel(.mpls, labels: labels)
    let rest = reader.rest
    guard let first = rest.first else { return nil }
    let isFrame = Self.isFrame(rest)
    switch first >> 4 {
    case 4 where !isFrame: self = Encapsulation(tunnel, etherType: 0x0800, rest)
    case 6 where !isFrame: self = Encapsulation(tunnel, etherType: 0x86dd, rest)
    case 0 where !isFrame || Self.isFrame(rest.dropFirst(4)):
      self = Encapsulation(tunnel, ethernet: rest.dropFirst(4))
    // Not the pseudowire's frames, but word of its state (RFC 4385 section 5).
    case 1 where !isFrame: return nil
    default: self = Encapsulation(tunnel, ethernet: rest)
    }
  }

  /// Whether bytes look like an Ethernet frame with something known inside.
  private static func isFrame(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let (etherType, rest) = try? typeAndPayload(bytes), let first = rest.first else {
      return false
    }
    return switch etherType {
    case 0x0800: first >> 4 == 4 && first & 0xf >= 5
    case 0x86dd: first >> 4 == 6
    case 0x0806: rest.starts(with: [0, 1, 8, 0, 6, 4])
    case 0x8847, 0x8848, 0x88cc, 0x888e, 0x8863, 0x8864, 0x8809: true
    case ..<0x0600: rest.starts(with: [0x42, 0x42, 0x03]) || rest.starts(with: [0xaa, 0xaa, 0x03])
    default: false
    }
  }

  private static func typeAndPayload(
    _ bytes: ArraySlice<UInt8>
  ) throws(WireError) -> (UInt16, ArraySlice<UInt8>) {
    var reader = ByteReader(bytes, layer: .ethernet)
    try reader.skip(12, "addresses")
    var etherType = try reader.uint16("EtherType")
    while VLANTag.isTag(etherType) {
      try reader.skip(2, "tag control information")
      etherType = try reader.uint16("EtherType after a tag")
    }
    return (etherType, reader.rest)
  }
}

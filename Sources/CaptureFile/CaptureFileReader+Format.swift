extension CaptureFileReader {
  /// The format that the first bytes say; `nil` for none that is read.
  static func format(of bytes: UnsafeRawBufferPointer) -> Format? {
    guard bytes.count >= 4 else { return nil }
    switch ByteOrder.big.uint32(bytes, at: 0) {
    case 0xa1b2_c3d4, 0xd4c3_b2a1, 0xa1b2_3c4d, 0x4d3c_b2a1: return .pcap
    case 0x0a0d_0d0a: return .pcapng
    default: return nil
    }
  }

  /// What a file is that is not read, and what to do about it.
  static func reasonAgainst(_ bytes: UnsafeRawBufferPointer, _ isLongEnough: Bool) -> String {
    guard isLongEnough else {
      return bytes.isEmpty
        ? "the file is empty" : "the file has only \(bytes.count) bytes and is no capture"
    }
    let convert = "; convert it: editcap -F pcapng FILE NEW"
    let start = ByteOrder.big.uint32(bytes, at: 0)
    switch start {
    case 0xa1b2_cd34, 0x34cd_b2a1:
      return "a pcap file of a modified libpcap (Kuznetzov's), which is not read" + convert
    case 0xa1b2_34cd, 0xcd34_b2a1, 0xa12b_3c4d, 0x4d3c_2ba1:
      return "a pcap file of a modified libpcap, which is not read" + convert
    case 0x1c00_01ac, 0xac01_001c, 0x1c00_01ab, 0xab01_001c:
      return "a capture of an Ixia device, which is not read" + convert
    case 0x736e_6f6f: return "a snoop capture, which is not read" + convert
    case 0x474d_4255, 0x5254_5353: return "a Network Monitor capture, which is not read" + convert
    case 0x5452_534e, 0x5853_4350:
      return "a capture of a NetXRay or Sniffer, which is not read" + convert
    case 0x28b5_2ffd: return packed("zstd", "zstd -dc FILE | pxelab diagnose -")
    case 0xfd37_7a58: return packed("xz", "xz -dc FILE | pxelab diagnose -")
    case 0x0422_4d18: return packed("lz4", "lz4 -dc FILE | pxelab diagnose -")
    case 0x504b_0304: return packed("zip", "unzip -p FILE | pxelab diagnose -")
    case 0x425a_6830...0x425a_6839: return packed("bzip2", "bzip2 -dc FILE | pxelab diagnose -")
    default:
      let printable = bytes.prefix(16).allSatisfy {
        (0x20...0x7e).contains($0) || (9...13).contains($0)
      }
      return printable
        ? "a text file, not a capture (pcap or pcapng); tcpdump makes one with -w"
        : "no capture: it begins as neither pcap nor pcapng does"
    }
  }

  private static func packed(_ program: String, _ command: String) -> String {
    "packed with \(program), of which only gzip is unpacked here: \(command)"
  }
}

/// The octets of an IEEE 802 address of 6, 8 or 20 octets, in the notations that KubeVirt takes:
/// pairs of digits with colons or dashes, or groups of four with dots (Go, net.ParseMAC).
func hardwareAddress(_ text: String) -> [UInt8]? {
  let digits: [Substring]
  if text.contains(".") {
    let groups = text.split(separator: ".", omittingEmptySubsequences: false)
    guard groups.allSatisfy({ $0.utf8.count == 4 }) else { return nil }
    digits = groups.flatMap { [$0.prefix(2), $0.suffix(2)] }
  } else {
    let separator: Character = text.contains("-") ? "-" : ":"
    digits = text.split(separator: separator, omittingEmptySubsequences: false)
  }
  guard [6, 8, 20].contains(digits.count) else { return nil }
  var octets: [UInt8] = []
  for pair in digits {
    guard pair.utf8.count == 2, pair.first?.isHexDigit == true,
      let octet = UInt8(pair, radix: 16)
    else { return nil }
    octets.append(octet)
  }
  return octets
}

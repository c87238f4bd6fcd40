/// The octets of an IEEE 802 address of 6, 8 or 20 octets, in the notations that KubeVirt takes:
/// pairs of digits with colons or dashes, groups of four with dots, or digits alone (Go,
/// net.ParseMAC).
func hardwareAddress(_ text: String) -> [UInt8]? {
  let digits: [Substring]
  if text.contains(".") {
    let groups = text.split(separator: ".", omittingEmptySubsequences: false)
    guard groups.allSatisfy({ $0.utf8.count == 4 }) else { return nil }
    digits = groups.flatMap { [$0.prefix(2), $0.suffix(2)] }
  } else if !text.contains(where: { $0 == "-" || $0 == ":" }) {
    guard text.utf8.count.isMultiple(of: 2) else { return nil }
    var rest = text[...]
    var pairs: [Substring] = []
    while !rest.isEmpty {
      pairs.append(rest.prefix(2))
      rest = rest.dropFirst(2)
    }
    digits = pairs
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

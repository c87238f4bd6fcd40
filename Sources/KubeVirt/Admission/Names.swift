/// Whether a byte is an ASCII letter or digit.
package func isLetterOrDigit(_ byte: UInt8) -> Bool {
  switch byte {
  case 48...57, 65...90, 97...122: true
  default: false
  }
}

private func isLowerLetterOrDigit(_ byte: UInt8) -> Bool {
  isLetterOrDigit(byte) && !(65...90).contains(byte)
}

private func isLabel(_ bytes: some BidirectionalCollection<UInt8>) -> Bool {
  guard let first = bytes.first, let last = bytes.last else { return false }
  return isLowerLetterOrDigit(first) && isLowerLetterOrDigit(last)
    && bytes.allSatisfy { isLowerLetterOrDigit($0) || $0 == 45 }
}

private func isSubdomain(_ text: String) -> Bool {
  text.utf8.split(separator: 46, omittingEmptySubsequences: false).allSatisfy(isLabel)
}

/// What Kubernetes says against a name that should be a DNS label, as KubeVirt has it.
func labelObjections(_ name: String) -> [String] { labelObjections(name, unit: "characters") }

/// What Kubernetes says against a name that should be a DNS subdomain, as KubeVirt has it.
func subdomainObjections(_ name: String) -> [String] {
  subdomainObjections(name, unit: "characters")
}

/// What Kubernetes says against a name that should be a DNS label of RFC 1123
/// (apimachinery, pkg/util/validation).
///
/// - Parameter unit: what the length is counted in: `bytes` from Kubernetes 1.34 on.
package func labelObjections(_ name: String, unit: String) -> [String] {
  var objections: [String] = []
  if name.utf8.count > 63 { objections.append("must be no more than 63 \(unit)") }
  if isLabel(name.utf8) { return objections }
  if isSubdomain(name) { return objections + ["must not contain dots"] }
  return objections + [
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and"
      + " must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex"
      + " used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
  ]
}

/// What Kubernetes says against a name that should be a DNS subdomain of RFC 1123.
///
/// - Parameter unit: what the length is counted in: `bytes` from Kubernetes 1.34 on.
package func subdomainObjections(_ name: String, unit: String) -> [String] {
  var objections: [String] = []
  if name.utf8.count > 253 { objections.append("must be no more than 253 \(unit)") }
  if isSubdomain(name) { return objections }
  let label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
  return objections + [
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or"
      + " '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex"
      + " used for validation is '\(label)(\\.\(label))*')"
  ]
}

/// Whether a text is a port's name: at most 15 lower-case letters, digits and single hyphens
/// inside, a letter among them (RFC 6335 section 5.1).
func isPortName(_ name: String) -> Bool {
  let bytes = Array(name.utf8)
  return (1...15).contains(bytes.count)
    && bytes.allSatisfy { isLowerLetterOrDigit($0) || $0 == 45 }
    && bytes.contains { (97...122).contains($0) } && bytes.first != 45 && bytes.last != 45
    && !zip(bytes, bytes.dropFirst()).contains { $0 == 45 && $1 == 45 }
}

/// Whether a text is `DDDD:BB:SS.F` in hexadecimal, the function 0 to 7.
func isPCIAddress(_ text: String) -> Bool {
  let bytes = Array(text.utf8)
  guard bytes.count == 12 else { return false }
  return bytes.enumerated().allSatisfy { index, byte in
    switch index {
    case 4, 7: byte == 58
    case 10: byte == 46
    case 11: (48...55).contains(byte)
    default: isLetterOrDigit(byte) && byte | 32 <= 102
    }
  }
}

/// Whether a text is an IPv4 address, which may be written inside IPv6; leading zeros are taken,
/// as KubeVirt takes them out before it looks (sanitizeIP).
package func isIPv4Address(_ text: String) -> Bool {
  var text = text[...]
  if text.lowercased().hasPrefix("::ffff:") { text = text.dropFirst(7) }
  let parts = text.utf8.split(separator: 46, omittingEmptySubsequences: false)
  return parts.count == 4
    && parts.allSatisfy { part in
      (1...3).contains(part.count) && part.allSatisfy { (48...57).contains($0) }
        && (Int(Substring(part)) ?? 256) < 256
    }
}

/// A text as Go's `%q` prints it, for what names may hold.
package func goQuoted(_ text: String) -> String {
  "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
}

/// Whether a text is an IPv6 address (Go, net.ParseIP).
package func isIPv6Address(_ text: String) -> Bool {
  let halves = text.split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
  guard halves.count <= 2 else { return false }
  var count = 0
  for (index, half) in halves.enumerated() where !half.isEmpty {
    var groups = half.split(separator: ":", omittingEmptySubsequences: false)
    if index == halves.count - 1, let last = groups.last, last.contains(".") {
      guard isIPv4Address(String(last)) else { return false }
      groups.removeLast()
      count += 2
    }
    let isGood = groups.allSatisfy {
      (1...4).contains($0.utf8.count) && $0.allSatisfy(\.isHexDigit)
    }
    guard isGood else { return false }
    count += groups.count
  }
  return halves.count == 2 ? count < 8 : count == 8
}

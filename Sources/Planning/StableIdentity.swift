import DomainConversion

/// Identities that are made up once and stay the same at every start of a lab.
package enum StableIdentity {
  /// A UUID for a machine that names none (RFC 9562 version 8: of the application's own making).
  package static func uuid(lab: String, machine: String) -> String {
    let high = digest("\(lab)/\(machine)") & 0xffff_ffff_ffff_0fff | 0x8000
    let low = digest("\(machine)/\(lab)") & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
    let digits = hexadecimal(high) + hexadecimal(low)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if [8, 12, 16, 20].contains(index) { text.append("-") }
      text.append(digit)
    }
    return text
  }

  /// Sixteen digits.
  static func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// FNV-1a, 64 bits.
  static func digest(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }
    return hash
  }
}

extension InstanceIdentity {
  /// What is made up for a machine, always the same for the same names.
  package static func stable(lab: String, machine: String) -> InstanceIdentity {
    let uuid = StableIdentity.uuid(lab: lab, machine: machine)
    return InstanceIdentity(uuid: uuid, serial: uuid)
  }
}

/// An EFI variable as a variable store holds it (UEFI 2.10 section 8.2; edk2
/// MdeModulePkg/Include/Guid/VariableFormat.h).
package struct Variable: Hashable, Sendable {
  /// The name and its namespace.
  package var name: VariableName
  /// Who sees it and how it is protected.
  package var attributes: Attributes
  /// The contents.
  package var data: [UInt8]
  /// When an authenticated variable was signed; all zero for others.
  package var time: EFITime
  /// The monotonic count of an authenticated variable of the deprecated kind.
  package var monotonicCount: UInt64
  /// The index of the key that an authenticated variable of the deprecated kind is bound to.
  package var publicKeyIndex: UInt32

  /// A variable.
  package init(
    _ name: VariableName, attributes: Attributes, data: [UInt8], time: EFITime = .zero,
    monotonicCount: UInt64 = 0, publicKeyIndex: UInt32 = 0
  ) {
    self.name = name
    self.attributes = attributes
    self.data = data
    self.time = time
    self.monotonicCount = monotonicCount
    self.publicKeyIndex = publicKeyIndex
  }

  /// The attributes of a variable (EFI_VARIABLE_*, UEFI 2.10 section 8.2.1).
  package struct Attributes: OptionSet, Hashable, Sendable {
    /// The bits.
    package let rawValue: UInt32

    /// Attributes from their bits.
    package init(rawValue: UInt32) {
      self.rawValue = rawValue
    }

    /// Kept across resets (bit 0).
    package static let nonVolatile = Attributes(rawValue: 1)
    /// Seen before the operating system takes over (bit 1).
    package static let bootServiceAccess = Attributes(rawValue: 2)
    /// Seen by the operating system too (bit 2).
    package static let runtimeAccess = Attributes(rawValue: 4)
    /// A hardware error record (bit 3).
    package static let hardwareErrorRecord = Attributes(rawValue: 8)
    /// Writes are signed and counted (bit 4; deprecated).
    package static let authenticatedWrite = Attributes(rawValue: 0x10)
    /// Writes are signed with a time (bit 5).
    package static let timeBasedAuthenticatedWrite = Attributes(rawValue: 0x20)
    /// A write that appends; never in a store (bit 6).
    package static let appendWrite = Attributes(rawValue: 0x40)

    /// What most variables of a boot manager have: kept, seen before and by the operating system.
    package static let runtime: Attributes = [.nonVolatile, .bootServiceAccess, .runtimeAccess]
    /// What variables that no operating system sees have.
    package static let bootService: Attributes = [.nonVolatile, .bootServiceAccess]
    /// What the variables of Secure Boot have (UEFI 2.10 section 32.3).
    package static let secureBoot: Attributes = [.runtime, .timeBasedAuthenticatedWrite]
  }
}

extension Variable.Attributes: CustomStringConvertible {
  /// The short names of the bits, from bit 0 on.
  package static let names: [String] = ["NV", "BS", "RT", "HR", "AW", "AT", "AP"]

  /// Short names of the bits, as most tools write them: `NV+BS+RT+AT`; `0` for none.
  package var description: String {
    let names = Self.names
    var parts = names.indices.filter { rawValue & 1 << $0 != 0 }.map { names[$0] }
    let others = rawValue & ~0x7f
    if others != 0 { parts.append("0x" + String(others, radix: 16)) }
    return parts.isEmpty ? "0" : parts.joined(separator: "+")
  }
}

/// A variable's name within its vendor's namespace.
package struct VariableName: Hashable, Sendable {
  /// The name.
  package var name: String
  /// The namespace.
  package var vendor: GUID

  /// A name.
  package init(_ name: String, vendor: GUID) {
    self.name = name
    self.vendor = vendor
  }
}

extension VariableName: CustomStringConvertible {
  /// As Linux's efivarfs names files: `BootOrder-8be4df61-93ca-11d2-aa0d-00e098032b8c`.
  package var description: String { "\(name)-\(vendor)" }
}

/// A time as variables carry it (EFI_TIME, UEFI 2.10 section 8.3), in UTC here.
package struct EFITime: Hashable, Sendable {
  /// The 16 bytes as they lie in memory.
  package let bytes: [UInt8]

  /// No time: what variables have that are not authenticated.
  package static let zero = EFITime(unchecked: [UInt8](repeating: 0, count: 16))

  /// The time of authenticated variables that nobody signed: older than any signature, so that a
  /// signed update is taken.
  package static let unsigned = EFITime(year: 2010, month: 1, day: 1)

  private init(unchecked bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// A time from 16 bytes in memory order; `nil` for another count.
  package init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    self.bytes = Array(bytes)
  }

  /// A day's beginning.
  package init(year: UInt16, month: UInt8, day: UInt8) {
    bytes = year.littleEndianBytes + [month, day] + [UInt8](repeating: 0, count: 12)
  }
}

extension EFITime {
  /// The year; 0 for no time.
  package var year: UInt16 { UInt16(littleEndian: bytes[0..<2]) }
}

extension EFITime: CustomStringConvertible {
  /// `2011-08-16 20:09:10`; `-` for no time.
  package var description: String {
    func number(_ value: some BinaryInteger, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    guard self != .zero else { return "-" }
    let date = [
      number(year, 4), number(bytes[2], 2), number(bytes[3], 2),
    ]
    return date.joined(separator: "-") + " "
      + bytes[4..<7].map { number($0, 2) }.joined(separator: ":")
  }
}

/// One DHCP option as it stands in a message (RFC 2132).
package struct DHCPOption: Hashable, Sendable {
  /// The option's code, 1 to 254.
  package let code: UInt8
  /// The option's bytes.
  package let data: ArraySlice<UInt8>
  /// The field that held it; not `.options` only where option 52 says so.
  package let field: Field

  /// The parts of a message that can hold options (RFC 2131 section 4.1).
  package enum Field: String, Hashable, Sendable {
    /// The options field after the magic cookie.
    case options
    /// The boot file name field.
    case file
    /// The server name field.
    case serverName
  }

  /// Reads the options of one field. Stops at option 255 or at the end of the bytes, which is
  /// tolerated. An option that reaches past the end is dropped and reported.
  static func list(
    in bytes: ArraySlice<UInt8>, field: Field, sawEnd: inout Bool, error: inout WireError?
  ) -> [DHCPOption] {
    var reader = ByteReader(bytes, layer: .dhcp)
    var options: [DHCPOption] = []
    do throws(WireError) {
      while reader.remaining > 0 {
        let code = try reader.uint8("option code")
        if code == 0 { continue }
        if code == 255 {
          sawEnd = true
          break
        }
        let length = Int(try reader.uint8("length of option \(code)"))
        let data = try reader.slice(length, "option \(code)")
        options.append(DHCPOption(code: code, data: data, field: field))
      }
    } catch let problem {
      error = problem
    }
    return options
  }
}

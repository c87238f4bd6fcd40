/// Variables as `virt-fw-vars --output-json` of virt-firmware and python-uefivars write them.
package struct VariableListing: Codable, Hashable, Sendable {
  /// The version of the form.
  package var version: Int
  /// The variables.
  package var variables: [Item]

  /// One variable.
  package struct Item: Codable, Hashable, Sendable {
    /// The name.
    package var name: String
    /// The namespace.
    package var guid: String
    /// The attributes' bits.
    package var attr: UInt32
    /// The contents, two hexadecimal digits a byte.
    package var data: String
    /// The time of an authenticated variable (EFI_TIME), two hexadecimal digits a byte.
    package var time: String?
  }

  /// The listing of variables, in their order.
  package init(_ variables: [Variable]) {
    version = 2
    self.variables = variables.map { variable in
      Item(
        name: variable.name.name, guid: variable.name.vendor.description,
        attr: variable.attributes.rawValue, data: variable.data.hexadecimal,
        time: variable.time.year == 0 ? nil : variable.time.bytes.hexadecimal)
    }
  }

  /// The variables that the listing holds.
  ///
  /// - Throws: `EFIDecodingError` with the place of the variable, from 0, as its offset.
  package func decoded() throws(EFIDecodingError) -> [Variable] {
    var decoded: [Variable] = []
    for (place, item) in variables.enumerated() {
      func refused(_ reason: String) -> EFIDecodingError {
        EFIDecodingError(
          structure: "variables", offset: place, reason: "\(item.name.debugDescription): \(reason)")
      }
      guard let vendor = GUID(item.guid) else {
        throw refused("\(item.guid.debugDescription) is no GUID")
      }
      guard let data = [UInt8](hexadecimal: item.data) else {
        throw refused("its data are not pairs of hexadecimal digits")
      }
      guard !item.name.isEmpty, !item.name.unicodeScalars.contains("\0") else {
        throw refused("a variable has a name, without a NUL")
      }
      var time = EFITime.zero
      if let text = item.time {
        guard let bytes = [UInt8](hexadecimal: text), let value = EFITime(bytes: bytes) else {
          throw refused("its time is not 16 bytes in hexadecimal digits")
        }
        time = value
      }
      decoded.append(
        Variable(
          VariableName(item.name, vendor: vendor),
          attributes: Variable.Attributes(rawValue: item.attr), data: data, time: time))
    }
    return decoded
  }
}

import FoundationEssentials

/// Variables as QEMU's uefi-vars device, `virt-fw-vars --output-json` of virt-firmware and
/// python-uefivars write them.
package struct VariableListing: Hashable, Sendable {
  /// The version of the form.
  package var version: Int
  /// The variables.
  package var variables: [Item]
  /// Whether the variables stand alone, as in version 1.
  var isBareList = false

  /// The newest version that is known here.
  static let newestVersion = 2

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
    /// What python-uefivars calls `time`.
    package var timestamp: String?
    /// The SHA-256 of the certificate that may change an authenticated variable which is none of
    /// Secure Boot's, two hexadecimal digits a byte.
    package var digest: String?

    init(_ variable: Variable) {
      name = variable.name.name
      guid = variable.name.vendor.description
      attr = variable.attributes.rawValue
      data = variable.data.hexadecimal
      time = variable.time.year == 0 ? nil : variable.time.bytes.hexadecimal
    }

    /// Whether it is the variable of a name.
    func names(_ name: VariableName) -> Bool {
      self.name == name.name && GUID(guid) == name.vendor
    }
  }

  /// The listing of variables, in their order.
  package init(_ variables: [Variable]) {
    version = Self.newestVersion
    self.variables = variables.map(Item.init)
  }

  /// Sets a variable; a digest stays, and the time has the name that it has in the listing.
  mutating func set(_ variable: Variable) {
    var item = Item(variable)
    let place = variables.firstIndex { $0.names(variable.name) }
    if variables.contains(where: { $0.timestamp != nil }) {
      (item.time, item.timestamp) = (nil, item.time)
    }
    guard let place else { return variables.append(item) }
    item.digest = variables[place].digest
    variables[place] = item
  }

  /// The listing in the newest version, as virt-firmware and QEMU read it.
  var current: VariableListing {
    var listing = VariableListing([])
    listing.variables = variables.map { item in
      var item = item
      (item.time, item.timestamp) = (item.time ?? item.timestamp, nil)
      return item
    }
    return listing
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
      if let text = item.time ?? item.timestamp {
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

extension VariableListing: Codable {
  private enum CodingKeys: String, CodingKey {
    case version, variables
  }

  package init(from decoder: any Decoder) throws {
    if (try? decoder.unkeyedContainer()) != nil {
      version = 1
      variables = try [Item](from: decoder)
      isBareList = true
    } else {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      version = try container.decodeIfPresent(Int.self, forKey: .version) ?? Self.newestVersion
      variables = try container.decode([Item].self, forKey: .variables)
    }
  }

  package func encode(to encoder: any Encoder) throws {
    guard !isBareList else { return try variables.encode(to: encoder) }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(version, forKey: .version)
    try container.encode(variables, forKey: .variables)
  }
}

extension VariableListing {
  /// Reads a listing.
  ///
  /// - Throws: `EFIDecodingError` with the place of the variable, from 0, as its offset.
  package init(parsing bytes: [UInt8]) throws(EFIDecodingError) {
    func refused(_ offset: Int, _ reason: String) -> EFIDecodingError {
      EFIDecodingError(structure: "variables", offset: offset, reason: reason)
    }
    guard bytes.count <= JSONVariableStore.sizeLimit else {
      throw refused(
        0, "\(bytes.count) bytes of JSON, where \(JSONVariableStore.sizeLimit) is the most")
    }
    do {
      self = try JSONDecoder().decode(VariableListing.self, from: Data(bytes))
    } catch let error as DecodingError {
      throw refused(error.place, error.reason)
    } catch {
      throw refused(0, "\(error)")
    }
    guard version <= Self.newestVersion else {
      throw refused(
        0, "version \(version) of the form, where \(Self.newestVersion) is the newest known here")
    }
  }
}

extension DecodingError {
  fileprivate var path: [any CodingKey] {
    switch self {
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .keyNotFound(_, let context), .dataCorrupted(let context):
      context.codingPath
    @unknown default: []
    }
  }

  /// The place of the variable that is not as it should be.
  fileprivate var place: Int { path.lazy.compactMap(\.intValue).first ?? 0 }

  /// What is not as it should be.
  fileprivate var reason: String {
    let field = path.last { $0.intValue == nil }?.stringValue ?? ""
    return switch self {
    case .keyNotFound(let key, _) where key.stringValue == "variables":
      "JSON, but no variable store: it has no list `variables`"
    case .keyNotFound(let key, _): "it has no `\(key.stringValue)`"
    case .typeMismatch, .valueNotFound:
      field.isEmpty
        ? "JSON, but no variable store: `variables` is a list of name, guid, attr and data"
        : "`\(field)` is not of the kind that it should be"
    case .dataCorrupted: "the JSON is damaged, or cut off"
    @unknown default: "JSON that is no variable store"
    }
  }
}

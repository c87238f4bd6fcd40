/// What a field of KubeVirt's API may hold.
package indirect enum APIType: Hashable, Sendable {
  /// Text.
  case string
  /// One of some texts, in the order in which the API lists them.
  case enumeration([String])
  /// True or false.
  case boolean
  /// A whole number of a Go type.
  case integer(APIInteger)
  /// A resource quantity: text or a number.
  case quantity
  /// A text or a whole number of 32 bits, such as a port.
  case integerOrString
  /// A time in RFC 3339; null is taken where `nullable`.
  case time(nullable: Bool)
  /// A structure by its name.
  case structure(String)
  /// A list.
  case list(APIType)
  /// A mapping with any keys.
  case map(APIType)
  /// Anything.
  case any
}

/// The whole numbers of Go that the API uses.
package enum APIInteger: String, Hashable, Sendable {
  case int, int32, int64, uint, uint32

  /// The values that fit; those over 64 signed bits do not occur.
  package var range: ClosedRange<Int> {
    switch self {
    case .int, .int64: Int.min...Int.max
    case .int32: Int(Int32.min)...Int(Int32.max)
    case .uint: 0...Int.max
    case .uint32: 0...Int(UInt32.max)
    }
  }

  /// The number's format in the OpenAPI definitions.
  package var format: String {
    switch self {
    case .int, .uint, .int32: "int32"
    case .int64, .uint32: "int64"
    }
  }
}

/// A structure of KubeVirt's API.
package struct APIStructure: Hashable, Sendable {
  /// A field of a structure.
  package struct Field: Hashable, Sendable {
    /// What it may hold.
    package var type: APIType
    /// Whether it must be there.
    package var isRequired: Bool
  }

  /// The structure's name in KubeVirt, such as `Interface`.
  package var name: String
  /// The fields by name.
  package var fields: [String: Field]
}

/// The structures of KubeVirt's API.
package enum APITypes {
  /// The structures of machines by name; the roots are `VirtualMachineSpec` and
  /// `VirtualMachineInstanceSpec`.
  package static let machineStructures: [String: APIStructure] = parse(table)

  /// All structures by name: those of machines, of what holds machines, and of what sizes them.
  package static let structures: [String: APIStructure] = machineStructures.merging(
    parse(kindTable)
  ) {
    first, _ in first
  }

  /// The structures of a table in the form of ``table``.
  package static func parse(_ table: String) -> [String: APIStructure] {
    var structures: [String: APIStructure] = [:]
    var name = ""
    for line in table.split(separator: "\n") {
      var words = line.split(separator: " ")
      if !line.hasPrefix(" ") {
        name = String(words.removeFirst())
        structures[name] = APIStructure(name: name, fields: [:])
      }
      for word in words {
        guard let colon = word.firstIndex(of: ":") else { continue }
        var field = word[..<colon]
        let isRequired = field.hasSuffix("!")
        if isRequired { field = field.dropLast() }
        structures[name]?.fields[String(field)] = APIStructure.Field(
          type: type(word[word.index(after: colon)...]), isRequired: isRequired)
      }
    }
    return structures
  }

  private static func type(_ text: Substring) -> APIType {
    if text.hasPrefix("[]") { return .list(type(text.dropFirst(2))) }
    if text.hasPrefix("{}") { return .map(type(text.dropFirst(2))) }
    if text.hasPrefix("enum(") {
      return .enumeration(text.dropFirst(5).dropLast().split(separator: "|").map(String.init))
    }
    if let integer = APIInteger(rawValue: String(text)) { return .integer(integer) }
    switch text {
    case "string", "bytes": return .string
    case "bool": return .boolean
    case "quantity": return .quantity
    case "intOrString": return .integerOrString
    case "time": return .time(nullable: false)
    case "time?": return .time(nullable: true)
    case "any", "object": return .any
    default: return .structure(String(text))
    }
  }
}

import PXEWire

/// One thing that shows a cause: a sentence, and where it can be looked up.
package struct EvidenceItem: Codable, Hashable, Sendable {
  /// The sentence.
  package let text: String
  /// The packets that it is about.
  package let packets: [Packet]?
  /// The EFI variable that it is about: `SecureBoot`, `Boot0001`.
  package let variable: String?
  /// The path in the domain's XML: `/domain/devices/interface[1]/boot`.
  package let xmlPath: String?
  /// The place in a manifest.
  package let place: ManifestPlace?

  /// A packet of the capture.
  package struct Packet: Codable, Hashable, Sendable {
    /// Its number in the capture; the first is 1.
    package let number: Int
    /// When it was captured, in seconds since 1970-01-01 UTC.
    package let time: Timestamp

    /// A packet by its number and time.
    package init(number: Int, time: Timestamp) {
      self.number = number
      self.time = time
    }
  }

  /// A sentence, with what it is about.
  package init(
    _ text: String, packets: [Packet] = [], variable: String? = nil, xmlPath: String? = nil,
    place: ManifestPlace? = nil
  ) {
    self.text = text
    self.packets = packets.isEmpty ? nil : packets
    self.variable = variable
    self.xmlPath = xmlPath
    self.place = place
  }
}

extension EvidenceItem: ExpressibleByStringInterpolation {
  /// A sentence alone.
  package init(stringLiteral value: String) {
    self.init(value)
  }
}

extension EvidenceItem: CustomStringConvertible {
  /// The sentence, and in parentheses where to look.
  package var description: String {
    var places: [String] = []
    if let packets {
      let numbers = packets.prefix(6).map { "\($0.number)" }.joined(separator: ", ")
      let rest = packets.count > 6 ? ", ..." : ""
      places.append("\(packets.count == 1 ? "packet" : "packets") \(numbers)\(rest)")
    }
    if let variable { places.append("variable \(variable)") }
    if let xmlPath { places.append(xmlPath) }
    if let place { places.append("\(place)") }
    return places.isEmpty ? text : "\(text) (\(places.joined(separator: "; ")))"
  }
}

/// A place in a manifest, as far as it is known.
package struct ManifestPlace: Codable, Hashable, Sendable, CustomStringConvertible {
  /// The file.
  package var file: String
  /// The line; the first is 1.
  package var line: Int
  /// The column; the first is 1.
  package var column: Int
  /// The field's path in the object.
  package var field: String

  /// A place.
  package init(file: String, line: Int, column: Int, field: String) {
    self.file = file
    self.line = line
    self.column = column
    self.field = field
  }

  /// `machine.yaml:12:9 spec.domain.firmware`.
  package var description: String { "\(file):\(line):\(column) \(field)" }
}

import Addresses
import PXEWire

/// A DNS question and its answer (RFC 1035).
package struct NameQuery: Codable, Hashable, Sendable {
  /// The name asked for, without the final dot.
  package let name: String
  /// The type asked for: 1 is A, 28 is AAAA.
  package let type: UInt16
  /// The server asked last.
  package internal(set) var server: IPAddress
  /// The VLAN it was seen on; `nil` for untagged.
  package let vlan: VLANID?
  /// The first question.
  package let packet: PacketReference
  /// How often it was asked.
  package internal(set) var attempts: Int = 1
  /// The response code, 0 for success, 3 for a name that does not exist; `nil` without an answer.
  package internal(set) var responseCode: UInt8?
  /// The addresses in the answer.
  package internal(set) var addresses: [IPAddress] = []

  var lastID: UInt16
  var reported: Bool = false

  private enum CodingKeys: String, CodingKey {
    case name, type, server, vlan, packet, attempts, responseCode, addresses
  }

  init(
    name: String, type: UInt16, server: IPAddress, vlan: VLANID?, packet: PacketReference,
    id: UInt16
  ) {
    self.name = name
    self.type = type
    self.server = server
    self.vlan = vlan
    self.packet = packet
    lastID = id
  }

  /// Decodes what the JSON form holds.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    type = try container.decode(UInt16.self, forKey: .type)
    server = try container.decode(IPAddress.self, forKey: .server)
    vlan = try container.decodeIfPresent(VLANID.self, forKey: .vlan)
    packet = try container.decode(PacketReference.self, forKey: .packet)
    attempts = try container.decode(Int.self, forKey: .attempts)
    responseCode = try container.decodeIfPresent(UInt8.self, forKey: .responseCode)
    addresses = try container.decode([IPAddress].self, forKey: .addresses)
    lastID = 0
  }

  /// Whether an answer came, whatever it says.
  package var isAnswered: Bool { responseCode != nil }
  /// Whether the answer holds an address.
  package var isResolved: Bool { !addresses.isEmpty }
}

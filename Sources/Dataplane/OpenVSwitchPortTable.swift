import Addresses
import FoundationEssentials
import NetworkAttachment
import Planning

/// `ovs-vsctl --format=json list port`: a table of OVSDB values (RFC 7047 section 5.1).
enum OpenVSwitchPortTable {
  private struct Table: Decodable {
    var headings: [String]
    var data: [[Value]]
  }

  /// An OVSDB value: an atom, or `["set", [atoms]]`.
  private enum Value: Decodable {
    case text(String)
    case numbers([Int])
    case flag(Bool)

    init(from decoder: any Decoder) throws {
      if let single = try? decoder.singleValueContainer() {
        if let text = try? single.decode(String.self) {
          self = .text(text)
          return
        }
        if let flag = try? single.decode(Bool.self) {
          self = .flag(flag)
          return
        }
        if let number = try? single.decode(Int.self) {
          self = .numbers([number])
          return
        }
      }
      var pair = try decoder.unkeyedContainer()
      guard try pair.decode(String.self) == "set" else {
        throw DecodingError.dataCorruptedError(in: pair, debugDescription: "not an OVSDB set")
      }
      self = .numbers(try pair.decode([Int].self))
    }

    var numbers: [Int] {
      if case .numbers(let numbers) = self { numbers } else { [] }
    }

    var isTrue: Bool {
      if case .flag(let flag) = self { flag } else { false }
    }

    var text: String? {
      if case .text(let text) = self { text } else { nil }
    }
  }

  static func decode(_ json: String) throws -> [PortState] {
    let table: Table
    do {
      table = try JSONDecoder().decode(Table.self, from: Data(json.utf8))
    } catch {
      throw PortTableError(description: "`ovs-vsctl list port` printed something else: \(error)")
    }
    return try table.data.map { row in
      let columns = Dictionary(zip(table.headings, row)) { first, _ in first }
      guard let device = columns["name"]?.text else {
        throw PortTableError(description: "`ovs-vsctl list port` printed a port without a name")
      }
      let tag = columns["tag"]?.numbers.first.map(vlan)
      let trunks = (columns["trunks"]?.numbers ?? []).map(vlan).compactMap { $0 }
      let mode = columns["vlan_mode"]?.text ?? (tag == nil ? "trunk" : "access")
      if columns["vlan_mode"]?.text == "trunk", columns["trunks"]?.numbers.isEmpty ?? true {
        return PortState(
          device: device, vlans: .everyVLAN, isIsolated: columns["protected"]?.isTrue ?? false)
      }
      let pvid = mode == "trunk" ? nil : tag ?? nil
      return PortState(
        device: device,
        vlans: PortVLANs(
          pvid: pvid, untagged: pvid.map { [$0] } ?? [],
          tagged: mode == "access" ? [] : trunks.filter { $0 != pvid }),
        isIsolated: columns["protected"]?.isTrue ?? false)
    }
  }

  /// The names in a table that has such a column; none where the text is no table.
  static func names(_ json: String) -> [String] {
    guard let table = try? JSONDecoder().decode(Table.self, from: Data(json.utf8)),
      let column = table.headings.firstIndex(of: "name")
    else { return [] }
    return table.data.compactMap { $0.indices.contains(column) ? $0[column].text : nil }
  }

  /// Open vSwitch's VLAN 0, frames without a tag, is the Linux bridge's default VLAN.
  private static func vlan(_ number: Int) -> VLANID? {
    number == 0 ? .bridgeDefault : UInt16(exactly: number).flatMap(VLANID.init(rawValue:))
  }
}

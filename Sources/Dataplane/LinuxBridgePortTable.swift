import Addresses
import FoundationEssentials
import NetworkAttachment
import Planning

/// `bridge -json vlan show` (iproute2, bridge(8)).
enum LinuxBridgePortTable {
  private struct Port: Decodable {
    var ifname: String
    var vlans: [Entry]
  }

  private struct Entry: Decodable {
    var vlan: UInt16
    var vlanEnd: UInt16?
    var flags: [String]?
  }

  static func decode(_ json: String) throws -> [PortState] {
    let ports: [Port]
    do {
      ports = try JSONDecoder().decode([Port].self, from: Data(json.utf8))
    } catch {
      throw PortTableError(description: "`bridge -json vlan show` printed something else: \(error)")
    }
    return ports.map { port in
      var table = PortVLANs(pvid: nil, untagged: [], tagged: [])
      for entry in port.vlans {
        let flags = entry.flags ?? []
        for number in entry.vlan...max(entry.vlan, entry.vlanEnd ?? entry.vlan) {
          guard let vlan = VLANID(rawValue: number) else { continue }
          if flags.contains("PVID") { table.pvid = vlan }
          if flags.contains("Egress Untagged") {
            table.untagged.append(vlan)
          } else {
            table.tagged.append(vlan)
          }
        }
      }
      return PortState(device: port.ifname, vlans: table)
    }
  }
}

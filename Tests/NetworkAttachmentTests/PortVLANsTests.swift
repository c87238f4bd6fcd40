import Addresses
import NetworkAttachment
import Testing

@Suite struct PortVLANsTests {
  /// One row: the configuration, the bridge's default PVID, and the port's table as recorded from
  /// the bridge plugin 1.9.1 on Linux 6.1.
  struct Row: CustomTestStringConvertible {
    var config: String
    var defaultPVID: UInt16? = 1
    var table: String
    var filters: Bool
    var testDescription: String { config }
  }

  @Test(arguments: [
    Row(config: #""vlan": 0"#, table: "1PU", filters: false),
    Row(config: #""preserveDefaultVlan": false"#, table: "1PU", filters: false),
    Row(config: #""vlan": 100"#, table: "100PU", filters: true),
    Row(config: #""vlan": 100, "preserveDefaultVlan": true"#, table: "1U,100PU", filters: true),
    Row(config: #""vlan": 100, "preserveDefaultVlan": false"#, table: "100PU", filters: true),
    Row(config: #""vlan": 1"#, table: "1PU", filters: true),
    Row(
      config: #""vlanTrunk": [{"minID": 200, "maxID": 205}]"#,
      table: "1PU,200,201,202,203,204,205", filters: true),
    Row(config: #""vlanTrunk": [{"id": 42}]"#, table: "1PU,42", filters: true),
    Row(config: #""vlanTrunk": [{"minID": 1, "maxID": 3}]"#, table: "1PU,2,3", filters: true),
    Row(config: #""vlanTrunk": []"#, table: "1PU", filters: true),
    Row(
      config: #""vlan": 100, "vlanTrunk": [{"id": 42}, {"minID": 200, "maxID": 202}]"#,
      table: "42,100PU,200,201,202", filters: true),
    Row(
      config: #""vlan": 100, "vlanTrunk": [{"minID": 99, "maxID": 101}]"#, table: "99,100,101",
      filters: true),
    Row(config: #""vlan": 100"#, defaultPVID: nil, table: "100PU", filters: true),
    Row(config: #""mtu": 0"#, defaultPVID: nil, table: "", filters: false),
    Row(config: #""vlan": 100"#, defaultPVID: 5, table: "100PU", filters: true),
    Row(
      config: #""vlan": 100, "preserveDefaultVlan": true"#, defaultPVID: 5, table: "5U,100PU",
      filters: true),
  ])
  func tableAfterADD(row: Row) throws {
    let (definition, problems) = try decode(
      #"{"cniVersion": "0.3.1", "name": "net", "type": "bridge", "bridge": "br1", \#(row.config)}"#
    )
    #expect(problems.isEmpty)
    guard case .bridge(let bridge)? = definition?.config else {
      Issue.record("no bridge")
      return
    }
    let table = bridge.portVLANs(defaultPVID: row.defaultPVID.flatMap(VLANID.init(rawValue:)))
    let text = table.members.map { vlan in
      "\(vlan)\(vlan == table.pvid ? "P" : "")\(table.untagged.contains(vlan) ? "U" : "")"
    }.joined(separator: ",")
    #expect(text == row.table)
    #expect(bridge.wantsVLANFiltering == row.filters)
  }
}

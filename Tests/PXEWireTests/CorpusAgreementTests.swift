import Addresses
import Testing

@testable import PXEWire

/// Every DHCP, DHCPv6 and TFTP field of every packet of every capture in the tree, beside tshark's.
@Suite("Agreement with tshark on the corpus")
struct CorpusAgreementTests {
  private static let dhcp =
    [
      "type", "hw.type", "hops", "id", "secs", "flags", "flags.bc", "ip.client", "ip.your",
      "ip.server", "ip.relay", "hw.mac_addr", "server", "file", "cookie", "client_network_id_major",
      "client_network_id_minor", "client_id.uuid",
    ].map { "dhcp." + $0 }
    + [
      "type", "length", "value", "dhcp", "subnet_mask", "router", "domain_name_server", "hostname",
      "requested_ip_address", "ip_address_lease_time", "dhcp_server_id", "request_list_item",
      "message", "dhcp_max_message_size", "renewal_time_value", "rebinding_time_value",
      "vendor_class_id", "tftp_server_name", "bootfile_name", "client_system_architecture",
      "user_class.text", "user_class.data", "option_overload",
      "agent_information_option.suboption", "agent_information_option.value", "vendor.value",
      "vendor.pxeclient.suboption", "vendor.pxeclient.discovery_control",
      "vendor.pxeclient.boot_servers.type", "vendor.pxeclient.boot_servers.count",
      "vendor.pxeclient.boot_servers.ip", "vendor.pxeclient.boot_menu.type",
      "vendor.pxeclient.boot_menu.desc", "vendor.pxeclient.menu_prompt.timeout",
      "vendor.pxeclient.menu_prompt.prompt", "vendor.pxeclient.boot_item.type",
    ].map { "dhcp.option." + $0 }
  private static let dhcpv6 = [
    "msgtype", "xid", "hopcount", "linkaddr", "peeraddr", "requested_option_code",
    "option_preference", "elapsed_time", "userclass.opaque_data", "vendorclass.enterprise",
    "vendorclass.data", "vendoropts.enterprise", "vendoropts.enterprise.option_code", "dns_server",
    "interface_id", "option.type", "option.length", "duid.bytes", "duidllt.link_layer_addr",
    "duidll.link_layer_addr", "iata", "iaid", "iaid.t1", "iaid.t2", "iaaddr.ip",
    "iaaddr.pref_lifetime", "iaaddr.valid_lifetime", "iaprefix.pref_addr", "iaprefix.pref_len",
    "iaprefix.pref_lifetime", "iaprefix.valid_lifetime", "status_code", "status_msg",
  ].map { "dhcpv6." + $0 }
  private static let tftp = [
    "opcode", "source_file", "destination_file", "type", "option.name", "option.value", "block",
    "error.code", "error.message",
  ].map { "tftp." + $0 }

  @Test("every field of every message")
  func fields() throws {
    let captures = try MergedCaptures()
    let fields = Self.dhcp + Self.dhcpv6 + Self.tftp
    let rows = try captures.tshark(fields + ["udp.length"])
    var reassembler = FragmentReassembler()
    var time: Int64 = 0
    var messages = 0
    var values = 0
    var cut = 0
    var differences: [String] = []
    for (packet, row) in zip(captures.packets, rows) {
      time += 1
      let datagram = Self.datagram(
        packet.frame, &reassembler, at: Timestamp(nanoseconds: time))
      guard row["dhcp.type"] != nil || row["dhcpv6.msgtype"] != nil || row["tftp.opcode"] != nil
      else { continue }
      guard let datagram = datagram.map({ Self.innermost($0, packet.frame) }) else {
        differences.append("\(packet.capture) \(packet.number): no datagram")
        continue
      }
      guard let decoded = try Self.decoded(datagram, row) else {
        cut += 1
        continue
      }
      messages += 1
      for field in fields + ["data bytes"] {
        let expected = Self.expected(field, row)
        let ours = decoded[field] ?? []
        values += max(expected.count, ours.count)
        if expected != ours {
          differences.append(
            "\(packet.capture) \(packet.number) \(field): tshark \(expected), here \(ours)")
        }
      }
    }
    print(
      "Agreement with tshark: \(messages) messages of \(captures.packets.count) packets, "
        + "\(values) values compared, \(cut) messages cut by the capture left out, "
        + "\(differences.count) differences")
    #expect(messages > 20000)
    for difference in differences.prefix(20) { Issue.record("\(difference)") }
    #expect(differences.isEmpty)
  }

  /// The packet's datagram, or the one that it completes as the last of several fragments.
  private static func datagram(
    _ frame: Frame, _ reassembler: inout FragmentReassembler, at time: Timestamp
  ) -> UDPDatagram? {
    let fragment: FragmentReassembler.Fragment? =
      switch frame.payload {
      case .ipv4(let packet): FragmentReassembler.Fragment(packet, vlan: frame.vlan)
      case .ipv6(let packet): FragmentReassembler.Fragment(packet, vlan: frame.vlan)
      default: nil
      }
    guard let fragment else { return frame.datagram }
    guard case .whole(.udp(let datagram), _) = reassembler.take(fragment, at: time, frame: 1) else {
      // tshark does not put together what the capture cut, but reads the first fragment alone.
      return frame.datagram
    }
    return datagram
  }

  /// The datagram that a tunnel carries, or the datagram itself where it is none's.
  private static func innermost(_ datagram: UDPDatagram, _ frame: Frame) -> UDPDatagram {
    guard case .ipv4(let packet) = frame.payload,
      let tunnel = Encapsulation(
        datagram, from: .v4(packet.source), to: .v4(packet.destination)),
      let inner = (try? tunnel.frame())?.datagram
    else { return datagram }
    return inner
  }

  /// What the decoders say; `nil` of a message that the capture cut.
  private static func decoded(
    _ datagram: UDPDatagram, _ row: [String: [String]]
  ) throws -> [String: [String]]? {
    if row["tftp.opcode"] != nil {
      let message = try TFTPMessage(decoding: datagram)
      if datagram.isTruncated, case .data = message {} else if datagram.isTruncated { return nil }
      return WireFields(message).values
    }
    guard !datagram.isTruncated else { return nil }
    guard row["dhcpv6.msgtype"] == nil else {
      return WireFields(try DHCPv6Message(decoding: datagram.payload)).values
    }
    let message = try DHCPMessage(decoding: datagram.payload)
    var values = WireFields(message).values
    // The field of RFC 3004's form, or the one for all others, as tshark tells them apart.
    if let classes = values["user class"] {
      if row["dhcp.option.user_class.data"] != nil {
        values["dhcp.option.user_class.data"] = classes.map { WireFields.hex(Array($0.utf8)) }
      } else {
        values["dhcp.option.user_class.text"] = classes
      }
    }
    return values.merging(Self.readOtherwise(message, row)) { $1 }
  }

  /// Where tshark reads a message otherwise than the RFC has it, its values in our place, if what is
  /// left of them agrees.
  private static func readOtherwise(
    _ message: DHCPMessage, _ row: [String: [String]]
  ) -> [String: [String]] {
    var values: [String: [String]] = [:]
    let lists = ["dhcp.option.type", "dhcp.option.length", "dhcp.option.value"]
    let ours = WireFields(message).values
    for field in lists {
      let theirs = Self.expected(field, row)
      guard let mine = ours[field] else { continue }
      if message.data(of: 52) != nil, theirs.sorted() == mine.sorted() {
        // RFC 2131 section 4.1: first the file field, then the server's name. tshark reads them the
        // other way round, and where option 52 stands, not behind the others.
        values[field] = theirs
      } else if message.optionsError != nil, theirs.starts(with: mine) {
        // An option that reaches past the end: tshark shows its code and length too.
        values[field] = theirs
      }
    }
    // Some firmware sends `secs` in its own byte order, and tshark turns it round where the low byte
    // is 0. RFC 2131 knows one order.
    if message.secondsElapsed & 0xff == 0, message.secondsElapsed > 0,
      row["dhcp.secs"] == ["\(message.secondsElapsed.byteSwapped)"]
    {
      values["dhcp.secs"] = row["dhcp.secs"]
    }
    // RFC 3396: parts of one option are one. tshark shows each by itself.
    for (field, code) in [("dhcp.option.bootfile_name", UInt8(67))]
    where message.options.filter({ $0.code == code }).count > 1 {
      let theirs = row[field] ?? []
      if theirs.joined() == ours[field]?.joined() { values[field] = theirs }
    }
    return values
  }

  private static func expected(_ field: String, _ row: [String: [String]]) -> [String] {
    let values = row[field] ?? []
    switch field {
    case "dhcp.option.type": return values.filter { $0 != "0" }  // The end.
    case "tftp.option.name", "tftp.type": return values.map { $0.lowercased() }
    // Of later packets tshark repeats the name that the request had.
    case "tftp.source_file": return row["tftp.opcode"] == ["1"] ? values : []
    case "tftp.destination_file": return row["tftp.opcode"] == ["2"] ? values : []
    case "data bytes":
      guard row["tftp.opcode"] == ["3"] else { return [] }
      return (row["udp.length"]?.last).flatMap(Int.init).map { ["\($0 - 12)"] } ?? []
    case "dhcp.option.value", "dhcp.option.agent_information_option.value",
      "dhcp.option.vendor.value", "dhcpv6.duid.bytes", "dhcpv6.userclass.opaque_data",
      "dhcpv6.interface_id", "dhcp.option.user_class.data":
      return values.filter { $0 != "<MISSING>" }.map { $0.filter { $0 != ":" } }
    default: return values
    }
  }
}

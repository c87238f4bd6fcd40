import Addresses
import Testing

@testable import PXEWire

/// Every decoded field of every fixture against the value that tshark gives for it.
@Suite("Agreement with tshark")
struct TsharkAgreementTests {
  @Test("the fixtures are there")
  func fixtures() {
    #expect(Fixture.all.count == 23)
  }

  @Test("decoded fields equal tshark's", arguments: Fixture.all)
  func fields(_ fixture: Fixture) throws {
    let decoded = try Self.values(of: Frame(decoding: fixture.bytes))
    var expected = fixture.tshark
    for (field, value) in expected {
      // Of an ICMP error tshark lists the quoted packet's values too: the first are the frame's.
      if field != "dhcp.option.type" {
        expected[field] = value.split(separator: ",").first.map(String.init)
      }
    }
    if expected["icmp.type"] != nil {
      expected = expected.filter { !["udp", "tftp"].contains($0.key.prefix { $0 != "." }) }
    }
    for (field, value) in expected.sorted(by: { $0.key < $1.key }) {
      #expect(decoded[field] == value, "\(field)")
    }
  }

  private static func values(of frame: Frame) throws -> [String: String] {
    var values: [String: String] = [
      "eth.src": "\(frame.source)", "eth.dst": "\(frame.destination)",
    ]
    values["vlan.id"] = frame.vlan.map { "\($0)" }
    values["vlan.priority"] = frame.tags.first.map { "\($0.pcp)" }
    switch frame.payload {
    case .arp(let packet):
      values["arp.opcode"] = "\(packet.operation)"
      values["arp.src.proto_ipv4"] = "\(packet.senderAddress)"
      values["arp.dst.proto_ipv4"] = "\(packet.targetAddress)"
    case .ipv4(let packet):
      #expect(packet.headerChecksumIsValid)
      values["ip.src"] = "\(packet.source)"
      values["ip.dst"] = "\(packet.destination)"
      values["ip.ttl"] = "\(packet.timeToLive)"
      let id = String(packet.identification, radix: 16)
      values["ip.id"] = "0x" + String(repeating: "0", count: 4 - id.count) + id
      if case .icmp(let message) = packet.payload {
        values["icmp.type"] = "\(message.type)"
        values["icmp.code"] = "\(message.code)"
      }
      if case .udp(let datagram) = packet.payload {
        try values.merge(Self.values(of: datagram)) { $1 }
      }
    case .ipv6, .spanningTree, .encapsulation, .other:
      break
    case .malformed(let error):
      throw error
    }
    return values
  }

  private static func values(of datagram: UDPDatagram) throws -> [String: String] {
    var values = [
      "udp.srcport": "\(datagram.sourcePort)", "udp.dstport": "\(datagram.destinationPort)",
      "udp.length": "\(datagram.payloadLength + 8)",
    ]
    values["udp.checksum.status"] = datagram.checksum == .valid ? "1" : "0"
    if [67, 68].contains(datagram.destinationPort) {
      let message = try DHCPMessage(decoding: datagram.payload)
      #expect(message.optionsError == nil)
      #expect(message.hasEndOption)
      let xid = String(message.xid, radix: 16)
      values["dhcp.id"] = "0x" + String(repeating: "0", count: 8 - xid.count) + xid
      values["dhcp.option.dhcp"] = message.messageType.map { "\($0.rawValue)" }
      values["dhcp.hw.mac_addr"] = message.clientMAC.map { "\($0)" }
      values["dhcp.ip.your"] = "\(message.yourAddress)"
      values["dhcp.ip.server"] = "\(message.nextServer)"
      values["dhcp.option.dhcp_server_id"] = message.serverIdentifier.map { "\($0)" }
      values["dhcp.option.vendor_class_id"] = message.vendorClass
      values["dhcp.client_id.uuid"] = message.clientMachineUUID
      values["dhcp.option.requested_ip_address"] = message.requestedAddress.map { "\($0)" }
      values["dhcp.option.ip_address_lease_time"] = message.leaseTime.map { "\($0)" }
      values["dhcp.option.router"] = message.routers?.first.map { "\($0)" }
      values["dhcp.option.client_system_architecture"] =
        message.clientArchitectures?.first.map { "\($0.rawValue)" }
      // tshark shows the end option as type 0.
      values["dhcp.option.type"] =
        (message.options.map { "\($0.code)" } + ["0"]).joined(separator: ",")
    } else {
      switch try TFTPMessage(decoding: datagram) {
      case .readRequest(let request):
        values["tftp.opcode"] = "1"
        values["tftp.source_file"] = request.file
      case .writeRequest: values["tftp.opcode"] = "2"
      case .data(let block, _):
        values["tftp.opcode"] = "3"
        values["tftp.block"] = "\(block)"
      case .acknowledgment(let block):
        values["tftp.opcode"] = "4"
        values["tftp.block"] = "\(block)"
      case .error(let code, _):
        values["tftp.opcode"] = "5"
        values["tftp.error.code"] = "\(code.rawValue)"
      case .optionAcknowledgment: values["tftp.opcode"] = "6"
      }
    }
    return values
  }
}

import Addresses
import Testing

@testable import PXEWire

@Suite("DNS, HTTP, TLS, spanning tree")
struct ProtocolTests {
  private static func bytes(_ hex: String) throws -> ArraySlice<UInt8> {
    var bytes: [UInt8] = []
    var rest = hex.filter { !$0.isWhitespace }[...]
    while !rest.isEmpty {
      bytes.append(try #require(UInt8(rest.prefix(2), radix: 16)))
      rest = rest.dropFirst(2)
    }
    return bytes[...]
  }

  @Test("an HTTP head in one piece")
  func httpHead() throws {
    let text =
      "HTTP/1.1 404 Not Found\r\nServer: nginx\r\nContent-Length:  12 \r\n"
      + "Transfer-Encoding: Chunked\r\n\r\nhello"
    let head = try #require(HTTPHead(Array(text.utf8)[...]))
    #expect(head.start == .response(status: 404, reason: "Not Found"))
    #expect(head.contentLength == 12)
    #expect(head.isChunked)
    #expect(head["server"] == "nginx")
    #expect(head.length == text.utf8.count - 5)
  }

  @Test("a request, of which the capture cut the end")
  func httpRequest() throws {
    let text = "GET /a%20b?mac=de HTTP/1.1\r\nHost: [2001:db8::1]:8080\r\nUser-Agent: iPX"
    let head = try #require(HTTPHead(Array(text.utf8)[...]))
    #expect(head.start == .request(method: "GET", target: "/a%20b?mac=de"))
    #expect(head["host"] == "[2001:db8::1]:8080")
    #expect(head["user-agent"] == nil)
    #expect(head.length == nil)
  }

  @Test(
    "what is no HTTP",
    arguments: ["", "GET", "GETX / HTTP/1.1\r\n", "HTTP/1.1 abc\r\n\r\n", "SSH-2.0"])
  func noHTTP(_ text: String) {
    #expect(HTTPHead(Array(text.utf8)[...]) == nil)
  }

  @Test("the name in a TLS hello, an alert, and what is encrypted")
  func tls() throws {
    // A hello with SNI boot.example.org, made with openssl s_client and cut to what is read.
    let name = Array("boot.example.org".utf8)
    let extensions: [UInt8] =
      [0, 23, 0, 0] + [0, 0, 0, UInt8(name.count + 5), 0, UInt8(name.count + 3), 0, 0]
      + [UInt8(name.count)] + name
    let body: [UInt8] =
      [3, 3] + Array(repeating: 7, count: 32) + [0, 0, 2, 0x13, 1, 1, 0]
      + [0, UInt8(extensions.count)] + extensions
    let handshake = [1, 0, 0, UInt8(body.count)] + body
    let record = [22, 3, 1, 0, UInt8(handshake.count)] + handshake
    #expect(TLSRecord(record[...]) == .clientHello(serverName: "boot.example.org"))
    for count in 6..<record.count {
      #expect(TLSRecord(record.prefix(count)[...]) == .clientHello(serverName: nil))
    }
    #expect(TLSRecord([21, 3, 3, 0, 2, 2, 48]) == .alert(TLSAlert(level: 2, code: 48)))
    #expect(TLSAlert(level: 2, code: 48).meaning == "unknown CA")
    #expect(!TLSAlert(level: 1, code: 0).isFailure)
    #expect(TLSRecord([21, 3, 3, 0, 26, 1, 2]) == .other)
    #expect(TLSRecord([23, 3, 3, 0, 26, 1, 2]) == .applicationData)
    #expect(TLSRecord([20, 3, 3, 0, 1, 1]) == .other)
    #expect(TLSRecord([0x47, 3, 3, 0, 2]) == nil)
  }

  @Test("a DNS answer with a pointer, and names that go round in a circle")
  func dns() throws {
    let answer = try Self.bytes(
      "1234 8180 0001 0001 0000 0000 04626f6f74 07 6578616d706c65 036f7267 00 0001 0001"
        + "c00c 0001 0001 00000e10 0004 c0a86401")
    let message = try DNSMessage(decoding: answer)
    #expect(message.isResponse && message.id == 0x1234 && message.responseCode == 0)
    #expect(message.questions == [DNSMessage.Question(name: "boot.example.org", type: 1)])
    #expect(message.addresses == [IPAddress("192.168.100.1")])
    let circle = try Self.bytes("1234 0100 0001 0000 0000 0000 c00c 0001 0001")
    #expect(throws: WireError.self) { try DNSMessage(decoding: circle) }
  }

  @Test("BPDUs: STP, RSTP, one VLAN's, a topology change, and other LLC frames")
  func spanningTree() throws {
    let configuration =
      "0000 02 02 01 8000 020000000001 00000000 8000 020000000002 8001 0000 1400 0200 0f00"
    for header in ["424203", "aaaa03 00000c 010b"] {
      let frame = try Frame(
        decoding: Array(Self.bytes("0180c2000000 020000000002 0026" + header + configuration)))
      guard case .spanningTree(let unit) = frame.payload else {
        Issue.record("\(frame.payload)")
        continue
      }
      #expect(unit.version == 2)
      #expect(unit.isTopologyChange)
      #expect(unit.root == MACAddress("02:00:00:00:00:01"))
      #expect(unit.bridge == MACAddress("02:00:00:00:00:02"))
      #expect(unit.forwardDelay == 15)
    }
    let change = try SpanningTreeBPDU(decoding: Self.bytes("0000 00 80"))
    #expect(change.isTopologyChange && change.forwardDelay == nil)
    #expect(throws: WireError.self) { try SpanningTreeBPDU(decoding: Self.bytes("0000 02 02 01")) }
    let other = try Frame(decoding: Array(Self.bytes("0180c2000000 020000000002 0003 e0e003")))
    #expect(other.payload == .other)
  }

  @Test("ICMPv6: a packet too big, and the ports of what was")
  func icmpv6() throws {
    let quoted =
      "6000000004b01140 20010db8000000000000000000000001 20010db8000000000000000000000050"
      + "c350 0816 04b0 0000"
    let message = try ICMPv6Message(decoding: Self.bytes("02 00 0000 00000500" + quoted))
    #expect(message.meaning == "packet too big")
    #expect(message.mtu == 1280)
    #expect(message.original?.destination == IPAddress("2001:db8::50"))
    #expect(message.original?.destinationPort == 0x0816)
    #expect(message.original?.protocolNumber == 17)
  }

  @Test("a router's advertisement, cut anywhere")
  func routerAdvertisement() throws {
    let whole = try Self.bytes(
      "86 00 0000 40 c0 0708 00000000 00000000 05 01 0000 000005dc"
        + "03 04 40 c0 00000e10 00000e10 00000000 20010db8000000000000000000000000")
    let message = try ICMPv6Message(decoding: whole)
    guard case .routerAdvertisement(let router) = message.discovery else {
      Issue.record("\(message)")
      return
    }
    #expect(router.isManaged && router.hasOtherConfiguration)
    #expect(router.lifetime == 1800 && router.mtu == 1500)
    #expect(router.prefixes.map(\.address) == [IPv6Address("2001:db8::")])
    #expect(router.prefixes.first?.isAutonomous == true)
    for count in 0..<whole.count { _ = try? ICMPv6Message(decoding: whole.prefix(count)) }
  }
}

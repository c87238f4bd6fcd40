import Addresses
import CaptureFile
import Foundation
import PXEWire
import Testing

@testable import Diagnosis

/// What the tracker makes of captures of the corpus that show one protocol each.
@Suite("Wire tracker on the corpus")
struct WireTrackerCorpusTests {
  private static func tracked(
    _ name: String
  ) throws -> (tracker: WireTracker, events: [WireEvent]) {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Corpus/captures/\(name)")
    let handle = try FileHandle(forReadingFrom: file)
    defer { try? handle.close() }
    var reader = try CaptureFileReader(file: name) { memory in
      guard let data = try? handle.read(upToCount: memory.count) else { return 0 }
      return data.copyBytes(to: memory)
    }
    var tracker = WireTracker()
    var events: [WireEvent] = []
    var last = Timestamp(nanoseconds: 0)
    while let record = try reader.next() {
      last = record.time
      guard let frame = try? record.frame() else { continue }
      events += tracker.observe(
        frame, at: record.time, number: record.number, interface: record.interface)
    }
    events += tracker.advance(to: last)
    return (tracker, events)
  }

  private static let mac = MACAddress(rawValue: 0xde00_0000_00de)

  static func trace(_ name: String) throws -> ClientTrace {
    try #require(try tracked(name).tracker.trace(of: mac))
  }

  @Test("IPv6: exchanges, the boot file's URL, and the transfer over IPv6")
  func ipv6() throws {
    let trace = try Self.trace("healthy/ovmf6-kea.pcap.gz")
    let asked = try #require(trace.exchangesV6.first { $0.architecture == .x64UEFI })
    #expect(asked.vendorClass?.hasPrefix("PXEClient:Arch:00007") == true)
    let advertise = try #require(asked.advertises.first)
    #expect(advertise.bootFileURL?.hasPrefix("tftp://[fd77::1]/") == true)
    #expect(advertise.addresses.count == 1)
    #expect(advertise.checksum == .valid)
    let program = try #require(trace.transfers.first { $0.isWhole })
    #expect(program.server == IPAddress("fd77::1"))
    #expect(trace.bootServers.contains(program.server))
    #expect(trace.bootFile.map { ClientTrace.isSame($0, program.file) } == true)
  }

  @Test("HTTPS boot: what can be seen of it")
  func https() throws {
    let (tracker, events) = try Self.tracked("healthy/https4-dnsmasq-nginx.pcap.gz")
    let trace = try #require(tracker.trace(of: Self.mac))
    let transfer = try #require(trace.httpTransfers.first)
    #expect(trace.httpTransfers.count == 1)
    #expect(transfer.isTLS && transfer.isTrusted && !transfer.isUntrusted)
    #expect(transfer.target == nil && transfer.bytes > 90_000)
    #expect(events.count { $0.kind == .tlsEstablished } == 1)
    #expect(!events.contains { $0.kind == .tlsAborted || $0.kind == .tlsAlert })
  }

  @Test(
    "HTTPS boot that fails",
    arguments: [
      ("https4-unknown-authority", true, nil), ("https4-another-address", true, nil),
      ("https4-newer-tls", false, 70),
    ] as [(String, Bool, UInt8?)])
  func brokenHTTPS(_ name: String, isUntrusted: Bool, alert: UInt8?) throws {
    let (tracker, events) = try Self.tracked("broken/\(name).pcap")
    let transfer = try #require(tracker.trace(of: Self.mac)?.httpTransfers.first)
    #expect(transfer.isTLS && !transfer.isTrusted)
    #expect(transfer.isUntrusted == isUntrusted)
    #expect(transfer.tlsAlert?.code == alert)
    #expect(!transfer.tlsAlertIsFromClient)
    #expect(events.contains { $0.kind == (isUntrusted ? .tlsAborted : .tlsAlert) })
    #expect(!events.contains { $0.kind == .tlsEstablished })
  }

  @Test("HTTP boot: the size asked for, then the file")
  func http() throws {
    let (tracker, events) = try Self.tracked("healthy/http4-dnsmasq-nginx.pcap.gz")
    let trace = try #require(tracker.trace(of: Self.mac))
    let transfers = trace.httpTransfers
    #expect(transfers.prefix(2).map(\.method) == ["HEAD", "GET"])
    #expect(transfers.prefix(2).allSatisfy { $0.isWhole && $0.status == 200 })
    let program = try #require(transfers.first { $0.method == "GET" })
    #expect(program.bytes == program.contentLength)
    #expect(program.bytes > 100_000)
    #expect(program.userAgent?.hasPrefix("UefiHttpBoot") == true)
    #expect(trace.exchanges.first?.architecture == .x64UEFIHTTP)
    #expect(events.contains { $0.kind == .httpProgress && $0.http?.percent == 50 })
    #expect(program.url == trace.bootFile)
  }

  @Test("a 404, a refused connection, one without an answer, a name without one")
  func httpFailures() throws {
    let missing = try #require(try Self.trace("broken/seabios-http-404.pcap").httpTransfers.last)
    #expect(missing.state == .failed && missing.status == 404)
    #expect(missing.userAgent?.hasPrefix("iPXE") == true)

    let refused = try #require(
      try Self.trace("broken/seabios-http-refused.pcap").httpTransfers.last)
    #expect(refused.state == .refused && refused.resetByClient == false)

    let (tracker, events) = try Self.tracked("broken/seabios-http-filtered.pcap")
    let silent = try #require(tracker.trace(of: Self.mac)?.httpTransfers.last)
    #expect(silent.state == .connecting && silent.connectionAttempts > 2)
    #expect(events.filter { $0.kind == .connectionUnanswered }.count == 1)

    let query = try #require(try Self.trace("broken/seabios-dns.pcap").nameQueries.first)
    #expect(query.name == "boot.example.net" && !query.isAnswered && query.attempts > 2)
  }

  @Test("an ICMP error belongs to the client whose packet it quotes")
  func icmp() throws {
    let trace = try Self.trace("broken/seabios-port-closed.pcap")
    let failure = try #require(trace.deliveryFailures.first)
    #expect(failure.meaning == "port unreachable")
    #expect(failure.destinationPort == 69 && failure.protocolNumber == 17)
    #expect(!failure.isFromClient)
    #expect(trace.transfers.last?.repeatedRequests ?? 0 > 0)
  }

  @Test("both sides of a relay agent and router: one client, each packet once")
  func relay() throws {
    let (tracker, _) = try Self.tracked("healthy/relay-isc-kea-relay.pcap.gz")
    let trace = try #require(tracker.trace(of: Self.mac))
    let exchange = try #require(trace.exchanges.first)
    #expect(exchange.relays.count == 1)
    #expect(exchange.discovers == 1 && exchange.offers.count == 1 && exchange.acks.count == 1)
    #expect(exchange.clientMessages.contains { $0.relay != nil })
    #expect(exchange.offers.allSatisfy { !$0.isToRelay })
    #expect(trace.transfers.allSatisfy { $0.repeatedBlocks == 0 })
    #expect(
      tracker.clients.values.filter { $0.hasConversation }.map(\.mac) == [Self.mac])
  }

  @Test("proxyDHCP and its boot server on 4011")
  func proxy() throws {
    let trace = try Self.trace("healthy/ovmf4-proxy.pcap.gz")
    let exchange = try #require(trace.exchanges.first)
    #expect(exchange.proxyServers == [IPv4Address("192.168.77.2")])
    #expect(exchange.addressServers == [IPv4Address("192.168.77.1")])
    let discovery = try #require(trace.exchanges.first { $0.isBootServerDiscovery })
    #expect(discovery.requests == 1)
    #expect(discovery.acks.compactMap(\.bootFile).first == trace.bootFile)
    #expect(trace.leased?.isBootServerDiscovery == false)
  }

  @Test("two tags are told with the frame that had them")
  func doubleTags() throws {
    let (tracker, _) = try Self.tracked("broken/udhcpc-double-tag.pcap")
    let tagged = tracker.clients.values.flatMap(\.doubleTags)
    #expect(tagged.contains { $0.outer == 200 && $0.count >= 5 })
  }

  @Test("a capture of any interfaces shows each packet once")
  func anyInterface() throws {
    let trace = try Self.trace("healthy/ovmf4-dnsmasq-any.pcap.gz")
    #expect(trace.exchanges.first?.discovers == 1)
    #expect(trace.exchanges.first?.offers.count == 1)
    #expect(trace.transfers.allSatisfy { $0.repeatedBlocks == 0 })
  }

  @Test("of a capture that has the server's side alone, replies are replies")
  func oneSided() throws {
    let toServer = try Self.trace("healthy/ovmf4-dnsmasq-to-server.pcap")
    #expect(toServer.framesReceived == 0)
    let probe = try #require(toServer.transfers.first)
    #expect(probe.state == .sizeOnly)
    let program = try #require(toServer.transfers.dropFirst().first)
    #expect(program.blocks == 0 && program.acknowledgedBlocks > 100)
    let toClient = try Self.trace("healthy/ovmf4-dnsmasq-to-client.pcap.gz")
    #expect(toClient.frames == 0 && toClient.cutMessages > 0)
  }
}

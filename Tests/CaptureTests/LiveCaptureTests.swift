import Addresses
import CPcap
import Capture
import Foundation
import PXEWire
import Testing

/// Captures on the loopback interface, which needs CAP_NET_RAW: skipped without it.
@Suite(.enabled(if: geteuid() == 0, "capturing needs root"))
struct LiveCaptureTests {
  /// A UDP socket on 127.0.0.1 with a port of its own, that sends to itself.
  final class Loopback {
    let descriptor: Int32
    private(set) var port: UInt16 = 0
    private var address = sockaddr_in()

    init() throws {
      descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let size = length
      let named = withUnsafeMutableBytes(of: &address) { bytes in
        guard let pointer = bytes.bindMemory(to: sockaddr.self).baseAddress else { return false }
        return bind(descriptor, pointer, size) == 0
          && getsockname(descriptor, pointer, &length) == 0
      }
      try #require(named)
      port = UInt16(bigEndian: address.sin_port)
    }

    deinit {
      close(descriptor)
    }

    /// Sends a datagram, and returns when it has come in: all captures had it before.
    func send(_ text: String) {
      let bytes = Array(text.utf8)
      let length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let sent = withUnsafeBytes(of: &address) { raw in
        sendto(
          descriptor, bytes, bytes.count, 0, raw.bindMemory(to: sockaddr.self).baseAddress, length)
      }
      #expect(sent == bytes.count)
      var received = [UInt8](repeating: 0, count: bytes.count)
      #expect(recv(descriptor, &received, received.count, 0) == bytes.count)
      #expect(received == bytes)
    }
  }

  /// Sends frames on the loopback interface from an Ethernet address of its own. Make it before the
  /// capture: of several listeners the kernel gives a frame to the youngest first.
  final class LoopbackFrames {
    let source = MACAddress(rawValue: 0x0200_0000_0000 | .random(in: 0...0xffff_ffff))
    private let handle: OpaquePointer
    private static let notLoaded: String? = cpcap_load().map { String(cString: $0) }

    init() throws {
      var reason = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
      try #require(Self.notLoaded == nil)
      handle = try #require(pcap_create("lo", &reason))
      pcap_set_snaplen(handle, 256)
      pcap_set_immediate_mode(handle, 1)
      try #require(pcap_activate(handle) == 0)
      // Other tests use the interface too.
      var program = bpf_program()
      try #require(pcap_compile(handle, &program, "ether src \(source)", 1, bpf_u_int32.max) == 0)
      defer { pcap_freecode(&program) }
      try #require(pcap_setfilter(handle, &program) == 0)
    }

    deinit {
      pcap_close(handle)
    }

    /// Sends a UDP datagram in a frame, and returns when it has come in: all captures had it before.
    func send(vlan: UInt16?, destinationPort: UInt16, text: String) {
      var frame: [UInt8] = [0, 0, 0, 0, 0, 0] + source.octets
      if let vlan { frame += [0x81, 0, UInt8(vlan >> 8), UInt8(vlan & 0xff)] }
      let length = UInt16(20 + 8 + text.utf8.count)
      frame += [0x08, 0x00, 0x45, 0, UInt8(length >> 8), UInt8(length & 0xff), 0, 0, 0, 0, 64, 17]
      frame += [0, 0, 127, 0, 0, 2, 127, 0, 0, 3, 0, 68]
      frame += [UInt8(destinationPort >> 8), UInt8(destinationPort & 0xff)]
      frame += [UInt8((length - 20) >> 8), UInt8((length - 20) & 0xff), 0, 0] + Array(text.utf8)
      #expect(pcap_sendpacket(handle, frame, Int32(frame.count)) == 0)
      var header: UnsafeMutablePointer<pcap_pkthdr>?
      var data: UnsafePointer<UInt8>?
      repeat {
        let status = pcap_next_ex(handle, &header, &data)
        guard status >= 0 else {
          Issue.record("the loopback interface cannot be listened on: \(status)")
          return
        }
      } while !UnsafeBufferPointer(start: data, count: Int(header?.pointee.caplen ?? 0))
        .elementsEqual(frame)
    }
  }

  /// A packet that outlives the handler's call.
  struct Packet: Sendable {
    var time: Timestamp
    var originalLength: Int
    var bytes: [UInt8]

    init(_ packet: CapturedPacket) {
      time = packet.time
      originalLength = packet.originalLength
      bytes = [UInt8](packet.bytes)
    }

    func ends(with text: String) -> Bool { bytes.suffix(text.utf8.count) == ArraySlice(text.utf8) }
  }

  static let settings = [
    LiveCapture.Settings.prompt, .whole,
    LiveCapture.Settings(
      snapshotLength: 9000, bufferSize: 1 << 20, delivery: .batches(milliseconds: 200)),
  ]

  @Test(arguments: settings)
  func theFirstPacketAfterTheStartIsSeen(settings: LiveCapture.Settings) async throws {
    let loopback = try Loopback()
    let (packets, continuation) = AsyncStream<Packet>.makeStream()
    let before = Int64(Date().timeIntervalSince1970 * 1e9)
    let capture = try LiveCapture(
      interface: "lo", filter: .taggedOrNot("udp port \(loopback.port)"), settings: settings
    ) { continuation.yield(Packet($0)) }
    #expect(capture.linkType == .ethernet)
    loopback.send("hello")
    let first = try #require(await packets.first { $0.ends(with: "hello") })
    #expect(first.originalLength == 14 + 20 + 8 + 5)
    #expect(first.time.nanoseconds >= before)
    let statistics = try await capture.stop()
    #expect(statistics.received >= 1)
    #expect(statistics.dropped == 0)
    #expect(capture.failure == nil)
  }

  @Test(arguments: settings)
  func stopDeliversWhatWasSentBeforeIt(settings: LiveCapture.Settings) async throws {
    let loopback = try Loopback()
    let (packets, continuation) = AsyncStream<Packet>.makeStream()
    let capture = try LiveCapture(
      interface: "lo", filter: CaptureFilter("udp port \(loopback.port)"), settings: settings
    ) { continuation.yield(Packet($0)) }
    for number in 0..<100 { loopback.send("packet \(number)") }
    let statistics = try await capture.stop()
    #expect(try await capture.stop() == statistics)
    #expect(statistics.dropped == 0)
    // On the loopback interface each packet goes out and comes in, and the kernel counts both.
    #expect(statistics.received >= 100)
    continuation.finish()
    var seen: Set<String> = []
    for await packet in packets {
      seen.insert(String(decoding: packet.bytes.dropFirst(42), as: UTF8.self))
    }
    #expect(seen.count == 100)
  }

  @Test func theSnapshotLengthCutsPackets() async throws {
    let loopback = try Loopback()
    let (packets, continuation) = AsyncStream<Packet>.makeStream()
    var settings = LiveCapture.Settings.prompt
    settings.snapshotLength = 60
    let capture = try LiveCapture(
      interface: "lo", filter: CaptureFilter("udp port \(loopback.port)"), settings: settings
    ) { continuation.yield(Packet($0)) }
    loopback.send(String(repeating: "x", count: 1000))
    let first = try #require(await packets.first { _ in true })
    #expect(first.originalLength == 1042)
    // libpcap may keep a few bytes less than it was asked to.
    #expect((42...60).contains(first.bytes.count))
    try await capture.stop()
  }

  /// The kernel takes a tag off before libpcap's filter runs, and libpcap puts it back: only a live
  /// capture shows whether a filter finds it.
  @Test(arguments: [
    ("vlan 100", false, ["tagged discover", "tagged other"]),
    ("udp port 67", true, ["untagged discover", "tagged discover"]),
    ("vlan 200", false, []),
  ])
  func filters(expression: String, taggedOrNot: Bool, expected: [String]) async throws {
    let loopback = try LoopbackFrames()
    let mine = "ether src \(loopback.source)"
    let filter =
      taggedOrNot
      ? CaptureFilter.taggedOrNot("\(mine) and \(expression)")
      : CaptureFilter("\(mine) and \(expression)")
    let (packets, continuation) = AsyncStream<Packet>.makeStream()
    let capture = try LiveCapture(interface: "lo", filter: filter, settings: .whole) {
      continuation.yield(Packet($0))
    }
    for (vlan, port, text) in [
      (nil, 67, "untagged discover"), (100, 67, "tagged discover"), (100, 1001, "tagged other"),
    ] as [(UInt16?, UInt16, String)] {
      loopback.send(vlan: vlan, destinationPort: port, text: text)
    }
    try await capture.stop()
    continuation.finish()
    // No order is promised: each processor hands the loopback interface its own queue of frames.
    var seen: Set<String> = []
    for await packet in packets {
      let tag = packet.bytes[12] == 0x81 ? 4 : 0
      let text = String(decoding: packet.bytes.dropFirst(42 + tag), as: UTF8.self)
      #expect((tag > 0) == text.hasPrefix("tagged"))
      seen.insert(text)
    }
    #expect(seen == Set(expected))
  }

  @Test func errorsNameTheInterface() {
    let missing = #expect(throws: CaptureError.self) {
      try LiveCapture(interface: "nosuch0") { _ in }
    }
    #expect(missing?.source == "nosuch0")
    #expect(missing?.operation == .activate)
    #expect(missing?.reason.contains("No such device") == true)
    let filter = #expect(throws: CaptureError.self) {
      try LiveCapture(interface: "lo", filter: CaptureFilter("nonsense here")) { _ in }
    }
    #expect(filter?.operation == .filter("nonsense here"))
  }
}

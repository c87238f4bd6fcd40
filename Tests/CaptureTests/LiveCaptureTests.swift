import Capture
import Foundation
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

    func send(_ text: String) {
      let bytes = Array(text.utf8)
      let length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let sent = withUnsafeBytes(of: &address) { raw in
        sendto(
          descriptor, bytes, bytes.count, 0, raw.bindMemory(to: sockaddr.self).baseAddress, length)
      }
      #expect(sent == bytes.count)
    }
  }

  @Test func theFirstPacketAfterTheStartIsSeen() async throws {
    let loopback = try Loopback()
    let (packets, continuation) = AsyncStream<CapturedPacket>.makeStream()
    let before = Int64(Date().timeIntervalSince1970 * 1e9)
    let capture = try LiveCapture(
      interface: "lo", filter: .taggedOrNot("udp port \(loopback.port)")
    ) { continuation.yield($0) }
    #expect(capture.linkType == .ethernet)
    loopback.send("hello")
    let first = try #require(await packets.first { $0.bytes.suffix(5) == ArraySlice("hello".utf8) })
    #expect(first.originalLength == 14 + 20 + 8 + 5)
    #expect(first.timestamp >= before)
    let statistics = try await capture.stop()
    #expect(statistics.received >= 1)
    #expect(statistics.dropped == 0)
    #expect(capture.failure == nil)
  }

  @Test func stopDeliversWhatWasSentBeforeIt() async throws {
    let loopback = try Loopback()
    let (packets, continuation) = AsyncStream<CapturedPacket>.makeStream()
    let capture = try LiveCapture(
      interface: "lo", filter: CaptureFilter("udp port \(loopback.port)")
    ) { continuation.yield($0) }
    for number in 0..<100 { loopback.send("packet \(number)") }
    let statistics = try await capture.stop()
    #expect(try await capture.stop() == statistics)
    #expect(statistics.dropped == 0)
    continuation.finish()
    var seen: Set<String> = []
    for await packet in packets {
      seen.insert(String(decoding: packet.bytes.dropFirst(42), as: UTF8.self))
    }
    #expect(seen.count == 100)
  }

  @Test func theSnapshotLengthCutsPackets() async throws {
    let loopback = try Loopback()
    let (packets, continuation) = AsyncStream<CapturedPacket>.makeStream()
    let capture = try LiveCapture(
      interface: "lo", filter: CaptureFilter("udp port \(loopback.port)"), snapshotLength: 60
    ) { continuation.yield($0) }
    loopback.send(String(repeating: "x", count: 1000))
    let first = try #require(await packets.first { _ in true })
    #expect(first.originalLength == 1042)
    // libpcap may keep a few bytes less than it was asked to.
    #expect((42...60).contains(first.bytes.count))
    try await capture.stop()
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

import Addresses
import PXEWire
import Testing

@testable import Diagnosis

/// Boots that were captured where they are inside tunnels.
@Suite("Tunnels")
struct TunnelTests {
  private static func missing(_ scene: inout Scene) {
    scene.lease(file: "boot.efi")
    scene.arp(scene.server)
    scene.get("boot.efi", port: 2001)
    scene.refuse(1, "File not found", port: 2001)
    scene.noise(after: 30)
  }

  private static func boot(_ scene: inout Scene) {
    scene.boot("shimx64.efi")
    scene.load("grubx64.efi", port: 2002, bytes: 30_000)
  }

  @Test("a missing file, inside", arguments: Carrier.allCases, [[], [100]] as [[UInt16]])
  func missing(_ carrier: Carrier, _ tags: [UInt16]) throws {
    var scene = Scene()
    scene.tags = tags
    Self.missing(&scene)
    let bare = scene.report()
    scene.carry { [carrier.carry($0, back: $1)] }
    let report = scene.report()
    let finding = try #require(report.findings.first)
    #expect(finding.id == "PXL007" && finding.severity == .error)
    #expect(finding.title == "The server 192.168.100.1 has no file boot.efi.")
    #expect(
      finding.evidence.contains { $0.text == "inside \(carrier.name)" }, "\(finding.evidence)")
    #expect(finding.evidence.first?.packets == bare.findings.first?.evidence.first?.packets)
    #expect(report.clients.map(\.stage) == bare.clients.map(\.stage))
    #expect(report.clients.map(\.vlan) == bare.clients.map(\.vlan))
    #expect(report.clients.compactMap(\.tunnel).count == 1)
    #expect(report.packets == bare.packets)
  }

  @Test("a boot that got through, inside", arguments: Carrier.allCases)
  func healthy(_ carrier: Carrier) throws {
    var scene = Scene()
    Self.boot(&scene)
    let stages = scene.report().clients.map(\.stage)
    scene.carry { [carrier.carry($0, back: $1)] }
    let report = scene.report()
    #expect(report.findings.allSatisfy { $0.severity == .info }, "\(report.findings)")
    #expect(report.clients.map(\.stage) == stages && stages.count == 1)
  }

  @Test(
    "captured at the machine's port and on the uplink: each frame counts once",
    arguments: Carrier.allCases, [true, false])
  func twice(_ carrier: Carrier, isInsideFirst: Bool) throws {
    var scene = Scene()
    Self.boot(&scene)
    let bare = try #require(scene.trace())
    scene.carry { bytes, isServers in
      let inside = carrier.carry(bytes, back: isServers)
      // What the server sends comes over the uplink, what the client sends goes there.
      return isServers == isInsideFirst ? [inside, bytes] : [bytes, inside]
    }
    let trace = try #require(scene.trace())
    #expect(trace.exchanges.map(\.discovers) == [1])
    #expect(trace.exchanges.map(\.offers.count) == [1] && trace.exchanges.map(\.acks.count) == [1])
    #expect(trace.transfers.map(\.blocks) == bare.transfers.map(\.blocks))
    #expect(trace.transfers.map(\.repeatedBlocks) == bare.transfers.map(\.repeatedBlocks))
    #expect(
      trace.transfers.map(\.repeatedAcknowledgments)
        == bare.transfers.map(\.repeatedAcknowledgments))
    let report = scene.report()
    #expect(report.clients.count == 1)
    #expect(report.findings.allSatisfy { $0.severity == .info }, "\(report.findings)")
  }

  @Test(
    "the fast path beside tunnels leaves the traces that decoding leaves", arguments: [true, false])
  func fastPath(isInsideFirst: Bool) throws {
    var scene = Scene()
    scene.lease(file: "hello.efi")
    scene.load("hello.efi", port: 2001, bytes: 60_000)
    scene.carry { bytes, isServers in
      let inside = Carrier.vxlan.carry(bytes, back: isServers)
      return isServers == isInsideFirst ? [inside, bytes] : [bytes, inside]
    }
    // The machine's port alone, for the second half.
    scene.load("hello.efi", port: 2002, bytes: 60_000)
    var fast = CaptureFollower()
    var slow = CaptureFollower()
    for (index, packet) in scene.packets.enumerated() {
      let time = Timestamp(seconds: packet.time)
      let events = packet.bytes.withUnsafeBytes {
        fast.take($0, linkType: .ethernet, at: time, number: index + 1)
      }
      let frame = try Frame(decoding: packet.bytes)
      #expect(events == slow.take(frame, at: time, number: index + 1))
    }
    #expect(fast.fastPath.taken > 100)
    #expect(fast.tracker.clients == slow.tracker.clients)
    #expect(fast.report() == slow.report())
  }

  @Test("flooded to several ends, a frame counts once")
  func flooded() throws {
    var scene = Scene()
    Self.boot(&scene)
    scene.carry { bytes, isServers in
      let inside = Carrier.vxlan.carry(bytes, back: isServers)
      var other = inside
      other[33] = 9
      return isServers ? [inside] : [inside, other]
    }
    #expect(scene.report().findings.allSatisfy { $0.severity == .info })
    let trace = try #require(scene.inside().first?.trace(of: MACAddress(rawValue: scene.client)))
    #expect(trace.exchanges.map(\.discovers) == [1])
    #expect(trace.transfers.map(\.repeatedBlocks) == [0, 0])
  }

  @Test("the same addresses in two networks are two machines")
  func tenants() throws {
    var scene = Scene()
    Self.boot(&scene)
    scene.carry { [Carrier.vxlan.carry($0, back: $1, id: 42)] }
    let start = scene.packets.count
    scene.clock = 0.0005
    Self.missing(&scene)
    scene.carry(from: start) { [Carrier.vxlan.carry($0, back: $1, id: 43)] }
    scene.sortPackets()
    let report = scene.report()
    #expect(report.clients.map(\.tunnel) == ["VXLAN, VNI 42", "VXLAN, VNI 43"])
    #expect(report.clients.map(\.stage) == [.loader, .nbp])
    let errors = report.findings.filter { $0.severity == .error }
    #expect(errors.map(\.id) == ["PXL007"])
    #expect(errors.first?.evidence.contains { $0.text.contains("VNI 43") } == true)
    #expect(errors.first?.evidence.contains { $0.text.contains("VNI 42") } == false)
  }

  @Test("nobody answers in one network, and the server is in another")
  func otherNetwork() throws {
    var scene = Scene()
    scene.client = 0xde00_0000_0001
    scene.lease(architecture: nil, vendor: nil)
    scene.carry { [Carrier.geneve.carry($0, back: $1, id: 43)] }
    let start = scene.packets.count
    scene.client = 0xde00_0000_00de
    for second in [4.0, 8, 16] {
      scene.ask(1)
      scene.wait(second)
    }
    scene.carry(from: start) { [Carrier.geneve.carry($0, back: $1, id: 42)] }
    let finding = try #require(scene.report().findings.first)
    #expect(finding.id == "PXL003")
    #expect(
      finding.title
        == "DHCP DISCOVER was seen untagged inside GENEVE, VNI 42 and no server answers there; "
        + "the server 192.168.100.1 is untagged inside GENEVE, VNI 43.")
    #expect(finding.fix.contains("GENEVE, VNI 43"))
  }

  @Test("the tunnel's packets come in fragments")
  func fragments() throws {
    var scene = Scene()
    Self.missing(&scene)
    var id: UInt16 = 0
    scene.carry { bytes, isServers in
      id += 1
      let whole = Array(Carrier.vxlan.carry(bytes, back: isServers).dropFirst(34))
      let parts = [whole.prefix(200), whole.dropFirst(200).prefix(200), whole.dropFirst(400)]
        .filter { !$0.isEmpty }
      return parts.enumerated().map { index, part in
        let more: UInt16 = index + 1 < parts.count ? 0x2000 : 0
        return Carrier.ip(
          17, Array(part), isServers, id: id, fragment: UInt16(index * 25) | more)
      }
    }
    let report = scene.report()
    #expect(report.findings.first?.id == "PXL007")
    #expect(report.findings.first?.evidence.contains { $0.text.contains("VNI 42") } == true)
  }

  @Test("deeper tunnels and more networks than are followed")
  func bounds() throws {
    var scene = Scene()
    Self.missing(&scene)
    scene.carry { bytes, back in
      [(0..<4).reduce(bytes) { inside, _ in Carrier.gre.carry(inside, back: back) }]
    }
    #expect(scene.report().clients.isEmpty)

    var follower = CaptureFollower()
    var asking = Scene()
    asking.ask(1)
    let discover = asking.packets[0].bytes
    for index in 0..<200 {
      let bytes = Carrier.vxlan.carry(discover, id: UInt8(index))
      follower.take(
        try Frame(decoding: bytes), at: Timestamp(seconds: Double(index)), number: index + 1)
    }
    #expect(follower.tunnelled.count == Limits.networks)
    #expect(follower.report().clients.count == Limits.networks)
  }

  @Test("what happens inside is told with the tunnel")
  func events() throws {
    var scene = Scene()
    scene.ask(1)
    scene.carry { [Carrier.vxlan.carry($0, back: $1)] }
    var follower = CaptureFollower()
    let events = follower.take(
      try Frame(decoding: scene.packets[0].bytes), at: Timestamp(seconds: 1), number: 7)
    #expect(events.map(\.kind) == [.dhcpDiscover])
    #expect(events.first?.frame == 7)
    #expect(events.first?.text.hasSuffix(", inside VXLAN, VNI 42") == true)
  }
}

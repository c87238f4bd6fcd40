import Addresses
import PXEWire
import Testing

@testable import Diagnosis

/// What the capture lacks says nothing: options behind the snapshot length, and frames that it has
/// with a tag and without.
@Suite("Cut options and untagged copies")
struct CutOptionsTests {
  /// Firmware, then iPXE, each with its options in its order, and what they load.
  private static func chain(_ scene: inout Scene) {
    let wanted = (UInt8(55), [UInt8](1...20))
    scene.lease(xid: 1, file: "ipxe.efi", more: [wanted])
    scene.load("ipxe.efi", port: 2001, bytes: 30_000)
    scene.wait(1)
    scene.lease(xid: 2, file: "grubx64.efi", user: "iPXE", more: [wanted])
    scene.load("grubx64.efi", port: 2002, bytes: 30_000)
    scene.load("grub/grub.cfg", port: 2003)
    scene.noise(after: 60)
  }

  @Test(
    "no program and no stage is made up, wherever the options end",
    arguments: Array(stride(from: 270, through: 420, by: 6)) + [65535])
  func cut(_ snapshot: Int) throws {
    var scene = Scene()
    scene.snapshot = snapshot
    Self.chain(&scene)
    let report = scene.report()
    #expect(report.findings.allSatisfy { $0.severity == .info }, "\(report.findings)")
    let client = try #require(report.clients.first)
    #expect(Set(client.programs).isSubset(of: ["PXE", "iPXE"]), "\(client.programs)")
    #expect(client.stage <= .loader)
    if snapshot == 65535 { #expect(client.programs == ["PXE", "iPXE"]) }
  }

  @Test("nobody answers, and the options are cut", arguments: [300, 320, 340, 65535])
  func unanswered(_ snapshot: Int) throws {
    var scene = Scene()
    scene.snapshot = snapshot
    for second in [4.0, 8, 16] {
      scene.ask(1)
      scene.wait(second)
    }
    let finding = try #require(scene.report().findings.first)
    #expect(finding.id == "PXL003" && finding.severity == .error)
  }

  @Test("a system whose options are all there is one")
  func system() throws {
    var scene = Scene()
    Self.chain(&scene)
    scene.lease(xid: 3, file: nil, architecture: nil, vendor: "systemd")
    let client = try #require(scene.report().clients.first)
    #expect(client.programs == ["PXE", "iPXE", "system"])
    #expect(client.stage == .system)
  }

  @Test(
    "each frame untagged on two interfaces and tagged on a third",
    arguments: [[nil, nil, 100], [100, nil, nil], [nil, 100, nil]] as [[UInt16?]])
  func copies(_ tags: [UInt16?]) throws {
    var scene = Scene()
    Self.chain(&scene)
    let bare = try #require(scene.trace())
    scene.replacePackets(from: 0) { packet in
      tags.enumerated().map { index, tag in
        let tagged = tag.map { [0x81, 0] + Scene.bytes(UInt64($0), 2) } ?? []
        return (
          packet.time + Double(index) * 0.00001,
          Array(packet.bytes.prefix(12)) + tagged + packet.bytes.dropFirst(12)
        )
      }
    }
    let trace = try #require(scene.trace())
    #expect(trace.exchanges.map(\.xid) == [1, 2])
    #expect(trace.exchanges.map(\.vlan?.rawValue) == [100, 100])
    #expect(trace.exchanges.map(\.offers.count) == [1, 1])
    #expect(trace.transfers.map(\.blocks) == bare.transfers.map(\.blocks))
    let report = scene.report()
    #expect(report.clients.map(\.programs) == [["PXE", "iPXE"]])
    #expect(report.clients.map(\.stage) == [.loader])
    #expect(report.findings.allSatisfy { $0.severity == .info }, "\(report.findings)")
  }
}

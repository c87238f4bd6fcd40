import Addresses
import PXEWire
import Testing

@testable import Diagnosis

/// What the first finding of a situation must say: the value that decides.
@Suite("Words of findings")
struct FindingWordsTests {
  struct Words: Sendable, CustomTestStringConvertible {
    /// The situation's name.
    let situation: String
    let title: [String]
    let evidence: [String]
    let fix: [String]
    var testDescription: String { situation }
  }

  static let all: [Words] = [
    Words(
      situation: "the answers come from another address, and the client refuses them",
      title: ["192.168.100.1", "192.168.100.9", "boot.efi"],
      evidence: ["3 TFTP requests", "3 ICMP from 192.168.100.50: port unreachable"],
      fix: ["bind", "nf_conntrack_tftp", "host's network"]),
    Words(
      situation: "the client refuses the answers", title: ["port unreachable", "port 2003"],
      evidence: ["3 ICMP from 192.168.100.50: port unreachable"], fix: ["NAT"]),
    Words(
      situation: "the client gives the transfer up in the middle", title: ["port unreachable"],
      evidence: ["4 acknowledged"], fix: ["console"]),
    Words(
      situation: "a larger block than asked for",
      title: ["blksize 1468", "asked for blksize 1024"],
      evidence: ["3 requests in all"], fix: ["RFC 2347"]),
    Words(
      situation: "a larger window than asked for, and the client says so",
      title: ["windowsize 64", "windowsize 4"], evidence: ["Bad option"], fix: []),
    Words(
      situation: "an option that was not asked for", title: ["blksize 1432", "no blksize"],
      evidence: [], fix: []),
    Words(
      situation: "longer blocks than agreed", title: ["1468 bytes", "512 are agreed"],
      evidence: ["block size 512 agreed, 1468 asked for"], fix: ["512"]),
    Words(
      situation: "the transfer stops where block numbers end, begun before the capture",
      title: ["block 65535"], evidence: ["65536 the last sent"], fix: ["blksize", "HTTP"]),
    Words(
      situation: "firmware does not follow a redirection",
      title: ["http://192.168.100.1/x//boot.efi", "to http://192.168.100.1/x/boot.efi"],
      evidence: ["301"], fix: ["doubled slash"]),
    Words(
      situation: "iPXE is redirected to https",
      title: ["https://192.168.100.1/boot.ipxe", "does not load by HTTPS"], evidence: ["302"],
      fix: ["DOWNLOAD_PROTO_HTTPS"]),
    Words(
      situation: "a redirection in a circle", title: ["leads back to itself after 2"], evidence: [],
      fix: ["rules of redirection"]),
    Words(
      situation: "a redirection to nowhere", title: ["302 and no Location"], evidence: [], fix: []),
    Words(
      situation: "the server closes before the body is whole",
      title: ["175000 of 180000 bytes", "http://192.168.100.1/boot.efi"],
      evidence: ["5000 missing"],
      fix: []),
    Words(
      situation: "no length, and the firmware gives up", title: ["Content-Length"], evidence: [],
      fix: ["HEAD"]),
    Words(
      situation: "pages instead of kernel and initramfs",
      title: ["http://192.168.100.1/vmlinuz", "web page"], evidence: ["/initrd"], fix: ["404"]),
    Words(
      situation: "the target is not there", title: ["0x0203", "target not found", Scene.target],
      evidence: ["root path iscsi:"], fix: ["option 17"]),
    Words(
      situation: "another port, which is silent", title: ["192.168.100.1", "port 3261"],
      evidence: ["5 SYN"], fix: ["3261"]),
    Words(
      situation: "nothing listens on port 3260", title: ["refuses connections on port 3260"],
      evidence: [], fix: []),
    Words(
      situation: "shim asks in the root",
      title: ["grubx64.efi", "the root", "folder uefi", "option 67 alone"],
      evidence: ["the file field is empty"], fix: ["file field", "copy of uefi/grubx64.efi"]),
    Words(
      situation: "load options with an octet that is no text",
      title: ["loader/\\xb0USB", "optional data"], evidence: [], fix: ["efibootmgr"]),
    Words(
      situation: "a name with octets that are no text, in DHCP", title: ["boot.efi\\xb0"],
      evidence: [], fix: []),
    Words(
      situation: "iPXE is not answered where its firmware was",
      title: ["192.168.100.1 answered the same client"], evidence: ["4 DISCOVER"],
      fix: ["PortFast", "port security"]),
    Words(
      situation: "the transfer stops",
      title: ["192.168.100.1 sends nothing after block 4", "acknowledged 5 times"], evidence: [],
      fix: ["server"]),
  ]

  @Test("the first finding has the value that decides", arguments: all)
  func words(_ words: Words) throws {
    let situation = try #require(
      SituationTests.all.first { $0.testDescription == words.situation })
    var scene = Scene()
    situation.play(&scene)
    let finding = try #require(scene.report().findings.first)
    for word in words.title { #expect(finding.title.contains(word), "\(finding.title)") }
    let evidence = finding.evidence.map(\.text).joined(separator: "\n")
    for word in words.evidence { #expect(evidence.contains(word), "\(evidence)") }
    for word in words.fix { #expect(finding.fix.contains(word), "\(finding.fix)") }
  }

  @Test("a client that falls silent in the middle is named, and not the path")
  func silentClient() throws {
    var scene = Scene()
    scene.lease()
    scene.get("boot.efi", port: 2001)
    scene.options([("tsize", "90000")], port: 2001)
    for block in 0...3 {
      scene.acknowledge(block, port: 2001)
      scene.data(block + 1, 512, port: 2001)
    }
    for _ in 0..<4 {
      scene.wait(2)
      scene.data(4, 512, port: 2001)
    }
    scene.noise(after: 10)
    let finding = try #require(scene.report().findings.first)
    #expect(finding.id == "PXL008")
    #expect(
      finding.title.hasSuffix(
        "de:00:00:00:00:de does not acknowledge block 4, which 192.168.100.1 sent 5 times."),
      "\(finding.title)")
    #expect(finding.fix.contains("console"))
  }

  @Test("a login status in words, and login responses only where they can be")
  func logins() throws {
    #expect(ISCSILoginStatus(rawValue: 0x0203).words == "0x0203, target not found")
    #expect(ISCSILoginStatus(rawValue: 0x02ff).words == "0x02ff")
    var response = [UInt8](repeating: 0, count: 48)
    response[0] = 0x23
    response[36] = 2
    response[37] = 3
    #expect(
      ISCSIMessage(response[...], length: 48)
        == .loginResponse(ISCSILoginStatus(rawValue: 0x0203), isFinal: false))
    #expect(ISCSIMessage(response.dropLast(), length: 48) == nil)
    // The data that it states does not fit.
    response[7] = 1
    #expect(ISCSIMessage(response[...], length: 48) == nil)
    // Another protocol's version, and a status class that there is not.
    response[7] = 0
    response[3] = 0x74
    #expect(ISCSIMessage(response[...], length: 48) == nil)
    response[3] = 0
    response[36] = 0x74
    #expect(ISCSIMessage(response[...], length: 48) == nil)
  }

  @Test(
    "root paths that name a disk, and such that do not",
    arguments: [
      (
        "iscsi:192.0.2.1::::iqn.2026-01.example:disk1", "192.0.2.1", 3260,
        "iqn.2026-01.example:disk1"
      ),
      ("ISCSI:[2001:db8::1]:6:3261:1:iqn.a:b", "2001:db8::1", 3261, "iqn.a:b"),
      ("iscsi:server.example", "server.example", 3260, nil),
      ("iscsi:", nil, 3260, nil),
      ("http://192.0.2.1/disk.iso", "192.0.2.1", 80, nil),
    ] as [(String, String?, UInt16, String?)])
  func rootPaths(_ text: String, _ host: String?, _ port: UInt16, _ target: String?) throws {
    let path = try #require(SANPath(text))
    #expect(path.host == host)
    #expect(path.port == port)
    #expect(path.target == target)
    #expect(SANPath("192.168.100.1:/srv/nfs") == nil)
    #expect(SANPath("nfs://192.168.100.1/srv") == nil)
    #expect(SANPath("/srv/nfs") == nil)
  }
}

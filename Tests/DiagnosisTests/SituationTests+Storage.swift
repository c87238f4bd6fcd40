import Addresses
import PXEWire

@testable import Diagnosis

/// Disks of storage networks, shim's second stage, and links that go down.
extension SituationTests {
  private static let path = "iscsi:192.168.100.1::::\(Scene.target)"

  /// iPXE gets an address and a root path.
  private static func lease(_ scene: inout Scene, root: String = path) {
    scene.lease(file: nil, user: "iPXE", more: [(17, Array(root.utf8))])
    scene.arp(scene.server)
  }

  static let disks: [Situation] = [
    Situation("iPXE boots from an iSCSI disk", nil, near: "PXL024", "PXL089") {
      lease(&$0)
      $0.connect(4001, to: 3260)
      $0.accept(4001, to: 3260)
      $0.login(4001)
      $0.answerLogin(4001)
      $0.readDisk(4001)
      $0.noise(after: 60)
    },
    Situation("the login is refused at first, and the disk is read then", nil, near: "PXL089") {
      lease(&$0)
      $0.connect(4001, to: 3260)
      $0.accept(4001, to: 3260)
      $0.login(4001)
      $0.answerLogin(4001, status: 0x0301)
      $0.close(4001, to: 3260)
      $0.wait(2)
      $0.connect(4002, to: 3260)
      $0.accept(4002, to: 3260)
      $0.login(4002)
      $0.answerLogin(4002)
      $0.readDisk(4002)
      $0.noise(after: 60)
    },
    Situation("a root path, and the capture ends", Situation.unknown, near: "PXL024", "PXL089") {
      lease(&$0)
    },
    Situation("nothing listens on port 3260", "PXL089") {
      lease(&$0)
      for port in UInt16(4001)...4003 {
        $0.connect(port, to: 3260)
        $0.reset(port, to: 3260)
        $0.wait(1)
      }
    },
    Situation("port 3260 is silent", "PXL089") {
      lease(&$0)
      $0.connect(4001, to: 3260, again: 4)
      $0.noise(after: 10)
    },
    Situation("another port, which is silent", "PXL089") {
      lease(&$0, root: "iscsi:192.168.100.1::3261:1:\(Scene.target)")
      $0.connect(4001, to: 3261, again: 4)
      $0.noise(after: 10)
    },
    Situation("the target is not there", "PXL089") {
      lease(&$0)
      $0.connect(4001, to: 3260)
      $0.accept(4001, to: 3260)
      $0.login(4001)
      $0.answerLogin(4001, status: 0x0203)
      $0.close(4001, to: 3260)
      $0.noise(after: 20)
    },
    Situation("the login is not allowed", "PXL089") {
      lease(&$0)
      $0.connect(4001, to: 3260)
      $0.accept(4001, to: 3260)
      $0.login(4001)
      $0.answerLogin(4001, status: 0x0201)
      $0.noise(after: 20)
    },
    Situation("a root path without a target", "PXL089") {
      lease(&$0, root: "iscsi:192.168.100.1")
      $0.noise(after: 20)
    },
    Situation("an iSCSI disk of a running system is its own business", nil, near: "PXL089") {
      $0.boot("hello.efi")
      $0.lease(xid: 9, file: nil, architecture: nil, vendor: nil)
      $0.connect(4001, to: 3260, again: 4)
      $0.noise(after: 20)
    },
    Situation("an NFS folder as root path is nothing to boot", "PXL024") {
      $0.lease(file: nil, user: "iPXE", more: [(17, Array("192.168.100.1:/srv/nfs".utf8))])
      $0.noise(after: 20)
    },
    Situation("a root path for firmware that cannot use one", "PXL024") {
      $0.lease(file: nil, more: [(17, Array(path.utf8))])
      $0.noise(after: 20)
    },
    Situation("a disk over Ethernet", nil, near: "PXL024", "PXL089") {
      lease(&$0, root: "aoe:e0.0")
      for _ in 0..<8 {
        $0.aoe(fromClient: true)
        $0.aoe(fromClient: false)
      }
      $0.noise(after: 60)
    },
    Situation("no disk answers over Ethernet", "PXL089") {
      lease(&$0, root: "aoe:e0.0")
      for _ in 0..<8 {
        $0.aoe(fromClient: true)
        $0.wait(1)
      }
    },
  ]

  /// shim comes from a folder.
  private static func shim(
    _ scene: inout Scene, _ file: String = "uefi/shimx64.efi", inField: Bool = false
  ) {
    scene.lease(file: inField ? file : nil, more: inField ? [] : [(UInt8(67), Array(file.utf8))])
    scene.load(file, port: 2001)
  }

  private static func miss(_ scene: inout Scene, _ files: String...) {
    for (index, file) in files.enumerated() {
      scene.get(file, port: UInt16(2101 + index))
      scene.refuse(1, "File not found", port: UInt16(2101 + index))
    }
    scene.noise(after: 10)
  }

  static let secondStages: [Situation] = [
    Situation("shim asks in the root", "PXL091") {
      shim(&$0)
      miss(&$0, "revocations.efi", "grubx64.efi")
    },
    Situation("shim asks in another folder, although the file field is set", "PXL091") {
      shim(&$0, "a/b/bootx64.efi", inField: true)
      miss(&$0, "a/revocations_sbat.efi", "a/grubx64.efi")
    },
    Situation("shim asks for MokManager in the root", "PXL091") {
      shim(&$0, "boot/shimaa64.efi")
      miss(&$0, "/mmaa64.efi")
    },
    Situation("the second stage is missing in shim's own folder", "PXL007", near: "PXL091") {
      shim(&$0)
      miss(&$0, "uefi/grubx64.efi")
    },
    Situation("in shim's folder and then in the root", "PXL007", near: "PXL091") {
      shim(&$0)
      miss(&$0, "/uefi/grubx64.efi", "grubx64.efi")
    },
    Situation("shim asks in the root, and it is there", nil, near: "PXL091") {
      shim(&$0)
      $0.load("grubx64.efi", port: 2102)
    },
    Situation("load options with an octet that is no text", "PXL092") {
      shim(&$0, "loader/shimx64.efi", inField: true)
      miss(&$0, "oader/revocations.efi", "loader/\u{b0}USB")
    },
    Situation("load options that are words", "PXL092") {
      shim(&$0, inField: true)
      miss(&$0, "uefi/revocations.efi", "uefi/UEFI PXEv4")
    },
    Situation("GRUB under shim's usual name asks for its configuration", "PXL007", near: "PXL092") {
      $0.boot("bootx64.efi")
      miss(&$0, "grub/grub.cfg")
    },
    Situation("a name with octets that are no text, in DHCP", "PXL043", near: "PXL092") {
      $0.lease(file: nil, more: [(67, Array("boot.efi".utf8) + [0xb0])])
      miss(&$0, "boot.efi\u{b0}")
    },
    Situation("shim's own looks for what need not be there", nil, near: "PXL091", "PXL092") {
      shim(&$0)
      miss(&$0, "revocations_sku.efi", "shim_certificate_0.efi")
      $0.load("uefi/grubx64.efi", port: 2201)
    },
  ]

  static let resets: [Situation] = [
    Situation("iPXE is not answered where its firmware was", "PXL090") {
      $0.boot("snponly.efi")
      for second: Double in [1, 2, 4, 8] {
        $0.ask(1, xid: 5, user: "iPXE")
        $0.wait(second)
      }
    },
    Situation("iPXE is answered at the third try", nil, near: "PXL090", "PXL003") {
      $0.boot("snponly.efi")
      for second: Double in [1, 4] {
        $0.ask(1, xid: 5, user: "iPXE")
        $0.wait(second)
      }
      $0.lease(xid: 5, file: "boot.ipxe", user: "iPXE")
      $0.load("boot.ipxe", port: 2002)
    },
    Situation("iPXE of the card itself is not answered", "PXL003", near: "PXL090") {
      for second: Double in [1, 2, 4, 8] {
        $0.ask(1, xid: 5, user: "iPXE")
        $0.wait(second)
      }
    },
  ]
}

import Addresses
import PXEWire

@testable import Diagnosis

extension SituationTests {
  static let loading: [Situation] = [
    Situation("the boot server does not answer ARP", "PXL006") {
      $0.lease(next: 0xc0a8_6442)
      for _ in 0..<4 {
        $0.arp(0xc0a8_6442, answered: false)
        $0.wait(1)
      }
    },
    Situation("the first ARP request is lost", nil, near: "PXL006") {
      $0.lease(file: "hello.efi")
      $0.arp($0.server, answered: false)
      $0.wait(1)
      $0.arp($0.server)
      $0.load("hello.efi", port: 2001)
    },
    Situation("the boot server is on another network, without a router", "PXL028") {
      $0.lease(next: 0x0a00_0001)
      $0.noise(after: 10)
    },
    Situation("no TFTP server: port unreachable", "PXL028") {
      $0.lease()
      for _ in 0..<3 {
        $0.get("boot.efi", port: 2001)
        $0.unreachable(code: 3, port: 69)
        $0.wait(2)
      }
    },
    Situation("no TFTP server: silence", "PXL008") {
      $0.lease()
      $0.arp($0.server)
      for _ in 0..<4 {
        $0.get("boot.efi", port: 2001)
        $0.wait(4)
      }
    },
    Situation("option 66 names another server than siaddr", "PXL023") {
      $0.lease(more: [(66, Array("192.168.100.2".utf8))])
      for _ in 0..<4 {
        $0.get("boot.efi", port: 2001)
        $0.wait(4)
      }
    },
    Situation("the boot file is missing", "PXL007") {
      $0.lease()
      $0.get("boot.efi", port: 2001)
      $0.refuse(1, "File not found", port: 2001)
      $0.noise(after: 10)
    },
    Situation("the boot file is missing, and other ways to boot fail after it", "PXL007") {
      $0.lease()
      $0.get("boot.efi", port: 2001)
      $0.refuse(1, "File not found", port: 2001)
      for _ in 0..<4 {
        $0.ask(1, xid: 4, architecture: 16, vendor: Scene.http)
        $0.answer(2, xid: 4)
        $0.wait(8)
      }
    },
    Situation("the name ends in 0xff", "PXL043") {
      $0.lease(file: nil, more: [(67, Array("boot.efi".utf8) + [255])])
      $0.get("boot.efi\u{ff}", port: 2001)
      $0.refuse(1, "File not found", port: 2001)
      $0.noise(after: 10)
    },
    Situation("shim's second stage is missing", "PXL007") {
      $0.boot()
      $0.get("revocations.efi", port: 2002)
      $0.refuse(1, "File not found", port: 2002)
      $0.get("grubx64.efi", port: 2003)
      $0.refuse(1, "File not found", port: 2003)
      $0.noise(after: 10)
    },
    Situation("only optional files are missing", nil, near: "PXL007") {
      $0.boot()
      $0.get("revocations.efi", port: 2002)
      $0.refuse(1, "File not found", port: 2002)
      $0.load("grubx64.efi", port: 2003)
      $0.get("/grub/x86_64-efi/command.lst", port: 2004)
      $0.refuse(1, "File not found", port: 2004)
      $0.load("/grub/grub.cfg", port: 2005)
    },
    Situation("a file is missing, and its substitute is there", nil, near: "PXL007") {
      $0.boot("pxelinux.0")
      $0.get("ldlinux.e64", port: 2002)
      $0.refuse(1, "File not found", port: 2002)
      $0.load("ldlinux.c32", port: 2003)
    },
    Situation("access violation", "PXL029") {
      $0.lease()
      $0.get("boot.efi", port: 2001)
      $0.refuse(2, "Permission denied", port: 2001)
      $0.noise(after: 10)
    },
    Situation("options refused, then asked without", nil, near: "PXL029") {
      $0.lease(file: "hello.efi")
      $0.get("hello.efi", port: 2001)
      $0.refuse(8, "no options", port: 2001)
      $0.load("hello.efi", port: 2002)
    },
    Situation("the client only asks the size", nil) {
      $0.lease(file: "hello.efi")
      $0.get("hello.efi", port: 2001)
      $0.options([("tsize", "1200")], port: 2001)
      $0.abort(8, "User aborted the transfer", port: 2001)
      $0.load("hello.efi", port: 2002)
    },
    Situation("the transfer stops", "PXL008") {
      $0.lease()
      $0.get("boot.efi", port: 2001)
      $0.options([("tsize", "90000")], port: 2001)
      for block in 0...3 {
        $0.acknowledge(block, port: 2001)
        $0.data(block + 1, 512, port: 2001)
      }
      for _ in 0..<5 {
        $0.wait(2)
        $0.acknowledge(4, port: 2001)
      }
    },
    Situation("the capture ends within the transfer", Situation.unknown, near: "PXL008") {
      $0.lease()
      $0.get("boot.efi", port: 2001)
      $0.options([("tsize", "90000")], port: 2001)
      for block in 0...3 {
        $0.acknowledge(block, port: 2001)
        $0.data(block + 1, 512, port: 2001)
      }
    },
    Situation("a reset within the transfer, then it boots", nil, near: "PXL008") {
      $0.lease()
      $0.get("boot.efi", port: 2001)
      $0.data(1, 512, port: 2001)
      $0.acknowledge(1, port: 2001)
      $0.data(2, 512, port: 2001)
      $0.wait(12)
      $0.lease(xid: 2)
      $0.load("boot.efi", port: 2002)
    },
    Situation("the last acknowledgment is lost, and the last block sent again", nil) {
      $0.lease(file: "hello.efi")
      $0.load("hello.efi", port: 2001)
      $0.wait(1)
      $0.data(3, 176, port: 2001)
      $0.acknowledge(3, port: 2001)
    },
    Situation("another size than stated", "PXL030") {
      $0.lease()
      $0.load("boot.efi", port: 2001, bytes: 1000, size: 4000)
      $0.noise(after: 20)
    },
    Situation("blocks over the MTU", "PXL032") {
      $0.lease()
      $0.get("boot.efi", port: 2001, options: [("blksize", "8192")])
      $0.options([("blksize", "8192")], port: 2001)
      for _ in 0..<6 {
        $0.acknowledge(0, port: 2001)
        $0.wait(2)
      }
    },
    Situation("requests without answers, each for another file: a filter on ports", nil) {
      $0.lease(file: "shimx64.efi")
      $0.keepsServer = false
      for (index, file) in ["shimx64.efi", "grubx64.efi", "/grub/grub.cfg"].enumerated() {
        $0.get(file, port: 2001 + UInt16(index))
        $0.wait(2)
      }
      $0.noise(after: 60)
    },
    Situation("a boot ROM that takes the offered address without asking", nil) {
      $0.ask(1, architecture: 0, vendor: "PXEClient:Arch:00000:UNDI:002001")
      $0.answer(2, file: nil)
      $0.load("bootcode.bin", port: 2001)
      $0.get("SERIAL/start.elf", port: 2002)
      $0.refuse(1, "File not found", port: 2002)
      $0.load("start.elf", port: 2003)
    },
    Situation("every packet captured twice", nil) {
      $0.copies = 2
      $0.boot()
      $0.load("grubx64.efi", port: 2002)
    },
    Situation("packets cut to 128 bytes", nil) {
      $0.snapshot = 128
      $0.boot()
      $0.load("grubx64.efi", port: 2002)
      $0.noise(after: 60)
    },
    Situation("packets cut within the DHCP options", nil) {
      $0.snapshot = 300
      $0.boot()
      $0.load("grubx64.efi", port: 2002)
      $0.noise(after: 60)
    },
    Situation("U-Boot looks for a device tree", nil) {
      $0.boot("hello.efi")
      $0.get("dtb/", port: 2002)
      $0.refuse(1, "File not found", port: 2002)
    },
    Situation("every block twice, without an end", "PXL031") {
      $0.lease(file: "hello.efi")
      $0.get("hello.efi", port: 2001)
      $0.options([("tsize", "900000")], port: 2001)
      for block in 1...40 {
        for _ in 0..<2 {
          $0.data(block, 512, port: 2001)
          $0.acknowledge(block, port: 2001)
        }
        $0.wait(0.5)
      }
      $0.noise(after: 20)
    },
    Situation("large blocks are agreed, and the capture ends", Situation.unknown, near: "PXL032") {
      $0.lease()
      $0.get("boot.efi", port: 2001, options: [("blksize", "8192")])
      $0.options([("blksize", "8192")], port: 2001)
      $0.acknowledge(0, port: 2001)
    },
    Situation("option 66 names another server, and siaddr's has the file", nil, near: "PXL023") {
      $0.lease(file: "hello.efi", more: [(66, Array("192.168.100.2".utf8))])
      $0.load("hello.efi", port: 2001)
    },
    Situation("a name with a blank in it", nil, near: "PXL043") {
      $0.boot("boot files/hello.efi")
    },
    Situation("a port is closed at first", nil, near: "PXL028") {
      $0.lease(file: "hello.efi")
      $0.get("hello.efi", port: 2001)
      $0.unreachable(code: 3, port: 69)
      $0.wait(4)
      $0.load("hello.efi", port: 2002)
    },
    Situation("a file of exactly so many blocks", nil, near: "PXL030") {
      $0.lease(file: "hello.efi")
      $0.load("hello.efi", port: 2001, bytes: 1024)
      $0.noise(after: 5)
    },
    Situation("every block twice, but it arrives", nil, near: "PXL031") {
      $0.lease(file: "hello.efi")
      $0.load("hello.efi", port: 2001, bytes: 20000, again: 1)
    },
  ]

  static let running: [Situation] = [
    Situation("a BIOS program under a UEFI program's name", "PXL020") {
      $0.boot("boot.efi", begins: [0xeb, 0x3c])
      $0.noise(after: 20)
    },
    Situation("an arm64 program under a name that says nothing", "PXL020") {
      $0.boot("netboot", begins: Scene.program(machine: 0xaa64))
      $0.noise(after: 20)
    },
    Situation("a script for firmware", "PXL020") {
      $0.boot("boot.ipxe", begins: Array("#!ipxe".utf8))
      $0.wait(1)
      $0.ask(1, xid: 4, architecture: 16, vendor: Scene.http)
      $0.noise(after: 20)
    },
    Situation("a UEFI program for a BIOS", "PXL020") {
      $0.lease(file: "boot", architecture: 0, vendor: "PXEClient:Arch:00000:UNDI:002001")
      $0.load("boot", port: 2001, begins: Scene.program())
      $0.noise(after: 20)
    },
    Situation("an x64 program under an arm64 program's name", nil, near: "PXL020") {
      $0.boot("bootaa64.efi", begins: Scene.program())
      $0.noise(after: 5)
    },
    Situation("a BIOS program for UEFI", "PXL020") {
      $0.boot("pxelinux.0")
      $0.wait(1)
      for _ in 0..<3 {
        $0.ask(1, xid: 4, architecture: 16, vendor: Scene.http)
        $0.wait(8)
      }
    },
    Situation("an arm64 program for x64", "PXL020") {
      $0.boot("bootaa64.efi")
      $0.noise(after: 20)
    },
    Situation("the program is not started: the firmware goes on at once", "PXL009") {
      $0.boot("hello.efi")
      $0.wait(1)
      for _ in 0..<3 {
        $0.ask(1, xid: 4, architecture: 16, vendor: Scene.http)
        $0.wait(8)
      }
    },
    Situation("the program is started and silent", "PXL033") {
      $0.boot("ipxe.efi")
      $0.noise(after: 15)
      $0.noise(after: 15)
    },
    Situation("a program that need not ask for anything", nil, near: "PXL033") {
      $0.boot("memtest.efi")
      $0.noise(after: 60)
    },
    Situation("the capture ends with the boot file", nil) { $0.boot() },
    Situation("iPXE is given itself", "PXL025") {
      $0.boot("undionly.kpxe")
      for round in UInt32(2)...4 {
        $0.lease(xid: round, file: "undionly.kpxe", architecture: 0, user: "iPXE")
        $0.load("undionly.kpxe", port: 2000 + UInt16(round))
        $0.wait(2)
      }
    },
    Situation("iPXE is given its script", nil, near: "PXL025") {
      $0.boot("ipxe.efi")
      $0.lease(xid: 2, file: "boot.ipxe", user: "iPXE")
      $0.load("boot.ipxe", port: 2002)
    },
    Situation("the machine boots twice", nil, near: "PXL009") {
      for round in UInt32(1)...2 {
        $0.lease(xid: round, file: "shimx64.efi")
        $0.load("shimx64.efi", port: 2000 + UInt16(round))
        $0.load("grubx64.efi", port: 2010 + UInt16(round))
        $0.wait(60)
      }
    },
    Situation("GRUB loads a kernel, and the system asks for its address", nil) {
      $0.boot()
      $0.load("grubx64.efi", port: 2002)
      $0.load("vmlinuz", port: 2003)
      $0.wait(5)
      $0.lease(xid: 9, file: nil, architecture: nil, vendor: nil)
      $0.noise(after: 120)
    },
    Situation("GRUB's kernel is missing", "PXL007") {
      $0.boot()
      $0.load("grubx64.efi", port: 2002)
      $0.load("/grub/grub.cfg", port: 2003)
      $0.get("vmlinuz", port: 2004)
      $0.refuse(1, "File not found", port: 2004)
      $0.noise(after: 20)
    },
  ]
}

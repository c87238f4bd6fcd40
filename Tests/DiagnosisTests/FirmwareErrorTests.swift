import Foundation
import Testing

@testable import Diagnosis

@Suite("Errors of firmware")
struct FirmwareErrorTests {
  @Test(
    "a line that ends a boot says who gave up",
    arguments: [
      ("  PXE-E18: Server response timeout.", .pxe, "PXE-E18"),
      ("PXE-E3B: TFTP Error - File Not Found", .pxe, "PXE-E3B"),
      ("PXE-EA0: Network boot canceled by keystroke", .pxe, "PXE-EA0"),
      ("  HTTP ERROR: Resource Redirected.", .httpBoot, nil),
      ("  Error: Could not retrieve NBP file size from HTTP server.", .httpBoot, nil),
      (
        "http://192.0.2.1/boot.ipxe... Connection refused (https://ipxe.org/0f0a6095)", .ipxe,
        "ipxe.org/0f0a6095"
      ),
      ("error: timeout reading `/vmlinuz'.", .grub, nil),
      ("Unable to fetch TFTP image: TFTP Error", .shim, nil),
      ("TFTP error: 'File not found' (1)", .uBoot, nil),
      ("Retry time exceeded; starting again", .uBoot, nil),
    ] as [(String, FirmwareError.Speaker, String?)])
  func errors(_ line: String, _ speaker: FirmwareError.Speaker, _ code: String?) throws {
    let error = try #require(FirmwareError(line: line))
    #expect(error.speaker == speaker)
    #expect(error.code == code)
    #expect(!error.meaning.isEmpty)
    #expect([.pxeError, .loaderError].contains(ConsoleEvent.kind(of: line)))
  }

  @Test(
    "what healthy boots say is no error",
    arguments: [
      "iPXE 1.21.1+ -- Open Source Network Boot Firmware -- https://ipxe.org",
      "Features: DNS HTTP iSCSI TFTP AoE ELF MBOOT PXE bzImage Menu PXEXT",
      "error: no suitable video mode found.", "error: can't find command `hwmatch'.",
      "[    1.2] usb 1-1: device descriptor read/64, error -71", "PXE-EC",
      "NBP filesize is 0 Bytes",
      "[    3.1] systemd[1]: Error: Unexpected network error is a sentence of a log",
    ])
  func healthy(_ line: String) {
    #expect(FirmwareError(line: line) == nil)
  }

  @Test("docs/firmware-errors.md lists every code and sentence with its meaning")
  func documented() throws {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../docs/firmware-errors.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    for (code, meaning) in FirmwareError.pxeMeanings {
      #expect(text.contains("| \(code) | \(meaning) |"), "\(code)")
    }
    for (words, speaker, meaning) in FirmwareError.sentences {
      #expect(text.contains("| `` \(words) `` | \(speaker.rawValue) | \(meaning) |"), "\(words)")
    }
  }
}

import Foundation
import PXEWire
import Testing

@testable import Diagnosis

@Suite("Stages")
struct MachineProgressTests {
  @Test("a boot goes through its stages in order")
  func order() throws {
    let capture = try Capture("unsigned-nbp")
    var progress = MachineProgress(mac: Capture.mac)
    var stages: [Stage] = [progress.stage]
    var reader = ConsoleReader()
    let first = reader.read(Array(">>Start PXE over IPv4.".utf8), at: Timestamp(seconds: 0))
    for event in first.events { progress.observe(event).map { stages.append($0) } }
    for event in try capture.tracked().events {
      progress.observe(event).map { stages.append($0) }
    }
    let text = "\nWelcome to GRUB!\nEFI stub: UEFI Secure Boot is enabled.\n"
    for event in reader.read(Array(text.utf8), at: Timestamp(seconds: 1)).events {
      progress.observe(event).map { stages.append($0) }
    }
    stages.append(progress.conclude(.pass))
    #expect(stages == stages.sorted())
    #expect(
      stages.map(\.name).reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
        == ["defined", "firmware", "dhcp", "nbp", "loader", "kernel", "verified"])
    #expect(stages.contains(.nbp(percent: 50)))
    #expect(stages.contains(.nbp(percent: 100)))
    #expect(progress.address?.description == "192.168.100.80")
  }

  @Test("files after the boot program mean that it runs")
  func loader() throws {
    var progress = MachineProgress(mac: Capture.mac)
    for event in try Capture("secureboot").tracked().events { _ = progress.observe(event) }
    #expect(progress.stage == .loader)
  }

  @Test(
    "stages survive JSON",
    arguments: [
      Stage.defined, .firmware, .dhcp, .nbp(percent: nil), .nbp(percent: 42), .loader, .kernel,
      .verified, .failed,
    ])
  func json(_ stage: Stage) throws {
    let data = try JSONEncoder().encode(stage)
    #expect(try JSONDecoder().decode(Stage.self, from: data) == stage)
  }
}

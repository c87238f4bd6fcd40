import Control
import Diagnosis
import Foundation
import LabPlan
import Testing

@testable import Supervisor

@Suite(.timeLimit(.minutes(10))) struct MachineWatchTests {
  @Test(
    "whoever gives up on the console ends the boot, and what is tried before does not",
    arguments: [
      "BdsDxe: No bootable option or device was found.\r\n", "No bootable device.\r\n",
      "\r\ngrub> ", "error: unknown filesystem.\r\nEntering rescue mode...\r\ngrub rescue> ",
      "BdsDxe: failed to load Boot0001 \"UEFI PXEv4 (MAC:DE00000000DE)\" from PciRoot(0x0): Not Found\r\n",
    ])
  func givesUp(_ words: String) async throws {
    let watch = MachineWatch(
      plan: try machinePlan(timeoutSeconds: 3600, entries: ["PXEv4"]),
      record: LabRecord(status: try labStatus()))
    for before in [
      ">>Start PXE over IPv4.", "\r\n  PXE-E16: No valid offer received.\r\n",
      "BdsDxe: failed to load Boot0003 \"UEFI HTTPv4 (MAC:DE00000000DE)\" from PciRoot(0x0): Not Found\r\n",
      "BdsDxe: failed to load Boot0004 \"UEFI PXEv4 (MAC:DE0000000001)\" from PciRoot(0x0): Not Found\r\n",
    ] {
      await watch.read(console: Array(before.utf8))
      #expect(await !watch.isOver, "\(before)")
    }
    await watch.read(console: Array(words.utf8))
    #expect(await watch.isOver)
    await watch.waitUntilOver()
  }

  @Test func otherEntriesAreWaitedForWhereTheLabMayServeThem() async throws {
    let record = LabRecord(status: try labStatus())
    for entries in [[], ["PXEv4", "HTTPv4"]] as [Set<String>] {
      let watch = MachineWatch(
        plan: try machinePlan(timeoutSeconds: 3600, entries: entries), record: record)
      for entry in ["PXEv4", "HTTPv4"] {
        #expect(await !watch.isOver)
        await watch.read(
          console: Array(
            "BdsDxe: failed to load Boot0001 \"UEFI \(entry) (MAC:DE00000000DE)\" from P: Not Found\n"
              .utf8))
      }
      #expect(await watch.isOver == !entries.isEmpty)
    }
  }

  @Test(arguments: ["panic", "stop", "time"])
  func isOver(_ cause: String) async throws {
    let record = LabRecord(status: try labStatus())
    let watch = MachineWatch(
      plan: try machinePlan(timeoutSeconds: cause == "time" ? 0.01 : 3600), record: record)
    async let over: Void = watch.waitUntilOver()
    switch cause {
    case "panic":
      await watch.read(
        console: Array("[    1.0] Kernel panic - not syncing: VFS: no root\r\n".utf8))
    case "stop": await watch.stopped()
    default: break
    }
    await over
    // Whoever comes later does not wait either.
    await watch.waitUntilOver()
    let events = await watch.consoleEvents
    #expect(events.contains { $0.kind == .kernelPanic } == (cause == "panic"))
  }

  @Test func aVerdictIsInTheStatus() async throws {
    let record = LabRecord(status: try labStatus())
    let watch = MachineWatch(plan: try machinePlan(), record: record)
    let verdict = MachineVerdict(
      judging: Evidence(
        expectation: try #require(watch.plan.expectation), trace: nil, events: [], console: [],
        guest: nil, bootCurrentMAC: nil, bootCurrentDescription: nil, host: nil, servers: [],
        dropped: 0))
    #expect(verdict.verdict == .fail)
    await watch.conclude(verdict)
    let status = await record.current
    #expect(status.machines.map(\.verdict) == ["fail"])
  }
}

@Suite struct HexadecimalTests {
  @Test(
    arguments: [
      ("", []), ("00ff", [0, 255]), ("DeAdBeEf", [0xde, 0xad, 0xbe, 0xef]),
    ] as [(String, [UInt8])])
  func reads(_ text: String, _ bytes: [UInt8]) {
    #expect([UInt8](hexadecimal: text) == bytes)
  }

  @Test(arguments: ["0", "0g", "é0", "0x00", "+1", "-1"])
  func refuses(_ text: String) {
    #expect([UInt8](hexadecimal: text) == nil)
  }
}

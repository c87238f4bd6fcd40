import Diagnosis
import Foundation
import PXEWire
import Planning
import Testing

@testable import Node

@Suite struct BootFollowerTests {
  private static let began = Timestamp(seconds: 1000)

  @Test(
    "whoever gives up on the console ends the boot, and what is tried before does not",
    arguments: [
      "BdsDxe: No bootable option or device was found.\r\n", "No bootable device.\r\n",
      "\r\ngrub> ", "error: unknown filesystem.\r\nEntering rescue mode...\r\ngrub rescue> ",
      "BdsDxe: failed to load Boot0001 \"UEFI PXEv4 (MAC:DE00000000DE)\" from PciRoot(0x0): Not Found\r\n",
      "[    1.0] Kernel panic - not syncing: VFS: no root\r\n",
    ])
  func givesUp(_ words: String) throws {
    var boot = BootFollower(try machinePlan(entries: ["PXEv4"]), began: Self.began)
    for before in [
      ">>Start PXE over IPv4.", "\r\n  PXE-E16: No valid offer received.\r\n",
      "BdsDxe: failed to load Boot0003 \"UEFI HTTPv4 (MAC:DE00000000DE)\" from PciRoot(0x0): Not Found\r\n",
      "BdsDxe: failed to load Boot0004 \"UEFI PXEv4 (MAC:DE0000000001)\" from PciRoot(0x0): Not Found\r\n",
    ] {
      _ = boot.read(console: Array(before.utf8), at: Self.began)
      #expect(!boot.isOver, "\(before)")
    }
    _ = boot.read(console: Array(words.utf8), at: Self.began)
    #expect(boot.isOver)
  }

  @Test func otherEntriesAreWaitedForWhereTheLabMayServeThem() throws {
    for entries in [[], ["PXEv4", "HTTPv4"]] as [Set<String>] {
      var boot = BootFollower(try machinePlan(entries: entries), began: Self.began)
      for entry in ["PXEv4", "HTTPv4"] {
        #expect(!boot.isOver)
        _ = boot.read(
          console: Array(
            "BdsDxe: failed to load Boot0001 \"UEFI \(entry) (MAC:DE00000000DE)\" from P: Not Found\n"
              .utf8), at: Self.began)
      }
      #expect(boot.isOver == !entries.isEmpty)
    }
  }

  @Test func theStageIsTheNewestAndTheVerdictEndsIt() throws {
    var boot = BootFollower(try machinePlan(), began: Self.began)
    #expect(boot.stage == .defined)
    let news = boot.read(console: Array(">>Start PXE over IPv4.\r\n".utf8), at: Self.began)
    #expect(news.map(\.stage) == [.firmware])
    #expect(boot.conclude(.fail) == .failed)
    #expect(boot.stage == .failed)
  }

  @Test func aResetBelongsToTheBoot() throws {
    var boot = BootFollower(try machinePlan(), began: Self.began)
    boot.reset(at: Timestamp(seconds: 1060))
    #expect(boot.starts == [Self.began, Timestamp(seconds: 1060)])
    #expect(!boot.isOver)
  }

  @Test func itsMemoryIsBounded() throws {
    var boot = BootFollower(try machinePlan(), began: Self.began)
    for second in 0..<20_000 { boot.reset(at: Timestamp(seconds: Double(second))) }
    #expect(boot.starts.count <= 4096)
    #expect(boot.starts.last == Timestamp(seconds: 19_999))
  }
}

@Suite struct BootDeadlineTests {
  /// Seconds after the beginning: when bytes last came, and when the time is over.
  @Test(
    arguments: [
      (nil, 180), (0, 180), (100, 180), (175, 185), (300, 310), (535, 540), (5000, 540),
    ] as [(Double?, Double)])
  func aFlowMovesIt(_ flow: Double?, _ over: Double) {
    let began = Timestamp(seconds: 1000)
    let deadline = BootDeadline(limit: 180, began: began)
    let moment = deadline.moment(lastFlow: flow.map { began.adding($0) })
    #expect(moment == began.adding(over))
  }
}

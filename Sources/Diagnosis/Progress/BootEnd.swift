import Addresses
import PXEWire

/// Decides when a boot is over: the probe has reported, or whoever runs has given up and would wait
/// for a person. A boot that is to fail is over as soon as it is certain that it does.
package struct BootEnd: Sendable {
  /// The boot entries of the machine's card by which it may be booted from the lab, as OVMF names
  /// them: `PXEv4`. When all have failed the boot is over, for what is left is not waited for.
  /// Empty when that is not known.
  package let entries: Set<String>
  private let mac: MACAddress
  /// How the firmware writes the address in a boot entry's name.
  private let node: String
  private let isToFail: Bool
  private var failed: Set<String> = []
  /// Questions without a step forward after them, and when the last of them was asked.
  private var asked = 0
  private var lastAsked: Timestamp?
  private var loads: [String: Int] = [:]

  /// Questions in a row after which no answer will do: firmware asks after 0, 4, 12 and 28 s.
  private static let questions = 3
  /// Seconds within which frames of one question are captured, on all sides of all ports.
  private static let simultaneous = 0.5
  /// Loads of one file after which it is loaded for ever.
  private static let rounds = 3

  /// The end of a boot from the card with a MAC address.
  ///
  /// - Parameter isToFail: whether the lab is broken on purpose, so that nobody waits for the
  ///   firmware's patience to end.
  package init(mac: MACAddress, entries: Set<String>, isToFail: Bool = false) {
    self.entries = entries
    self.mac = mac
    self.isToFail = isToFail
    node = "MAC:" + mac.description.filter { $0 != ":" }.uppercased()
  }

  /// Whether the boot is over with this event. An iPXE that gives up is not the end: a firmware
  /// that started it tries its next entry.
  package mutating func comes(with event: ConsoleEvent) -> Bool {
    switch event.kind {
    case .report, .reportUnreadable, .kernelPanic, .noBootEntryLeft, .grubPrompt, .grubRescue:
      return true
    case .entryFailed, .refused:
      // `BdsDxe: failed to load Boot0001 "UEFI PXEv4 (MAC:DE00000000DE)" from ...: Not Found`
      guard event.text.contains("BdsDxe: failed to"), event.text.contains(node) else {
        // shim refuses what it has loaded, and waits for a key.
        return isToFail && event.kind == .refused && !event.text.contains("BdsDxe:")
      }
      for entry in entries where event.text.contains("UEFI \(entry) (") { failed.insert(entry) }
      return !entries.isEmpty && failed == entries
    default:
      return false
    }
  }

  /// Whether a boot that is to fail is over with this event: nobody answers, a file is refused, a
  /// transfer has stopped, or one file is loaded again and again.
  package mutating func comes(with event: WireEvent) -> Bool {
    guard isToFail, event.mac == mac else { return false }
    switch event.kind {
    case .dhcpDiscover, .dhcpv6Solicit:
      let isSame = lastAsked.map { event.time.seconds(since: $0) < Self.simultaneous } ?? false
      lastAsked = event.time
      if !isSame { asked += 1 }
      return asked >= Self.questions
    case .dhcpAck, .dhcpv6Reply:
      asked = 0
      return false
    case .tftpStalled:
      return !(event.tftp.map { TFTPTransfer.isOptional($0.file) } ?? false)
    case .tftpError:
      guard let file = event.tftp?.file else { return false }
      // GRUB in want of its modules says at its prompt what it is in want of.
      return !TFTPTransfer.isNotNeeded(file) && !file.hasSuffix(".mod")
    case .httpError, .httpStalled, .connectionUnanswered:
      return true
    case .tftpComplete:
      guard let file = event.tftp?.file else { return false }
      loads[file, default: 0] += 1
      // Of a system that restarts, the last round is to be whole.
      return loads[file] == (loads.count == 1 ? Self.rounds : Self.rounds + 1)
    default:
      return false
    }
  }
}

import Addresses

/// Decides when a boot is over, by its own console: the probe has reported, or whoever runs has
/// given up and would wait for a person.
public struct BootEnd: Sendable {
  /// The boot entries of the machine's card by which it may be booted from the lab, as OVMF names
  /// them: `PXEv4`. When all have failed the boot is over, for what is left is not waited for.
  /// Empty when that is not known.
  public let entries: Set<String>
  private let mac: String
  private var failed: Set<String> = []

  /// The end of a boot from the card with a MAC address.
  public init(mac: MACAddress, entries: Set<String>) {
    self.entries = entries
    self.mac = "MAC:" + mac.description.filter { $0 != ":" }.uppercased()
  }

  /// Whether the boot is over with this event. An iPXE that gives up is not the end: a firmware
  /// that started it tries its next entry.
  public mutating func comes(with event: ConsoleEvent) -> Bool {
    switch event.kind {
    case .report, .reportUnreadable, .kernelPanic, .noBootEntryLeft, .grubPrompt, .grubRescue:
      return true
    case .entryFailed, .refused:
      // `BdsDxe: failed to load Boot0001 "UEFI PXEv4 (MAC:DE00000000DE)" from ...: Not Found`
      guard event.text.contains("BdsDxe: failed to"), event.text.contains(mac) else {
        return false
      }
      for entry in entries where event.text.contains("UEFI \(entry) (") { failed.insert(entry) }
      return !entries.isEmpty && failed == entries
    default:
      return false
    }
  }
}

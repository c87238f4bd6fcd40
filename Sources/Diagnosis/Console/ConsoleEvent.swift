import PXEWire

/// A console line that says how far a boot is.
package struct ConsoleEvent: Codable, Hashable, Sendable {
  /// What the line says.
  package let kind: Kind
  /// When its last byte came.
  package let time: Timestamp
  /// The line, without escape sequences.
  package let text: String
  /// The guest's report, for `report`.
  package let report: GuestReport?
  /// What makes a report unreadable, for `reportUnreadable`.
  package let problem: String?

  /// The kinds of line.
  package enum Kind: String, Codable, Hashable, Sendable {
    /// `>>Start PXE over IPv4.`: the firmware begins a network boot.
    case startPXE
    /// `>>Start HTTP Boot over IPv4.`
    case startHTTP
    /// `Station IP address is ...`
    case stationAddress
    /// `NBP filename is ...`
    case bootFile
    /// `NBP file downloaded successfully.`
    case downloaded
    /// `PXE-E23: ...` and its like; of HTTP boot `Error: Could not retrieve NBP file size ...`.
    case pxeError
    /// iPXE, shim, GRUB or U-Boot say why they cannot go on: ``FirmwareError``.
    case loaderError
    /// `BdsDxe: loading Boot0001 ...`
    case loadingEntry
    /// `BdsDxe: starting Boot0001 ...`
    case startingEntry
    /// `BdsDxe: failed to load Boot0001 ...: Not Found`
    case entryFailed
    /// The firmware or shim refuses a program: `Access Denied`, `Security Violation`,
    /// `Verification failed`, `SBAT self-check failed`.
    case refused
    /// The firmware has tried all that it may boot from: its boot manager, its shell, SeaBIOS'
    /// `No bootable device.`
    case noBootEntryLeft
    /// SeaBIOS begins: `SeaBIOS (version ...)`.
    case biosStarting
    /// SeaBIOS tries a device: `Booting from Hard Disk...`.
    case biosBooting
    /// SeaBIOS cannot boot from it: `Boot failed: not a bootable disk`.
    case biosBootFailed
    /// `iPXE initialising devices...`: iPXE begins.
    case ipxeStarting
    /// iPXE announces itself.
    case ipxe
    /// iPXE has tried all its network cards.
    case ipxeFailed
    /// shim loads its second stage.
    case shim
    /// GRUB runs.
    case grub
    /// GRUB cannot read a file: ``error: file `/kernel' not found.``
    case grubError
    /// GRUB waits for commands, because no configuration told it what to boot, or that failed.
    case grubPrompt
    /// GRUB waits for commands because it cannot even load its own modules.
    case grubRescue
    /// The kernel runs.
    case kernel
    /// The kernel has no root file system: `VFS: Cannot open root device`, `VFS: Unable to mount`.
    case noRoot
    /// The kernel cannot start the first process that it was told to.
    case noInit
    /// The kernel gives up.
    case kernelPanic
    /// The probe's report.
    case report
    /// A line that begins as the probe's report and does not decode.
    case reportUnreadable
  }

  init(
    kind: Kind, time: Timestamp, text: String, report: GuestReport? = nil,
    problem: String? = nil
  ) {
    self.kind = kind
    self.time = time
    self.text = text
    self.report = report
    self.problem = problem
  }

  /// Words that identify a line, in order of precedence: a refusal is also a failed entry.
  private static let words: [(Kind, [String])] = [
    (
      .refused,
      ["Access Denied", "Security Violation", "Verification failed", "SBAT self-check failed"]
    ),
    (.startPXE, [">>Start PXE over"]),
    (.startHTTP, [">>Start HTTP Boot over"]),
    (.stationAddress, ["Station IP address is", "Station IPv6 address is"]),
    (.bootFile, ["NBP filename is"]),
    (.downloaded, ["NBP file downloaded successfully"]),
    (.entryFailed, ["BdsDxe: failed to"]),
    (.loadingEntry, ["BdsDxe: loading Boot"]),
    (.startingEntry, ["BdsDxe: starting Boot"]),
    (
      .noBootEntryLeft,
      [
        "No bootable option or device was found", "enter the Boot Manager Menu",
        "UEFI Interactive Shell", "No bootable device.",
      ]
    ),
    (.biosStarting, ["SeaBIOS (version "]),
    (
      .biosBooting,
      [
        "Booting from Hard Disk", "Booting from DVD/CD", "Booting from ROM", "Booting from Floppy",
      ]
    ),
    (.biosBootFailed, ["Boot failed: "]),
    (.ipxeStarting, ["iPXE initialising devices"]),
    (.ipxe, ["Open Source Network Boot Firmware"]),
    (.ipxeFailed, ["No more network devices"]),
    (.shim, ["Fetching Netboot Image"]),
    (.grub, ["Welcome to GRUB", "GNU GRUB  version"]),
    (.grubRescue, ["grub rescue>"]),
    (.grubPrompt, ["grub>"]),
    (.grubError, ["error: file `", "error: you need to load the kernel first"]),
    (.kernelPanic, ["Kernel panic - not syncing"]),
    (.noInit, ["check access for rdinit=", "Failed to execute /", "No working init found."]),
    (.noRoot, ["VFS: Cannot open root device", "VFS: Unable to mount root fs"]),
    (.kernel, ["EFI stub:", "Linux version "]),
  ]

  /// The kind of a line other than a report; `nil` for a line that says nothing of the boot.
  static func kind(of line: String) -> Kind? {
    if let known = words.first(where: { $0.1.contains { line.contains($0) } })?.0 { return known }
    return switch FirmwareError(line: line)?.speaker {
    case .pxe, .httpBoot: .pxeError
    case .ipxe, .shim, .grub, .uBoot: .loaderError
    case nil: nil
    }
  }
}

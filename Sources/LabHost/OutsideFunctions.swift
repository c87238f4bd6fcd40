import Execution
import ExternalCommand
import FileSystem
import FoundationEssentials
import Glibc
import LabStore
import Planning

/// The virtual functions of the host's cards that a lab borrows: set up for its machines, handed to
/// VFIO, and back.
struct OutsideFunctions: Sendable {
  let runner: any CommandRunner = SubprocessRunner()

  /// The driver that hands a PCI device to a guest (Documentation/driver-api/vfio.rst).
  private static let driver = "vfio-pci"

  /// Sets a function up and gives it to VFIO; what it was is journaled first.
  func lend(_ plan: VirtualFunctionPlan, journal: Journal) async throws {
    let function = plan.function
    let shown = try await runner.run(
      Command("ip", ["-json", "link", "show", "dev", function.card]))
    let former = try function.restoring(from: shown)
    try journal.append(
      .virtualFunction(
        address: function.address, driver: function.driver, restoring: former?.arguments ?? []))
    try await runner.run(plan.setting)
    try bind(function.address, to: Self.driver)
  }

  /// Gives a function back its driver and its settings.
  func takeBack(_ address: String, driver: String?, restoring: [String]) async throws {
    try bind(address, to: driver)
    if !restoring.isEmpty { try await runner.run(Command("ip", restoring)) }
  }

  /// Lets a driver have a device, or none (Documentation/ABI/testing/sysfs-bus-pci, driver_override).
  private func bind(_ address: String, to driver: String?) throws {
    let device = "/sys/bus/pci/devices/\(address)"
    // A line feed alone takes the override away.
    try write(driver == Self.driver ? "\(Self.driver)" : "\n", to: "\(device)/driver_override")
    if Files.exists("\(device)/driver") { try write(address, to: "\(device)/driver/unbind") }
    guard driver != nil else { return }
    try write(address, to: "/sys/bus/pci/drivers_probe")
    guard Files.exists("\(device)/driver") else {
      throw LabHostError(
        .host,
        "the driver \(driver ?? "") did not take \(address): is its module loaded (modprobe "
          + "\(driver ?? ""))?")
    }
  }

  private func write(_ text: String, to path: String) throws {
    try OpenFile(path, O_WRONLY).write(Data(text.utf8))
  }
}

/// This machine's /sys.
struct SystemSysfs: SysfsTree {
  func names(in folder: String) -> [String] {
    (try? Files.names(in: folder)) ?? []
  }

  func text(at path: String) -> String? { try? Files.text(of: path) }

  func link(at path: String) -> String? {
    try? FileManager.default.destinationOfSymbolicLink(atPath: path)
  }
}

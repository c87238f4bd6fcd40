import Addresses
import Execution
import ExternalCommand
import FoundationEssentials

/// Which hardware address an IP address on the link belongs to.
protocol NeighborTable: Sendable {
  /// The hardware addresses that an address is known to have; none for a stranger.
  ///
  /// - Throws: `CommandError`, or an error of an answer that cannot be read.
  func hardwareAddresses(of address: IPAddress) async throws -> [MACAddress]
}

/// The kernel's table of this network namespace (ip-neighbour(8)).
struct KernelNeighborTable: NeighborTable {
  private let runner: any CommandRunner

  /// The table.
  init(runner: any CommandRunner = SubprocessRunner()) {
    self.runner = runner
  }

  /// The hardware addresses that the kernel has found out, or was told.
  func hardwareAddresses(of address: IPAddress) async throws -> [MACAddress] {
    let answer = try await runner.run(
      Command("ip", ["-json", "neighbour", "show", "to", "\(address)"]))
    return try Self.decode(answer, address: address)
  }

  /// Reads what ip(8) says; entries of other addresses, and those that were never answered, have
  /// none.
  static func decode(_ answer: String, address: IPAddress) throws -> [MACAddress] {
    struct Entry: Decodable {
      var dst: String
      var lladdr: String?
    }
    // Older ones print nothing at all for an empty table.
    guard answer.contains(where: { !$0.isWhitespace }) else { return [] }
    return try JSONDecoder().decode([Entry].self, from: Data(answer.utf8))
      .filter { IPAddress($0.dst) == address }.compactMap { $0.lladdr.flatMap { MACAddress($0) } }
  }
}

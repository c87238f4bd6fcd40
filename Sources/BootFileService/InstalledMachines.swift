import Addresses
import FileSystem
import HTTPService

/// Machines report here that they are installed: `POST /installed/MAC`. From then on the DHCP server
/// tells them to boot on from their disks.
///
/// A machine can report itself alone: the address that the request comes from must be the one of that
/// MAC address in the neighbour table. A request over HTTPS comes from stunnel, and is refused.
struct InstalledMachines: Sendable {
  private let folder: String
  private let neighbors: any NeighborTable
  private let most: Int

  /// The reports in a folder.
  ///
  /// - Parameters:
  ///   - folder: what the DHCP server reads (`dhcp-hostsdir`, dnsmasq(8)).
  ///   - most: how many machines can be in it.
  init(folder: String, neighbors: any NeighborTable, most: Int = 4096) {
    self.folder = folder
    self.neighbors = neighbors
    self.most = most
  }

  /// 204 once the machine is noted, 403 to everybody else, 507 when there are too many.
  func answer(to request: HTTPRequest) async -> HTTPResponse {
    guard request.method == "POST" else {
      return HTTPResponse(status: 405, fields: ["Allow": "POST"])
    }
    let parts = request.path.split(separator: "/")
    guard parts.count == 2, let mac = MACAddress(String(parts[1])) else {
      return HTTPResponse(status: 400)
    }
    do {
      guard case .host(let client, _)? = request.peer,
        try await neighbors.hardwareAddresses(of: client).contains(mac)
      else { return HTTPResponse(status: 403) }
      let path = "\(folder)/\(mac)"
      if Files.exists(path) { return HTTPResponse(status: 204) }
      guard try Files.names(in: folder).count < most else {
        return HTTPResponse(status: 507)
      }
      try Files.write("\(mac),set:installed\n", to: path, mode: 0o644)
      return HTTPResponse(status: 204)
    } catch {
      try? StandardStream.error.write("\(mac) cannot be told to be installed: \(error)\n")
      return HTTPResponse(status: 500)
    }
  }
}

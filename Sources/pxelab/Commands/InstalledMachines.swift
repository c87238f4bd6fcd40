import Addresses
import FileSystem
import FlyingFox

/// Machines report here that they are installed: `POST /installed/MAC`. From then on the DHCP server
/// tells them to boot on from their disks.
struct InstalledMachines: HTTPHandler {
  /// The folder that the DHCP server reads (`dhcp-hostsdir`, dnsmasq(8)).
  let folder: String

  func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    let name = request.path.split(separator: "/").last.map(String.init)
    guard let mac = name.flatMap({ MACAddress($0) }) else {
      return HTTPResponse(statusCode: .badRequest)
    }
    try Files.write("\(mac),set:installed\n", to: "\(folder)/\(mac)", mode: 0o644)
    return HTTPResponse(statusCode: .noContent)
  }
}

import Addresses
import ExternalCommand
import LabManifest

/// A server of the user's own, which stands in the built-in one's place: in its namespace, with its
/// address.
package struct ServerCommand: Codable, Sendable, Hashable {
  /// The program: a name to be looked up, an absolute path, or one from ``workingDirectory``.
  package var program: String
  /// Its arguments, every variable filled in.
  package var arguments: [String]
  /// Its variables, beyond the supervisor's.
  package var environment: [String: String]
  /// The folder that it runs in: the manifests'.
  package var workingDirectory: String

  /// The command of a server, from the words in lab.yaml; `nil` when there are none.
  init?(_ words: [String], of server: ServerPlan, workingDirectory: String) {
    let variables = server.variables
    let expanded = words.map { VariableReferences.expand($0, with: variables) }
    guard let program = expanded.first else { return nil }
    self.program = program
    arguments = Array(expanded.dropFirst())
    environment = variables
    self.workingDirectory = workingDirectory
  }

  /// As a person would type it.
  package var text: String { Command(program, arguments).shellText }
}

extension ServerPlan {
  /// The interface in the server's namespace.
  package static let interface = "eth0"

  /// What the environment of a program in the server's place says of that place; the names are
  /// `BootServer.variables`.
  package var variables: [String: String] {
    var variables = [
      "PXELAB_ATTACHMENT": attachment,
      "PXELAB_INTERFACE": Self.interface,
      "PXELAB_ADDRESS": "\(address.address)",
      "PXELAB_PREFIX_LENGTH": "\(address.prefixLength)",
      "PXELAB_NETMASK": "\(address.netmask)",
      "PXELAB_NETWORK": "\(address.network)",
      "PXELAB_VLAN": "\(vlan?.rawValue ?? 0)",
      "PXELAB_RANGE_START": "\(rangeStart)",
      "PXELAB_RANGE_END": "\(rangeEnd)",
      "PXELAB_LEASE_SECONDS": "\(leaseSeconds)",
      "PXELAB_DIRECTORY": directory,
    ]
    if image != nil { variables["PXELAB_ROOT"] = servedRoot }
    if let ipv6 { variables["PXELAB_IPV6_ADDRESS"] = "\(ipv6.address)" }
    if let certificate {
      variables["PXELAB_CERTIFICATE"] = certificate.certificate
      variables["PXELAB_CERTIFICATE_KEY"] = certificate.key
    }
    // Architecture 7 is x64 UEFI (RFC 4578 section 2.1); 0 is BIOS.
    variables["PXELAB_BOOT_FILE"] = bootFiles[7] ?? bootFiles[0]
    return variables
  }
}

import Addresses
import ExternalCommand
import LabManifest

/// A DHCP option beyond those that booting needs.
package struct ServedOption: Codable, Sendable, Hashable {
  /// The option's code (RFC 2132 and later), 1 to 254.
  package var number: Int
  /// The value as dnsmasq writes it.
  package var value: String

  /// An option.
  package init(number: Int, value: String) {
    self.number = number
    self.value = value
  }
}

/// A server's half of an IPv6 network: DHCPv6, router advertisements, TFTP and HTTP.
package struct ServedIPv6Network: Codable, Sendable, Hashable {
  /// The server's address in a network whose prefix is 64 bits long, as router advertisements and
  /// DHCPv6 need it.
  package var address: IPv6Address
  /// The first address that is leased.
  package var rangeStart: IPv6Address { IPv6Address(high: address.high, low: 0x1000) }
  /// The last address that is leased.
  package var rangeEnd: IPv6Address { IPv6Address(high: address.high, low: 0x1fff) }

  /// The network of a server.
  package init(address: IPv6Address) {
    self.address = address
  }
}

/// What is served on one network attachment.
package struct ServerPlan: Codable, Sendable, Hashable {
  /// The attachment's name as lab.yaml writes it: `namespace/name` where the name alone is not
  /// the only one of its kind in the lab.
  package var attachment: String
  /// The image that it serves; `nil` for none, which only a server by command can do without.
  package var image: String?
  /// The device on the bridge.
  package var port: String
  /// The VLAN that the server is an access port of; `nil` is the bridge's untagged one.
  package var vlan: VLANID?
  /// The server's address and network.
  package var address: IPv4Network
  /// The first address that is leased.
  package var rangeStart: IPv4Address
  /// The last address that is leased.
  package var rangeEnd: IPv4Address
  /// The lease time in seconds.
  package var leaseSeconds: Int
  /// The folder whose files are served by TFTP and HTTP.
  package var root: String
  /// The NBP by client architecture (DHCP option 93, RFC 4578 section 2.1).
  package var bootFiles: [Int: String]
  /// The script for clients that are iPXE already; `nil` gives them what other clients get.
  package var iPXEBootFile: String?
  /// The ways by which it boots clients.
  package var methods: [BootMethod]
  /// Its IPv6 network; `nil` for none.
  package var ipv6: ServedIPv6Network?
  /// Further DHCP options.
  package var options: [ServedOption]
  /// The files under `root` that are signed with the lab's own key.
  package var signedFiles: [String]?
  /// Where the server's files are.
  package var directory: String
  /// The program that serves instead of dnsmasq and the HTTP server; `nil` for those.
  package var command: ServerCommand?
  /// Its certificate, where a method is HTTPS.
  package var certificate: ServerCertificate?

  /// A server.
  package init(
    attachment: String, image: String?, port: String, vlan: VLANID?, address: IPv4Network,
    rangeStart: IPv4Address, rangeEnd: IPv4Address, leaseSeconds: Int, root: String,
    bootFiles: [Int: String], iPXEBootFile: String? = nil,
    methods: [BootMethod] = BootMethod.usual, ipv6: ServedIPv6Network? = nil,
    options: [ServedOption], directory: String, command: ServerCommand? = nil
  ) {
    self.attachment = attachment
    self.image = image
    self.port = port
    self.vlan = vlan
    self.address = address
    self.rangeStart = rangeStart
    self.rangeEnd = rangeEnd
    self.leaseSeconds = leaseSeconds
    self.root = root
    self.bootFiles = bootFiles
    self.iPXEBootFile = iPXEBootFile
    self.methods = methods
    self.ipv6 = ipv6
    self.options = options
    self.directory = directory
    self.command = command
  }

  /// The network namespace that it runs in.
  package var networkNamespace: String { Self.fileName(attachment) }

  /// What its namespace needs beyond what every port's has.
  package var setUp: [Command] {
    guard let ipv6 else { return [] }
    // Nobody else can have the address, and a server must be there when its machines start.
    return [
      Command(
        "ip",
        [
          "-netns", networkNamespace, "address", "replace", "\(ipv6.address)/64", "dev",
          Self.interface, "nodad",
        ])
    ]
  }

  /// What the server says.
  package var log: String {
    command == nil ? "\(directory)/dnsmasq.log" : "\(directory)/server.log"
  }

  /// What was asked of the HTTP server: a line for each request.
  package var accessLog: String { "\(directory)/http.log" }

  /// What stunnel says, which ends TLS for the HTTP server.
  package var tlsLog: String { "\(directory)/stunnel.log" }

  /// The configuration of stunnel, where it runs.
  package var stunnelConfigurationPath: String { "\(directory)/stunnel.conf" }

  /// All addresses that it serves at, as text.
  package var addresses: [String] {
    ["\(address.address)"] + (ipv6.map { ["\($0.address)"] } ?? [])
  }

  /// Where the machines are that have reported to be installed: a file for each, which dnsmasq
  /// reads when it appears.
  package var installedFolder: String { "/run/pxelab-installed/\(networkNamespace)" }

  /// Where the lab keeps the files of its image, for servers whose own nobody has made; `nil` without one.
  package var keptImage: String? {
    guard let image, let end = directory.lastIndex(of: "/") else { return nil }
    return LabPaths(directory: String(directory[..<end]), stores: "").image(image)
  }

  /// Where the served folder stands in the sandbox: readable by the user that dnsmasq becomes,
  /// whatever the permissions of the folders above the image store are.
  package var servedRoot: String { "/run/pxelab/\(networkNamespace)" }

  /// An attachment's name as the name of a file. Names are RFC 1123 labels, so none has a dot.
  static func fileName(_ attachment: String) -> String {
    String(attachment.map { $0 == "/" ? "." : $0 })
  }
}

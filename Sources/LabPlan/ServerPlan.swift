import Addresses
import ExternalCommand
import LabManifest

/// A DHCP option beyond those that booting needs.
public struct ServedOption: Codable, Sendable, Hashable {
  /// The option's code (RFC 2132 and later), 1 to 254.
  public var number: Int
  /// The value as dnsmasq writes it.
  public var value: String

  /// An option.
  public init(number: Int, value: String) {
    self.number = number
    self.value = value
  }
}

/// A server's half of an IPv6 network: DHCPv6, router advertisements, TFTP and HTTP.
public struct ServedIPv6Network: Codable, Sendable, Hashable {
  /// The server's address in a network whose prefix is 64 bits long, as router advertisements and
  /// DHCPv6 need it.
  public var address: IPv6Address
  /// The first address that is leased.
  public var rangeStart: IPv6Address { IPv6Address(high: address.high, low: 0x1000) }
  /// The last address that is leased.
  public var rangeEnd: IPv6Address { IPv6Address(high: address.high, low: 0x1fff) }

  /// The network of a server.
  public init(address: IPv6Address) {
    self.address = address
  }
}

/// What is served on one network attachment.
public struct ServerPlan: Codable, Sendable, Hashable {
  /// The attachment's name as lab.yaml writes it: `namespace/name` where the name alone is not
  /// the only one of its kind in the lab.
  public var attachment: String
  /// The image that it serves; `nil` for none, which only a server by command can do without.
  public var image: String?
  /// The device on the bridge.
  public var port: String
  /// The VLAN that the server is an access port of; `nil` is the bridge's untagged one.
  public var vlan: VLANID?
  /// The server's address and network.
  public var address: IPv4Network
  /// The first address that is leased.
  public var rangeStart: IPv4Address
  /// The last address that is leased.
  public var rangeEnd: IPv4Address
  /// The lease time in seconds.
  public var leaseSeconds: Int
  /// The folder whose files are served by TFTP and HTTP.
  public var root: String
  /// The NBP by client architecture (DHCP option 93, RFC 4578 section 2.1).
  public var bootFiles: [Int: String]
  /// The script for clients that are iPXE already; `nil` gives them what other clients get.
  public var iPXEBootFile: String?
  /// The ways by which it boots clients.
  public var methods: [BootMethod]
  /// Its IPv6 network; `nil` for none.
  public var ipv6: ServedIPv6Network?
  /// Further DHCP options.
  public var options: [ServedOption]
  /// The files under `root` that are signed with the lab's own key.
  public var signedFiles: [String]?
  /// Where the server's files are.
  public var directory: String
  /// The program that serves instead of dnsmasq and the HTTP server; `nil` for those.
  public var command: ServerCommand?
  /// Its certificate, where a method is HTTPS.
  public var certificate: ServerCertificate?

  /// A server.
  public init(
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
  public var networkNamespace: String { Self.fileName(attachment) }

  /// What its namespace needs beyond what every port's has.
  public var setUp: [Command] {
    guard let ipv6 else { return [] }
    // Nobody else can have the address, and a server must be there when its machines start.
    return [
      Command(
        "ip",
        [
          "-netns", networkNamespace, "address", "add", "\(ipv6.address)/64", "dev",
          Self.interface, "nodad",
        ])
    ]
  }

  /// What the server says.
  public var log: String { command == nil ? "\(directory)/dnsmasq.log" : "\(directory)/server.log" }

  /// What was asked of the HTTP server: a line for each request.
  public var accessLog: String { "\(directory)/http.log" }

  /// What stunnel says, which ends TLS for the HTTP server.
  public var tlsLog: String { "\(directory)/stunnel.log" }

  /// The configuration of stunnel, where it runs.
  public var stunnelConfigurationPath: String { "\(directory)/stunnel.conf" }

  /// All addresses that it serves at, as text.
  public var addresses: [String] { ["\(address.address)"] + (ipv6.map { ["\($0.address)"] } ?? []) }

  /// Where the machines are that have reported to be installed: a file for each, which dnsmasq
  /// reads when it appears.
  public var installedFolder: String { "/run/pxelab-installed/\(networkNamespace)" }

  /// Where the served folder stands in the sandbox: readable by the user that dnsmasq becomes,
  /// whatever the permissions of the folders above the image store are.
  public var servedRoot: String { "/run/pxelab/\(networkNamespace)" }

  /// An attachment's name as the name of a file. Names are RFC 1123 labels, so none has a dot.
  static func fileName(_ attachment: String) -> String {
    String(attachment.map { $0 == "/" ? "." : $0 })
  }
}

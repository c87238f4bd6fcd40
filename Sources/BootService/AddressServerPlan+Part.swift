import ExternalCommand
import FileSystem
import Parts
import Planning

extension AddressServerPlan {
  /// The program: dnsmasq, in the namespace at the end of its own port.
  ///
  /// - Parameter role: whose it is; of several nodes each has one.
  package func part(of role: NodeRole) -> Part {
    Part(
      title: role.title(of: "dnsmasq (ipam) of \(attachment)"),
      start: .foreground(
        Command("dnsmasq", ["--keep-in-foreground", "--conf-file=\(configurationPath)"]),
        readyFile: pidFile),
      networks: [attachment], namespace: networkNamespace, configuration: configuration, log: log,
      note: note, policy: PartPolicy(isUrgent: true),
      prepare: { try Files.write(configuration, to: configurationPath) })
  }
}

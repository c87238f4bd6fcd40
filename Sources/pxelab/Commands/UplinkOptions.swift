import ArgumentParser
import Planning

/// The options that join a lab to a real network.
struct UplinkOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      """
      Join this interface of the host's to the lab's bridge as a trunk, as root. The host is without \
      it until the lab is down. With several bridges: BRIDGE=INTERFACE. May be repeated.
      """, valueName: "interface"))
  var uplink: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Let the DHCP of this attachment out of the uplink, which none is otherwise. May be repeated.",
      valueName: "attachment"))
  var serveUplink: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      """
      Give the machines of this SR-IOV resource virtual functions of this card, as root. Without it \
      they have access ports. May be repeated.
      """, valueName: "resource=card"))
  var sriov: [String] = []

  /// What is asked for.
  var request: UplinkRequest { UplinkRequest(interfaces: uplink, served: serveUplink) }
}

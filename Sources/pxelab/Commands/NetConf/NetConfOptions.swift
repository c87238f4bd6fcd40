import ArgumentParser
import NetworkAttachment

/// What `pxelab netconf new` is told of addresses.
struct AddressOptions: ParsableArguments {
  @Option(name: .long, help: "Addresses that static gives every port, with commas.")
  var addresses: String?

  @Flag(name: .long, help: "The node has the gateway's address (isGateway).")
  var gateway = false

  @Flag(name: .long, help: "The same, and it is the ports' default route (isDefaultGateway).")
  var defaultGateway = false

  @Flag(name: .long, help: "Hide the ports' addresses behind the node's (ipMasq).")
  var ipMasq = false

  func apply(to draft: inout NetworkAttachmentDraft) {
    draft.addresses = addresses
    draft.isGateway = gateway || defaultGateway
    draft.isDefaultGateway = defaultGateway
    draft.masquerades = ipMasq
  }
}

/// What `pxelab netconf new` is told of an SR-IOV attachment.
struct VirtualFunctionOptions: ParsableArguments {
  /// `on` or `off`.
  enum Switch: String, ExpressibleByArgument, CaseIterable {
    case on
    case off
  }

  @Option(name: .long, help: "The 802.1p priority of the VLAN's tags, 0 to 7 (vlanQoS).")
  var vlanQos: Int?

  @Option(name: .long, help: "802.1q or 802.1ad (vlanProto).")
  var vlanProto: String?

  @Option(name: .long, help: "Whether the guest may change its MAC and go promiscuous.")
  var trust: Switch?

  @Option(name: .long, help: "auto, enable or disable (link_state).")
  var linkState: String?

  @Option(name: .long, help: "The least that is sent, in Mbit/s (min_tx_rate).")
  var minTxRate: Int?

  @Option(name: .long, help: "The most that is sent, in Mbit/s (max_tx_rate).")
  var maxTxRate: Int?

  @Option(name: .long, help: "How many functions the card gets (nmstate; 8 unless said).")
  var vfs: Int?

  func apply(to draft: inout NetworkAttachmentDraft) {
    draft.priority = vlanQos
    draft.tagProtocol = vlanProto
    draft.trust = trust.map { $0 == .on }
    draft.linkState = linkState
    draft.minimumRate = minTxRate
    draft.maximumRate = maxTxRate
    draft.virtualFunctions = vfs
  }
}

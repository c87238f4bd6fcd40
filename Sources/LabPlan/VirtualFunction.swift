import Addresses
import ExternalCommand
import NetworkAttachment

/// A virtual function of a network card.
public struct VirtualFunction: Codable, Sendable, Hashable {
  /// The card's interface, its physical function.
  public var card: String
  /// Its number on the card, from 0.
  public var index: Int
  /// Its PCI address: `0000:3b:02.1`.
  public var address: String

  /// A function.
  public init(card: String, index: Int, address: String) {
    self.card = card
    self.index = index
    self.address = address
  }

  /// What sets the function up as the `sriov` plugin does (pkg/sriov/sriov.go, `ApplyVFConfig`).
  ///
  /// - Parameter mac: the machine's address; `nil` leaves the function's.
  public func setting(_ config: SRIOVConfig, mac: MACAddress?) -> Command {
    var words = ["link", "set", "dev", card, "vf", "\(index)"]
    if let mac { words += ["mac", "\(mac)"] }
    words += ["vlan", "\(config.vlan?.rawValue ?? 0)"]
    if config.vlan != nil {
      if config.priority != 0 { words += ["qos", "\(config.priority)"] }
      if config.tagProtocol == .service { words += ["proto", "802.1ad"] }
    }
    if let check = config.spoofCheck { words += ["spoofchk", check ? "on" : "off"] }
    if let trust = config.trust { words += ["trust", trust ? "on" : "off"] }
    if let state = config.linkState { words += ["state", state] }
    if let rate = config.minimumRate { words += ["min_tx_rate", "\(rate)"] }
    if let rate = config.maximumRate { words += ["max_tx_rate", "\(rate)"] }
    return Command("ip", words)
  }
}

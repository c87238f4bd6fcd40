import Addresses
import ExternalCommand
import FoundationEssentials
import NetworkAttachment

/// A virtual function of a network card.
package struct VirtualFunction: Codable, Sendable, Hashable {
  /// The card's interface, its physical function.
  package var card: String
  /// Its number on the card, from 0.
  package var index: Int
  /// Its PCI address: `0000:3b:02.1`.
  package var address: String
  /// The driver that has it now; `nil` for none.
  package var driver: String?
  /// Whether it is in an IOMMU group, without which a guest cannot have it.
  package var hasIOMMUGroup: Bool

  /// A function.
  package init(
    card: String, index: Int, address: String, driver: String? = nil, hasIOMMUGroup: Bool = false
  ) {
    self.card = card
    self.index = index
    self.address = address
    self.driver = driver
    self.hasIOMMUGroup = hasIOMMUGroup
  }

  /// What sets the function up as the `sriov` plugin does (pkg/sriov/sriov.go, `ApplyVFConfig`).
  ///
  /// - Parameter mac: the machine's address; `nil` leaves the function's.
  package func setting(_ config: SRIOVConfig, mac: MACAddress?) -> Command {
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

  /// What gives the function back the settings that it has now.
  ///
  /// - Parameter json: what `ip -json link show dev CARD` prints.
  /// - Returns: `nil` where the card says nothing of the function.
  package func restoring(from json: String) throws -> Command? {
    struct Card: Decodable {
      struct Function: Decodable {
        struct VLAN: Decodable {
          var vlan: Int?
          var qos: Int?
          var `protocol`: String?
        }
        struct Rate: Decodable {
          var max_tx: Int?
          var min_tx: Int?
        }
        var vf: Int?
        var address: String?
        var vlan_list: [VLAN]?
        var rate: Rate?
        var spoofchk: Bool?
        var trust: Bool?
        var state: String?
        enum CodingKeys: String, CodingKey {
          case vf, address, vlan_list, rate, spoofchk, trust
          case state = "link-state"
        }
      }
      var vfinfo_list: [Function]?
    }
    let cards = try JSONDecoder().decode([Card].self, from: Data(json.utf8))
    guard let former = cards.first?.vfinfo_list?.first(where: { $0.vf == index }) else {
      return nil
    }
    var words = ["link", "set", "dev", card, "vf", "\(index)"]
    if let mac = former.address { words += ["mac", mac] }
    let vlan = former.vlan_list?.first
    words += ["vlan", "\(vlan?.vlan ?? 0)"]
    if let qos = vlan?.qos, qos != 0 { words += ["qos", "\(qos)"] }
    if let tag = vlan?.protocol, tag.lowercased() == "802.1ad" { words += ["proto", "802.1ad"] }
    if let check = former.spoofchk { words += ["spoofchk", check ? "on" : "off"] }
    if let trust = former.trust { words += ["trust", trust ? "on" : "off"] }
    if let state = former.state, ["auto", "enable", "disable"].contains(state) {
      words += ["state", state]
    }
    if let rate = former.rate {
      words += ["min_tx_rate", "\(rate.min_tx ?? 0)", "max_tx_rate", "\(rate.max_tx ?? 0)"]
    }
    return Command("ip", words)
  }
}

/// The part of /sys that says what devices there are.
package protocol SysfsTree: Sendable {
  /// The names in a folder, sorted; none where there is no such folder.
  func names(in folder: String) -> [String]
  /// A file's text; `nil` where there is none.
  func text(at path: String) -> String?
  /// Where a symbolic link leads; `nil` where there is none.
  func link(at path: String) -> String?
}

/// The virtual functions that there are, by their cards (Documentation/ABI/testing/sysfs-bus-pci).
package struct VirtualFunctionInventory: Codable, Sendable, Hashable {
  /// The functions of each card that can have some, in their numbers' order.
  package let functions: [String: [VirtualFunction]]

  /// Looks for them in a tree.
  package init(_ tree: some SysfsTree) {
    var functions: [String: [VirtualFunction]] = [:]
    for card in tree.names(in: "/sys/class/net") {
      let device = "/sys/class/net/\(card)/device"
      guard let text = tree.text(at: "\(device)/sriov_numvfs"),
        let count = Int(text.prefix { !$0.isWhitespace })
      else { continue }
      functions[card] = (0..<max(0, count)).compactMap { index in
        let link = "\(device)/virtfn\(index)"
        guard let address = Self.lastName(tree.link(at: link)) else { return nil }
        let place = "/sys/bus/pci/devices/\(address)"
        return VirtualFunction(
          card: card, index: index, address: address,
          driver: Self.lastName(tree.link(at: "\(place)/driver")),
          hasIOMMUGroup: tree.link(at: "\(place)/iommu_group") != nil)
      }
    }
    self.functions = functions
  }

  private static func lastName(_ path: String?) -> String? {
    path?.split(separator: "/").last.map(String.init)
  }
}

import Addresses
import NetworkAttachment

/// What a bridge's ports ask for that Open vSwitch has no column for, as OpenFlow rules
/// (ovs-actions(7)) around its own switching.
///
/// | table | does |
/// |---|---|
/// | 0 | drops frames whose source MAC is not the port's |
/// | 1 | sends frames of a VLAN that leaves a second port untagged to that port too |
/// | 2 | learns who is behind other ports than one with hairpin, and sends back what is for none |
/// | 3 | what was learned |
/// | 4 | sends back, or not |
struct OpenVSwitchFlows {
  /// Marks a rule's purpose, so that its counters are found again.
  enum Cookie: UInt64 {
    case macSpoofCheck = 0x10
    case secondUntagged = 0x20
    case hairpin = 0x30
  }

  let bridge: BridgePlan

  /// Whether the bridge needs any rule.
  var isNeeded: Bool {
    bridge.ports.contains {
      $0.allowedSource != nil || $0.isHairpin || !secondUntagged(of: $0).isEmpty
    }
  }

  /// The rules as `ovs-ofctl replace-flows` reads them.
  var lines: [String] {
    ["table=0,priority=0,actions=resubmit(,1)", "table=1,priority=0,actions=resubmit(,2)"]
      + numbered.flatMap(sourceCheck) + numbered.flatMap(secondUntagged) + hairpin
  }

  private var numbered: [(number: Int, port: PortPlan)] {
    zip(bridge.flowNumbers, bridge.ports).map { ($0, $1) }
  }

  private func sourceCheck(_ number: Int, _ port: PortPlan) -> [String] {
    guard let mac = port.allowedSource else { return [] }
    let match = "table=0,cookie=\(Cookie.macSpoofCheck.rawValue)"
    return [
      "\(match),priority=20,in_port=\(number),dl_src=\(mac),actions=resubmit(,1)",
      "\(match),priority=10,in_port=\(number),actions=drop",
    ]
  }

  /// VLANs that leave a port untagged though it is an access port of another.
  private func secondUntagged(of port: PortPlan) -> [VLANID] {
    guard let pvid = port.vlans.pvid else { return [] }
    return port.vlans.untagged.filter { $0 != pvid }
  }

  /// Broadcast, multicast and the machine's own frames, of a VLAN that leaves other ports untagged
  /// besides its own access ports.
  private func secondUntagged(_ number: Int, _ port: PortPlan) -> [String] {
    guard let pvid = port.vlans.pvid else { return [] }
    let others = numbered.filter { other in
      other.number != number && secondUntagged(of: other.port).contains(pvid)
        && !(port.isIsolated && other.port.isIsolated)
    }
    guard !others.isEmpty else { return [] }
    let match =
      "table=1,cookie=\(Cookie.secondUntagged.rawValue),priority=10,in_port=\(number),"
      + Self.untagged
    let outputs = others.map { "output:\($0.number)" }.joined(separator: ",")
    return ["\(match),dl_dst=\(Self.group),actions=\(outputs),resubmit(,2)"]
      + others.compactMap { other in
        other.port.mac.map {
          "\(match),dl_dst=\($0),actions=output:\(other.number),resubmit(,2)"
        }
      }
  }

  private var hairpin: [String] {
    // An isolated port is isolated from itself too.
    let ports = numbered.filter { $0.port.isHairpin && !$0.port.isIsolated }
    let rule = "cookie=\(Cookie.hairpin.rawValue)"
    guard !ports.isEmpty else { return ["table=2,priority=0,actions=NORMAL"] }
    func learn(for number: Int) -> String {
      "learn(table=3,hard_timeout=300,priority=10,in_port=\(number),"
        + "NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],load:1->NXM_NX_REG0[0])"
    }
    let learning = ports.map { "\(learn(for: $0.number))," }
    return [
      "table=2,priority=0,\(rule),actions=\(learning.joined())NORMAL",
      // Not forwarded by any bridge (IEEE 802.1Q-2018 table 8-1).
      "table=2,priority=30,\(rule),dl_dst=01:80:c2:00:00:00/ff:ff:ff:ff:ff:f0,actions=NORMAL",
      "table=4,priority=10,\(rule),reg0=0/1,actions=NORMAL,in_port",
      "table=4,priority=0,\(rule),actions=NORMAL",
    ]
      + ports.flatMap { number, port in
        let others = zip(ports, learning).filter { $0.0.number != number }.map(\.1).joined()
        return carried(by: port).map { vlan in
          "table=2,priority=20,\(rule),in_port=\(number)\(vlan),"
            + "actions=\(others)resubmit(,3),resubmit(,4)"
        } + ["table=2,priority=10,\(rule),in_port=\(number),actions=NORMAL"]
      }
  }

  /// Matches for the frames that the port takes in.
  private func carried(by port: PortPlan) -> [String] {
    if !bridge.filtersVLANs { return [""] }
    let tags = port.vlans.tagged.filter { $0 != port.vlans.pvid }.map { ",dl_vlan=\($0)" }
    return (port.vlans.pvid == nil ? [] : [",\(Self.untagged)"]) + tags
  }

  private static let group = "01:00:00:00:00:00/01:00:00:00:00:00"
  private static let untagged = "vlan_tci=0x0000/0x1fff"
}

extension BridgePlan {
  /// Whether Open vSwitch needs OpenFlow rules for the bridge's ports.
  package var needsFlows: Bool { OpenVSwitchFlows(bridge: self).isNeeded }

  /// The OpenFlow numbers that the ports ask for, in the order of the list, on a bridge that needs
  /// rules. They come from the devices' names, so that a port more or less changes no other's.
  package var flowNumbers: [Int] {
    var taken: Set<Int> = []
    var numbers: [String: Int] = [:]
    for device in ports.map(\.device).sorted() {
      // ofp_port_no in OpenFlow 1.0: 1 to 0xfeff.
      var number = Int(StableIdentity.digest(device) % 0xfeff)
      while !taken.insert(number).inserted { number = (number + 1) % 0xfeff }
      numbers[device] = number + 1
    }
    return ports.map { numbers[$0.device] ?? 1 }
  }
}

import Addresses

/// `ovs-ofctl dump-flows` (ovs-ofctl(8)), one rule a line: what ``OpenVSwitchFlows`` has put there,
/// found by its cookies.
struct FlowTable {
  /// The checked source, and how many frames came from another, by OpenFlow port number.
  private(set) var sources: [Int: (allowed: MACAddress?, dropped: Int)] = [:]
  /// Ports that frames go back to.
  private(set) var hairpins: Set<Int> = []
  /// Ports that get untagged frames of the VLAN of other ports: those others, by port.
  private(set) var secondUntagged: [Int: Set<Int>] = [:]

  init(text: String) {
    for line in text.split(separator: "\n") { read(Rule(line)) }
  }

  private mutating func read(_ rule: Rule) {
    guard let port = rule.number("in_port") else { return }
    switch rule.cookie {
    case 0x10:
      var source = sources[port] ?? (nil, 0)
      if let mac = rule["dl_src"] {
        source.allowed = MACAddress(mac)
      } else {
        source.dropped = rule.number("n_packets") ?? 0
      }
      sources[port] = source
    case 0x20:
      for action in rule.actions where action.hasPrefix("output:") {
        guard let other = Int(action.dropFirst("output:".count)) else { continue }
        secondUntagged[other, default: []].insert(port)
      }
    case 0x30 where rule.actions.contains("resubmit(,4)"): hairpins.insert(port)
    default: break
    }
  }

  /// One rule: its fields, and its actions.
  private struct Rule {
    let fields: [Substring: String]
    let actions: [String]

    init(_ line: Substring) {
      let halves = line.split(separator: " actions=", maxSplits: 1)
      var fields: [Substring: String] = [:]
      for word in (halves.first ?? "").split(whereSeparator: { $0 == " " || $0 == "," }) {
        let pair = word.split(separator: "=", maxSplits: 1)
        if pair.count == 2 { fields[pair[0]] = String(pair[1]) }
      }
      self.fields = fields
      // Actions with commas of their own, such as learn(...), are not looked at.
      var actions: [String] = []
      var depth = 0
      for character in halves.count == 2 ? halves[1] : "" {
        if character == ",", depth == 0 {
          actions.append("")
          continue
        }
        if character == "(" { depth += 1 }
        if character == ")" { depth -= 1 }
        if actions.isEmpty { actions.append("") }
        actions[actions.count - 1].append(character)
      }
      self.actions = actions
    }

    subscript(_ name: Substring) -> String? { fields[name] }

    func number(_ name: Substring) -> Int? { fields[name].flatMap { Int($0) } }

    var cookie: Int? {
      fields["cookie"].flatMap { $0.hasPrefix("0x") ? Int($0.dropFirst(2), radix: 16) : Int($0) }
    }
  }
}

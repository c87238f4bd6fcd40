import Addresses

/// Where everything is: machines on the left, each bridge as a bar from top to bottom, servers on
/// the right, and beyond the sandbox's frame what is outside. Every wire is a level line between a
/// card and a bar, and no two that could meet have the same height.
struct SVGLayout {
  /// A bridge, or the pod network, as a bar.
  struct Bar {
    /// The bridge's id; `nil` is the pod network.
    var device: String?
    var x = 0.0
    var headWidth: Double
    var leftPill = 0.0
    var rightPill = 0.0
  }

  /// A wire from a card to a bar.
  struct Wire {
    var y: Double
    var bar: Int
    var label: String
    var vlan: VLANID?
    var isTrunk: Bool
    /// On the bar's left side, from a machine.
    var isLeft: Bool
    /// Whether its port is not as planned.
    var isDifferent = false
    /// Where it leaves its card.
    var start = 0.0
  }

  /// A wire between two bars.
  struct Trunk {
    /// Its label, beside the bar that it begins at.
    var wire: Wire
    /// The other bar.
    var end: Int
  }

  /// A box with what is written in it.
  struct Card {
    enum Kind { case machine, server, outside }
    var kind: Kind
    var frame: SVGFrame
    var title: String
    var lines: [String]
    /// A machine's interfaces: where each begins and its two lines of text.
    var rows: [(y: Double, lines: [String])] = []
  }

  static let margin = 24.0
  static let machineWidth = 240.0
  static let serverWidth = 250.0
  static let headHeight = 46.0
  static let rowHeight = 40.0
  /// Wires are at least this far apart where they could meet.
  static let wireDistance = 17.0
  private static let pillSize = 11.0

  private(set) var bars: [Bar]
  private(set) var wires: [Wire] = []
  /// From the bars of nodes to those of the fabric.
  private(set) var trunks: [Trunk] = []
  private(set) var cards: [Card] = []
  private(set) var sandbox = SVGFrame(x: margin, y: 68, width: 0, height: 0)
  private(set) var width = 0.0
  /// Where the bars' heads are, and where their feet are.
  let top = 112.0
  private(set) var foot = 0.0

  init(_ topology: Topology) {
    // The fabric is between the nodes and the servers.
    let bridges =
      topology.bridges.filter { $0.node != nil } + topology.bridges.filter { $0.node == nil }
    bars = bridges.map { bridge in
      let size = max(
        TextMeasure.width(bridge.name, size: 13),
        TextMeasure.width(topology.subtitle(of: bridge), size: 11))
      return Bar(device: bridge.id, headWidth: min(max(size + 24, 130), 260))
    }
    if topology.podNetwork { bars.append(Bar(device: nil, headWidth: 150)) }
    placeMachines(topology)
    let left = wires.map(\.y)
    let inside = placeServers(topology, avoiding: left)
    placeOutside(topology, avoiding: left, below: inside)
    placeTrunks(topology)
    let lowest = (cards.map(\.frame.bottom) + (wires + trunks.map(\.wire)).map(\.y)).max() ?? top
    foot = max(lowest + 16, top + Self.headHeight + 40)
    placeBars()
  }

  /// The height of the sandbox's frame, down to below the bars' feet.
  private var sandboxHeight: Double { foot + 60 - sandbox.y }

  private func bar(_ device: String?) -> Int? { bars.firstIndex { $0.device == device } }

  private func pillWidth(_ label: String) -> Double {
    TextMeasure.width(label, size: Self.pillSize) + 16
  }

  /// The frame of a wire's label, beside its bar.
  func pill(of wire: Wire) -> SVGFrame {
    let width = pillWidth(wire.label)
    let bar = bars[wire.bar].x
    return SVGFrame(
      x: wire.isLeft ? bar - 12 - width : bar + 12, y: wire.y - 10, width: width, height: 20)
  }

  private mutating func add(_ wire: Wire) {
    wires.append(wire)
    let width = pillWidth(wire.label)
    if wire.isLeft {
      bars[wire.bar].leftPill = max(bars[wire.bar].leftPill, width)
    } else {
      bars[wire.bar].rightPill = max(bars[wire.bar].rightPill, width)
    }
  }

  private mutating func placeTrunks(_ topology: Topology) {
    for bridge in topology.bridges {
      guard let fabric = topology.fabricIndex(of: bridge),
        let start = bar(bridge.id), let end = bar(topology.bridges[fabric].id),
        let port = bridge.ports.first(where: { $0.kind == .fabric })
      else { continue }
      let label = "\(port.device) · \(port.vlanText)"
      let y = free(top + Self.headHeight + 14, (wires + trunks.map(\.wire)).map(\.y))
      trunks.append(
        Trunk(
          wire: Wire(
            y: y, bar: start, label: label, vlan: port.pvid ?? port.tagged.first, isTrunk: true,
            isLeft: false, isDifferent: port.isDifferent), end: end))
      bars[start].rightPill = max(bars[start].rightPill, pillWidth(label))
    }
  }

  private mutating func placeMachines(_ topology: Topology) {
    let ports = Dictionary(
      topology.bridges.flatMap(\.ports).map { ($0.device, $0) }, uniquingKeysWith: { one, _ in one }
    )
    var y = top + 20
    for machine in topology.machines {
      let head = machine.stage == nil ? 30.0 : 46.0
      var card = Card(
        kind: .machine,
        frame: SVGFrame(
          x: Self.margin * 2, y: y, width: Self.machineWidth,
          height: head + Double(machine.interfaces.count) * Self.rowHeight),
        title: machine.name, lines: machine.stage.map { [$0] } ?? [])
      for (index, interface) in machine.interfaces.enumerated() {
        let row = y + head + Double(index) * Self.rowHeight
        var first = interface.name
        if let order = interface.bootOrder { first += " · boot order \(order)" }
        let second = "\(interface.mac)" + (interface.address.map { " · \($0)" } ?? "")
        card.rows.append((row, [first, second]))
        guard let bar = bar(interface.bridge) else { continue }
        let port = interface.port.flatMap { ports[$0] }
        add(
          Wire(
            y: row + Self.rowHeight / 2, bar: bar,
            label: port.map { "\($0.device) · \($0.vlanText)" } ?? "10.0.2.0/24",
            vlan: port.flatMap { $0.pvid ?? $0.tagged.first },
            isTrunk: port?.tagged.isEmpty == false, isLeft: true,
            isDifferent: port?.isDifferent == true, start: card.frame.right))
      }
      cards.append(card)
      y = card.frame.bottom + 14
    }
  }

  /// The next height from `y` on that is far enough from all of `taken`.
  private func free(_ y: Double, _ taken: [Double]) -> Double {
    var y = y
    while let near = taken.filter({ abs($0 - y) < Self.wireDistance }).max() {
      y = near + Self.wireDistance
    }
    return y
  }

  /// A namespace, or the node itself, on the right.
  private struct Place {
    var title: String
    var lines: [String]
    var bridge: String
    var label: String
    var vlan: VLANID?
    var isTrunk = false
    var isDifferent: Bool

    init(_ title: String, _ lines: [String], _ port: Topology.Port, on bridge: Topology.Bridge) {
      self.title = title
      self.lines = lines
      self.bridge = bridge.id
      label = "\(port.device) · \(port.vlanText)"
      vlan = port.pvid ?? port.tagged.first
      isTrunk = !port.tagged.isEmpty
      isDifferent = port.isDifferent
    }

    init(_ gateway: Topology.Gateway, on bridge: Topology.Bridge) {
      title = "gateway"
      lines = [gateway.addressText]
      self.bridge = bridge.id
      label = "\(gateway.device) · \(gateway.vlanText)"
      vlan = gateway.vlan ?? .bridgeDefault
      isDifferent = gateway.planned != nil
    }
  }

  private static func places(_ topology: Topology) -> [Place] {
    topology.bridges.flatMap { bridge in
      bridge.ports.compactMap { port -> Place? in
        let namespace = "namespace \(port.namespace ?? "")"
        switch port.kind {
        case .machine, .fabric, .node: return nil
        case .server:
          guard let server = topology.server(port) else { return nil }
          return Place(
            "server \(server.attachment)", ["\(server.address)", server.programText, namespace],
            port,
            on: bridge)
        case .addressServer:
          return Place("addresses of \(port.name)", ["ipam", namespace], port, on: bridge)
        case .program:
          let address = port.address.map { "\($0)" } ?? "no address"
          return Place("exec @\(port.name)", [address, namespace], port, on: bridge)
        }
      } + bridge.gateways.map { Place($0, on: bridge) }
    }
  }

  /// Servers and the like one below the other; returns where the last ends.
  private mutating func placeServers(_ topology: Topology, avoiding left: [Double]) -> Double {
    var y = top + 20
    for place in Self.places(topology) {
      guard let bar = bar(place.bridge) else { continue }
      let height = 34.0 + Double(place.lines.count) * 16
      let wire = free(y + height / 2, left)
      cards.append(
        Card(
          kind: .server,
          frame: SVGFrame(x: 0, y: wire - height / 2, width: Self.serverWidth, height: height),
          title: place.title, lines: place.lines))
      add(
        Wire(
          y: wire, bar: bar, label: place.label, vlan: place.vlan, isTrunk: place.isTrunk,
          isLeft: false, isDifferent: place.isDifferent))
      y = wire + height / 2 + 14
    }
    return y
  }

  /// What is beyond the sandbox, below the servers because its wires pass below them.
  private mutating func placeOutside(
    _ topology: Topology, avoiding left: [Double], below inside: Double
  ) {
    var y = inside + 6
    var outside = topology.uplinks.map { uplink in
      (
        bridge: Optional(uplink.bridge), title: "outside",
        lines: [
          "interface \(uplink.interface)",
          uplink.served.isEmpty
            ? "no DHCP of the lab" : "DHCP of \(uplink.served.joined(separator: ", "))",
        ],
        label: uplink.vlanText, vlan: uplink.pvid ?? uplink.tagged.first,
        isDifferent: uplink.planned != nil
      )
    }
    if topology.podNetwork {
      outside.append((nil, "the host's network", ["by the caller's sockets"], "pasta", nil, false))
    }
    for item in outside {
      guard let bar = bar(item.bridge) else { continue }
      let height = 34.0 + Double(item.lines.count) * 16
      let wire = free(y + height / 2, left)
      cards.append(
        Card(
          kind: .outside,
          frame: SVGFrame(x: 0, y: wire - height / 2, width: 200, height: height),
          title: item.title, lines: item.lines))
      add(
        Wire(
          y: wire, bar: bar, label: item.label, vlan: item.vlan, isTrunk: item.bridge != nil,
          isLeft: false, isDifferent: item.isDifferent))
      y = wire + height / 2 + 14
    }
  }

  /// Puts the bars side by side, with room for the labels between them, and what is right of them.
  private mutating func placeBars() {
    var right = Self.margin * 2 + Self.machineWidth
    var lastHead = right
    for index in bars.indices {
      let bar = bars[index]
      bars[index].x = max(right + bar.leftPill + 44, lastHead + bar.headWidth / 2 + 24)
      right = bars[index].x + bar.rightPill + 12
      lastHead = bars[index].x + bar.headWidth / 2
    }
    let serverX = max(right + 28, lastHead + 28)
    let hasServers = cards.contains { $0.kind == .server }
    let edge = hasServers ? serverX + Self.serverWidth : serverX - 28
    sandbox.width = edge + Self.margin - sandbox.x
    sandbox.height = sandboxHeight
    var rightmost = sandbox.right
    var wire = wires.firstIndex { !$0.isLeft } ?? wires.endIndex
    for index in cards.indices where cards[index].kind != .machine {
      cards[index].frame.x =
        cards[index].kind == .server ? serverX : sandbox.right + 36
      rightmost = max(rightmost, cards[index].frame.right)
      wires[wire].start = cards[index].frame.x
      wire += 1
    }
    width = rightmost + Self.margin
  }
}

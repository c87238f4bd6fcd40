import Addresses

extension Topology {
  /// The lab as an SVG document: no scripts, no fonts of its own, colours for light and dark pages.
  package var svg: String { SVGDrawing(self).document }
}

/// Paints a layout.
private struct SVGDrawing {
  let topology: Topology
  let layout: SVGLayout
  private let vlans: [VLANID]
  private var canvas = SVGCanvas()

  init(_ topology: Topology) {
    self.topology = topology
    layout = SVGLayout(topology)
    vlans = Set((layout.wires + layout.trunks.map(\.wire)).compactMap(\.vlan)).subtracting([
      .bridgeDefault
    ]).sorted()
  }

  var document: String {
    var drawing = self
    drawing.draw()
    let height = drawing.layout.sandbox.bottom + 56
    let width = canvas.number(layout.width)
    let size = "width=\"\(width)\" height=\"\(canvas.number(height))\""
    let box = "viewBox=\"0 0 \(width) \(canvas.number(height))\""
    let name = canvas.escaped("Topology of the lab \(topology.lab)")
    let lines =
      [
        "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) \(box) role=\"img\" aria-label=\"\(name)\">",
        "<title>\(name)</title>", SVGStyle.sheet,
        "<rect width=\"100%\" height=\"100%\" class=\"page\"/>",
      ] + drawing.canvas.lines + ["</svg>"]
    return lines.joined(separator: "\n")
  }

  private mutating func draw() {
    canvas.text("lab \(topology.lab)", x: SVGLayout.margin, y: 34, class: "title")
    canvas.text(
      "\(topology.engineText) · \(topology.phaseText)", x: SVGLayout.margin, y: 54, class: "small")
    canvas.rectangle(layout.sandbox, radius: 10, class: "sandbox")
    canvas.text(
      topology.sandboxText, x: layout.sandbox.x + 14, y: layout.sandbox.y + 22, class: "small")
    drawWires()
    drawBars()
    drawPills()
    for card in layout.cards { draw(card) }
    drawLegend()
  }

  private func vlanClass(_ vlan: VLANID?) -> String {
    SVGStyle.vlanClass(vlan.flatMap { vlans.firstIndex(of: $0) })
  }

  private mutating func drawWires() {
    for wire in layout.wires {
      let isPod = layout.bars[wire.bar].device == nil
      let name =
        isPod ? "wire pod" : "\(wire.isTrunk ? "trunk" : "wire") \(vlanClass(wire.vlan))"
      canvas.line(from: wire.start, to: layout.bars[wire.bar].x, y: wire.y, class: name)
    }
    for trunk in layout.trunks {
      canvas.line(
        from: layout.bars[trunk.wire.bar].x, to: layout.bars[trunk.end].x, y: trunk.wire.y,
        class: "trunk \(vlanClass(trunk.wire.vlan))")
    }
  }

  private mutating func drawBars() {
    for bar in layout.bars {
      let bridge = topology.bridges.first { $0.id == bar.device }
      let top = layout.top + SVGLayout.headHeight
      canvas.rectangle(
        SVGFrame(x: bar.x - 5, y: top, width: 10, height: layout.foot - top), radius: 0,
        class: bridge == nil ? "podbar" : "bar")
      let head = SVGFrame(
        x: bar.x - bar.headWidth / 2, y: layout.top, width: bar.headWidth,
        height: SVGLayout.headHeight)
      canvas.rectangle(head, class: "head")
      canvas.text(
        TextMeasure.fitted(bridge?.name ?? "pod network", width: bar.headWidth - 12, size: 13),
        x: bar.x, y: layout.top + 20, class: "name center", tip: bridge?.title)
      canvas.text(
        bridge.map(topology.subtitle) ?? "QEMU's user mode", x: bar.x, y: layout.top + 37,
        class: "small center")
      guard let bridge else { continue }
      let foot = SVGFrame(x: head.x, y: layout.foot, width: bar.headWidth, height: 42)
      canvas.rectangle(foot, class: "head", tip: "every frame is written to \(bridge.capture.file)")
      canvas.text("capture", x: bar.x, y: foot.y + 17, class: "name center")
      canvas.text(
        "on \(bridge.capture.device)", x: bar.x, y: foot.y + 33, class: "small center")
    }
  }

  private mutating func drawPills() {
    for wire in layout.wires + layout.trunks.map(\.wire) {
      let bar = layout.bars[wire.bar]
      let frame = layout.pill(of: wire)
      canvas.rectangle(
        frame, radius: 10,
        class: bar.device == nil
          ? "pill vx" : wire.isDifferent ? "pill different" : "pill \(vlanClass(wire.vlan))")
      canvas.text(wire.label, x: frame.middle, y: wire.y + 4, class: "small center")
    }
  }

  private mutating func draw(_ card: SVGLayout.Card) {
    let style =
      switch card.kind {
      case .machine: "card"
      case .server: "namespace"
      case .outside: "outside"
      }
    let frame = card.frame
    canvas.rectangle(frame, class: style)
    let room = frame.width - 24
    canvas.text(
      TextMeasure.fitted(card.title, width: room, size: 13), x: frame.x + 12, y: frame.y + 20,
      class: "name", tip: card.title)
    for (index, line) in card.lines.enumerated() {
      canvas.text(
        TextMeasure.fitted(line, width: room, size: 11), x: frame.x + 12,
        y: frame.y + 38 + Double(index) * 16, class: "small", tip: line)
    }
    for row in card.rows {
      canvas.line(from: frame.x, to: frame.right, y: row.y, class: "row")
      for (index, line) in row.lines.enumerated() {
        canvas.text(
          TextMeasure.fitted(line, width: room, size: index == 0 ? 12 : 11), x: frame.x + 12,
          y: row.y + 17 + Double(index) * 15, class: index == 0 ? "label" : "small", tip: line)
      }
    }
  }

  private mutating func drawLegend() {
    var x = SVGLayout.margin
    let y = layout.sandbox.bottom + 28
    var entries = vlans.map { (vlanClass($0), "VLAN \($0)") }
    if layout.wires.contains(where: { $0.vlan == .bridgeDefault }) {
      entries.append(("vx", "untagged (VLAN 1)"))
    }
    for (index, entry) in entries.enumerated() {
      let more = entries.count - index
      let isFull = x + 120 > layout.width - 110 && more > 1
      let text = isFull ? "and \(more) more" : entry.1
      if !isFull { canvas.line(from: x, to: x + 22, y: y - 4, class: "trunk \(entry.0)") }
      canvas.text(text, x: isFull ? x : x + 30, y: y, class: "small")
      if isFull { return }
      x += 30 + TextMeasure.width(text, size: 11) + 24
    }
  }
}

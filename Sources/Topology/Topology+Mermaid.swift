extension Topology {
  /// The lab as a Mermaid flowchart, which GitHub and GitLab draw in Markdown.
  package var mermaid: String {
    let title = "\(lab), \(phaseText): \(sandboxText)"
    var lines = ["graph LR", "  subgraph sandbox[\(quoted(title))]"]
    for (index, machine) in machines.enumerated() {
      lines.append("    subgraph m\(index)[\(quoted(machine.name))]")
      for (place, interface) in machine.interfaces.enumerated() {
        var words = [interface.name, "\(interface.mac)"]
        if let order = interface.bootOrder { words.append("boot order \(order)") }
        if let address = interface.address { words.append("\(address)") }
        lines.append("      m\(index)i\(place)[\(quoted(words))]")
      }
      lines.append("    end")
    }
    for (index, bridge) in bridges.enumerated() {
      let owner = nodes == nil ? [] : [bridge.node ?? "fabric"]
      lines.append("    b\(index)[\(quoted(owner + [bridge.title, engineText]))]")
      lines.append("    c\(index)([\(quoted(["capture", bridge.capture.device]))])")
      for (place, gateway) in bridge.gateways.enumerated() {
        lines.append(
          "    b\(index)g\(place)[\(quoted(["gateway \(gateway.device)", gateway.addressText]))]")
      }
      for (place, port) in bridge.ports.enumerated() {
        guard let place = placeText(of: port, number: place) else { continue }
        lines.append("    b\(index)p\(place)")
      }
    }
    for (index, server) in servers.enumerated() {
      lines.append("    subgraph n\(index)[\(quoted("namespace \(server.namespace)"))]")
      lines.append("      s\(index)[\(quoted([server.programText, "\(server.address)"]))]")
      lines.append("    end")
    }
    if podNetwork { lines.append("    pod[\(quoted("pod network"))]") }
    lines.append("  end")
    if podNetwork { lines.append("  host[\(quoted("the host's network"))]") }
    for (index, uplink) in uplinks.enumerated() {
      lines.append("  u\(index)[\(quoted(["outside", uplink.interface]))]")
    }
    lines += edges
    return lines.joined(separator: "\n")
  }

  private var edges: [String] {
    var lines: [String] = []
    for (index, bridge) in bridges.enumerated() {
      for (place, port) in bridge.ports.enumerated() {
        if port.kind == .fabric, let fabric = fabricIndex(of: bridge) {
          lines.append("  b\(index) == \(quoted(port.vlanText)) === b\(fabric)")
        }
        guard let node = node(of: port) ?? namespaceNode(port, "b\(index)p\(place)") else {
          continue
        }
        let label = quoted(port.vlanText)
        lines.append(
          port.kind == .machine
            ? "  \(node) -- \(label) --- b\(index)" : "  b\(index) -- \(label) --- \(node)")
      }
      for (place, gateway) in bridge.gateways.enumerated() {
        lines.append("  b\(index) -- \(quoted(gateway.vlanText)) --- b\(index)g\(place)")
      }
      lines.append("  b\(index) -.- c\(index)")
      for (place, uplink) in uplinks.enumerated() where uplink.bridge == bridge.id {
        lines.append("  b\(index) -- \(quoted(uplink.vlanText)) --- u\(place)")
      }
    }
    for (index, machine) in machines.enumerated() {
      for (place, interface) in machine.interfaces.enumerated() where interface.attachment == nil {
        lines.append("  m\(index)i\(place) --- pod")
      }
    }
    if podNetwork { lines.append("  pod -- \(quoted("pasta")) --- host") }
    return lines
  }

  /// The node, from its number on, of a namespace other than a server's.
  private func placeText(of port: Port, number: Int) -> String? {
    let title: String
    switch port.kind {
    case .machine, .server, .fabric, .node: return nil
    case .addressServer: title = "addresses of \(port.name)"
    case .program: title = "exec @\(port.name)"
    }
    let address = port.address.map { ["\($0)"] } ?? []
    return "\(number)[\(quoted([title] + address + ["namespace \(port.namespace ?? "")"]))]"
  }

  private func namespaceNode(_ port: Port, _ node: String) -> String? {
    switch port.kind {
    case .machine, .server, .fabric, .node: nil
    case .addressServer, .program: node
    }
  }

  private func node(of port: Port) -> String? {
    switch port.kind {
    case .addressServer, .program, .fabric, .node: return nil
    case .server:
      return servers.firstIndex { $0.port == port.device }.map { "s\($0)" }
    case .machine:
      guard let index = machines.firstIndex(where: { $0.name == port.name }),
        let place = machines[index].interfaces.firstIndex(where: { $0.port == port.device })
      else { return nil }
      return "m\(index)i\(place)"
    }
  }

  private func quoted(_ lines: [String]) -> String { quoted(lines.joined(separator: "<br>")) }

  /// A label; Mermaid has entities for what would end it.
  private func quoted(_ text: String) -> String {
    "\"" + text.replacing("\"", with: "#quot;") + "\""
  }
}

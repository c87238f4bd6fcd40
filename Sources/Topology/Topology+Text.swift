extension Topology {
  /// The lab as a tree of lines: bridge by bridge, each port with what is at its other end.
  package var text: String {
    var lines = [
      "lab \(lab): \(phaseText), \(engineText)", sandboxText,
    ]
    if let nodes { lines.append("nodes: \(nodes.joined(separator: ", "))") }
    for bridge in bridges {
      lines += ["", heading(of: bridge)]
      var rows = bridge.ports.map { port in
        [port.device, port.vlanText, description(of: port)]
      }
      rows += bridge.gateways.map { gateway in
        [gateway.device, gateway.vlanText, "gateway: \(gateway.addressText)"]
      }
      rows += uplinks.filter { $0.bridge == bridge.id }.map { uplink in
        [uplink.interface, uplink.vlanText, description(of: uplink)]
      }
      rows.append([bridge.capture.device, "all VLANs", "capture into \(bridge.capture.file)"])
      lines += tree(rows)
    }
    let waiting = waiting
    if !waiting.isEmpty {
      lines += ["", "on no node yet"]
      lines += tree(waiting.map { [describe($0.machine, $0.interface)] })
    }
    if podNetwork {
      lines += ["", "pod network, through pasta to the host's network"]
      lines += tree(podInterfaces.map { [describe($0.machine, $0.interface)] })
    }
    return lines.joined(separator: "\n")
  }

  private func heading(of bridge: Bridge) -> String {
    guard nodes != nil else { return "bridge \(bridge.title)" }
    return bridge.node.map { "bridge \(bridge.title) of \($0)" } ?? "fabric \(bridge.title)"
  }

  private func description(of port: Port) -> String {
    if let server = server(port) {
      return "server \(server.attachment): \(server.address), \(server.programText), "
        + "namespace \(server.namespace)"
    }
    switch port.kind {
    case .machine, .server: break
    case .fabric: return "uplink to the fabric"
    case .node: return "uplink of \(port.name)"
    case .addressServer:
      return "addresses of \(port.name) (ipam), namespace \(port.namespace ?? "")"
    case .program:
      return "exec @\(port.name): \(port.address.map { "\($0)" } ?? "no address"), "
        + "namespace \(port.namespace ?? "")"
    }
    guard let interface = interface(port),
      let machine = machines.first(where: { $0.name == port.name })
    else { return port.name }
    return describe(machine, interface)
  }

  private func description(of uplink: Uplink) -> String {
    "uplink to the outside, "
      + (uplink.served.isEmpty
        ? "no DHCP of the lab goes out"
        : "DHCP of \(uplink.served.joined(separator: ", ")) goes out")
  }

  private func describe(_ machine: Machine, _ interface: Interface) -> String {
    var parts = ["machine \(machine.name)", interface.name, "\(interface.mac)"]
    if let order = interface.bootOrder { parts.append("boot order \(order)") }
    if let address = interface.address { parts.append("\(address)") }
    if let stage = machine.stage { parts.append(stage) }
    return parts.joined(separator: ", ")
  }

  private func tree(_ rows: [[String]]) -> [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count - 1 ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.enumerated().map { index, row in
      let cells = row.enumerated().map { column, cell in
        column == row.count - 1
          ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
      }
      return (index == rows.count - 1 ? "└─ " : "├─ ") + cells.joined(separator: "  ")
    }
  }
}

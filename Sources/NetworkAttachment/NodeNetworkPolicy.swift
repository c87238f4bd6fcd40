import Addresses

extension NetworkAttachmentDraft {
  /// The NodeNetworkConfigurationPolicy (nmstate.io/v1) that makes the node's side: a Linux bridge
  /// whose card carries the attachment's VLANs, or an Open vSwitch bridge that OVN maps the
  /// physical network to. Virtual functions are made by a SriovNetworkNodePolicy
  /// (sriovnetwork.openshift.io/v1), `nil` without the ``card`` that it selects.
  package var nodePolicy: String? {
    let lines: [String]
    switch kind {
    case .bridge, .cnvBridge: lines = linuxBridge
    case .localnet: lines = openVSwitchBridge
    case .sriov: return virtualFunctionPolicy
    }
    return
      ([
        "apiVersion: nmstate.io/v1", "kind: NodeNetworkConfigurationPolicy", "metadata:",
        "  name: \(nodeBridge)", "spec:", "  desiredState:",
      ] + lines.map { "    \($0)" }).joined(separator: "\n") + "\n"
  }

  /// The bridge on the node.
  package var nodeBridge: String { bridge ?? "ovs-\(physicalNetwork ?? name)" }

  /// The functions go to guests by VFIO, as KubeVirt wants them.
  private var virtualFunctionPolicy: String? {
    guard let card, let resource = resourceName?.split(separator: "/").last else { return nil }
    var lines = [
      "apiVersion: sriovnetwork.openshift.io/v1", "kind: SriovNetworkNodePolicy", "metadata:",
      "  name: \(resource.lowercased().replacing("_", with: "-"))",
      "  namespace: openshift-sriov-network-operator", "spec:", "  resourceName: \(resource)",
      "  nodeSelector:", "    feature.node.kubernetes.io/network-sriov.capable: \"true\"",
      "  numVfs: \(virtualFunctions ?? 8)",
    ]
    if let mtu { lines.append("  mtu: \(mtu)") }
    lines += ["  nicSelector:", "    pfNames:", "    - \(card)", "  deviceType: vfio-pci"]
    return lines.joined(separator: "\n") + "\n"
  }

  /// The card with the attachment's MTU, without which longer packets would not leave the node.
  private var cardLines: [String] {
    guard let card, let mtu else { return ["interfaces:"] }
    return [
      "interfaces:", "- name: \(card)", "  type: ethernet", "  state: up", "  mtu: \(mtu)",
    ]
  }

  private var linuxBridge: [String] {
    var lines =
      cardLines + [
        "- name: \(nodeBridge)", "  description: the bridge of \(name)", "  type: linux-bridge",
        "  state: up",
      ]
    if let mtu { lines.append("  mtu: \(mtu)") }
    lines += [
      "  ipv4:", "    enabled: false", "  ipv6:", "    enabled: false", "  bridge:",
      "    options:", "      stp:", "        enabled: false",
    ]
    guard let card else { return lines + ["    port: []"] }
    lines += ["    port:", "    - name: \(card)"]
    let tagged = VLANRanges((trunk?.vlans ?? []) + [vlan].compactMap { $0 }).ranges
    guard !tagged.isEmpty else { return lines }
    lines += ["      vlan:", "        mode: trunk"]
    // Without an access VLAN what machines send untagged is on the bridge's default VLAN.
    if carriesUntagged ?? (vlan == nil) {
      lines += ["        enable-native: true", "        tag: 1"]
    }
    lines.append("        trunk-tags:")
    for range in tagged {
      if range.lowerBound == range.upperBound {
        lines.append("        - id: \(range.lowerBound)")
      } else {
        lines += [
          "        - id-range:", "            min: \(range.lowerBound)",
          "            max: \(range.upperBound)",
        ]
      }
    }
    return lines
  }

  private var openVSwitchBridge: [String] {
    var lines =
      cardLines + [
        "- name: \(nodeBridge)", "  description: the bridge of \(name)", "  type: ovs-bridge",
        "  state: up", "  bridge:", "    allow-extra-patch-ports: true",
        "    options:", "      stp: false",
      ]
    lines += card.map { ["    port:", "    - name: \($0)"] } ?? ["    port: []"]
    return lines + [
      "ovn:", "  bridge-mappings:", "  - localnet: \(physicalNetwork ?? name)",
      "    bridge: \(nodeBridge)", "    state: present",
    ]
  }
}

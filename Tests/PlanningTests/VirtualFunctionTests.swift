import Addresses
import LabManifest
import NetworkAttachment
import Testing

@testable import Planning

/// A /sys of paths and what is there: a text, or `-> PLACE` for a link.
private struct Tree: SysfsTree {
  let entries: [String: String]

  func names(in folder: String) -> [String] {
    let names = entries.keys.filter { $0.hasPrefix("\(folder)/") }.compactMap { path in
      path.dropFirst(folder.count + 1).split(separator: "/").first.map(String.init)
    }
    return Set(names).sorted()
  }

  func text(at path: String) -> String? { entries[path] }

  func link(at path: String) -> String? {
    entries[path].flatMap { $0.hasPrefix("-> ") ? String($0.dropFirst(3)) : nil }
  }

  /// A card with functions, as drivers of ixgbe's and mlx5's kind show them.
  static func card(_ name: String, functions count: Int, isIsolated: Bool = true) -> Tree {
    let device = "/sys/class/net/\(name)/device"
    var entries = ["\(device)/sriov_numvfs": "\(count)\n", "/sys/class/net/lo/mtu": "65536\n"]
    for index in 0..<count {
      let place = "/sys/bus/pci/devices/0000:3b:02.\(index)"
      entries["\(device)/virtfn\(index)"] = "-> ../0000:3b:02.\(index)"
      entries["\(place)/driver"] = "-> ../../../../bus/pci/drivers/iavf"
      if isIsolated { entries["\(place)/iommu_group"] = "-> ../../../kernel/iommu_groups/\(index)" }
    }
    return Tree(entries: entries)
  }
}

@Suite struct VirtualFunctionTests {
  @Test func functionsAreFoundByTheirCards() {
    let inventory = VirtualFunctionInventory(Tree.card("ens1f0", functions: 2))
    #expect(
      inventory.functions == [
        "ens1f0": (0..<2).map { index in
          VirtualFunction(
            card: "ens1f0", index: index, address: "0000:3b:02.\(index)", driver: "iavf",
            hasIOMMUGroup: true)
        }
      ])
    #expect(VirtualFunctionInventory(Tree(entries: [:])).functions.isEmpty)
  }

  private static let config =
    #""type": "sriov", "vlan": 100, "vlanQoS": 3, "vlanProto": "802.1ad", "spoofchk": "on", "#
    + #""trust": "off", "link_state": "enable", "min_tx_rate": 10, "max_tx_rate": 100"#

  private func plan(
    _ cards: [String], functions: Int = 1, isIsolated: Bool = true, isRoot: Bool = true
  ) throws -> LabPlan {
    var text = LabText(interface: "sriov: {}, bootOrder: 1, macAddress: 02:00:00:00:00:01")
    text.config = Self.config
    var facts = try PlanningFacts.fixed(isRoot: isRoot)
    facts.virtualFunctionCards = cards
    facts.virtualFunctions = VirtualFunctionInventory(
      Tree.card("ens1f0", functions: functions, isIsolated: isIsolated))
    let annotated = text.yaml.replacing(
      "metadata: {name: net}",
      with:
        "metadata: {name: net, annotations: {k8s.v1.cni.cncf.io/resourceName: openshift.io/nic1}}")
    return try LabPlanner(
      LabInput(files: [(path: "lab.yaml", text: annotated)], folderName: "lab"), facts: facts
    ).plan()
  }

  @Test(arguments: ["openshift.io/nic1=ens1f0", "nic1=ens1f0"])
  func aMachineHasAFunction(_ card: String) throws {
    let plan = try self.plan([card])
    let interface = try #require(plan.machines.first?.interfaces.first)
    let function = try #require(interface.function)
    #expect(interface.tap == nil)
    #expect(
      function.setting.shellText
        == "ip link set dev ens1f0 vf 0 mac 02:00:00:00:00:01 vlan 100 qos 3 proto 802.1ad"
        + " spoofchk on trust off state enable min_tx_rate 10 max_tx_rate 100")
    let xml = try #require(plan.machines.first?.domainXML)
    #expect(xml.contains(#"<hostdev mode="subsystem" type="pci" managed="no">"#), "\(xml)")
    for words in [#"bus="0x3b""#, #"slot="0x02""#, #"function="0x0""#, #"<boot order="1""#] {
      #expect(xml.contains(words), "\(xml)")
    }
    #expect(!xml.contains("<interface"))
    #expect(plan.notices.contains { $0.contains("neither serves nor sees") })
  }

  @Test(
    arguments: [
      ([], 1, "no card is named for its resource"),
      (["nic1=ens1f0"], 0, nil),
    ] as [([String], Int, String?)])
  func elseItHasAnAccessPort(_ cards: [String], _ functions: Int, _ notice: String?) throws {
    guard let notice else {
      let error = #expect(throws: PlanningError.self) {
        try self.plan(cards, functions: functions)
      }
      #expect(error?.description.contains("sriov_numvfs") == true)
      return
    }
    let plan = try self.plan(cards, functions: functions)
    #expect(plan.machines.first?.interfaces.first?.tap != nil)
    #expect(plan.dataplane.bridges.first?.ports.last?.vlans == table(100, untagged: [100]))
    #expect(plan.notices.contains { $0.contains(notice) }, "\(plan.notices)")
  }

  @Test(arguments: [
    ("nic1", true, true, "write RESOURCE=CARD"), ("nic2=ens1f0", true, true, "is of the resource"),
    ("nic1=eth9", true, true, "there are ens1f0"), ("nic1=ens1f0", false, true, "IOMMU"),
    ("nic1=ens1f0", true, false, "only root"),
  ])
  func isRefused(_ card: String, _ isIsolated: Bool, _ isRoot: Bool, _ words: String) throws {
    let error = #expect(throws: PlanningError.self) {
      try plan([card], isIsolated: isIsolated, isRoot: isRoot)
    }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
  }

  /// What iproute2 6.1 shows of a function (ipaddress.c, print_vfinfo), and what gives it back.
  @Test(arguments: [
    (
      #""vlan_list":[{"vlan":7,"qos":2,"protocol":"802.1ad"}],"rate":{"max_tx":100,"min_tx":5},"#,
      "vlan 7 qos 2 proto 802.1ad spoofchk on trust off state auto min_tx_rate 5 max_tx_rate 100"
    ), ("", "vlan 0 spoofchk on trust off state auto"),
  ])
  func formerSettingsAreGivenBack(_ more: String, _ words: String) throws {
    let json = """
      [{"ifindex":3,"ifname":"ens1f0","vfinfo_list":[{"vf":0,"link_type":"ether",
      "address":"0a:00:00:00:00:07",\(more)"spoofchk":true,"link-state":"auto","trust":false}]}]
      """
    let function = VirtualFunction(card: "ens1f0", index: 0, address: "0000:3b:02.0")
    #expect(
      try function.restoring(from: json)?.shellText
        == "ip link set dev ens1f0 vf 0 mac 0a:00:00:00:00:07 \(words)")
    #expect(try VirtualFunction(card: "x", index: 1, address: "").restoring(from: json) == nil)
  }
}

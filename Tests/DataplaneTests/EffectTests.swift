import Addresses
import Execution
import ExternalCommand
import Foundation
import NetworkAttachment
import Planning
import Testing

@testable import Dataplane

/// What each field of an attachment does to frames, on both engines: namespaces stand for the
/// guests, and `Tests/Effects/frames` says where each frame arrives.
@Suite struct EffectTests {
  /// One frame and who hears it.
  struct Case: Sendable {
    var title: String
    var from: String
    var source: String
    var destination = "ff:ff:ff:ff:ff:ff"
    var tag: Int?
    var size = 46
    /// The ends, with the tag that the frame has there.
    var heard: [String]
  }

  static let a = "02:00:00:00:00:0a"
  static let e = "02:00:00:00:00:0e"
  static let i = "02:00:00:00:00:1a"
  static let other = "02:00:00:00:00:ff"

  /// Everybody on VLAN 100 of the bridge br1.
  static let vlan100 = ["a", "b", "d:100", "e", "g", "gw", "h", "i", "j:100"]

  static func vlan100(without ends: String...) -> [String] {
    vlan100.filter { !ends.contains($0) }
  }

  static let cases: [Case] = [
    .init(
      title: "vlan", from: "b", source: "02:00:00:00:00:0b",
      heard: vlan100(without: "b", "i") + ["i"]),
    .init(title: "vlan-of-another", from: "c", source: "02:00:00:00:00:0c", heard: ["d:200"]),
    .init(title: "untagged", from: "f", source: "02:00:00:00:00:0f", heard: ["d", "e"]),
    .init(
      title: "trunk-untagged", from: "d", source: "02:00:00:00:00:0d", heard: ["e", "f"]),
    .init(
      title: "trunk-100", from: "d", source: "02:00:00:00:00:0d", tag: 100,
      heard: vlan100(without: "d:100")),
    .init(title: "trunk-200", from: "d", source: "02:00:00:00:00:0d", tag: 200, heard: ["c"]),
    .init(title: "trunk-outside", from: "d", source: "02:00:00:00:00:0d", tag: 300, heard: []),
    .init(title: "no-pvid", from: "j", source: "02:00:00:00:00:1b", heard: []),
    .init(
      title: "no-pvid-tagged", from: "j", source: "02:00:00:00:00:1b", tag: 100,
      heard: vlan100(without: "j:100")),
    .init(title: "default-vlan-kept", from: "e", source: e, heard: vlan100(without: "e")),
    .init(
      title: "default-vlan-kept-unicast", from: "f", source: "02:00:00:00:00:0f", destination: e,
      heard: ["d", "e"]),
    .init(title: "source-as-promised", from: "a", source: a, heard: vlan100(without: "a")),
    .init(title: "source-changed", from: "a", source: other, heard: []),
    .init(
      title: "isolated", from: "g", source: "02:00:00:00:00:18",
      heard: vlan100(without: "g", "h")),
    .init(title: "hairpin", from: "i", source: i, heard: vlan100),
    .init(title: "hairpin-to-itself", from: "i", source: i, destination: i, heard: ["i"]),
    .init(
      title: "hairpin-to-a-known-other", from: "i", source: i, destination: a, heard: ["a"]),
    .init(
      title: "hairpin-to-nobody", from: "i", source: i, destination: other, heard: vlan100),
    .init(title: "no-filter", from: "k", source: "02:00:00:00:00:1c", heard: ["l", "own"]),
    .init(
      title: "no-filter-tagged", from: "l", source: "02:00:00:00:00:1d", tag: 7,
      heard: ["k:7", "own:7"]),
    .init(
      title: "promiscuous", from: "l", source: "02:00:00:00:00:1d",
      destination: "02:00:00:00:00:1c", heard: ["k", "own"]),
    .init(
      title: "mtu", from: "m", source: "02:00:00:00:00:1e", size: 8900, heard: ["n"]),
    .init(
      title: "mtu-small", from: "m", source: "02:00:00:00:00:1e", size: 1400, heard: ["n", "o"]),
  ]

  /// The bridges that the cases are about.
  static func bridges(_ engine: DataplaneEngine) throws -> [BridgePlan] {
    func port(
      _ name: String, _ vlans: PortVLANs, mtu: Int? = nil, mac: String? = nil,
      checksSource: Bool = false, hairpin: Bool = false, isolated: Bool = false
    ) throws -> PortPlan {
      let address = try #require(IPv4Network("10.100.0.\(name.utf8.first ?? 0)/24"))
      return PortPlan(
        device: "p-\(name)", peer: .namespace(name: name, address: address), vlans: vlans,
        mtu: mtu, mac: mac.flatMap { MACAddress($0) }, checksSource: checksSource,
        isHairpin: hairpin, isIsolated: isolated)
    }
    func device(_ index: Int, _ name: String) -> String {
      engine == .linuxBridge ? name : "mirror\(index)"
    }
    let access = table(100, untagged: [100])
    let plain = PortVLANs.access(.bridgeDefault)
    let gateway = GatewayPlan(
      device: "br1.100", port: engine == .linuxBridge ? "gw0" : nil, vlan: VLANID(rawValue: 100),
      addresses: [try #require(IPNetwork("10.100.0.1/24"))])
    let server = AddressServerPlan(
      attachment: "ipam", networkNamespace: "ipam", directory: "/run",
      leases: [
        .init(
          mac: try #require(MACAddress(a)),
          addresses: [
            .init(
              address: try #require(IPNetwork("10.100.0.77/24")),
              gateway: IPAddress("10.100.0.1"))
          ],
          routes: [
            .init(
              destination: try #require(IPNetwork("0.0.0.0/0")), gateway: IPAddress("10.100.0.1"))
          ])
      ])
    return [
      BridgePlan(
        name: "br1", device: "br1", captureDevice: device(1, "br1"), gateways: [gateway],
        addressServers: [server],
        ports: [
          try port("a", access, mac: a, checksSource: true), try port("b", access),
          try port("c", table(200, untagged: [200])),
          try port("d", table(1, untagged: [1], tagged: [100, 200])),
          try port("e", table(100, untagged: [1, 100]), mac: e), try port("f", plain),
          try port("g", access, isolated: true), try port("h", access, isolated: true),
          try port("i", access, hairpin: true), try port("j", table(nil, tagged: [100])),
          PortPlan(
            device: "p-ipam",
            peer: .namespace(name: "ipam", address: IPv4Network("169.254.75.10/32")),
            vlans: access),
          try port("y", table(1, untagged: [1], tagged: [100, 200, 300])),
        ]),
      BridgePlan(
        name: "br2", device: "br2", captureDevice: device(2, "br2"), filtersVLANs: false,
        isPromiscuous: true,
        ports: [try port("k", plain), try port("l", plain), try port("w", plain)]),
      BridgePlan(
        name: "br3", device: "br3", captureDevice: device(3, "br3"), filtersVLANs: false,
        mtu: 9000,
        ports: [
          try port("m", plain, mtu: 9000), try port("n", plain, mtu: 9000), try port("o", plain),
          try port("x", plain),
        ]),
    ]
  }

  static func plan(_ engine: DataplaneEngine) throws -> DataplanePlan {
    DataplanePlan(
      engine: Reasoned(engine, because: "tested"), bridges: try bridges(engine),
      directory: "/run/ovs")
  }

  /// What makes the bridges and sends the frames, as a script for a network of its own.
  static func script(_ engine: DataplaneEngine) throws -> String {
    let plan = try plan(engine)
    let names = plan.bridges.flatMap(\.ports).map { $0.device.dropFirst(2) }.filter { $0 != "ipam" }
    let ends = names.map { name in
      let bells = ["w": "bell2", "x": "bell3", "y": "bell1"]
      return "\(bells[String(name)] ?? String(name))=\(name):eth0"
    }
    var lines = ["set -e", "mount -t tmpfs none /run", "mkdir -p /run/netns /run/ovs"]
    // Each processor has a queue of its own for what veths send, and of two frames the later one could
    // come first: on one processor they stay in order, as `frames` has it.
    lines.append(
      "taskset --pid --cpu-list $(taskset --pid --cpu-list $$ | sed 's/.*: //; s/[-,].*//') $$"
        + " >/dev/null")
    lines += plan.setUp.map(\.shellText)
    for server in plan.bridges.flatMap(\.addressServers) {
      lines.append(
        "ip netns exec \(server.networkNamespace) dnsmasq --conf-file=- <<'END'\n"
          + server.configuration + "END")
    }
    lines.append("ip -netns a link set dev eth0 address \(a)")
    lines += reading(plan, "before")
    lines.append(
      "VLANS='100 200 300' ../Effects/frames gw=:br1.100 own=:br2 \(ends.joined(separator: " "))"
        + " <<'END'")
    lines += cases.map { test in
      let tag = test.tag.map(String.init) ?? "-"
      return "\(test.title) \(test.from) \(test.source) \(test.destination) \(tag) \(test.size)"
    }
    lines.append("END")
    lines += reading(plan, "after")
    lines += [
      "echo 'gateway:' $(ip netns exec b busybox ping -c 1 -W 60 10.100.0.1 | grep received)",
      "printf '#!/bin/sh\\n[ $1 != bound ] || echo lease: $ip $mask $router $serverid\\n' >/run/lease",
      "chmod 755 /run/lease",
      "ip netns exec a busybox udhcpc -i eth0 -f -n -q -t 60 -T 1 -s /run/lease 2>&1",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// Asks the engine for all that it has, each answer after a line that names it.
  private static func reading(_ plan: DataplanePlan, _ time: String) -> [String] {
    let questions = [plan.listPorts, plan.listDevices] + plan.listRules
    return questions.enumerated().flatMap { ["echo; echo '@\(time) \($0)'", $1.shellText] }
      + ["echo; echo @"]
  }

  static let here = URL(filePath: #filePath).deletingLastPathComponent().path()

  @Test func openVSwitch() async throws {
    let namespaces = getuid() == 0 ? [] : ["--user", "--map-root-user"]
    try await check(
      .openVSwitch,
      Command(
        "env",
        ["--chdir", Self.here, "unshare"] + namespaces + [
          "--net", "--mount", "--pid", "--fork", "--kill-child", "bash", "-c",
          try Self.script(.openVSwitch),
        ]))
  }

  @Test(.enabled(if: userModeLinuxIsExpected, "this distribution has no user-mode Linux"))
  func linuxBridge() async throws {
    try await check(
      .linuxBridge,
      Command(
        "env",
        [
          "--chdir", Self.here, "../UserModeLinux/run", "--timeout", "540", "bash", "-c",
          try Self.script(.linuxBridge),
        ]))
  }

  /// The state that the script read at a time.
  private static func state(_ engine: DataplaneEngine, _ time: String, _ output: String) throws
    -> DataplaneState
  {
    var answers: [String] = []
    for part in output.components(separatedBy: "\n@").filter({ $0.hasPrefix("\(time) ") }) {
      answers.append(String(part.drop { $0 != "\n" }))
    }
    try #require(answers.count > 2, "\(output)")
    return try plan(engine).state(
      ports: answers[0], devices: answers[1], rules: Array(answers[2...]))
  }

  private func check(_ engine: DataplaneEngine, _ command: Command) async throws {
    let output = try await SubprocessRunner().run(command)
    var values: [String: String] = [:]
    for line in output.split(separator: "\n") {
      let parts = line.split(separator: ": ", maxSplits: 1)
      if parts.count == 2 { values[String(parts[0])] = String(parts[1]) }
    }
    for test in Self.cases {
      let heard = values[test.title]?.split(separator: " ").map(String.init) ?? ["no answer"]
      #expect(
        heard.filter { $0 != "-" } == test.heard.sorted(), "\(test.title) from \(test.from)")
    }
    let states = try ["before", "after"].map { try Self.state(engine, $0, output) }
    let asked = try Self.bridges(engine)
    for state in states { #expect(state.differences(from: asked) == []) }
    let dropped = try states.map { state in
      try #require(state.ports.first { $0.device == "p-a" }?.spoofedFrames)
    }
    #expect(dropped[1] - dropped[0] == 1)
    #expect(values["lease"] == "10.100.0.77 24 10.100.0.1 169.254.75.10")
    #expect(values["gateway"]?.contains("1 packets received") == true, "\(output)")
  }
}

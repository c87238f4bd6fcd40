import ExternalCommand
import Foundation
import LabManifest
import Testing

@testable import Planning

/// Whole plans of the shipped labs against text that a person has read.
@Suite struct GoldenPlanTests {
  @Test(arguments: [
    ("secureboot", DataplaneEngine.linuxBridge, true, "tcg"),
    ("secureboot", .openVSwitch, false, "tcg"),
    ("minimal", .linuxBridge, false, "kvm"),
    ("faults/server-on-vlan-200", .openVSwitch, true, "tcg"),
  ])
  func plan(
    _ lab: String, _ engine: DataplaneEngine, _ isRoot: Bool, _ acceleration: String
  ) async throws {
    let facts = try PlanningFacts.fixed(engine, acceleration: acceleration, isRoot: isRoot)
    let plan = try await Checkout.dryLab(lab, facts).plan
    let name = "\(lab.split(separator: "/").last ?? "")-\(engine.rawValue).txt"
    let text = try Self.text(plan)
    if ProcessInfo.processInfo.environment["PXELAB_WRITE_FIXTURES"] != nil {
      let file = Checkout.root.appending(path: "Tests/PlanningTests/Fixtures/\(name)")
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    let expected = try String(
      contentsOf: Bundle.module.bundleURL.appending(path: "Fixtures/\(name)"), encoding: .utf8)
    let differences = text.split(separator: "\n").difference(from: expected.split(separator: "\n"))
    let isSame = differences.isEmpty
    #expect(isSame, "\(name) differs:\n\(Self.lines(differences))")
  }

  @Test func aPlanSurvivesItsFile() async throws {
    let plan = try await Checkout.dryLab("secureboot", .fixed(.openVSwitch)).plan
    let data = try JSONEncoder().encode(plan)
    #expect(try JSONDecoder().decode(LabPlan.self, from: data) == plan)
  }

  private static func text(_ plan: LabPlan) throws -> String {
    var lines = plan.notices.map { "# \($0)" }
    lines.append(plan.launch("pxelab-lab", state: "/state", cache: "/cache").shellText)
    if let uplink = plan.uplink {
      let command = uplink.keeping(
        UplinkPlan.command.program, UplinkPlan.command.arguments, sandbox: 42)
      lines.append("\(command.shellText) <\(uplink.standardInput(sandbox: 42))")
    }
    lines += plan.dataplane.setUp.map(\.shellText)
    lines.append(plan.dataplane.listPorts.shellText)
    lines += plan.dataplane.bridges.map {
      "# \($0.name) is \($0.device), seen on \($0.captureDevice)"
    }
    for server in plan.servers {
      lines.append("# \(server.dnsmasqConfigurationPath), image \(server.image ?? "none")")
      lines.append(server.dnsmasqConfiguration)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    for var machine in plan.machines {
      let xml = machine.domainXML
      machine.domainXML = ""
      lines.append("# machine \(machine.name)")
      lines.append(String(decoding: try encoder.encode(machine), as: UTF8.self))
      lines.append(xml)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func lines(_ differences: CollectionDifference<Substring>) -> String {
    differences.map { change in
      switch change {
      case .insert(_, let line, _): "+ \(line)"
      case .remove(_, let line, _): "- \(line)"
      }
    }.joined(separator: "\n")
  }
}

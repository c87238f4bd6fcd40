import Addresses
import Firmware
import Foundation
import LabManifest
import Testing

@testable import Planning

/// What a machine is told to boot once, in a store with the entries that OVMF had made.
@Suite struct BootTargetTests {
  private static func store(without removed: Set<String> = []) throws -> VariableStore {
    let template = try Data(contentsOf: URL(fileURLWithPath: "/usr/share/OVMF/OVMF_VARS_4M.fd"))
    var store = try VariableStore(bytes: [UInt8](template))
    let file = Checkout.root.appending(path: "Tests/FirmwareTests/Fixtures/boot-variables.json")
    let values = try JSONDecoder().decode([String: String].self, from: Data(contentsOf: file))
    for (name, value) in values where name.hasPrefix("Boot") && !removed.contains(name) {
      let digits = Array(value)
      let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
        UInt8(String(digits[$0...$0 + 1]), radix: 16)
      }
      try store.set(
        Variable(VariableName(name, vendor: .efiGlobal), attributes: .runtime, data: bytes))
    }
    return store
  }

  private func interface(_ mac: String, bootOrder: Int? = nil) throws -> MachinePlan.Interface {
    MachinePlan.Interface(
      name: mac, mac: try #require(MACAddress(mac)), attachment: "net", vlan: nil, tap: "t",
      mtu: nil, bootOrder: bootOrder)
  }

  @Test(
    arguments: [
      (BootTarget.pxe, 3, "UEFI PXEv4"), (.http, 5, "UEFI HTTPv4"), (.disk, 1, "UEFI Misc Device"),
    ] as [(BootTarget, UInt16, String)])
  func theNextBootIsTheEntry(_ target: BootTarget, _ entry: UInt16, _ words: String) throws {
    var store = try Self.store()
    let interfaces = [
      try interface("02:00:00:00:00:01"), try interface("de:00:00:00:00:de", bootOrder: 2),
    ]
    let notice = try target.set(in: &store, interfaces: interfaces)
    #expect(try store.bootNext() == entry)
    #expect(notice.contains(words), "\(notice)")
  }

  @Test func theSetupNeedsNoEntry() throws {
    let template = try Data(contentsOf: URL(fileURLWithPath: "/usr/share/OVMF/OVMF_VARS_4M.fd"))
    var store = try VariableStore(bytes: [UInt8](template))
    _ = try BootTarget.setup.set(in: &store, interfaces: [])
    let wanted = store[VariableName("OsIndications", vendor: .efiGlobal)]
    #expect(wanted?.data == [1, 0, 0, 0, 0, 0, 0, 0])
    let error = #expect(throws: BootTargetError.self) {
      try BootTarget.pxe.set(in: &store, interfaces: [])
    }
    #expect(error?.description.contains("start the machine once") == true)
  }

  @Test func anEntryThatIsNotThereIsSaid() throws {
    var store = try Self.store(without: ["Boot0001"])
    let error = #expect(throws: BootTargetError.self) {
      try BootTarget.disk.set(in: &store, interfaces: [])
    }
    #expect(error?.description.contains("give the device a bootOrder") == true)
    #expect(try store.bootNext() == nil)
  }
}

@Suite struct RunStrategyTests {
  @Test(arguments: [
    ("runStrategy: Always", RunStrategy.always, true, true),
    ("running: true", .always, true, true),
    ("runStrategy: RerunOnFailure", .rerunOnFailure, false, true),
    ("runStrategy: Once", .once, false, false), ("runStrategy: Manual", .manual, false, false),
    ("runStrategy: Halted", .halted, false, false), ("running: false", .halted, false, false),
  ])
  func isOfTheManifest(
    _ spec: String, _ strategy: RunStrategy, _ afterStop: Bool, _ afterCrash: Bool
  ) throws {
    let text = LabText().yaml.replacing(
      "kind: VirtualMachineInstance", with: "kind: VirtualMachine"
    )
    .replacing(
      "\nspec:\n", with: "\nspec:\n  \(spec)\n  template:\n    spec:\n", maxReplacements: 1)
    // The instance's spec, two levels deeper.
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex { $0 == "    spec:" })
    let end = try #require(lines.firstIndex { $0 == "---" })
    let yaml = lines.enumerated().map { index, line in
      index > start && index < end ? "    \(line)" : String(line)
    }.joined(separator: "\n")
    let input = LabInput(files: [(path: "lab.yaml", text: yaml)], folderName: "lab")
    try #require(!input.hasErrors, "\(input.problems)\n\(yaml)")
    let machine = try #require(
      try LabPlanner(input, facts: try .fixed()).plan().machines.first)
    #expect(machine.runStrategy == strategy)
  }

  @Test func anInstanceHasNoRunStrategy() throws {
    #expect(try LabText().machine().runStrategy == .instance)
  }
}

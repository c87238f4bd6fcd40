import Kinds
import Objects
import Testing

@testable import LabHost

@Suite struct LabSnapshotTests {
  private static let machine = ObjectKey(
    .virtualMachineInstances, namespace: "default", name: "m")

  /// The console's log has all starts one after the other.
  @Test(arguments: [([], 0), ([0], 0), ([0, 4096], 4096), ([4096, 0], 0), ([nil, nil], 0)])
  func theLastStartsConsoleBeginsWhereOthersEnd(_ lengths: [Int?], _ expected: Int) throws {
    var objects: [ObjectKey: ObjectNode] = [:]
    for (index, length) in lengths.enumerated() {
      var boot = Boot(
        namespace: "default",
        spec: Boot.Spec(
          instance: "m", title: "m", instanceUID: "uid-\(index)", node: "node01", start: 1,
          isJudged: true, timeoutSeconds: 60),
        status: Boot.Status(
          phase: .over, stage: "verified", began: "2026-11-30T00:00:0\(index).000000Z"))
      boot.spec.earlierLogs = length.map { Boot.LogLengths(console: $0, emulator: 0) }
      objects[boot.key] = try boot.tree()
    }
    #expect(objects.count == lengths.count)
    #expect(try LabSnapshot(objects).earlierConsole(of: Self.machine) == expected)
  }
}

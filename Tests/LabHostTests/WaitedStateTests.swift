import Objects
import Testing

@testable import LabHost

@Suite struct WaitedStateTests {
  @Test(arguments: [
    ("verdict", WaitedState.verdict), ("phase=Running", .phase("Running")),
    ("condition=Paused", .condition("Paused", status: "True")),
    ("condition=Ready=False", .condition("Ready", status: "False")),
  ])
  func isReadAsItIsWritten(_ text: String, _ state: WaitedState) {
    #expect(WaitedState(text) == state)
  }

  @Test(arguments: ["", "verdict=", "phase", "phase=", "condition=", "phase=A=B", "ready"])
  func nothingElseIsRead(_ text: String) { #expect(WaitedState(text) == nil) }

  private static let paused: ObjectNode = [
    "status": [
      "phase": "Running",
      "conditions": [
        ["type": "Ready", "status": "False"], ["type": "Paused", "status": "True"],
      ],
    ]
  ]

  @Test(arguments: [
    ("phase=Running", true), ("phase=Succeeded", false), ("condition=Paused", true),
    ("condition=Ready", false), ("condition=Ready=False", true), ("condition=Other=False", false),
  ])
  func holdsOfAnInstance(_ text: String, _ holds: Bool) throws {
    let state = try #require(WaitedState(text))
    #expect(state.holds(of: Self.paused) == holds)
    #expect(!state.holds(of: nil))
  }
}

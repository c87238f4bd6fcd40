import Objects
import Testing

@testable import Reconciliation

@Suite struct ValueTests {
  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"),
      (1_764_440_028, "2025-11-29T18:13:48Z"), (4_107_542_399, "2100-02-28T23:59:59Z"),
      (4_107_542_400, "2100-03-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
    ])
  func timestamps(seconds: Int, text: String) {
    #expect("\(Timestamp(seconds: seconds))" == text)
    #expect(Timestamp(text) == Timestamp(seconds: seconds))
  }

  @Test(
    arguments: [
      ("2025-11-29T18:13:48.980946Z", 1_764_440_028),
      ("2025-11-29T18:13:48.980946+00:00", 1_764_440_028),
      ("2025-11-29T19:13:48+01:00", 1_764_440_028), ("2025-11-29T16:43:48-01:30", 1_764_440_028),
      ("2025-11-29t18:13:48z", 1_764_440_028),
    ])
  func otherForms(text: String, seconds: Int) {
    #expect(Timestamp(text) == Timestamp(seconds: seconds))
  }

  @Test(
    arguments: [
      "", "now", "2025-11-29", "2025-11-29T18:13:48", "2025-13-29T18:13:48Z",
      "2025-11-29T24:13:48Z", "2025-11-29T18:13:48+1:00", "2025-11-29T18:13:48Zulu",
      "2025-11-29T18:13:48.Zx", "२०२५-11-29T18:13:48Z", String(repeating: "9", count: 5000),
    ])
  func noTimestamps(text: String) {
    #expect(Timestamp(text) == nil)
  }

  @Test func everyDayOfFourHundredYears() {
    for day in 0..<146_097 {
      let timestamp = Timestamp(seconds: day * 86_400 + 3661)
      #expect(Timestamp(timestamp.description) == timestamp)
    }
  }

  @Test func anEventThatComesAgainIsCounted() throws {
    var world = World()
    try world.create(instanceKey, instance())
    let regarding = try #require(world.object(instanceKey))
    let event = Event(regarding, "Created", "made", from: "test")
    guard case .create(let key, let first) = event.change(in: world, at: world.now) else {
      Issue.record("the first is made")
      return
    }
    #expect(key.namespace == "default" && key.name.hasPrefix("pxe."))
    #expect(
      first["involvedObject"] == [
        "apiVersion": "kubevirt.io/v1", "kind": "VirtualMachineInstance", "name": "pxe",
        "namespace": "default", "uid": .text(regarding.uid),
      ])
    #expect(first["source"] == ["component": "test"])
    #expect(first["count"] == 1 && first["type"] == "Normal")
    try world.create(key, first)
    world.now = world.now + 5
    guard case .update(key, let second) = event.change(in: world, at: world.now) else {
      Issue.record("the second is counted")
      return
    }
    #expect(second["count"] == 2)
    #expect(second["firstTimestamp"] == "2025-11-29T18:13:48Z")
    #expect(second["lastTimestamp"] == "2025-11-29T18:13:53Z")
  }

  @Test func eventsDifferByWhatTheySay() {
    let events = [
      Event(instance(), "A", "m", from: "s"), Event(instance(), "B", "m", from: "s"),
      Event(instance(), "A", "n", from: "s"), Event(instance(), "A", "m", from: "t"),
      Event(instance(), "A", "m", isWarning: true, from: "s"), Event(node(), "A", "m", from: "s"),
    ]
    #expect(Set(events.map(\.key)).count == events.count)
    #expect(Event(instance(), "A", "m", from: "s").key == events[0].key)
  }

  @Test func aLongMessageIsCut() {
    let event = Event(node(), "A", String(repeating: "é", count: 1000), from: "s")
    #expect(event.message.utf8.count <= 1024)
    #expect(event.message.hasSuffix("é ..."))
    let short = String(repeating: "x", count: 1024)
    #expect(Event(node(), "A", short, from: "s").message == short)
  }

  @Test func aConditionKeepsItsTimes() {
    var tree: ObjectNode = ["status": .mapping()]
    let early = Timestamp(seconds: 0)
    let late = Timestamp(seconds: 60)
    func condition(_ status: String, _ message: String, _ since: Timestamp) -> Condition {
      Condition(type: "Ready", status: status, reason: "R", message: message, since: since)
    }
    tree.setCondition(condition("False", "a", early))
    tree.setCondition(condition("False", "b", late))
    #expect(tree.condition("Ready")?["message"] == "b")
    #expect(tree.condition("Ready")?["lastTransitionTime"]?.string == "\(early)")
    tree.setCondition(condition("True", "b", late))
    #expect(tree.condition("Ready")?["lastTransitionTime"]?.string == "\(late)")
    tree.removeCondition("Ready")
    #expect(tree["status", "conditions"] == nil)
  }
}

import Objects
import Testing

@testable import APIServer

/// Which objects selectors hold for.
@Suite struct SelectorTests {
  private static let object: ObjectNode = [
    "metadata": ["name": "a", "labels": ["app": "web", "tier/x": "1", "empty": ""]],
    "spec": ["nodeName": "node-1", "unschedulable": true],
  ]

  @Test(arguments: [
    ("", true), ("app", true), ("!app", false), ("nosuch", false), ("!nosuch", true),
    ("app=web", true), ("app==web", true), ("app=db", false), ("app!=db", true),
    ("nosuch!=x", true), ("app in (web,db)", true), ("app in (db)", false),
    ("app notin (db, x)", true), ("app notin (web)", false), ("nosuch notin (web)", true),
    ("app=web,tier/x=1", true), ("app=web,tier/x=2", false), ("empty=", true),
    (" app = web , !nosuch ", true), ("app in (web), tier/x in (1,2)", true),
  ])
  func labels(_ text: String, _ holds: Bool) throws {
    #expect(try LabelSelector(text).matches(Self.object) == holds)
  }

  @Test(arguments: ["a in b", "a in (b", "in (b)", "a like (b)", "=x", "a=b c", "!"])
  func unreadableLabels(_ text: String) {
    #expect(throws: StatusError.self) { try LabelSelector(text) }
  }

  @Test(arguments: [
    ("", true), ("metadata.name=a", true), ("metadata.name==b", false), ("spec.nodeName=", false),
    ("spec.nodeName!=", true), ("status.phase=", true), ("status.phase!=Running", true),
    ("spec.unschedulable=true", true), ("metadata.name=a,spec.nodeName=node-1", true),
    ("metadata.name=a\\,b", false),
  ])
  func fields(_ text: String, _ holds: Bool) throws {
    let known: [ResourceDefinition.SelectableField] = [
      .init("spec.nodeName"), .init("status.phase"), .init("spec.unschedulable", fallback: "false"),
    ]
    #expect(try FieldSelector(text, among: known).matches(Self.object) == holds)
  }

  @Test(arguments: ["spec.nodeName=x", "nonsense", "a=b"])
  func unknownFields(_ text: String) {
    #expect(throws: StatusError.self) { try FieldSelector(text, among: []) }
  }
}

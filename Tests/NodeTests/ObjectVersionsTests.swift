import Kinds
import Objects
import Testing

@testable import Node

/// A request may be seen before what it is about.
@Suite struct ObjectVersionsTests {
  private static let key = ObjectKey(
    .networkAttachmentDefinitions, namespace: "default", name: "net")

  @Test(arguments: [(nil, false), ("4", false), ("5", true), ("17", true)] as [(String?, Bool)])
  func holdOfWhatIsAsNew(_ version: String?, _ holds: Bool) {
    let versions = ObjectVersions([Self.key: 5])
    var objects: [ObjectKey: ObjectNode] = [:]
    if let version { objects[Self.key] = ["metadata": ["resourceVersion": .text(version)]] }
    #expect(versions.hold(of: objects) == holds)
  }

  @Test func whatIsNewerBesidesMakesNoDifference() {
    let other = ObjectKey(.secrets, namespace: "default", name: "other")
    #expect(ObjectVersions([:]).hold(of: [other: ["metadata": ["resourceVersion": "9"]]]))
  }
}

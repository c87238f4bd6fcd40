import Objects
import Testing

@Suite struct ManagedFieldsTests {
  private func write(_ manager: String, custom: Bool = true) -> ManagedFields.Write {
    ManagedFields.Write(
      manager: manager, apiVersion: "kubevirt.io/v1", time: "2026-11-30T10:00:00Z",
      isStatus: false, isCustom: custom)
  }

  private func json(_ text: String) throws -> ObjectNode { try ObjectNode(json: Array(text.utf8)) }

  private func text(_ tree: ObjectNode?) -> String {
    tree.map { String(decoding: $0.canonicalJSON, as: UTF8.self) } ?? ""
  }

  /// Manager, operation and fields of each owner.
  private func owners(_ fields: ManagedFields) -> [String] {
    (fields.tree?.items ?? []).map {
      "\($0["manager"]?.string ?? "") \($0["operation"]?.string ?? "") \(text($0["fieldsV1"]))"
    }
  }

  @Test func whoChangesAFieldOwnsIt() throws {
    var fields = ManagedFields(of: [:])
    let first = try json(#"{"metadata":{"name":"a","labels":{"l":"1"}},"spec":{"x":1,"y":[1,2]}}"#)
    fields.update(from: nil, to: first, by: write("one"))
    #expect(
      owners(fields) == [
        #"one Update {"f:metadata":{"f:labels":{".":{},"f:l":{}}},"f:spec":{".":{},"f:x":{},"f:y":{}}}"#
      ])
    var second = first
    second["spec", "x"] = 2
    second["metadata", "labels"] = nil
    fields.update(from: first, to: second, by: write("two"))
    #expect(
      owners(fields) == [
        #"one Update {"f:spec":{".":{},"f:y":{}}}"#, #"two Update {"f:spec":{"f:x":{}}}"#,
      ])
    // A write that changes nothing leaves all as it is.
    let before = fields.tree
    fields.update(from: second, to: second, by: write("three"))
    #expect(fields.tree == before)
    // Who owns nothing any longer is forgotten.
    fields.update(from: second, to: try json(#"{"spec":{"y":[1,2]}}"#), by: write("one"))
    #expect(owners(fields) == [#"one Update {"f:spec":{".":{},"f:y":{}}}"#])
  }

  @Test func anApplyTakesWhatNobodyElseWants() throws {
    var fields = ManagedFields(of: [:])
    let made = try fields.apply(
      try json(#"{"spec":{"x":1,"z":{"a":1,"b":2}}}"#), to: nil, by: write("one"), isForced: false)
    #expect(made == (try json(#"{"spec":{"x":1,"z":{"a":1,"b":2}}}"#)))
    // What it wants no longer goes; what others have set stays.
    var live = made
    live["spec", "other"] = "kept"
    fields.update(from: made, to: live, by: write("two"))
    let less = try fields.apply(
      try json(#"{"spec":{"z":{"a":1}}}"#), to: live, by: write("one"), isForced: false)
    #expect(less == (try json(#"{"spec":{"other":"kept","z":{"a":1}}}"#)))
    #expect(
      owners(fields) == [
        #"one Apply {"f:spec":{"f:z":{"f:a":{}}}}"#, #"two Update {"f:spec":{"f:other":{}}}"#,
      ])
  }

  @Test func aFieldOfAnotherIsAConflict() throws {
    var fields = ManagedFields(of: [:])
    let live = try json(#"{"spec":{"x":1,"y":1}}"#)
    fields.update(from: nil, to: live, by: write("kubectl-create"))
    let wanted = try json(#"{"spec":{"x":2,"y":1}}"#)
    let conflicts = try #require(throws: ManagedFields.Conflicts.self) {
      var copy = fields
      _ = try copy.apply(wanted, to: live, by: write("kubectl"), isForced: false)
    }
    #expect(conflicts.all.map { "\($0.owner.manager) \($0.field)" } == ["kubectl-create .spec.x"])
    let forced = try fields.apply(wanted, to: live, by: write("kubectl"), isForced: true)
    #expect(forced == wanted)
    // What both want alike both own.
    #expect(
      owners(fields) == [
        #"kubectl Apply {"f:spec":{"f:x":{},"f:y":{}}}"#,
        #"kubectl-create Update {"f:spec":{".":{},"f:y":{}}}"#,
      ])
  }

  @Test func listsOfCoreObjectsAreTakenApartByTheirKeys() throws {
    var fields = ManagedFields(of: [:])
    let live = try json(#"{"spec":{"containers":[{"name":"a","image":"1"},{"name":"b"}]}}"#)
    fields.update(from: nil, to: live, by: write("one", custom: false))
    let merged = try fields.apply(
      try json(#"{"spec":{"containers":[{"name":"c","image":"3"}]}}"#), to: live,
      by: write("two", custom: false), isForced: false)
    #expect(merged["spec", "containers"]?.items.map { $0["name"]?.string } == ["a", "b", "c"])
    let gone = try fields.apply(
      try json(#"{"metadata":{"labels":{"l":"1"}}}"#), to: merged, by: write("two", custom: false),
      isForced: false)
    #expect(gone["spec", "containers"]?.items.map { $0["name"]?.string } == ["a", "b"])
  }

  @Test func fieldsAreReadAsTheyAreWritten() throws {
    let text =
      #"{"f:spec":{"f:containers":{"k:{\"name\":\"a\"}":{".":{},"f:image":{}}},"f:x":{}},"#
      + #""f:metadata":{"f:finalizers":{"v:\"y\"":{}}}}"#
    let tree = try json(text)
    #expect(Set<FieldPath>(fieldsV1: tree).fieldsV1 == tree)
    let path = FieldPath([.field("spec"), .field("containers"), .key(#"{"name":"a"}"#)])
    #expect("\(path)" == #".spec.containers[name="a"]"#)
  }
}

import Objects
import Testing

@testable import Store

/// What requests make of one object.
@Suite struct WriteTests {
  /// A store with one machine that has been changed once.
  private func storeWithMachine() async throws -> Store {
    let store = Store(moment: fixedMoment)
    let tree = try json(#"{"kind":"VirtualMachine","spec":{"running":false},"status":{"x":1}}"#)
    try await store.create(machine("a"), tree)
    try await store.updateStatus(machine("a"), json(#"{"status":{"ready":true}}"#))
    return store
  }

  @Test func createSetsWhatIsTheStores() async throws {
    let store = Store(moment: fixedMoment)
    let sent = try json(
      #"""
      {"metadata":{"name":"other","namespace":"elsewhere","uid":"mine","generation":7,
        "creationTimestamp":"1970-01-01T00:00:00Z","deletionTimestamp":"1970-01-01T00:00:00Z",
        "resourceVersion":"","labels":{"a":"b"}},"spec":{"x":1},"status":{"y":2}}
      """#)
    let made = try await store.create(machine("a"), sent)
    #expect(
      made.tree.text
        == #"{"metadata":{"creationTimestamp":"\#(fixedTime)","generation":1,"labels":{"a":"b"},"#
        + #""name":"a","namespace":"default","resourceVersion":"1","uid":"uid-default-a"},"#
        + #""spec":{"x":1}}"#)
    #expect(made.size == made.tree.canonicalJSON.count)
    #expect(made.label("a") == "b")
    let whole = try await store.create(machine("b"), sent, status: .together)
    #expect(whole.tree["status", "y"] == 2)
    let node = try await store.create(ObjectKey(nodes, namespace: "", name: "n"), sent)
    #expect(node.tree["metadata", "namespace"] == nil)
    // Kubernetes keeps a Node's status when it is made, and of no other kind.
    #expect(node.tree["status", "y"] == 2)
    #expect(node.resourceVersion == 3)
  }

  @Test(arguments: [
    // What is sent, on whose writes status depends; the generation and the version afterwards.
    (#"{"kind":"VirtualMachine","spec":{"running":true}}"#, StatusWrites.apart, 2, 3),
    (#"{"kind":"VirtualMachine","spec":{"running":false}}"#, .apart, 1, 2),
    (#"{"kind":"VirtualMachine","spec":{"running":false},"status":{"ready":false}}"#, .apart, 1, 2),
    (
      #"{"kind":"VirtualMachine","spec":{"running":false},"status":{"ready":false}}"#, .together, 2,
      3
    ),
    (
      #"{"kind":"VirtualMachine","spec":{"running":false},"status":{"ready":true}}"#, .together, 1,
      2
    ),
    (
      #"{"kind":"VirtualMachine","spec":{"running":false},"metadata":{"labels":{"a":"b"}}}"#,
      .apart, 1, 3
    ),
    (#"{"kind":"VirtualMachine"}"#, .apart, 2, 3),
    (#"{"kind":"VirtualMachine","spec":{"running":false},"data":1}"#, .apart, 2, 3),
    (
      #"{"kind":"VirtualMachine","spec":{"running":true},"metadata":{"generation":9,"#
        + #""creationTimestamp":"x","deletionTimestamp":"y","resourceVersion":"2"}}"#, .apart, 2, 3
    ),
  ]) func updateCountsWhatIsWanted(
    sent: String, status: StatusWrites, generation: Int, version: Int
  ) async throws {
    let store = try await storeWithMachine()
    let updated = try await store.update(machine("a"), json(sent), status: status)
    #expect(updated.generation == generation)
    #expect(updated.resourceVersion == version)
    #expect(updated.uid == "uid-default-a")
    #expect(updated.tree["metadata", "creationTimestamp"]?.string == fixedTime)
    #expect(!updated.isBeingDeleted)
    #expect(await store.status.revision == version)
    #expect(await store.get(machine("a")) == updated)
    if status == .apart { #expect(updated.tree["status"] == ["ready": true]) }
  }

  @Test func updateStatusChangesNothingElse() async throws {
    let store = try await storeWithMachine()
    let sent = try json(
      #"{"metadata":{"labels":{"a":"b"}},"spec":{"running":true},"status":{"ready":false}}"#)
    let updated = try await store.updateStatus(machine("a"), sent)
    #expect(updated.tree["status"] == ["ready": false])
    #expect(updated.tree["spec"] == ["running": false])
    #expect(updated.tree["metadata", "labels"] == nil)
    #expect(updated.generation == 1)
    #expect(updated.resourceVersion == 3)
    #expect(try await store.updateStatus(machine("a"), sent) == updated)
    let cleared = try await store.updateStatus(machine("a"), [:])
    #expect(cleared.tree["status"] == nil)
  }

  @Test(arguments: [
    (
      WriteRequest.create(machine("a"), [:], status: .apart), 409,
      "AlreadyExists", #"virtualmachines.kubevirt.io "a" already exists"#
    ),
    (
      .create(machine("b"), ["metadata": ["resourceVersion": "1"]], status: .apart), 422, "Invalid",
      #"virtualmachines.kubevirt.io "b" is invalid: metadata.resourceVersion: Invalid value: "1": "#
        + "must not be set on an object that is made"
    ),
    (
      .create(machine("b"), [1], status: .apart), 422, "Invalid",
      #"virtualmachines.kubevirt.io "b" is invalid: <nil>: Invalid value: an object must be a mapping"#
    ),
    (
      .update(machine("b"), [:], status: .apart), 404, "NotFound",
      #"virtualmachines.kubevirt.io "b" not found"#
    ),
    (
      .updateStatus(pod("a"), [:]), 404, "NotFound", #"pods "a" not found"#
    ),
    (
      .delete(machine("a", in: "other"), nil, Preconditions()), 404, "NotFound",
      #"virtualmachines.kubevirt.io "a" not found"#
    ),
    (
      .update(machine("a"), ["metadata": ["resourceVersion": "1"]], status: .apart), 409,
      "Conflict",
      #"Operation cannot be fulfilled on virtualmachines.kubevirt.io "a": the object has been "#
        + "modified; please apply your changes to the latest version and try again"
    ),
    (
      .updateStatus(machine("a"), ["metadata": ["resourceVersion": "3"]]), 409, "Conflict",
      #"Operation cannot be fulfilled on virtualmachines.kubevirt.io "a": the object has been "#
        + "modified; please apply your changes to the latest version and try again"
    ),
    (
      .update(machine("a"), ["metadata": ["uid": "another"]], status: .apart), 409, "Conflict",
      #"Operation cannot be fulfilled on virtualmachines.kubevirt.io "a": the UID in the "#
        + "precondition (another) does not match the UID in record (uid-default-a). "
        + "The object might have been deleted and then recreated"
    ),
    (
      .delete(machine("a"), nil, Preconditions(uid: "another")), 409, "Conflict",
      #"Operation cannot be fulfilled on virtualmachines.kubevirt.io "a": the UID in the "#
        + "precondition (another) does not match the UID in record (uid-default-a). "
        + "The object might have been deleted and then recreated"
    ),
    (
      .delete(machine("a"), nil, Preconditions(resourceVersion: "1")), 409, "Conflict",
      #"Operation cannot be fulfilled on virtualmachines.kubevirt.io "a": the ResourceVersion in "#
        + "the precondition (1) does not match the ResourceVersion in record (2). "
        + "The object might have been modified"
    ),
  ]) func refusalsChangeNothing(
    request: WriteRequest, code: Int, reason: String, message: String
  ) async throws {
    let store = try await storeWithMachine()
    let before = await store.contents
    for isRehearsal in [true, false] {
      let error = await #expect(throws: StoreError.self) {
        _ = isRehearsal ? try await store.rehearse(request) : try await store.write(request)
      }
      #expect(error?.code == code)
      #expect(error?.reason == reason)
      #expect(error?.description == message)
    }
    #expect(await store.contents == before)
    #expect(await store.status.revision == 2)
  }

  @Test func rightPreconditionsAreNoHindrance() async throws {
    let store = try await storeWithMachine()
    let versioned = try json(#"{"metadata":{"resourceVersion":"2","uid":"uid-default-a"}}"#)
    try await store.updateStatus(machine("a"), versioned.with("status", value: 1))
    let rights = Preconditions(uid: "uid-default-a", resourceVersion: "3")
    try await store.delete(machine("a"), preconditions: rights)
    #expect(await store.get(machine("a")) == nil)
    #expect(await store.status.revision == 4)
  }

  @Test func rehearsalAnswersAsTheWriteWould() async throws {
    let store = try await storeWithMachine()
    let request = WriteRequest.update(machine("a"), ["spec": ["running": true]], status: .apart)
    let rehearsed = try await store.rehearse(request)
    #expect(await store.get(machine("a"))?.resourceVersion == 2)
    #expect(try await store.write(request) == rehearsed)
    #expect(try await store.rehearse(request) == rehearsed)
  }

  @Test func limits() async throws {
    var limits = StoreLimits()
    limits.objectBytes = 400
    limits.totalBytes = 900
    let store = Store(limits: limits, moment: fixedMoment)
    func sized(_ count: Int) -> ObjectNode { ["x": .text(String(repeating: "x", count: count))] }
    let key = machine("big")
    await #expect(throws: StoreError.tooLarge(key, bytes: 560, limit: 400)) {
      try await store.create(key, sized(400))
    }
    for name in ["a", "b", "c"] { try await store.create(machine(name), sized(120)) }
    await #expect(throws: StoreError.full(key, limit: 900)) {
      try await store.create(key, sized(60))
    }
    await #expect(throws: StoreError.full(machine("a"), limit: 900)) {
      try await store.update(machine("a"), sized(220))
    }
    try await store.update(machine("a"), sized(119))
    try await store.delete(machine("b"))
    try await store.create(key, sized(60))
    var deep: ObjectNode = []
    for _ in 0..<120 { deep = [deep] }
    let tooDeep: ObjectNode = ["spec": deep]
    let error = await #expect(throws: StoreError.self) {
      try await store.create(pod("deep"), tooDeep)
    }
    #expect(error?.description.contains("more than 100 levels") == true)
  }

  @Test(arguments: [
    (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"),
    (1_764_440_028, fixedTime), (253_402_300_799, "9999-12-31T23:59:59Z"),
  ]) func timestamps(seconds: Int, text: String) {
    #expect(WriteMoment(seconds: { seconds }, uid: { _ in "" }).timestamp == text)
  }

  @Test func randomUIDsAreVersion4() throws {
    let uids = (0..<100).map { _ in WriteMoment.system.uid(pod("a")) }
    #expect(Set(uids).count == 100)
    for uid in uids {
      #expect(
        uid.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/)
          != nil)
    }
  }

  @Test func listsAreSortedAndSelected() async throws {
    let store = Store(moment: fixedMoment)
    for key in [
      pod("b", in: "z"), pod("a", in: "z"), pod("b", in: "y"), machine("a", in: "z"),
      ObjectKey(nodes, namespace: "", name: "n"),
    ] {
      try await store.create(key, ["metadata": ["labels": ["name": .text(key.name)]]])
    }
    let all = await store.list(pods)
    #expect(all.items.map(\.key) == [pod("b", in: "y"), pod("a", in: "z"), pod("b", in: "z")])
    #expect(all.resourceVersion == 5)
    #expect(await store.list(pods, namespace: "z").items.map(\.key.name) == ["a", "b"])
    let labelled = await store.list(pods) { $0.label("name") == "b" }
    #expect(labelled.items.map(\.key) == [pod("b", in: "y"), pod("b", in: "z")])
    #expect(await store.list(machines, namespace: "y").items.isEmpty)
  }
}

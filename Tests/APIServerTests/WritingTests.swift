import Objects
import Testing

@testable import Client

/// Objects made, changed and deleted by a client.
@Suite struct WritingTests {
  private func refusal(
    _ body: () async throws(APIClientError) -> Void
  ) async -> StatusError? {
    do {
      try await body()
      return nil
    } catch {
      return error.status
    }
  }

  @Test func objectIsMadeReadAndDeleted() async throws {
    let api = try await TestAPI()
    let made = try await api.client.create(configMap("a")).object
    #expect(made["metadata", "uid"]?.string?.count == 36)
    // Of most core kinds clients are not told of generations.
    #expect(made["metadata", "generation"] == nil)
    #expect(made["data", "a"]?.string == "1")
    #expect(try await api.client.get(configMapKey("a")) == made)
    #expect(try await api.client.list(.configMaps).items == [made])
    let twice = await refusal { () throws(APIClientError) in
      try await api.client.create(configMap("a"))
    }
    #expect(twice?.reason == "AlreadyExists")
    #expect(twice?.message == "configmaps \"a\" already exists")
    try await api.client.delete(configMapKey("a"))
    let gone = await refusal { () throws(APIClientError) in
      _ = try await api.client.get(configMapKey("a"))
    }
    #expect(gone?.reason == "NotFound")
    #expect(gone?.details?.kind == "configmaps")
    await api.stop()
  }

  @Test func olderVersionIsAConflict() async throws {
    let api = try await TestAPI()
    var first = try await api.client.create(configMap("a")).object
    first["data", "a"] = "2"
    let second = try await api.client.update(first).object
    #expect(second.version != first.version)
    first["data", "a"] = "3"
    let conflict = await refusal { () throws(APIClientError) in try await api.client.update(first) }
    #expect(conflict?.code == 409)
    #expect(conflict?.reason == "Conflict")
    // A write that changes nothing leaves the version.
    #expect(try await api.client.update(second).object == second)
    // Kinds of the core group are replaced without a version, others not.
    #expect(try await api.client.update(configMap("a", "4")).object["data", "a"]?.string == "4")
    try await api.client.create(instance("x"))
    let unversioned = await refusal { () throws(APIClientError) in
      try await api.client.update(instance("x"))
    }
    #expect(
      unversioned?.message
        == "virtualmachineinstances.kubevirt.io \"x\" is invalid: metadata.resourceVersion: Invalid "
        + "value: 0: must be specified for an update")
    await api.stop()
  }

  @Test func dryRunWritesNothing() async throws {
    let api = try await TestAPI()
    let rehearsed = try await api.client.create(configMap("a"), isDryRun: true).object
    #expect(rehearsed.name == "a")
    #expect(try await api.client.list(.configMaps).items.isEmpty)
    let made = try await api.client.create(configMap("a")).object
    let target = "/api/v1/namespaces/default/configmaps/a?dryRun=All"
    let patched = try await api.send(
      "PATCH", target, type: "application/merge-patch+json", #"{"data":{"a":"9"}}"#)
    #expect(patched.body["data", "a"]?.string == "9")
    #expect(try await api.send("DELETE", target).status == 200)
    #expect(try await api.client.get(configMapKey("a")) == made)
    await api.stop()
  }

  /// Kubernetes, registry/core/node/strategy.go.
  @Test func aNodeThatIsMadeKeepsItsStatus() async throws {
    let api = try await TestAPI()
    let node = try await api.client.create([
      "apiVersion": "v1", "kind": "Node", "metadata": ["name": "n"],
      "status": ["capacity": ["cpu": "4"]],
    ]).object
    #expect(node["status", "capacity", "cpu"]?.string == "4")
    await api.stop()
  }

  @Test func statusIsWrittenApart() async throws {
    let api = try await TestAPI()
    let key = ObjectKey(.dataVolumes, namespace: "default", name: "n")
    var node = try await api.client.create([
      "apiVersion": "cdi.kubevirt.io/v1beta1", "kind": "DataVolume",
      "metadata": ["name": "n", "namespace": "default"], "status": ["a": 1],
    ]).object
    #expect(node["status"] == nil)
    node["status"] = ["a": 2]
    node = try await api.client.update(node).object
    #expect(node["status"] == nil)
    node["status"] = ["a": 2]
    node["spec"] = ["unschedulable": true]
    let reported = try await api.client.updateStatus(node).object
    #expect(reported["status", "a"]?.integer == 2)
    #expect(reported["spec"] == nil)
    #expect(reported["metadata", "generation"]?.integer == 1)
    let patched = try await api.client.patch(
      key, merging: ["status": ["b": 3], "spec": ["unschedulable": true]], subresource: "status"
    ).object
    #expect(patched["status"] == ["a": 2, "b": 3])
    #expect(patched["spec"] == nil)
    let wanted = try await api.client.patch(key, merging: ["spec": ["unschedulable": true]]).object
    #expect(wanted["metadata", "generation"]?.integer == 2)
    #expect(wanted["status"] == ["a": 2, "b": 3])
    await api.stop()
  }

  @Test func statusOfAnInstanceIsAField() async throws {
    let api = try await TestAPI()
    var made = try await api.client.create(instance("x")).object
    made["status"] = ["phase": "Running"]
    let reported = try await api.client.updateStatus(made).object
    #expect(reported["status", "phase"]?.string == "Running")
    #expect(reported["spec"] == made["spec"])
    await api.stop()
  }

  @Test func finalizersHoldADeletedObject() async throws {
    let api = try await TestAPI()
    var map = configMap("a")
    map["metadata", "finalizers"] = ["pxelab.dev/test"]
    let made = try await api.client.create(map).object
    let target = "/api/v1/namespaces/default/configmaps/a"
    let wrong = await refusal { () throws(APIClientError) in
      try await api.client.delete(configMapKey("a"), uid: "another")
    }
    #expect(wrong?.reason == "Conflict")
    let marked = try await api.send("DELETE", target)
    #expect(marked.body["metadata", "deletionTimestamp"] != nil)
    #expect(marked.body["metadata", "uid"] == made["metadata", "uid"])
    let released = try await api.send(
      "PATCH", target, type: "application/json-patch+json",
      #"[{"op":"remove","path":"/metadata/finalizers"}]"#)
    #expect(released.status == 200)
    #expect(try await api.send("GET", target).status == 404)
    await api.stop()
  }

  /// It is there until a controller has emptied it, whatever a client does to its finalizers meanwhile.
  @Test func namespaceThatGoesTakesNothingNew() async throws {
    let api = try await TestAPI()
    for name in ["default", "kube-system", "pxelab"] {
      let refused = try await api.send("DELETE", "/api/v1/namespaces/\(name)")
      #expect(refused.status == 403)
      #expect(
        refused.body["message"]?.string
          == "namespaces \"\(name)\" is forbidden: this namespace may not be deleted")
    }
    let target = "/api/v1/namespaces/other"
    let made = try await api.send(
      "POST", "/api/v1/namespaces",
      #"{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "other"}}"#)
    #expect(made.status == 201)
    let marked = try await api.send("DELETE", target)
    #expect(marked.body["kind"] == "Namespace")
    #expect(marked.body["metadata", "deletionTimestamp"] != nil)
    let freed = try await api.send(
      "PATCH", target, type: "application/json-patch+json",
      #"[{"op":"remove","path":"/metadata/finalizers"}]"#)
    #expect(freed.status == 200)
    #expect(try await api.send("GET", target).status == 200)
    let refused = try await api.send(
      "POST", "\(target)/configmaps",
      #"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "late"}}"#)
    #expect(refused.status == 403)
    #expect(refused.body["message"]?.string?.hasSuffix("because it is being terminated") == true)
    await api.stop()
  }

  @Test func collectionIsDeletedBySelector() async throws {
    let api = try await TestAPI()
    for name in ["a", "b", "c"] {
      try await api.client.create(
        configMap(name, labels: ["keep": .text(name == "b" ? "yes" : "no")]))
    }
    let deleted = try await api.send(
      "DELETE", "/api/v1/namespaces/default/configmaps?labelSelector=keep!%3Dyes")
    #expect(deleted.body["items"]?.items.map(\.name) == ["a", "c"])
    #expect(try await api.client.list(.configMaps).items.map(\.name) == ["b"])
    await api.stop()
  }

  @Test func concurrentPatchesAllCount() async throws {
    let api = try await TestAPI()
    try await api.client.create(configMap("a"))
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<6 {
        group.addTask {
          _ = try? await api.client.patch(
            configMapKey("a"), merging: ["data": ["n\(number)": "1"]])
        }
      }
    }
    let data = try await api.client.get(configMapKey("a"))["data"]?.entries.map(\.key)
    #expect(data?.count == 7)
    await api.stop()
  }
}

import HTTPService
import Objects
import Testing

@testable import APIServer
@testable import Store

/// What clients ask before anything else.
@Suite struct DiscoveryTests {
  private static let aggregated =
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
    + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json"

  private func api() -> APIServer {
    let api = APIServer(store: Store())
    api.register(
      GroupResource("virtualmachines", group: "subresources.kubevirt.io"), "start", "PUT"
    ) { _ in HTTPResponse(status: 202) }
    api.register(
      GroupResource("pods"), "eviction", "POST",
      kind: GroupVersionKind("Eviction", group: "policy", version: "v1")
    ) { _ in HTTPResponse(status: 201) }
    return api
  }

  private func get(
    _ api: APIServer, _ target: String, accept: String? = nil
  ) async throws -> (status: Int, type: String, tree: ObjectNode) {
    let response = await api.answer(
      HTTPRequest(
        method: "GET", target: target,
        fields: accept.map { ["Accept": $0] } ?? [:]))
    guard case .bytes(let bytes) = response.body else { return (0, "", .null) }
    let tree = bytes.isEmpty ? .null : try ObjectNode(json: bytes)
    return (response.status, response.fields["Content-Type"] ?? "", tree)
  }

  @Test func groupsAndTheirVersionsAreListed() async throws {
    let api = api()
    for slash in ["", "/"] {
      #expect(try await get(api, "/api\(slash)").tree["versions"] == ["v1"])
      let groups = try await get(api, "/apis\(slash)").tree
      #expect(groups["kind"] == "APIGroupList")
      let names = groups["groups"]?.items.compactMap { $0["name"]?.string } ?? []
      #expect(names == names.sorted() && !names.contains(""))
      let hco = groups["groups"]?.items.first { $0["name"] == "hco.kubevirt.io" }
      #expect(hco?["preferredVersion", "groupVersion"] == "hco.kubevirt.io/v1beta1")
      #expect(hco?["versions"]?.items.count == 2)
    }
    let group = try await get(api, "/apis/subresources.kubevirt.io").tree
    #expect(group["kind"] == "APIGroup" && group["name"] == "subresources.kubevirt.io")
  }

  /// Which version of a client's group is preferred does not hang on the names of its kinds.
  @Test func versionsOfClientsArePreferredByTheirNames() throws {
    func definition(_ plural: String, _ kind: String, _ versions: [String]) -> ResourceDefinition {
      var definition = ResourceDefinition(
        APIResource(
          GroupResource(plural, group: "example.org"), versions: versions, kind: kind))
      definition.origin = ResourceDefinition.Origin(uid: plural, state: 1)
      return definition
    }
    let served = ServedResources(
      [
        definition("apples", "Apple", ["v1alpha1", "v1beta1"]), definition("pears", "Pear", ["v1"]),
        definition("zebras", "Zebra", ["v10", "v2"]),
      ], subresources: [:])
    #expect(
      served.group("example.org")?.versions.map(\.name) == [
        "v10", "v2", "v1", "v1beta1", "v1alpha1",
      ])
  }

  @Test func resourcesOfAVersionAreListed() async throws {
    let api = api()
    let core = try await get(api, "/api/v1").tree
    let pods = core["resources"]?.items.first { $0["name"] == "pods" }
    #expect(pods?["shortNames"] == ["po"] && pods?["categories"] == ["all"])
    #expect(pods?["namespaced"] == true && pods?["singularName"] == "pod")
    let names = core["resources"]?.items.compactMap { $0["name"]?.string } ?? []
    #expect(names.contains("pods/status") && names.contains("pods/eviction"))
    // By this kind, group and version kubectl drain finds that it may evict.
    let eviction = core["resources"]?.items.first { $0["name"] == "pods/eviction" }
    #expect(eviction?["verbs"] == ["create"])
    #expect(eviction?["kind"] == "Eviction" && eviction?["group"] == "policy")
    #expect(eviction?["version"] == "v1")
    let machines = try await get(api, "/apis/kubevirt.io/v1").tree["resources"]?.items ?? []
    let instances = machines.first { $0["name"] == "virtualmachineinstances" }
    #expect(instances?["shortNames"] == ["vmi", "vmis"])
    #expect(!machines.contains { $0["name"] == "virtualmachineinstances/status" })
    let power = try await get(api, "/apis/subresources.kubevirt.io/v1").tree
    #expect(
      power["resources"]?.items.map { $0["name"]?.string } == ["virtualmachines/start"])
    #expect(try await get(api, "/apis/nosuch.io/v1").status == 404)
    #expect(try await get(api, "/apis/kubevirt.io/v9").status == 404)
    #expect(try await get(api, "/apis/nosuch.io").status == 404)
  }

  @Test func allIsToldAtOnceToWhoAsksSo() async throws {
    let api = api()
    let core = try await get(api, "/api?timeout=32s", accept: Self.aggregated)
    #expect(core.type == "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")
    #expect(core.tree["items"]?.items.count == 1)
    let pods = core.tree["items"]?.item(0)?["versions"]?.item(0)?["resources"]?.items
      .first { $0["resource"] == "pods" }
    #expect(pods?["responseKind", "kind"] == "Pod" && pods?["scope"] == "Namespaced")
    let others = try await get(api, "/apis", accept: Self.aggregated)
    #expect(
      others.tree["items"]?.items.allSatisfy { $0["metadata", "name"]?.string != nil } == true)
    // Clients of the form before it get the old one.
    let older =
      "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json"
    #expect(try await get(api, "/apis", accept: older).tree["kind"] == "APIGroupList")
  }

  @Test func openAPISaysWhatMayBePatched() async throws {
    let api = api()
    let old = await api.answer(HTTPRequest(method: "GET", target: "/openapi/v2"))
    #expect(
      old.fields["Content-Type"] == "application/com.github.proto-openapi.spec.v2.v1.0+protobuf")
    guard case .bytes(let bytes) = old.body else { return }
    #expect(bytes.isEmpty)
    let index = try await get(api, "/openapi/v3").tree
    for entry in index["paths"]?.entries ?? [] {
      let url = try #require(entry.value["serverRelativeURL"]?.string)
      let document = try await get(api, url).tree
      #expect(document["openapi"] == "3.0.0", "\(url)")
      // Every reference leads somewhere.
      let schemas = try #require(document["components", "schemas"])
      let text = String(decoding: document.canonicalJSON, as: UTF8.self)
      for part in text.split(separator: "#/components/schemas/").dropFirst() {
        #expect(schemas[String(part.prefix { $0 != "\"" })] != nil, "\(url)")
      }
    }
    let power = try await get(api, "/openapi/v3/apis/subresources.kubevirt.io/v1").tree["paths"]
    #expect(
      power?.entries.map(\.key) == [
        "/apis/subresources.kubevirt.io/v1/namespaces/{namespace}/virtualmachines/{name}/start"
      ])
    #expect(power?.entries.first?.value["put"] != nil)
    let eviction = try await get(api, "/openapi/v3/api/v1").tree["paths"]?[
      "/api/v1/namespaces/{namespace}/pods/{name}/eviction"]?["post"]
    #expect(eviction?["x-kubernetes-group-version-kind", "kind"] == "Eviction")
    let machines = try await get(api, "/openapi/v3/apis/kubevirt.io/v1").tree
    let patch = machines["paths"]?[
      "/apis/kubevirt.io/v1/namespaces/{namespace}/virtualmachines/{name}"]?["patch"]
    #expect(patch?["x-kubernetes-group-version-kind", "kind"] == "VirtualMachine")
    #expect(patch?["parameters"]?.items.contains { $0["name"] == "fieldValidation" } == true)
    #expect(try await get(api, "/openapi/v3/apis/nosuch.io/v1").status == 404)
  }

  @Test func aQuestionIsAnsweredAndNotStored() async throws {
    let api = api()
    let asked = await api.answer(
      HTTPRequest(
        method: "POST", target: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
        body: Array(
          #"{"kind":"SelfSubjectAccessReview","apiVersion":"authorization.k8s.io/v1"}"#.utf8)))
    #expect(asked.status == 201)
    guard case .bytes(let bytes) = asked.body else { return }
    #expect(try ObjectNode(json: bytes)["status", "allowed"] == true)
    let listed = await api.answer(
      HTTPRequest(
        method: "GET", target: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"))
    #expect(listed.status == 405)
  }
}

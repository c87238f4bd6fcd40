import HTTPService
import Objects
import Testing

@testable import APIServer
@testable import Client

/// Paths that are answered by others, and kinds that come later.
@Suite struct SubresourceTests {
  private static let machines = GroupResource(
    "virtualmachines", group: "subresources.kubevirt.io")

  @Test func handlerIsCalledWithKeyQueryAndBody() async throws {
    let api = try await TestAPI()
    api.api.register(Self.machines, "start", "PUT") { request in
      let isPaused = try request.body()["paused"]?.boolean ?? false
      return HTTPResponse(
        ["key": .text("\(request.key)"), "paused": .boolean(isPaused)], status: 202)
    }
    let path = "/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachines/vm/start"
    let (status, body, _) = try await api.send("PUT", path, #"{"paused":true}"#)
    #expect(status == 202)
    #expect(body == ["key": "default/vm", "paused": true])
    #expect(try await api.send("GET", path).status == 405)
    #expect(try await api.send("PUT", "\(path)x").status == 404)
    let key = ObjectKey(Self.machines, namespace: "default", name: "vm")
    let bytes = try await api.client.call(key, "start", body: [:])
    #expect(try ObjectNode(json: bytes)["paused"]?.boolean == false)
    await api.stop()
  }

  @Test func longSubresourceAndItsRefusal() async throws {
    let api = try await TestAPI()
    api.api.register(Self.machines, "vnc/screenshot", "GET") { request in
      throw StatusError(400, "BadRequest", "VMI is not running")
    }
    let (status, body, _) = try await api.send(
      "GET",
      "/apis/subresources.kubevirt.io/v1/namespaces/a/virtualmachines/x/vnc/screenshot?moveCursor=1"
    )
    #expect(status == 400)
    #expect(body["message"]?.string == "VMI is not running")
    await api.stop()
  }

  @Test func versionsAndWhatFollowsTheName() async throws {
    let api = try await TestAPI()
    api.api.register(
      Self.machines, "portforward", "GET", versions: ["v1", "v1alpha3"], takesPath: true
    ) { HTTPResponse(["path": .text($0.path.joined(separator: " "))]) }
    api.api.register(Self.machines, "portforward/close", "PUT") { _ in HTTPResponse(["path": "-"]) }
    func send(_ method: String, _ version: String, _ path: String) async throws -> (Int, String?) {
      let (status, body, _) = try await api.send(
        method, "/apis/subresources.kubevirt.io/\(version)/namespaces/a/virtualmachines/x/\(path)")
      return (status, body["path"]?.string)
    }
    #expect(try await send("GET", "v1", "portforward") == (200, ""))
    #expect(try await send("GET", "v1alpha3", "portforward/22/tcp") == (200, "22 tcp"))
    #expect(try await send("PUT", "v1", "portforward/close") == (200, "-"))
    #expect(try await send("PUT", "v1", "portforward/close/x") == (405, nil))
    #expect(try await send("GET", "v1beta1", "portforward") == (404, nil))
    #expect(try await send("GET", "v1", "portforwarding") == (404, nil))
    await api.stop()
  }

  @Test func kindIsAddedAtRunTime() async throws {
    let api = try await TestAPI()
    let path = "/apis/example.com/v1/namespaces/default/widgets"
    #expect(try await api.send("GET", path).status == 404)
    api.api.definitions.add(
      ResourceDefinition(
        APIResource(GroupResource("widgets", group: "example.com"), kind: "Widget")))
    let made = try await api.send(
      "POST", path, #"{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"w"}}"#)
    #expect(made.status == 201)
    #expect(try await api.send("GET", path).body["kind"]?.string == "WidgetList")
    await api.stop()
  }
}

import Objects
import Testing

@testable import Subresources

/// What a lab tells of its subresources.
@Suite struct DiscoveryTests {
  private static let group = "/apis/subresources.kubevirt.io"

  private func names(_ lab: TestLab, _ path: String) async throws -> [String] {
    let (status, text) = try await lab.send("GET", path)
    #expect(status == 200)
    let resources = try ObjectNode(json: Array(text.utf8))["resources"]?.items ?? []
    return resources.compactMap { $0["name"]?.string }
  }

  @Test func allAreListedInBothVersions() async throws {
    let lab = try await TestLab()
    for version in ["v1", "v1alpha3"] {
      let listed = Set(try await names(lab, "\(Self.group)/\(version)"))
      let machines = ["start", "stop", "restart", "portforward"].map { "virtualmachines/\($0)" }
      let instances = [
        "console", "filesystemlist", "guestosinfo", "pause", "portforward", "reset", "softreboot",
        "unpause", "userlist", "vnc", "vnc/screenshot",
      ].map { "virtualmachineinstances/\($0)" }
      #expect(listed == Set(machines + instances))
    }
    let pods = try await names(lab, "/api/v1").filter { $0.hasPrefix("pods/") }
    #expect(pods == ["pods/binding", "pods/eviction", "pods/log", "pods/status"])
  }

  @Test func versionIsTold() async throws {
    let lab = try await TestLab()
    for version in ["v1", "v1alpha3"] {
      let (status, text) = try await lab.send("GET", "\(Self.group)/\(version)/version")
      let tree = try ObjectNode(json: Array(text.utf8))
      #expect(status == 200 && tree["gitVersion"]?.string?.hasPrefix("v1.") == true)
    }
    #expect(try await lab.send("GET", "\(Self.group)/v1/versions").status == 404)
  }

  @Test func ownersMayDoAllOfIt() async throws {
    let lab = try await TestLab()
    for (group, resource, subresource, verb) in [
      ("", "pods", "log", "get"),
      ("subresources.kubevirt.io", "virtualmachineinstances", "console", "get"),
      ("subresources.kubevirt.io", "virtualmachineinstances", "pause", "update"),
    ] {
      let asked: ObjectNode = [
        "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
        "spec": [
          "resourceAttributes": [
            "group": .text(group), "resource": .text(resource),
            "subresource": .text(subresource), "verb": .text(verb),
          ]
        ],
      ]
      let (status, text) = try await lab.send(
        "POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
        String(decoding: asked.canonicalJSON, as: UTF8.self))
      #expect(status == 201)
      #expect(try ObjectNode(json: Array(text.utf8))["status", "allowed"] == true)
    }
  }
}

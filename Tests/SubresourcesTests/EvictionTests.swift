import Objects
import Store
import Testing

@testable import Subresources

/// Evictions, whose options are those of a deletion.
@Suite struct EvictionTests {
  private static let target = "/api/v1/namespaces/default/pods/virt-launcher-pxe/eviction"
  private static let key = ObjectKey(
    GroupResource("pods"), namespace: "default", name: "virt-launcher-pxe")

  private func evict(_ lab: TestLab, _ options: String) async throws -> (Int, String) {
    try await lab.refusal(
      "POST", Self.target,
      #"{"apiVersion":"policy/v1","kind":"Eviction","deleteOptions":\#(options)}"#)
  }

  @Test func optionsAreThoseOfADeletion() async throws {
    let lab = try await TestLab()
    try await lab.make(GroupResource("pods"), pod("virt-launcher-pxe", phase: "Running"))
    let other = try await evict(lab, #"{"preconditions":{"uid":"other"}}"#)
    #expect(other.0 == 409)
    let unknown = try await evict(lab, #"{"propagationPolicy":"Sideways"}"#)
    #expect(unknown.0 == 422 && unknown.1.contains("propagationPolicy: Unsupported value"))
    #expect(try await evict(lab, #"{"dryRun":["All"]}"#).0 == 201)
    #expect(await lab.store.get(Self.key) != nil)
    #expect(try await evict(lab, "{}").0 == 201)
    #expect(await lab.store.get(Self.key) == nil)
    #expect(try await lab.send("POST", Self.target).status == 404)
  }
}

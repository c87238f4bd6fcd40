import HTTPService
import Mutations
import Objects
import Testing

@testable import APIServer
@testable import Store

/// Requests with bytes changed: each is answered, and refusals are Status objects.
@Suite struct MutationTests {
  @Test func changedRequestsAreAnswered() async throws {
    let store = Store()
    let api = APIServer(store: store)
    try await api.prepare()
    try await store.create(configMapKey("a"), configMap("a"))
    let maps = "/api/v1/namespaces/default/configmaps"
    let seeds: [(String, String, String?, String)] = [
      ("GET", "\(maps)?labelSelector=a+in+(b,c),d!%3De&fieldSelector=metadata.name%3Da", nil, ""),
      ("GET", "\(maps)?watch=true&resourceVersion=3&timeoutSeconds=1", nil, ""),
      (
        "POST", "\(maps)?fieldValidation=Strict&dryRun=All", "application/json", configMap("b").text
      ),
      ("POST", maps, "application/yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: y}\n"),
      ("PUT", "\(maps)/a", nil, configMap("a", "2").text),
      ("PATCH", "\(maps)/a", "application/merge-patch+json", #"{"data":{"a":null,"b":{"c":[1]}}}"#),
      (
        "PATCH", "\(maps)/a", "application/json-patch+json",
        #"[{"op":"add","path":"/data/x","value":{"a":[1,2]}},{"op":"move","from":"/data/x/a/0","path":"/data/y"}]"#
      ),
      (
        "POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions?dryRun=All",
        "application/json",
        #"{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"as.b.c"},"spec":{"group":"b.c","scope":"Namespaced","names":{"plural":"as","kind":"A"},"versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"x":{"type":"string","pattern":"^[a-z]{1,3}(-\\d+)?$","default":"a"}}}}}]}}"#
      ),
      (
        "POST", "/apis/events.k8s.io/v1/namespaces/default/events?dryRun=All", nil,
        #"{"metadata":{"name":"e"},"eventTime":"2026-11-29T16:56:29.954429Z","note":"n","regarding":{"kind":"Pod","name":"p","namespace":"default"},"deprecatedSource":{"component":"c"}}"#
      ),
      ("DELETE", "\(maps)/a?propagationPolicy=Foreground", nil, #"{"preconditions":{"uid":"x"}}"#),
      (
        "POST", "/apis/kubevirt.io/v1/namespaces/default/virtualmachineinstances",
        "application/json", instance("vmi").text
      ),
    ]
    var numbers = RepeatableNumbers(seed: 12)
    for round in 0..<3000 {
      let (method, target, type, body) = seeds[round % seeds.count]
      let isTarget = round % 2 == 0
      let bytes = numbers.changed(Array((isTarget ? target : body).utf8))
      let response = await api.answer(
        HTTPRequest(
          method: method,
          target: isTarget ? String(decoding: bytes, as: UTF8.self) : target,
          fields: type.map { ["Content-Type": $0] } ?? [:],
          body: isTarget ? Array(body.utf8) : bytes))
      guard response.status >= 400, case .bytes(let answer) = response.body else { continue }
      #expect(try ObjectNode(json: answer)["code"]?.integer == response.status)
      #expect(response.status != 500)
    }
    #expect(
      await store.get(ObjectKey(GroupResource("namespaces"), namespace: "", name: "default")) != nil
    )
  }
}

import Objects
import Testing

@Suite struct StrategicMergePatchTests {
  private static let pod = """
    {"metadata":{"labels":{"a":"1"},"finalizers":["x"]},
    "spec":{"containers":[{"name":"c","image":"i","ports":[{"containerPort":80,"name":"http"}]}],
    "taints":[{"key":"k"}]},
    "status":{"conditions":[{"type":"Ready","status":"True"},{"type":"Other","status":"True"}]}}
    """

  @Test(arguments: [
    // A condition is found by its type.
    (
      #"{"status":{"conditions":[{"type":"Ready","status":"False","reason":"r"}]}}"#,
      ["status", "conditions"],
      #"[{"reason":"r","status":"False","type":"Ready"},{"status":"True","type":"Other"}]"#
    ),
    // A new one comes behind the others.
    (
      #"{"status":{"conditions":[{"type":"New","status":"True"}]}}"#, ["status", "conditions"],
      #"[{"status":"True","type":"Ready"},{"status":"True","type":"Other"},{"status":"True","type":"New"}]"#
    ),
    (
      #"{"status":{"conditions":[{"$patch":"delete","type":"Ready"}]}}"#, ["status", "conditions"],
      #"[{"status":"True","type":"Other"}]"#
    ),
    (
      #"{"status":{"conditions":[{"type":"X"},{"$patch":"replace"}]}}"#, ["status", "conditions"],
      #"[{"type":"X"}]"#
    ),
    (
      #"{"status":{"$setElementOrder/conditions":[{"type":"Other"},{"type":"Ready"}]}}"#,
      ["status", "conditions"],
      #"[{"status":"True","type":"Ready"},{"status":"True","type":"Other"}]"#
    ),
    (
      #"{"status":{"$setElementOrder/conditions":[{"type":"Other"},{"type":"Ready"}],"conditions":[{"type":"Ready","status":"True"}]}}"#,
      ["status", "conditions"],
      #"[{"status":"True","type":"Other"},{"status":"True","type":"Ready"}]"#
    ),
    // Taints have no merge key (k8s.io/api/core/v1, NodeSpec).
    (#"{"spec":{"taints":[{"key":"l"}]}}"#, ["spec", "taints"], #"[{"key":"l"}]"#),
    (#"{"spec":{"taints":null}}"#, ["spec", "taints"], "null"),
    (#"{"spec":{"unschedulable":true}}"#, ["spec", "unschedulable"], "true"),
    (
      #"{"spec":{"containers":[{"name":"c","ports":[{"containerPort":80,"protocol":"TCP"}]}]}}"#,
      ["spec", "containers"],
      #"[{"image":"i","name":"c","ports":[{"containerPort":80,"name":"http","protocol":"TCP"}]}]"#
    ),
    (#"{"metadata":{"labels":{"a":null,"b":"2"}}}"#, ["metadata", "labels"], #"{"b":"2"}"#),
    (
      #"{"metadata":{"labels":{"$patch":"replace","c":"3"}}}"#, ["metadata", "labels"],
      #"{"c":"3"}"#
    ),
    (
      #"{"metadata":{"labels":{"$retainKeys":["b"],"b":"2"}}}"#, ["metadata", "labels"],
      #"{"b":"2"}"#
    ),
    (#"{"metadata":{"finalizers":["y","x"]}}"#, ["metadata", "finalizers"], #"["x","y"]"#),
    (
      #"{"metadata":{"$deleteFromPrimitiveList/finalizers":["x"]}}"#, ["metadata", "finalizers"],
      "[]"
    ),
  ])
  func aPatchIsApplied(_ patch: String, _ path: [String], _ expected: String) throws {
    let tree = try ObjectNode(json: Array(Self.pod.utf8))
    let patched = try StrategicMergePatch(ObjectNode(json: Array(patch.utf8))).apply(to: tree)
    let value = path.reduce(patched as ObjectNode?) { $0?[$1] } ?? .null
    #expect(String(decoding: value.canonicalJSON, as: UTF8.self) == expected)
    #expect(!String(decoding: patched.canonicalJSON, as: UTF8.self).contains("$"))
  }

  @Test(arguments: [
    (
      #"{"status":{"conditions":[{"status":"True"}]}}"#,
      #"map: {"status":"True"} does not contain declared merge key: type"#
    ), (#"{"spec":{"$patch":"burn"}}"#, #"Unknown patch type "burn" found"#),
  ])
  func aPatchThatDoesNotFitIsRefused(_ patch: String, _ reason: String) throws {
    let patch = StrategicMergePatch(try ObjectNode(json: Array(patch.utf8)))
    #expect {
      _ = try patch.apply(to: [:])
    } throws: { "\($0)" == reason }
  }
}

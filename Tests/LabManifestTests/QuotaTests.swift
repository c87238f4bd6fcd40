import LabManifest
import Objects
import Testing

/// ResourceQuotas against what machines ask for; every text is judged as a cluster's manifests and
/// as a lab's.
@Suite struct QuotaTests {
  static func machine(
    _ name: String, _ resources: String, namespace: String = "default", strategy: String = "Always"
  ) -> String {
    """
    ---
    apiVersion: kubevirt.io/v1
    kind: VirtualMachine
    metadata: {name: \(name), namespace: \(namespace)}
    spec:
      runStrategy: \(strategy)
      template:
        spec:
          domain:
            cpu: {cores: 2}
            resources: \(resources)
            devices: {}

    """
  }

  static func quota(_ hard: String, namespace: String = "default", rest: String = "") -> String {
    """
    ---
    apiVersion: v1
    kind: ResourceQuota
    metadata: {name: compute, namespace: \(namespace)}
    spec: {hard: \(hard)\(rest)}

    """
  }

  static let big = "{requests: {memory: 1Gi, cpu: 1}, limits: {memory: 2Gi, cpu: 2}}"
  private static let resources = "spec.template.spec.domain.resources"

  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var text: String
    var problems: [String]

    init(_ name: String, _ text: [String], _ problems: [String] = []) {
      testDescription = name
      self.text = text.joined()
      self.problems = problems
    }
  }

  @Test(arguments: [
    Case(
      "no limits in the quota",
      [
        machine("a", "{requests: {memory: 128Mi}}"), quota("{requests.memory: 1Gi}"),
      ]),
    Case(
      "no limit", [machine("a", "{requests: {memory: 128Mi}}"), quota("{limits.memory: 4Gi}")],
      [
        "\(resources).limits.memory: failed quota: compute: must specify limits.memory for: compute;"
          + " requests.memory is 128Mi, so it must be at least 228Mi"
      ]),
    Case(
      "the seed's machine",
      [
        machine("a", "{requests: {memory: 128Mi}, limits: {memory: 256Mi}}"),
        quota("{limits.memory: 4Gi}"),
      ]),
    Case(
      "exactly 100 MiB",
      [
        machine("a", "{requests: {memory: 128Mi}, limits: {memory: 228Mi}}"),
        quota("{limits.memory: 4Gi}"),
      ]),
    Case(
      "a byte less",
      [
        machine("a", "{requests: {memory: 128Mi}, limits: {memory: 239075327}}"),
        quota("{limits.memory: 4Gi}"),
      ],
      [
        "\(resources).limits.memory: failed quota: compute: limits.memory 239075327 is 104857599"
          + " above requests.memory 128Mi, and with limits in a quota it must be at least 100Mi"
          + " above: at least 228Mi"
      ]),
    Case(
      "halted is refused too",
      [
        machine(
          "a", "{requests: {memory: 128Mi}, limits: {memory: 200Mi}}", strategy: "Halted"),
        quota("{limits.memory: 4Gi}"),
      ], ["limits.memory 200Mi is 72Mi above requests.memory 128Mi"]),
    Case(
      "no limit on processors",
      [machine("a", "{requests: {memory: 1Gi}}"), quota("{limits.cpu: 4}")],
      ["\(resources).limits.cpu: failed quota: compute: must specify limits.cpu for: compute"]),
    Case(
      "two that fit",
      [
        machine("a", big), machine("b", big), quota("{limits.memory: 4Gi, limits.cpu: 4, pods: 2}"),
      ]),
    Case(
      "two that do not",
      [machine("a", big), machine("b", big), quota("{limits.memory: 3Gi, requests.cpu: 4}")],
      [
        "VirtualMachine/b | \(resources): exceeded quota: compute, requested: limits.memory=2Gi,"
          + " used: limits.memory=2Gi, limited: limits.memory=3Gi"
      ]),
    Case(
      "several at once, and what is refused does not count",
      [
        machine("a", big), machine("b", "{requests: {memory: 8Gi, cpu: 8}, limits: {memory: 9Gi}}"),
        machine("c", big), quota("{requests.memory: 2Gi, requests.cpu: 2}"),
      ],
      [
        "VirtualMachine/b | \(resources): exceeded quota: compute, requested:"
          + " requests.cpu=8,requests.memory=8Gi, used: requests.cpu=1,requests.memory=1Gi,"
          + " limited: requests.cpu=2,requests.memory=2Gi"
      ]),
    Case(
      "a guest's processors are a tenth each",
      [machine("a", "{requests: {memory: 1Gi}}"), quota("{requests.cpu: 100m}")],
      ["requested: requests.cpu=200m, used: requests.cpu=0, limited: requests.cpu=100m"]),
    Case(
      "as many machines as allowed",
      [
        machine("a", big), machine("b", big, strategy: "Halted"), machine("c", big),
        quota("{pods: 1}"),
      ],
      ["VirtualMachine/c | \(resources): exceeded quota: compute, requested: pods=1, used: pods=1"]),
    Case(
      "halted ones are objects too",
      [
        machine("a", big), machine("b", big, strategy: "Halted"),
        quota("{count/virtualmachines.kubevirt.io: 1}"),
      ], ["requested: count/virtualmachines.kubevirt.io=1"]),
    Case(
      "another namespace's",
      [
        machine("a", "{requests: {memory: 1Gi}}"),
        quota("{limits.memory: 1Mi, pods: 0}", namespace: "other"),
      ]),
    Case(
      "a quota before its machine, in its namespace",
      [quota("{pods: 0}", namespace: "team"), machine("a", big, namespace: "team")],
      ["requested: pods=1, used: pods=0, limited: pods=0"]),
    Case(
      "no quantity", [machine("a", big), quota("{pods: many}")],
      ["spec.hard.pods: quantities must match the regular expression"]),
    Case(
      "another scope", [machine("a", big), quota("{pods: 0}", rest: ", scopes: [BestEffort]")],
      ["warning: no machine of these manifests is in the scope BestEffort"]),
    Case(
      "the scope of machines",
      [
        machine("a", big), quota("{pods: 1}", rest: ", scopes: [NotTerminating]"),
      ]),
  ])
  func problems(_ example: Case) {
    let files = [(path: "a.yaml", text: example.text)]
    let cluster = ManifestValidation(
      files: [(path: "a.yaml", bytes: Array(example.text.utf8))], folderName: "a"
    ).problems
    let lab = LabInput(files: files, folderName: "a").problems
    for problems in [cluster, lab] {
      #expect(problems.count == example.problems.count, "\(problems)")
      for (seen, expected) in zip(problems, example.problems) {
        // A lab comes up in spite of it.
        let text = "\(seen.object): \(seen)".replacing("warning: exceeded", with: "exceeded")
        let parts = expected.split(separator: " | ")
        #expect(parts.allSatisfy { text.contains($0) }, "\(text)")
      }
    }
    #expect(cluster.map(\.object) == lab.map(\.object))
  }
}

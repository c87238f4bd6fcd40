import Foundation
import KubeVirt
import LabManifest
import Objects
import Testing

/// Objects as large as a cluster stores them are judged in time, however many of anything they
/// have, right or wrong.
@Suite struct LargeObjectTests {
  /// How much longer than the 2 s of a release build a debug build may take.
  #if DEBUG
    static let limit = 20.0
  #else
    static let limit = 2.0
  #endif

  struct Input: CustomTestStringConvertible {
    var testDescription: String
    var text: String
    /// What is said of it at least once; `nil` when nothing but warnings is.
    var error: String?
  }

  /// A VirtualMachineInstance with many of something under some keys, and other text.
  private static func machine(
    _ name: String, devices: String = "", spec: String = "", cpu: String = "",
    error: String? = nil
  ) -> Input {
    Input(
      testDescription: name,
      text: """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata: {name: vm}
        spec:
          domain:
            memory: {guest: 1Gi}
            cpu: {\(cpu)}
            devices: {\(devices)}
          \(spec)
        """, error: error)
  }

  private static func list(_ count: Int, _ item: (Int) -> String) -> String {
    "[" + (0..<count).map(item).joined(separator: ",") + "]"
  }

  static let inputs: [Input] = [
    machine(
      "12,000 interfaces and networks",
      devices: "interfaces: "
        + list(12_000) {
          "{name: n\($0), bridge: {}, macAddress: '02:00:00:00:\(hex($0 >> 8)):\(hex($0 & 255))'}"
        },
      spec: "networks: " + list(12_000) { "{name: n\($0), multus: {networkName: net}}" }),
    machine(
      "12,000 absent interfaces",
      devices: "interfaces: " + list(12_000) { "{name: n\($0), bridge: {}, state: absent}" },
      spec: "networks: " + list(12_000) { "{name: n\($0), multus: {networkName: net}}" }),
    machine(
      "30,000 networks that no interface has",
      spec: "networks: " + list(30_000) { "{name: n\($0), pod: {}}" }, error: "not listed"),
    machine(
      "15,000 claimed networks",
      devices: "interfaces: " + list(15_000) { "{name: n\($0), bridge: {}}" },
      spec: "networks: "
        + list(15_000) { "{name: n\($0), resourceClaim: {claimName: c, requestName: r}}" },
      error: "requires an SR-IOV or binding plugin interface"),
    machine(
      "30,000 disks of one name", devices: "disks: " + list(30_000) { _ in "{name: d}" },
      error: "more of this object"),
    machine(
      "20,000 disks and volumes", devices: "disks: " + list(20_000) { "{name: d\($0)}" },
      spec: "volumes: " + list(20_000) { "{name: d\($0), emptyDisk: {capacity: 1Gi}}" }),
    machine(
      "20,000 filesystems and volumes",
      devices: "filesystems: " + list(20_000) { "{name: d\($0), virtiofs: {}}" },
      spec: "volumes: " + list(20_000) { "{name: d\($0), configMap: {name: c}}" }),
    machine(
      "50,000 volumes", spec: "volumes: " + list(50_000) { "{name: d\($0)}" },
      error: "not listed"),
    machine(
      "40,000 CPU features", cpu: "features: " + list(40_000) { "{name: f\($0), policy: x}" },
      error: "policy x that is not supported"),
    machine(
      "100,000 unknown fields",
      spec: (0..<100_000).map { "k\($0): 1" }.joined(separator: "\n  "),
      error: "strict decoding error: unknown field"),
    machine(
      "100,000 labels of the wrong type",
      spec: "nodeSelector: {" + (0..<100_000).map { "k\($0): 1" }.joined(separator: ", ") + "}",
      error: "must be of type string"),
    machine(
      "8,000 credentials and as many volumes",
      spec: "accessCredentials: "
        + list(8000) { _ in
          "{sshPublicKey: {source: {secret: {secretName: s}}, propagationMethod: {noCloud: {}}}}"
        } + "\n  volumes: " + list(8000) { "{name: v\($0), emptyDisk: {capacity: 1Gi}}" },
      error: "requires a noCloud volume"),
    machine(
      "60,000 ports",
      devices: "interfaces: [{name: default, masquerade: {}, ports: "
        + list(60_000) { "{port: \($0)}" } + "}]",
      spec: "networks: [{name: default, pod: {}}]", error: "Port field is mandatory"),
  ]

  private static func hex(_ byte: Int) -> String {
    String(byte + 256, radix: 16).suffix(2).description
  }

  @Test(arguments: inputs)
  func isJudgedInTime(_ input: Input) throws {
    #expect(input.text.utf8.count < 1_572_864 * 2)
    let start = processorSeconds()
    let validation = ManifestValidation(
      files: [("f", Array(input.text.utf8))], folderName: "f",
      cluster: ClusterSettings(featureGates: ["NetworkDevicesWithDRA"]))
    let seconds = processorSeconds() - start
    #expect(seconds < Self.limit)
    #expect(!validation.problems.contains { $0.message.contains("request is too large") })
    let texts = validation.problems.lazy.map(\.description)
    if let error = input.error {
      #expect(texts.contains { $0.contains(error) }, "\(Array(texts.prefix(3)))")
    } else {
      let errors = validation.problems.filter { $0.severity == .error }
      #expect(errors.isEmpty, "\(errors.prefix(2).map(\.description))")
    }
  }

  private func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

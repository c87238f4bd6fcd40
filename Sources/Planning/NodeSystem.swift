import KubeVirt
import LabManifest
import Objects

/// What a node's kubelet would say of the system that it runs on (Kubernetes, core/v1, NodeSystemInfo).
package struct NodeSystem: Sendable {
  private let lab: String
  private let release: Release
  private let kernel: String
  private let operatingSystem: String

  /// The system of a lab's nodes.
  ///
  /// - Parameter release: the release of Kubernetes that the lab goes by.
  init(lab: String, release: Release, facts: PlanningFacts) {
    self.lab = lab
    self.release = release
    kernel = facts.kernel ?? "unknown"
    operatingSystem = facts.operatingSystem ?? "Linux"
  }

  /// `status.nodeInfo` of a node. Its identities stay the same at every start of the lab.
  func info(of node: String) -> ObjectNode {
    func identity(_ kind: String) -> String {
      StableIdentity.uuid(lab: lab, machine: "\(kind) of the node \(node)")
    }
    return [
      "architecture": "amd64", "bootID": .text(identity("boot")),
      "containerRuntimeVersion": .text(
        "pxelab://\(Lab.apiVersion.split(separator: "/").last ?? "")"),
      "kernelVersion": .text(kernel), "kubeProxyVersion": "",
      "kubeletVersion": .text("v\(release).0"),
      "machineID": .text(identity("machine").filter { $0 != "-" }), "operatingSystem": "linux",
      "osImage": .text(operatingSystem), "systemUUID": .text(identity("system")),
    ]
  }
}

import Foundation
import Testing

extension LabTests {
  /// A lab without a folder, in which kubectl makes everything.
  @Suite struct EmptyLabs {
    private static let hyperConverged = """
      apiVersion: v1
      kind: Namespace
      metadata: {name: openshift-cnv}
      ---
      apiVersion: hco.kubevirt.io/v1beta1
      kind: HyperConverged
      metadata: {name: kubevirt-hyperconverged, namespace: openshift-cnv}
      spec: {}
      """

    private static let machine = """
      apiVersion: k8s.cni.cncf.io/v1
      kind: NetworkAttachmentDefinition
      metadata: {name: pxe}
      spec:
        config: '{"cniVersion": "0.3.1", "name": "pxe", "type": "bridge", "bridge": "br1", "vlan": 5}'
      ---
      apiVersion: kubevirt.io/v1
      kind: VirtualMachineInstance
      metadata: {name: made-later}
      spec:
        domain:
          devices:
            interfaces: [{name: pxe, bridge: {}, bootOrder: 1}]
          memory: {guest: 1Gi}
          firmware: {bootloader: {efi: {secureBoot: false}}}
        networks: [{name: pxe, multus: {networkName: pxe}}]
      """

    private struct Row: Decodable {
      var object: String
      var notBefore: String
    }

    /// The certificates, once there are so many.
    private func rows(_ workspace: Workspace, atLeast count: Int) async throws -> [Row] {
      let deadline = ContinuousClock.now + .seconds(60)
      while true {
        let output = try await workspace.run("certificates", "--format", "json").output
        let rows = try JSONDecoder().decode([Row].self, from: Data(output.utf8))
        guard rows.count < count, ContinuousClock.now < deadline else {
          #expect(rows.count >= count, "\(output)")
          return rows
        }
        // Nobody tells when all are there.
        try await Task.sleep(for: .milliseconds(200))
      }
    }

    @Test func kubectlMakesEverything() async throws {
      try await Workspace.use { workspace in
        let up = try await workspace.run("up", "--empty", "--detach")
        #expect(up.status == 0, "\(up.errors)")
        #expect(up.output.contains("the lab empty is up, and empty"))
        let client = KubernetesClient(
          workspace: workspace, kubeconfig: try await workspace.kubeconfig(of: "empty"))
        let none = try await workspace.run("certificates")
        #expect(none.output.contains("has no KubeVirt"))

        let made = try await client.start(["create"], manifest: Self.hyperConverged).outcome()
        #expect(made.status == 0, "\(made.errors)")
        let before = try await rows(workspace, atLeast: 8)
        #expect(before.map(\.object).contains("secret/kubevirt-virt-api-certs"))
        // Whose Secret is deleted is made anew, and the kubeconfig stays good.
        let gone = try await client.start(
          ["delete", "secret", "-n", "openshift-cnv", "kubevirt-ca"]
        ).outcome()
        #expect(gone.status == 0, "\(gone.errors)")
        let after = try await rows(workspace, atLeast: 9)
        #expect(after.map(\.object).contains("configmap/kubevirt-ca"))
        let denied = try await client.start([
          "patch", "hco", "kubevirt-hyperconverged", "-n", "openshift-cnv", "--type=merge", "-p",
          #"{"spec":{"certConfig":{"server":{"duration":"96h"}}}}"#,
        ]).outcome()
        #expect(denied.status == 1)
        #expect(
          denied.errors
            == "Error from server (Forbidden): admission webhook \"validate-hco.kubevirt.io\" denied "
            + "the request: spec.certConfig: ca.duration is smaller than server.duration\n")

        let machine = try await client.start(["create"], manifest: Self.machine).outcome()
        #expect(machine.status == 0, "\(machine.errors)")
        let verdict = try await workspace.run("wait", "made-later", "--timeout", "600")
        #expect(verdict.status == 0, "\(verdict.output)\(verdict.errors)")
        #expect(try await workspace.run("down", "empty").status == 0)
        #expect(try await workspace.run("status").output == "no lab is up\n")
      }
    }
  }
}

import APIServer
import Objects
import Planning
import Store

/// The group of KubeVirt's subresources: its paths name objects of another.
package enum KubeVirtSubresources {
  /// The versions that the group has (KubeVirt, staging/src/kubevirt.io/api/core/v1/register.go).
  static let versions = ["v1", "v1alpha3"]
  private static let group = "subresources.kubevirt.io"
  /// Of VirtualMachines.
  static let machines = GroupResource("virtualmachines", group: group)
  /// Of VirtualMachineInstances.
  static let instances = GroupResource("virtualmachineinstances", group: group)

  /// Has all of them answered, and the version, which virtctl asks for.
  ///
  /// - Parameters:
  ///   - paths: where the lab's files are.
  ///   - networkNamespaces: the folder of the names of network namespaces (ip-netns(8)).
  package static func register(
    on api: APIServer, store: Store, paths: LabPaths, networkNamespaces: String = "/run/netns"
  ) {
    PowerSubresources(store: store).register(on: api)
    InstanceSubresources(
      store: store, paths: paths,
      ports: PortForwarding(paths: paths, networkNamespaces: networkNamespaces)
    ).register(on: api)
    for version in versions {
      api.serve(release, at: ["apis", group, version, "version"])
    }
  }

  /// The release whose rules a lab goes by (KubeVirt, staging/src/kubevirt.io/client-go/version).
  private static let release: ObjectNode = [
    "gitVersion": "v1.9.0", "gitCommit": "", "gitTreeState": "clean",
    "buildDate": "1970-01-01T00:00:00Z", "goVersion": "", "compiler": "",
    "platform": "linux/amd64",
  ]
}

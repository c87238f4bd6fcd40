import Addresses

/// The files of a new lab: one machine that boots from the network on a VLAN.
package struct LabTemplate: Hashable, Sendable {
  /// The lab's name: an RFC 1123 label.
  package let name: String
  /// How the machine boots.
  package let kind: Kind
  /// The VLAN that it boots on.
  package let vlan: VLANID
  /// How many nodes the lab has.
  package let nodes: Int

  /// A new lab.
  package init(name: String, kind: Kind = .uefiPXE, vlan: VLANID, nodes: Int = 1) {
    self.name = name
    self.kind = kind
    self.vlan = vlan
    self.nodes = nodes
  }

  /// Why a text cannot be a lab's name; `nil` when it can.
  package static func objection(toName name: String) -> String? {
    ObjectName.objection(to: name)
  }

  /// The name of each file and its text, in the order of their names.
  package var files: [(name: String, text: String)] {
    [
      ("README.md", readme), ("lab.yaml", lab), ("machine.yaml", machine),
      ("network.yaml", network),
    ]
  }

  /// A server on 192.168.V.0/24, V being the VLAN modulo 256, as without a lab.yaml.
  private var subnet: String { "192.168.\(vlan.rawValue % 256)" }

  private var lab: String {
    """
    # What the manifests cannot say: what is served, and what is expected of the machine.
    apiVersion: pxelab.dev/v1alpha1
    kind: Lab
    metadata:
      name: \(name)
    spec:
    \(nodesLines)  attachments:
      - name: pxe
        server: # DHCP, TFTP and HTTP, on the attachment's VLAN
          address: \(subnet).1/24
          range: {start: \(subnet).50, end: \(subnet).99}
          image: \(kind.image)
    \(kind.serverLines(on: vlan).map { "      \($0)\n" }.joined())  machines:
      - name: node-1
        timeout: \(kind == .install ? "8m" : "3m")
        expect:
          bootFrom: \(kind == .install ? "[pxe, disk] # installed, then booted from the disk" : "pxe")
          vlan: \(vlan)
          server: \(subnet).1
          secureBoot: \(kind.firmware == .secureBoot)

    """
  }

  private var nodesLines: String {
    nodes == 1
      ? "" : "  nodes: \(nodes) # each with bridges of its own, joined by a trunk of all VLANs\n"
  }

  private var network: String {
    """
    # The PXE network: an access port of VLAN \(vlan) on the Linux bridge br-pxe.
    apiVersion: k8s.cni.cncf.io/v1
    kind: NetworkAttachmentDefinition
    metadata:
      name: pxe # machines name this in networks[].multus.networkName
    spec:
      config: |
        {
          "cniVersion": "0.3.1",
          "name": "pxe",
          "type": "bridge",
          "bridge": "br-pxe",
          "vlan": \(vlan),
          "preserveDefaultVlan": false,
          "macspoofchk": true
        }

    """
  }

  private var machine: String {
    """
    # A machine that boots from the network first; a cluster takes the same file.
    apiVersion: kubevirt.io/v1
    kind: VirtualMachine
    metadata:
      name: node-1
    spec:
      runStrategy: Always
      template:
        spec:
          domain:
            memory:
              guest: 1Gi
            devices:
              interfaces:
              - name: pxe
                bridge: {}
                bootOrder: 1 # one global order over disks and interfaces
              disks:
              - name: disk
                disk:
                  bus: virtio
                bootOrder: 2 # once an operating system is on it, it boots from here
    \(firmwareLines)
          networks:
          - name: pxe
            multus:
              networkName: pxe
          volumes:
          - name: disk
            emptyDisk:
              capacity: 2Gi

    """
  }

  private var firmwareLines: String {
    switch kind.firmware {
    case .bios:
      """
              firmware:
                bootloader:
                  bios: {}
      """
    case .uefi:
      """
              firmware:
                bootloader:
                  efi:
                    secureBoot: false # left out it is true
      """
    case .secureBoot:
      """
              features:
                smm:
                  enabled: true # Secure Boot needs System Management Mode
              firmware:
                bootloader:
                  efi:
                    secureBoot: true
      """
    }
  }

  private var readme: String {
    """
    # \(name)

    \(kind.summary), on VLAN \(vlan).

    | file | what it is |
    |---|---|
    | `machine.yaml` | the machine; a KubeVirt cluster takes it as it is |
    | `network.yaml` | the network attachment: an access port of VLAN \(vlan) |
    | `lab.yaml` | for pxelab alone: what is served, and what is expected |

    In this folder:

        pxelab validate .    # what a cluster would say
        pxelab up --once .   # boot, judge, remove
        pxelab up .          # boot, judge, stay up

    """
  }
}

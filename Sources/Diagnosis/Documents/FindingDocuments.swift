// Made by scripts/embed-findings from docs/findings; do not edit.
// swift-format-ignore-file

extension FindingDocument {
  /// Every document by its finding's id.
  static let texts: [(id: String, text: String)] = [
    ("PXL001", ##"""
# PXL001: the capture lost packets
Severity: warning.

libpcap counted packets that the kernel dropped because pxelab did not read them in time (`ps_drop`).
A reply that was not seen may have been there, so every finding that rests on a missing packet becomes a
warning, and a check of the wire that does not hold becomes undecided (`?` in the text, `"holds"` absent
in the JSON). The machine does not pass, because the wire witness does not hold.

**Evidence.** `libpcap reports N packets dropped`, the sum over the lab's bridges.

**How to see it.** In the capture, TFTP DATA blocks are missing whose ACK is there:
`tshark -r FOLDER/BRIDGE.pcapng -Y tftp`.

**How to mend it.** Run the lab again with less load on the machine, or with fewer machines booting at
once.
"""##),
    ("PXL002", ##"""
# PXL002: no frame from the machine
Severity: error (warning when the capture lost packets).

Not one frame came from the machine's MAC address. The title says which of four cases it is:

| title | cause |
|---|---|
| The firmware tries the network, but no frame from MAC reaches the bridge. | the domain's MAC or tap is another, or `macspoofchk` drops the frames |
| The firmware's boot entry for MAC fails before a frame: the card has no link. | `state: down` in the manifest, `<link state='down'/>` in the domain; the firmware then does not even print `>>Start PXE` |
| The machine sends nothing: no frame from MAC, nothing on its console. | the firmware does not run: the domain is paused or crashed, QEMU did not start |
| The firmware has no network boot entry for MAC: it never tries the network. | the interface has no `bootOrder`, or UEFI firmware from 2024-05 on finds no random number generator and then has no network stack |

**Evidence.** The MAC address, and the last line of the console if there is one.

**How to see it.** `pxelab logs --part console/MACHINE` shows `>>Start PXE over IPv4` or not.
`virsh -c 'URI of pxelab status' dumpxml MACHINE` shows MAC, tap, `<link>`, `<boot order>` and `<rng>`;
`pxelab logs --part qemu/MACHINE` what QEMU said.

**How to make it happen.** `state: down` on the interface of `labs/secureboot`:

      PXL002 error  The firmware's boot entry for de:00:00:00:00:de fails before a frame: the card has no link.
          no frame from de:00:00:00:00:de was captured
          console: BdsDxe: failed to load Boot0002 "UEFI PXEv4 (MAC:DE00000000DE)" from PciRoot(0x0)/Pci(0x2,0x1)/Pci(0x0,0x0)/MAC(DE00000000DE,0x1)/IPv4(0.0.0.0,0x0,DHCP,0.0.0.0,0.0.0.0,0.0.0.0): Not Found
          → Take state: down from the interface in the manifest, or look for <link state='down'/> and the tap in the domain XML.

**How to mend it.** Give the interface `bootOrder`, take `state: down` away, or compare the domain's MAC
and tap with the dataplane's ports. On a cluster, `macspoofchk: true` in the attachment drops frames whose
source is not the MAC address that the interface was given.
"""##),
    ("PXL003", ##"""
# PXL003: no server answers the DISCOVER
Severity: error (warning when the capture lost packets).

The firmware asked for an address on a VLAN and got no OFFER there. The most common cause is that the
server's port and the machine's port are in different VLANs: an access port with another `vlan`, a trunk
without a native VLAN (which leaves VLAN 1), or a CNI plugin older than 1.3.0, which ignores
`preserveDefaultVlan`. When the lab has a server on another VLAN, the title names it.

**Evidence.** How many DISCOVERs from which MAC on which VLAN; and for each server of the lab that is
elsewhere, its address, its VLAN and the field of `lab.yaml` that puts it there.

**How to see it.** `tshark -r FOLDER/BRIDGE.pcapng -Y dhcp -T fields -e vlan.id -e dhcp.option.dhcp`
prints the VLAN and the message type (1 is DISCOVER, 2 is OFFER). The port tables: the witness `host` of
the verdict; on a node, `bridge vlan show` or `ovs-vsctl list port`.

**How to make it happen.** [labs/faults/server-on-vlan-200](../../labs/faults/server-on-vlan-200):

      PXL003 error  DHCP DISCOVER was seen on VLAN 100 and no server answers there; the server 192.168.100.1 is on VLAN 200.
          4 DISCOVER from de:00:00:00:00:de on VLAN 100, no OFFER
          server 192.168.100.1 of pxe-net-conf: VLAN 200 (spec.attachments[name=pxe-net-conf].server.vlan)
          → Put both on one VLAN: spec.attachments[name=pxe-net-conf].server.vlan places the server of pxe-net-conf on VLAN 200, the machine's attachment is on VLAN 100.

**How to mend it.** Put both on one VLAN: `spec.attachments[].server.vlan` in `lab.yaml` (on a real
network, the VLAN of the server's switch port), or `vlan` in the NetworkAttachmentDefinition. When the
server is on this very VLAN, read its log (`pxelab logs --part server/ATTACHMENT`).
"""##),
    ("PXL004", ##"""
# PXL004: the OFFER is not taken
Severity: error (warning when the capture lost packets).

A server made an OFFER and the client sent no REQUEST. The title says what is wrong with the OFFER:

| title ends with | cause |
|---|---|
| its UDP checksum is wrong | transmit checksum offload on the server's side left the checksum unfilled, and the client drops the packet |
| a proxyDHCP server answers beside the DHCP server | one offer has an address and another has none; the client waits for the proxy on UDP port 4011 |
| it names no boot file | neither the `file` field nor option 67; a PXE client waits for an offer that has one |
| (nothing more) | the OFFER does not reach the machine's port, or its vendor class (option 60) does not fit: a PXE client wants `PXEClient`, an HTTP boot client `HTTPClient` |

**Evidence.** Each OFFER with address, server, boot file and vendor class; how many DISCOVERs.

**How to see it.** `tshark -r FOLDER/BRIDGE.pcapng -Y 'dhcp.option.dhcp == 2' -V -o udp.check_checksum:TRUE`.

**How to mend it.** `ethtool -K DEV tx off` on the device that the server sends from (pxelab does this
itself on Open vSwitch's userspace datapath); one server that gives both address and boot file; a boot
file for the client's architecture (option 93: 7 is x64 UEFI, 0 is BIOS).
"""##),
    ("PXL005", ##"""
# PXL005: a server refuses the address
Severity: error; info when the client started anew afterwards and got an address.

The server answered a REQUEST with NAK. One NAK is normal when a client asks for an address from an
earlier network and then starts anew; pxelab says so as info. Otherwise two servers with different ranges
are on one VLAN, or a server has an old lease file.

**Evidence.** Each NAK with its server and the server's message (option 56).

**How to see it.** `tshark -r FOLDER/BRIDGE.pcapng -Y 'dhcp.option.dhcp == 6'`; more than one value of
`dhcp.option.dhcp_server_id` on one VLAN means more than one server. dnsmasq's log has the reason:
`pxelab logs --part server/ATTACHMENT`.

**How to mend it.** Leave one DHCP server on the VLAN. On a cluster, take `ipam` out of the attachment:
with it, KubeVirt's own DHCP server in the pod answers as well.
"""##),
    ("PXL006", ##"""
# PXL006: the boot server does not answer ARP
Severity: error (warning when the capture lost packets).

DHCP named a boot server (`siaddr`, or the server itself), the client asked for its MAC address more than
once, and nobody on the client's VLAN answered. Nothing can be loaded.

**Evidence.** The address and the number of requests without a reply.

**How to see it.** `tshark -r FOLDER/BRIDGE.pcapng -Y arp`; `next server` in
`tshark -r FOLDER/BRIDGE.pcapng -Y 'dhcp.option.dhcp == 5' -V`.

**How to mend it.** Correct the next server that DHCP gives, or the address of the boot server, or
connect it to this VLAN. Options 66 and 67 alone do not move the request: most firmware goes by `siaddr`.
"""##),
    ("PXL007", ##"""
# PXL007: the server refuses a file
Severity: error.

A TFTP request was answered with ERROR and the file never came whole. Error 1 means that there is no such
file; any other is most often a matter of permissions. Files whose absence is normal (shim's revocations,
GRUB's module lists) do not count.

**Evidence.** The TFTP error with the file's name and the server's words; the firmware's own message
(`PXE-E23`) from the console.

**How to see it.** `tshark -r FOLDER/BRIDGE.pcapng -Y 'tftp.opcode == 5'`;
`pxelab logs --part server/ATTACHMENT`.

**How to make it happen.** `bootFile: bootx64.efi` in the `server` of `labs/secureboot/lab.yaml`:

      PXL007 error  The server 192.168.100.1 has no file bootx64.efi.
          TFTP error 1 for bootx64.efi: file /run/pxelab/pxe-net-conf/bootx64.efi not found for 192.168.100.80
          console: PXE-E23: Client received TFTP error from server.
          → Put bootx64.efi into the image that is served, or correct the boot file's name.

**How to mend it.** Put the file into the image that is served ([images.md](../images.md)), or correct
`bootFile` in `lab.yaml`. When shim is the one that asks, the name is `grubx64.efi`, in the folder that shim
itself came from.
"""##),
    ("PXL008", ##"""
# PXL008: a transfer stalled
Severity: error (warning when the capture lost packets).

A TFTP transfer was asked for or had begun, no packet of it came for 5 seconds, and no later transfer of
the file was whole.

| how far it got | cause |
|---|---|
| the block size and 32 bytes of headers are more than 1500 | the blocks need fragments, and something on the way drops them |
| requested, nothing delivered | no TFTP server runs there, or a filter drops its replies: they come from another port than 69, so a stateful filter needs the TFTP helper |
| some blocks, then nothing | the path's MTU, a lost link, a server that stopped |

**Evidence.** How many blocks of which size arrived, and how many were sent again.

**How to see it.** `tshark -r FOLDER/BRIDGE.pcapng -Y tftp`: repeated DATA with the same block number means
that the ACKs do not get back; repeated requests mean that the server does not answer.

**How to mend it.** Limit the block size on the server (dnsmasq: `tftp-mtu`), open the path for replies
from any port, or give all links one MTU (`mtu` of the attachment).
"""##),
    ("PXL009", ##"""
# PXL009: Secure Boot refuses the program
Severity: error.

A program was transferred completely and did not run, because its signature does not pass. Either the
firmware refused the network boot program (no key of `db` signed it, or `dbx` or SBAT revokes it), or shim
or GRUB refused what they loaded (shim trusts the distribution's key only).

**Evidence.** The file, how often it was loaded whole, and the words on the console: `Access Denied`,
`Security Violation`, `Verification failed`, `SBAT self-check failed`. A firmware that loads the same file
twice and does nothing in between has refused it, also when it says nothing.

**How to see it.** `pxelab logs --part console/MACHINE`; who signed a file: `sbverify --list FILE`
(package sbsigntool); what shim's generation is: `objdump -s -j .sbat FILE`.

**How to make it happen.** `bootFile: grubx64.efi` in `labs/secureboot/lab.yaml`: Debian's key signed this
GRUB, and only shim knows that key.

      PXL009 error  grubx64.efi arrived whole, but the firmware did not start it: Secure Boot is on and does not accept its signature.
          grubx64.efi was transferred completely once, and nothing after it
          console: BdsDxe: failed to load Boot0002 "UEFI PXEv4 (MAC:DE00000000DE)" from PciRoot(0x0)/Pci(0x2,0x1)/Pci(0x0,0x0)/MAC(DE00000000DE,0x1)/IPv4(0.0.0.0,0x0,DHCP,0.0.0.0,0.0.0.0,0.0.0.0): Access Denied
          → Serve a boot program signed by a key in the firmware's db (Debian's shim-signed), or set secureBoot: false in the machine's firmware.

**How to mend it.** Serve a program signed by a key that the firmware has (Debian's and Ubuntu's
`shim-signed` are signed by Microsoft), and behind shim only files of the same distribution. Or set
`secureBoot: false` in the machine's firmware.
"""##),
    ("PXL010", ##"""
# PXL010: the option ROM boots first
Severity: warning.

The first DISCOVER of a UEFI machine came from iPXE, before anything was loaded over the network: so iPXE
lies in the network card's option ROM. QEMU puts one there unless told not to. The firmware's own PXE then
never runs, and shim started by this iPXE fails on its next file with
`Malformed binary after Attribute Certificate Table`.

pxelab gives every interface of a UEFI machine `<rom enabled='no'/>`. KubeVirt does that only for
interfaces without `bootOrder`.

**Evidence.** The user class (option 77) of the first DISCOVER and that no transfer came before it.

**How to see it.** `tshark -r FOLDER/BRIDGE.pcapng -Y 'dhcp.option.user_class'`; on the console, iPXE's
line `Open Source Network Boot Firmware`.

**How to mend it.** An empty ROM for the interface: `<rom enabled='no'/>` in the domain,
`romfile=` on QEMU's command line.
"""##),
    ("PXL011", ##"""
# PXL011: the machine booted from another device
Severity: error.

The probe ran, and BootCurrent is not a network entry of the interface that `expect.bootFrom` names (by
default the device with the lowest `bootOrder`). The device path of the entry that was booted has the MAC
address; that decides, not the entry's description.

**Evidence.** BootCurrent with its description and device path, and BootOrder, as the guest read them.

**How to see it.** The witness `guest`, or in the guest `efibootmgr -v`. The manifest's order as QEMU gets it:
`virsh -c 'URI' dumpxml MACHINE | grep 'boot order'`.

**How to mend it.** Give the interface the lowest `bootOrder` of all disks and interfaces. If it has it,
the order comes from the variable store: with any `bootOrder` OVMF rewrites BootOrder at each start, without
any the store's wins. `pxelab down --purge` removes the store.
"""##),
    ("PXL012", ##"""
# PXL012: Secure Boot is off in the guest
Severity: error.

The manifest asks for `secureBoot: true` (KubeVirt's default for EFI) and the SecureBoot variable in the
guest is 0 or not there.

| what else is so | cause |
|---|---|
| SetupMode is 1 | the variable store has no platform key: it was made from a template without enrolled keys |
| the loader is not secure | a firmware build without Secure Boot was chosen for the domain |
| neither | something in the guest turned it off |

**Evidence.** SecureBoot and SetupMode as the probe read them.

**How to see it.** In the guest `mokutil --sb-state`; on the host, `<loader secure>` and `<nvram template>`
in `virsh -c 'URI' dumpxml MACHINE`; the keys of a store: `virt-fw-vars --input FILE --print` (virt-firmware
on PyPI).

**How to mend it.** A store made from a template with keys (`OVMF_VARS_4M.ms.fd` on Debian).
`pxelab down --purge` removes an old store; the next `up` makes a new one.
"""##),
    ("PXL013", ##"""
# PXL013: no report from the guest
Severity: error.

The boot program ran, nothing was refused, and the probe's report did not come in time. The title says how
far the boot got:

| title | look at |
|---|---|
| The probe's report cannot be read. | a kernel message that ran into the line; the problem is in the evidence |
| The guest's kernel panicked before the probe reported. | initramfs and kernel command line |
| The kernel started, but the probe did not report. | whether the initramfs is the probe's and the command line has `console=ttyS0`; or the machine is slow: `timeout` of `lab.yaml` |
| The boot program ran, but no kernel started. | `grub/grub.cfg` of the image and the files it asked for |

**Evidence.** The console's lines on the kernel, and the last line that says anything of the boot.

**How to see it.** `pxelab logs --part console/MACHINE`; `pxelab console MACHINE` when it still runs.

**How to mend it.** Serve an image with the probe ([images.md](../images.md)), or give the machine more
time. An image without the probe cannot be judged by the guest witness.
"""##),
    ("PXL014", ##"""
# PXL014: the witnesses disagree
Severity: error.

The same fact, asked of two witnesses, has two answers: whether the machine has the network card, whether
Secure Boot is on, which card was booted from, or which VLAN the machine's frames are on. Each witness
is independent of the others, so one of them looks at another machine, at an older state, or the
dataplane does not do what its table says.

**Evidence.** Both statements, each with its witness.

**How to see it.** The witnesses of the verdict side by side: `pxelab up --once --format json LAB |
jq '.machines[].witnesses'`.

**How to mend it.** `pxelab down`, then `up`. If it stays, it is a fault of pxelab or of the dataplane:
report it with the JSON and the capture.
"""##),
    ("PXL015", ##"""
# PXL015: a witness does not hold, and no rule knows why
Severity: error.

This is what remains: a witness is missing, or one of its checks does not hold, and no other rule found
an error. The finding then gives what was expected and what was seen, and where to look next.

**Evidence.** Each check that does not hold, as `NAME: expected X, seen Y`; undecided ones say that packets
were lost.

**How to make it happen.** `server: 192.168.100.2` under `expect` in `labs/secureboot/lab.yaml`, where the
server is 192.168.100.1:

      PXL015 error  The wire witness does not confirm: DHCP ACK, NBP.
          DHCP ACK: expected from 192.168.100.2 on VLAN 100, seen 192.168.100.80 from 192.168.100.1 on VLAN 100
          NBP: expected shimx64.efi completely, 1048504 bytes, on VLAN 100, seen 1048504 bytes from 192.168.100.1, complete, on VLAN 100
          → Look next at the timeline and the capture file.

**How to mend it.** If the expectation is wrong, correct `expect` in `lab.yaml`. If it is right, look where
the finding says: for the wire at the timeline and the capture file, for the guest at the console, for the
host at the domain XML and the port's VLAN table.
"""##),
    ("PXL016", ##"""
# PXL016: the machine stays Pending
Severity: error.

The machine was not started: a cluster whose nodes are like this machine would not schedule it. KubeVirt
labels nodes with the CPU models and features that they provide, and places a machine only where its
`cpu` fits; an unknown model is admitted and waits for ever.

**Evidence.** Each reason: a model that libvirt does not know (names are case-sensitive) or that KVM
cannot run here, with what libvirt says is missing; a feature with the policy `require`, or none, that is not
provided; a feature with the policy `forbid` that is. Models come from libvirt's domain capabilities,
features from the baseline of its host model, as in KubeVirt's node labeller. Models that KubeVirt calls
obsolete by default (`obsoleteCPUModels`, among them Conroe) are not held against a machine.

Without KVM, TCG stands for whatever processor a machine names: a model that libvirt knows runs as far as TCG
can emulate it, and a notice says what it does without.

**How to make it happen.** `cpu: {model: conroe}` in a machine's manifest:

      PXL016 error  The machine stays Pending: libvirt knows no CPU model conroe; did you mean Conroe? (names are case-sensitive).

**How to mend it.** Name a model that is there (`virsh -c URI domcapabilities`, with the URI of `pxelab status`,
lists them), or `host-model`. Use the policy `force` for a feature that the guest shall have although the
processor lacks it, `optional` for one that it may have. A model that the manifest does not name comes from
`defaultCPUModel` of the HyperConverged.
"""##),
  ]
}

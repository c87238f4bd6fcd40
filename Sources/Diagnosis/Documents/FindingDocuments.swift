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
In a lab: [labs/faults/link-down](../../labs/faults/link-down).

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
          3 DISCOVER from de:00:00:00:00:de on VLAN 100, no OFFER (packets 11, 16, 20)
          server 192.168.100.1 of pxe-net-conf: VLAN 200 (spec.attachments[name=pxe-net-conf].server.vlan)
          set here: the VLAN of the machine's attachment (labs/faults/server-on-vlan-200/pxe-net-conf.yaml:14:7 spec.config.vlan)
          set here: the VLAN of its server (labs/faults/server-on-vlan-200/lab.yaml:10:7 spec.attachments[0].server.vlan)
          → Put both on one VLAN: spec.attachments[name=pxe-net-conf].server.vlan places the server of pxe-net-conf on VLAN 200, the machine's attachment is on VLAN 100.
Also: [labs/faults/attachment-without-vlan](../../labs/faults/attachment-without-vlan),
[labs/faults/no-server](../../labs/faults/no-server).

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

**How to make it happen.** [labs/faults/offer-filtered](../../labs/faults/offer-filtered).

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

**How to make it happen.** [labs/faults/address-refused](../../labs/faults/address-refused).

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

**How to make it happen.** [labs/faults/next-server-unreachable](../../labs/faults/next-server-unreachable).

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
In a lab: [labs/faults/missing-boot-file](../../labs/faults/missing-boot-file),
[labs/faults/missing-grub-configuration](../../labs/faults/missing-grub-configuration),
[labs/faults/missing-initramfs](../../labs/faults/missing-initramfs),
[labs/faults/missing-kernel](../../labs/faults/missing-kernel),
[labs/faults/missing-second-stage](../../labs/faults/missing-second-stage).

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

Of a transfer that the capture begins within ("asked for before the capture") neither name nor size is known, nor where the
capture has only the acknowledgments: there it has stalled when one side repeats itself and nothing comes.

**Evidence.** How many blocks of which size arrived, and how many were sent again.

**How to see it.** `tshark -r FOLDER/BRIDGE.pcapng -Y tftp`: repeated DATA with the same block number means
that the ACKs do not get back; repeated requests mean that the server does not answer.

**How to make it happen.** [labs/faults/tftp-filtered](../../labs/faults/tftp-filtered),
[labs/faults/transfer-stalls](../../labs/faults/transfer-stalls).

**How to mend it.** Limit the block size on the server (dnsmasq: `tftp-mtu`), open the path for replies
from any port, or give all links one MTU (`mtu` of the attachment).
"""##),
    ("PXL009", ##"""
# PXL009: a program is refused
Severity: error.

A program was transferred completely and did not run, because its signature does not pass. Either the
firmware refused the network boot program (no key of `db` signed it, or `dbx` or SBAT revokes it), or shim
or GRUB refused what they loaded (shim trusts the distribution's key only). Without Secure Boot too, firmware
refuses what is no program for it, with `Unsupported` or `Load Error`: a file that is cut off or damaged.

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
In a lab: [labs/faults/not-signed](../../labs/faults/not-signed),
[labs/faults/revoked-generation](../../labs/faults/revoked-generation),
[labs/faults/revoked-image](../../labs/faults/revoked-image),
[labs/faults/tampered-second-stage](../../labs/faults/tampered-second-stage),
[labs/faults/truncated-boot-file](../../labs/faults/truncated-boot-file),
[labs/faults/unsigned-boot-file](../../labs/faults/unsigned-boot-file).

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

**How to make it happen.** [labs/faults/first-card-not-meant](../../labs/faults/first-card-not-meant).

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

**How to make it happen.** [labs/faults/no-keys-enrolled](../../labs/faults/no-keys-enrolled).

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
| The kernel started, but the probe did not report. | whether the initramfs is the probe's, and the kernel drives the serial port (`console=ttyS0` shows what it says there); or the machine is slow: `timeout` of `lab.yaml` |
| The boot program ran, but no kernel started. | `grub/grub.cfg` of the image and the files it asked for |

**Evidence.** The console's lines on the kernel, and the last line that says anything of the boot.

**How to see it.** `pxelab logs --part console/MACHINE`; `pxelab console MACHINE` when it still runs.

**How to make it happen.** [labs/faults/silent-kernel](../../labs/faults/silent-kernel).

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
In a lab: [labs/faults/promise-not-kept](../../labs/faults/promise-not-kept).

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
In a lab: [labs/faults/processor-not-here](../../labs/faults/processor-not-here).

**How to mend it.** Name a model that is there (`virsh -c URI domcapabilities`, with the URI of `pxelab status`,
lists them), or `host-model`. Use the policy `force` for a feature that the guest shall have although the
processor lacks it, `optional` for one that it may have. A model that the manifest does not name comes from
`defaultCPUModel` of the HyperConverged.
"""##),
    ("PXL017", ##"""
# PXL017: a wrong UDP checksum
Severity: error; only where the client does not react.

A server's reply arrives at the client's side with a wrong UDP checksum. Firmware drops it without a word, so it looks as if
the client ignored a good OFFER. The usual reason is transmit checksum offload: the server's kernel leaves the checksum to
hardware that a virtual port does not have.

**How it is recognised.** The OFFER, ACK or DATA has a checksum that does not match (or only its pseudo-header part), and the
client asks again instead of going on.

**How to mend it.**
- In a lab: `ethtool -K DEV tx off` where the server sends; pxelab does that itself for its own server.
- KubeVirt, OpenShift: in the pod or on the node that serves DHCP, switch `tx-checksum-ip-generic` off on the interface
  towards the bridge; NMState: `ethtool: {feature: {tx-checksum-ip-generic: false}}`.
- dnsmasq, ISC dhcpd and Kea send by raw sockets to clients without an address, so it concerns all of them alike.
- On an old hypervisor: `iptables -t mangle -A POSTROUTING -p udp --dport 68 -j CHECKSUM --checksum-fill`.

**How to make it happen.** A DHCP server in a namespace behind a veth pair into Open vSwitch's userspace datapath, with
offload on.
In a lab: [labs/faults/checksum-offload](../../labs/faults/checksum-offload).

**What it is not.** A capture taken on the sending machine shows wrong checksums of packets that are mended later; when the client goes
on, there is no finding. [PXL004](PXL004.md) is an OFFER that is whole and not taken.
"""##),
    ("PXL018", ##"""
# PXL018: proxyDHCP does not answer
Severity: error.

Two servers share the work: one gives the address, another (proxyDHCP: WDS, FOG, dnsmasq with `proxy`) the boot file. The
client heard the proxy, and then nothing came from its UDP port 4011; or the two offers contradict each other so that the
client takes neither (PXE-E55, PXE-E74 on the console).

**How it is recognised.** An OFFER without an address and with vendor class `PXEClient`; then either boot server requests to port 4011 without
a reply (an ICMP error may say why), or DISCOVERs without a REQUEST.

**How to mend it.**
- dnsmasq: `dhcp-range=192.168.100.0,proxy` and `pxe-service=` need UDP 4011 open beside 67; `dhcp-boot` in the proxy's
  OFFER makes the second question unnecessary.
- WDS and the like on the DHCP server's own machine: they must listen on 4011 and set option 60; on another machine they must not.
- ISC dhcpd and Kea give address and file at once (`filename`, `next-server`; `boot-file-name`, `next-server`): then no proxy is needed.
- A firewall on the node or in OpenShift (AdminNetworkPolicy, nftables): allow UDP 4011 both ways.

**How to make it happen.** dnsmasq with `dhcp-range=...,proxy` and `pxe-service` beside a DHCP server, and `nft add rule ... udp dport
4011 drop`.
In a lab: [labs/faults/proxy-port-closed](../../labs/faults/proxy-port-closed).

**What it is not.** A proxy beside a DHCP server is a normal design: while the client is answered on 4011, or loads the file that the
proxy's OFFER names, there is no finding. An OFFER without an address alone is no fault.
"""##),
    ("PXL019", ##"""
# PXL019: a second DHCP server
Severity: error; info when the client booted.

More than one DHCP server answers on the client's network, and they say different things: another network, another boot file
or none. Which one the client takes is chance, so it boots now and then. On a cluster the second one is often KubeVirt's own
DHCP server in the pod, which runs when the attachment has `ipam`.

**How it is recognised.** OFFERs or ACKs of one exchange with different server identifiers (option 54), whose boot files or networks differ;
or a NAK by a server that the client did not ask. The senders' MAC addresses are in the evidence.

**How to mend it.**
- In a lab: one server for an attachment; `serve` an uplink only where nobody else does.
- KubeVirt, OpenShift: take `ipam` out of the NetworkAttachmentDefinition of the boot network.
- dnsmasq: `dhcp-ignore=tag:!known` on the server that should not boot these machines; ISC: `deny booting` or
  `deny unknown-clients`, and not `authoritative` for a network that is not its own; Kea: `client-classes` with `DROP`.
- An unknown server: find its MAC address in the switch's table (`bridge fdb show`), DHCP snooping keeps it out.

**How to make it happen.** Two dnsmasq on one bridge, one of them without `dhcp-boot`.
In a lab: [labs/faults/second-server](../../labs/faults/second-server),
[labs/faults/two-address-assigners](../../labs/faults/two-address-assigners).

**What it is not.** Two servers of one service (failover, Kea high availability, a relay with two servers) offer the same
network and the same file: no finding. A proxyDHCP server gives no address and is none of the two.
"""##),
    ("PXL020", ##"""
# PXL020: a boot program for another architecture
Severity: error.

The client says what it is (option 93) and is given a program for something else: a BIOS program for UEFI firmware, an EFI
program for a BIOS, x64 for arm64, iPXE's script for firmware, a web page. It is loaded whole and cannot be started; the
firmware goes on, or the machine hangs.

**How it is recognised.** Option 93 of the DISCOVER (option 61 of DHCPv6) against what the file is, after it was loaded and nothing ran:
its first bytes (the machine in a PE header, `#!ipxe`, HTML, ELF), or, where the capture cut them off, its name (`.kpxe`, `.0`,
`.efi`, `x64`, `aa64`). The bytes count more than the name.

**How to mend it.**
- dnsmasq: `dhcp-match=set:efi64,option:client-arch,7` and one for 9 (and 16 for HTTP), `dhcp-boot=tag:efi64,shimx64.efi`;
  the line without a tag is for BIOS. A script is for iPXE alone: `dhcp-match=set:ipxe,175`.
- ISC: `option arch code 93 = unsigned integer 16; if option arch = 00:07 or option arch = 00:09 { filename "shimx64.efi"; } else { filename "pxelinux.0"; }`.
- Kea: `client-classes` with `"test": "option[93].hex == 0x0007"`.
- In a lab: `server.bootFile` stands for x64 UEFI; a machine without `efi` has a BIOS.
- KubeVirt, OpenShift: `firmware.bootloader.efi` in the manifest decides what the machine is.

**How to make it happen.** `dhcp-boot=undionly.kpxe` for all clients, and a machine with `efi`.
In a lab: [labs/faults/bios-program-for-uefi](../../labs/faults/bios-program-for-uefi).

**What it is not.** OVMF sends 7 for PXE and 16 for HTTP; 9 was once EFI byte code and is taken as x64 too. A program for the right
machine that is not started is [PXL009](PXL009.md). What neither bytes nor name say is not guessed: a BIOS program has no mark
of its own, and iPXE starts scripts and kernels too.
"""##),
    ("PXL021", ##"""
# PXL021: an offer for HTTP boot without HTTPClient
Severity: error.

UEFI HTTP boot takes only offers that say `HTTPClient` in option 60 (UEFI 2.10 section 24.7.3.1). The server gives a boot file
and leaves that option out; the firmware ignores the OFFER without a word.

**How it is recognised.** DISCOVERs with vendor class `HTTPClient:Arch:00016:...`, OFFERs with a URL and without option 60 `HTTPClient`, and
no connection to the web server.

**How to mend it.**
- dnsmasq: `dhcp-vendorclass=set:http,HTTPClient`, `dhcp-option-force=tag:http,60,HTTPClient`,
  `dhcp-boot=tag:http,http://192.168.100.1/boot.efi`.
- ISC: `class "http" { match if substring(option vendor-class-identifier, 0, 10) = "HTTPClient"; option vendor-class-identifier "HTTPClient"; filename "http://...";  }`.
- Kea: a client class on `substring(option[60].hex,0,10) == 'HTTPClient'` with `option-data` `vendor-class-identifier` and
  `"always-send": true`.
- In a lab, KubeVirt, OpenShift: the machine's manifest needs nothing; it is the server's.

**How to make it happen.** The dnsmasq lines above without `dhcp-option-force`.
In a lab: [labs/faults/http-class-missing](../../labs/faults/http-class-missing).

**What it is not.** A server that serves PXE only gives HTTP clients no URL: then the firmware's HTTP attempt fails in order, and this is
no finding while PXE works.
"""##),
    ("PXL022", ##"""
# PXL022: a URL for a PXE client
Severity: error; info where the client only does not look for the URL's server.

The boot file's name is a URL, and the client is a PXE client: it asks a TFTP server for a file of that name, or gives up.

**How it is recognised.** An OFFER or ACK to vendor class `PXEClient` whose boot file begins with `http://` or `https://`, and no file loaded
after it.

An iPXE that is given a URL of another scheme than `http` or `tftp`, and then asks for neither name, address nor connection, was
built without it: Debian's and QEMU's iPXE have no HTTPS. A capture that leaves TCP out looks the same, so that is info.

**How to mend it.**
- Give `PXEClient` (architectures 0, 6, 7, 9, 11) a file name, and URLs only to `HTTPClient` (15, 16, 19) and to iPXE.
- dnsmasq: `dhcp-match=set:ipxe,175`, `dhcp-boot=tag:ipxe,http://...`, `dhcp-boot=tag:!ipxe,ipxe.efi`.
- ISC: `if exists user-class and option user-class = "iPXE" { filename "http://..."; } else { filename "ipxe.efi"; }`; Kea: a
  client class on option 77.
- In a lab, KubeVirt, OpenShift: iPXE in the card's option ROM takes URLs, UEFI firmware's PXE does not.

**How to make it happen.** `dhcp-boot=http://192.168.100.1/boot.efi` without tags.
In a lab: [labs/faults/http-url-for-pxe](../../labs/faults/http-url-for-pxe).

**What it is not.** iPXE and HTTP boot clients load `http` URLs: no finding. A connection that fails: [PXL038](PXL038.md), and
[PXL039](PXL039.md) for TLS.
"""##),
    ("PXL023", ##"""
# PXL023: option 66 names another boot server than siaddr
Severity: error.

DHCP has two places for the boot server: `siaddr` (next server) in the header and option 66 as text. Most firmware goes by
`siaddr`, and by the DHCP server itself where that is empty. Here option 66 names one server, and the client asked another.

**How it is recognised.** Option 66 differs from `siaddr`; the TFTP requests, or the ARP requests, go to `siaddr` or the DHCP server and
come to nothing.

**How to mend it.**
- dnsmasq: `dhcp-boot=FILE,,192.168.100.2` sets `siaddr`; `dhcp-option=66` alone does not.
- ISC: `next-server 192.168.100.2;` beside or instead of `option tftp-server-name`.
- Kea: `"next-server": "192.168.100.2"` in the subnet or class.
- Routers and appliances: the field is called "next server" or "siaddr"; "option 66" is the text.
- In a lab: `server` sets both. KubeVirt's `dhcpOptions.tftpServerName` is option 66 alone.
- OpenShift: where a router serves DHCP, set its next server too.

**How to make it happen.** dnsmasq with `dhcp-option=66,192.168.100.2` and no server in `dhcp-boot`.
In a lab: [labs/faults/option-66-only](../../labs/faults/option-66-only).

**What it is not.** Option 66 that agrees with `siaddr`, or an option 66 that a client follows and boots by: no finding.
"""##),
    ("PXL024", ##"""
# PXL024: no boot file
Severity: error.

A server answers the machine that wants to boot, and names nothing to boot: no file field, no option 67, no boot servers, in
IPv6 no option 59. UEFI firmware then ignores the OFFER (PXE-E16), iPXE says "Nothing to boot".

**How it is recognised.** Every answer to the firmware's exchanges is without a boot file, no proxyDHCP server adds one, and no file is asked
for.

**How to mend it.**
- dnsmasq: `dhcp-boot=shimx64.efi`, with the tags that fit (`dhcp-match=...,option:client-arch,7`); `dhcp-option=option6:59,...` for IPv6.
- ISC: `filename` and `next-server` in the subnet, class or host that matches; ISC's `class` must match before its pool.
- Kea: `boot-file-name` and `next-server`; for DHCPv6 `bootfile-url`.
- In a lab: `server.bootFile`, or an image that has one.
- KubeVirt, OpenShift: a server in the pod network gives no boot file; the boot interface must be on the network whose server
  does.

**How to make it happen.** dnsmasq with a `dhcp-range` and no `dhcp-boot`.
In a lab: [labs/faults/matches-another-architecture](../../labs/faults/matches-another-architecture).

**What it is not.** An operating system's client wants no boot file; an iPXE with a script of its own needs none. Where a proxyDHCP
server gives the file, see [PXL018](PXL018.md).
"""##),
    ("PXL025", ##"""
# PXL025: iPXE loads itself again and again
Severity: error.

The server gives the same boot file to the firmware and to the iPXE that the firmware loaded. iPXE loads iPXE, for ever.

**How it is recognised.** A DISCOVER by iPXE (user class `iPXE`, or option 175) after the boot file was loaded, an ACK that names the same file,
and the same file loaded again, with nothing else after it.

**How to mend it.**
- dnsmasq: `dhcp-match=set:ipxe,175`, `dhcp-boot=tag:!ipxe,ipxe.efi`, `dhcp-boot=tag:ipxe,boot.ipxe`.
- ISC: `if exists user-class and option user-class = "iPXE" { filename "boot.ipxe"; } else { filename "ipxe.efi"; }`.
- Kea: a client class on `option[77].hex == 'iPXE'` before the general one.
- iPXE itself: build it with an embedded script that chains on.
- In a lab: an image whose boot file is iPXE needs a script for user class iPXE. KubeVirt, OpenShift: the cards' option ROM
  is an iPXE too.

**How to make it happen.** `dhcp-boot=undionly.kpxe` without tags.
In a lab: [labs/faults/ipxe-loop](../../labs/faults/ipxe-loop).

**What it is not.** iPXE that is loaded twice because the machine was reset in between: no finding when something else is loaded in
the end.
"""##),
    ("PXL026", ##"""
# PXL026: the address is in use
Severity: error; info while the capture ends before the client could try again (10 s).

The client was given an address, asked who has it, and somebody answered: it sends DECLINE and starts anew.

**How it is recognised.** DECLINE after an ACK, and no lease afterwards.

**How to mend it.**
- Find the other machine: `arping -D`, the switch's table; take its address out of the range or reserve it.
- dnsmasq and ISC ping before they offer (`no-ping`, `ping-check false` switch that off); Kea: `ping_check`.
- Look for a second DHCP server with the same range ([PXL019](PXL019.md)).
- KubeVirt, OpenShift: addresses of the attachment's `ipam` (whereabouts, host-local) must not lie in the DHCP server's range.
- In a lab: `server.range` must not hold addresses that machines set themselves.

**How to make it happen.** A static address from the range on another interface of the bridge, then `udhcpc -a`.

**What it is not.** A probe that nobody answers, and a DECLINE after which the next address is taken: no finding.
"""##),
    ("PXL027", ##"""
# PXL027: no address left
Severity: error.

The server gives others addresses on this network, and this client none: its range is used up, or it is told to ignore the
client. Servers say so in their log only; on the wire there is silence.

**How it is recognised.** ACKs to other clients of the same VLAN in the same capture, and DISCOVERs of this one without any answer; or a NAK
that speaks of no free leases; or DHCPv6's status NoAddrsAvail.

**How to mend it.**
- dnsmasq: a wider `dhcp-range`, a shorter lease time; the log says `no address available`. `dhcp-ignore` silences too.
- ISC: `range`, `default-lease-time`; the log says `no free leases`. `deny unknown-clients` silences too.
- Kea: `pools`, `valid-lifetime`; the log says `ALLOC_ENGINE_V4_ALLOC_FAIL`.
- In a lab: `server.range`.
- KubeVirt, OpenShift: machines with new MAC addresses at each start (none in the manifest) use a lease each time: give the
  interface a `macAddress`.

**How to make it happen.** `dhcp-range=192.168.100.50,192.168.100.51` and three machines.
In a lab: [labs/faults/lease-table-full](../../labs/faults/lease-table-full).

**What it is not.** When nobody is answered, see [PXL003](PXL003.md). One DISCOVER that is answered at the second try is normal: the
server pings the address first.
"""##),
    ("PXL028", ##"""
# PXL028: the boot server cannot be reached
Severity: error.

DHCP names a boot server, and the requests to it come to nothing: the server or a router says so by ICMP, or the server is on
another network and stays silent, or DHCP gives no router to reach it by.

**How it is recognised.** TFTP requests without a reply, with an ICMP error (port unreachable: no TFTP server runs there; host or network
unreachable: no way; prohibited: a filter), or to an address outside the client's netmask.

**How to mend it.**
- The address: `siaddr` in the ACK. dnsmasq: `dhcp-boot=FILE,,ADDRESS`; ISC, Kea: `next-server`.
- The service: is UDP 69 served there? `ss -ulnp sport = :69`; dnsmasq: `enable-tftp`; tftpd-hpa: `systemctl status tftpd-hpa`.
- The way: option 3 for the client, a route back for the server, a firewall with the TFTP helper for both.
- KubeVirt, OpenShift: a server outside the boot VLAN needs a router on that VLAN; a network policy may forbid it.
- In a lab: the server is on the attachment; a `nextServer` of one's own must be there too.

**How to make it happen.** `dhcp-boot=pxelinux.0,,192.168.100.1` without `enable-tftp`.
In a lab: [labs/faults/no-tftp-server](../../labs/faults/no-tftp-server).

**What it is not.** An address on the client's own network that nobody owns is [PXL006](PXL006.md); a server that is there and silent
is [PXL008](PXL008.md).
"""##),
    ("PXL029", ##"""
# PXL029: the server denies a file
Severity: error.

A TFTP request was answered with an error other than "file not found": access violation, an illegal operation, refused options.

**How it is recognised.** TFTP ERROR with another code than 1, on a file that never came afterwards. The server's words are in the title.

**How to mend it.**
- tftpd-hpa: files must be readable for all; `--secure` makes paths relative; links out of the folder are refused.
- dnsmasq: `tftp-secure` wants files owned by its user; `tftp-root` is the only folder.
- atftpd: its user (`nobody`) must be able to read; in.tftpd without `-s` wants whole paths.
- SELinux on RHEL and OpenShift nodes: `restorecon -R /var/lib/tftpboot`; in a pod, the volume's labels and `fsGroup`.
- ISC and Kea name the file only; the path that they name begins where the TFTP server says.
- In a lab: the files of the image are readable; own files need `chmod a+r`.

**How to make it happen.** `chmod 600` on the boot file behind tftpd-hpa.
In a lab: [labs/faults/unreadable-boot-file](../../labs/faults/unreadable-boot-file).

**What it is not.** Error 8 from the client after the answer to `tsize` is how clients ask for a size; error 1 is
[PXL007](PXL007.md).
"""##),
    ("PXL030", ##"""
# PXL030: another size than stated
Severity: error.

The server stated the file's size (option tsize) and then sent fewer or more bytes. The program is cut off: firmware says that
it is damaged, or it crashes.

**How it is recognised.** The bytes of a complete transfer, without gaps in the capture, differ from the size in the OACK.

**How to mend it.**
- Copy the file again, and not while it is served: copy to a new name, then rename.
- A full disk or an interrupted download leaves a short file: compare checksums with the source.
- tftpd-hpa with `--map-file`, caches and proxies may answer with another file's size.
- In a lab: `pxelab` checks its images by checksum; own folders are yours.
- KubeVirt, OpenShift: a server in a pod serves what its image or volume holds, perhaps an old one.
- dnsmasq, ISC, Kea: only dnsmasq serves files itself.

**How to make it happen.** Truncate the file while it is being loaded.
In a lab: [labs/faults/wrong-size](../../labs/faults/wrong-size).

**What it is not.** In netascii mode line ends change the length; a capture that lacks packets proves nothing. Neither is reported.
"""##),
    ("PXL031", ##"""
# PXL031: every block is sent more than once
Severity: error; info when the file arrived.

TFTP answers every packet, so a duplicate makes a duplicate: once doubled, a transfer stays doubled (the Sorcerer's Apprentice,
RFC 1123 section 4.2.3.1). Or packets are lost all the time, and each block takes a timeout.

**How it is recognised.** Half as many blocks or more sent again as arrived, with acknowledgments sent again too; of a
transfer that is not whole after all that waiting, an eighth.

**How to mend it.**
- Find the loss or delay: duplex mismatch, an overloaded link, a bridge loop, a slow server disk.
- Larger blocks and a window mean fewer round trips: dnsmasq `tftp-mtu`, tftpd-hpa `--blocksize`; iPXE and GRUB can load by HTTP.
- Another TFTP server: dnsmasq and tftpd-hpa do not answer duplicates of the last ACK.
- KubeVirt, OpenShift: a mirror port or two paths to one pod (bond without LACP) doubles frames.
- In a lab: load on the machine; fewer machines at once.
- ISC, Kea: not concerned.

**How to make it happen.** `tc qdisc add dev DEV root netem duplicate 100%`.
In a lab: [labs/faults/lossy-path](../../labs/faults/lossy-path).

**What it is not.** One block repeated until the end is a stall ([PXL008](PXL008.md)). A frame that was captured at two places is not
counted twice.
"""##),
    ("PXL032", ##"""
# PXL032: blocks longer than the MTU
Severity: error.

Client and server agreed on a block size that makes packets longer than a link on the way takes. Short packets pass, so the
request and its options are answered; full blocks, or their fragments, do not arrive.

**How it is recognised.** An OACK, and then no acknowledged block; with blocks over 1468 bytes, fragments without the rest, or an ICMP
"fragmentation needed" with the MTU.

**How to mend it.**
- One MTU on the whole path: bridge, VLAN device, tunnel, tap and guest. VXLAN and Geneve take 50 bytes and more.
- dnsmasq: `tftp-mtu=1400` or `tftp-no-blocksize`; tftpd-hpa: `--blocksize 1408`; atftpd: `--no-blksize`.
- KubeVirt, OpenShift: `mtu` of the attachment, the cluster network's MTU for pods, NMState's `mtu` for bridges and bonds.
- Firewalls: let fragments and ICMP type 3 code 4 through.
- ISC, Kea: not concerned. In a lab: `mtu` of the attachment.

**How to make it happen.** `nft add rule ... ip frag-off & 0x1fff != 0 drop` and a client that asks for 8192 bytes.
In a lab: [labs/faults/block-size-over-mtu](../../labs/faults/block-size-over-mtu).

**What it is not.** Fragments that all arrive are slow, not broken: no finding.
"""##),
    ("PXL033", ##"""
# PXL033: the boot program is silent
Severity: error; info where the program need not ask for anything.

The firmware loaded the program and started it: it did not go on to its next boot entry. The program then asked for nothing,
although its kind (iPXE, shim, GRUB, PXELINUX) begins by asking. As a rule it has no driver for the network card, or hangs in
"initialising devices".

**How it is recognised.** A complete transfer of a known loader, no message of the firmware and none of a program for 10 seconds and more
while the capture goes on. On the console, the firmware says that it starts the program (`BdsDxe: starting Boot0001`), and
nothing follows. Of other programs that need not ask for anything, and where the capture ends soon, it is only info.

**How to mend it.**
- Serve `snponly.efi` or `undionly.kpxe`, which use the firmware's driver, instead of `ipxe.efi`, which has its own.
- KubeVirt, OpenShift, lab: another `model` of the interface (`virtio`); e1000 has no EFI driver in newer firmware.
- Look at the console: `pxelab console`, `virtctl console`.
- dnsmasq, ISC, Kea: the boot file's name is all that they have to do with it.

**How to make it happen.** `ipxe.efi` on a machine whose card its drivers do not know.
In a lab: [labs/faults/program-hangs](../../labs/faults/program-hangs).

**What it is not.** A program that was not started at all ([PXL009](PXL009.md)): then the firmware goes on and is heard again. A kernel
loaded as one program may rightly be silent.
"""##),
    ("PXL035", ##"""
# PXL035: two VLAN tags
Severity: error.

The client's frames have a tag inside a tag, and no server answers: the guest tags, and the port tags again; or a trunk's
native VLAN is tagged on the way.

**How it is recognised.** Two 802.1Q or 802.1ad tags in the client's frames, and DISCOVERs without an answer.

**How to mend it.**
- Tag in one place: no VLAN in the guest or its firmware when the attachment has `vlan`; a `trunk` attachment for guests that tag.
- KubeVirt, OpenShift: `vlan` in the NetworkAttachmentDefinition (`bridge`) or `vlanID` (`localnet`), not both the bridge's port
  and the guest.
- Switches: the trunk's native VLAN must not be the machine's.
- In a lab: `pxelab topology` shows where tags are put on.
- dnsmasq, ISC, Kea: listen on the device of the inner VLAN where QinQ is meant.

**How to make it happen.** `ip link add link eth0 name eth0.200 type vlan id 200` in a guest on an access port of VLAN 100.
In a lab: [labs/faults/double-tag](../../labs/faults/double-tag).

**What it is not.** QinQ on purpose works: clients that are answered have no finding.
"""##),
    ("PXL036", ##"""
# PXL036: one card, four ways to boot, none served
Severity: warning.

The boot order of one interface stands for all its entries: PXEv4, PXEv6, HTTPv4, HTTPv6. Where none or not all are served,
each waits for its timeout before the disk's turn comes, minutes in all.

**How it is recognised.** DISCOVERs and SOLICITs of the firmware, as PXE and as HTTP client, one after the other for 20 seconds and more, and
no file loaded. With `--efivars`, the boot order is in the evidence.

**How to mend it.**
- In a lab, KubeVirt, OpenShift: give the disk the lower `bootOrder` when the network is the fallback; the interface loses all
  its entries when it has no `bootOrder`.
- Serve one of the four: dnsmasq `dhcp-boot`, for IPv6 `dhcp-option=option6:59,...`; ISC `filename`; Kea `boot-file-name`.
- Firmware without the others: QEMU's `-fw_cfg name=opt/org.tianocore/IPv6PXESupport,string=n`.

**How to make it happen.** A machine with a network card first and no DHCP server.

**What it is not.** Attempts over IPv6 before or after an IPv4 boot that works: no finding.
"""##),
    ("PXL037", ##"""
# PXL037: the web server refuses a file
Severity: error.

HTTP boot, iPXE or GRUB asked a web server for a file and got status 400 or above.

**How it is recognised.** The status line of the response to a request of the boot (user agent `UefiHttpBoot`, `iPXE`, `GRUB`, or none), and
nothing loaded afterwards.

**How to mend it.**
- 404: the file is not where the URL points; mind case and the server's root folder. 403: rights, or no index of a folder.
- dnsmasq: the URL in `dhcp-boot`; ISC: `filename`; Kea: `boot-file-name`.
- nginx: `root` against `alias`; Apache: `Require all granted`.
- KubeVirt, OpenShift: a Route or Ingress answers 503 for hosts that it does not know: the URL's host must be the Route's.
- In a lab: the image's folder is the server's root.

**How to make it happen.** A URL of a file that is not there.
In a lab: [labs/faults/http-file-missing](../../labs/faults/http-file-missing).

**What it is not.** Optional files (`autoexec.ipxe`, GRUB's lists), and what the booted system downloads: no finding. A redirection is none
either.
"""##),
    ("PXL038", ##"""
# PXL038: the web server does not answer
Severity: error.

The client has an address and a URL, and the connection to the web server does not come about (refused, or no answer), or it
breaks off before the file is whole.

**How it is recognised.** SYNs without an answer, or answered with RST; or a response with fewer bytes than its Content-Length.

**How to mend it.**
- Is the server up, and on this port? `ss -ltnp`; open the port in the firewall.
- The URL's host and port: dnsmasq `dhcp-boot`, ISC `filename`, Kea `boot-file-name`.
- Broken off: the MTU ([PXL032](PXL032.md)), a proxy's limit, the server's log.
- KubeVirt, OpenShift: a Service needs an address that the boot VLAN reaches (NodePort, LoadBalancer); pod addresses are not.
- In a lab: the web server stands beside dnsmasq on port 80.

**How to make it happen.** `dhcp-boot=http://192.168.100.1:8080/boot.efi` and nothing on port 8080.
In a lab: [labs/faults/http-port-closed](../../labs/faults/http-port-closed).

**What it is not.** A name without an address is [PXL040](PXL040.md); a TLS handshake that fails, [PXL039](PXL039.md). A SYN that is
answered at the second try is normal.
"""##),
    ("PXL039", ##"""
# PXL039: the TLS handshake fails
Severity: error.

HTTPS boot: client and server do not agree. Most often the firmware does not know the authority that signed the server's
certificate.

**How it is recognised.** By one of these:
- A TLS alert in clear, and who sent it: `unknown CA`, `bad certificate`, `certificate expired` from the client;
  `handshake failure`, `protocol version` from either.
- The client resets the connection after the server's certificate and has sent no data. OVMF does so, without an alert, when
  it does not know the authority or the certificate does not name the URL's host.
- The client was told an `https://` URL and does not connect. OVMF does so when no authority at all is enrolled.

**How to mend it.**
- In a lab: a server that boots by [HTTPS](../boot-kinds.md#https) has a certificate of the lab's authority, which `up`
  enrols; `pxelab efi enroll --tls-ca` puts another into the variable TlsCaCertificate.
- iPXE: built with `TRUST=ca.crt`, or `imgtrust`; its own list of authorities is short.
- The certificate must name the URL's host (subject alternative name; also for addresses) and be valid at the machine's clock.
- KubeVirt, OpenShift: Routes use the ingress's certificate, signed by the cluster's own authority unless replaced.
- dnsmasq, ISC, Kea: the URL is all that they have to do with it; `http://` avoids TLS.

**How to make it happen.** A URL with `https://` to a server with a self-signed certificate:
[labs/faults/certificate-not-trusted](../../labs/faults/certificate-not-trusted),
[certificate-for-another-host](../../labs/faults/certificate-for-another-host),
[authority-not-enrolled](../../labs/faults/authority-not-enrolled).

**What it is not.** An expired certificate: OVMF of Debian 12 takes no notice of the time. Alerts in TLS 1.3 are encrypted and cannot be seen; `close notify` is the end in order.
"""##),
    ("PXL040", ##"""
# PXL040: the boot server's name has no address
Severity: error.

The boot file's URL, or option 66, has a name instead of an address, and the DNS server that DHCP gave does not know it or does
not answer.

**How it is recognised.** DNS questions for that name without an answer, or answered with an error or without an address; no request to a
server afterwards.

**How to mend it.**
- Put an address into the URL; or add the name to the DNS server.
- Option 6 must name a DNS server that the boot network reaches: dnsmasq `dhcp-option=6,ADDRESS` (a dnsmasq with `port=0` is
  none itself); ISC `option domain-name-servers`; Kea `domain-name-servers`.
- KubeVirt, OpenShift: cluster names (`svc.cluster.local`) are known to the cluster's DNS only, which the boot VLAN does not
  reach.
- In a lab: names need a DNS server of yours; the lab's dnsmasq serves none.

**How to make it happen.** `dhcp-boot=http://boot.example/boot.efi` and a DNS server that is not there.
In a lab: [labs/faults/name-unresolved](../../labs/faults/name-unresolved).

**What it is not.** Names that the booted system asks for; a name that has an IPv4 address and no IPv6 one: no finding.
"""##),
    ("PXL041", ##"""
# PXL041: no DHCPv6 server answers
Severity: error; info where IPv4 is served and the machine is not to boot over IPv6.

The firmware asks for an address by DHCPv6 (SOLICIT) and no server answers.

**How it is recognised.** SOLICITs of a PXE, HTTP boot or iPXE client without an ADVERTISE.

**How to mend it.**
- dnsmasq: `enable-ra`, `dhcp-range=2001:db8::100,2001:db8::200,64`, `dhcp-option=option6:59,tftp://[2001:db8::1]/shimx64.efi`.
- Kea: a `subnet6` with `interface`, and radvd with `AdvManagedFlag on`; ISC: `dhcpd -6`.
- UDP 546 and 547 and multicast ff02::1:2 must pass: a bridge with multicast snooping and no querier drops them.
- KubeVirt, OpenShift: `networkInterfaceMultiqueue` and the like do not matter; the attachment's network needs a router and server.
- In a lab: the server's IPv6 settings; or leave IPv6 out.

**How to make it happen.** A machine whose only boot entry is PXEv6, on a network with IPv4 only.
In a lab: [labs/faults/no-dhcpv6](../../labs/faults/no-dhcpv6).

**What it is not.** Where IPv4 boots, SOLICITs without an answer are what the firmware tries besides: info.
"""##),
    ("PXL043", ##"""
# PXL043: a boot file name with strange characters
Severity: error.

The name in the file field or option 67 ends in an octet that is no part of it (0xff, DHCP's end mark, a line end), or has quotes
or blanks around it. The server does not find such a file.

**How it is recognised.** The name in the ACK, or in the TFTP request, has a control character, 0xff, or quotes; and the file was not loaded.

**How to mend it.**
- End the name with a zero byte: some clients read option 67 up to the end mark. dnsmasq does so; ISC: `option bootfile-name
  "file\000"` where a client needs it; Kea: `"csv-format": false` with the zero byte.
- Routers and appliances: type the name without quotes; look for a blank at its end.
- In a lab, KubeVirt (`dhcpOptions.bootFileName`), OpenShift: the YAML's quotes do not belong to the value; a block scalar (`|`)
  ends in a line end, use `>-` or one line.

**How to make it happen.** `dhcp-option-force=67,"pxelinux.0"` with a trailing `ff` in hexadecimal.
In a lab: [labs/faults/bad-file-name](../../labs/faults/bad-file-name).

**What it is not.** A name with folders, backslashes or a URL is no fault by itself.
"""##),
    ("PXL044", ##"""
# PXL044: the REQUEST is not answered
Severity: error.

The client took an OFFER and sent REQUEST; neither ACK nor NAK came.

**How it is recognised.** OFFER, then REQUESTs, then nothing; the OFFER was in the capture, so its direction was visible.

**How to mend it.**
- Read the server's log at that time: dnsmasq `DHCPREQUEST ... wrong server-ID` or nothing; ISC `lease owned by peer`,
  `unknown lease`; Kea `DHCP4_PACKET_DROP`.
- Option 54 must be the server's own address: NAT, two interfaces and relays spoil it.
- A filter or storm control may drop the second broadcast.
- KubeVirt, OpenShift: two DHCP pods on one network without a shared lease file.
- In a lab: `pxelab logs --part server/ATTACHMENT`.

**How to make it happen.** A server that is killed after its OFFER.
In a lab: [labs/faults/request-unanswered](../../labs/faults/request-unanswered).

**What it is not.** The losing server of two rightly does not answer. A capture that shows one direction only proves nothing.
"""##),
    ("PXL045", ##"""
# PXL045: the relay does not pass the answer on
Severity: error.

A relay agent passed the client's DISCOVER on, the server answered to the relay's address (`giaddr`), and the answer did not go
on to the client.

**How it is recognised.** OFFERs to port 67 of the relay agent, DISCOVERs of the client itself again and again, and no OFFER on its side, in a
capture that has both.

**How to mend it.**
- The relay agent must listen on the address that it puts into `giaddr`, and its interface to the client must be enabled for relaying.
- dhcrelay: `-id` and `-iu` the right way round; `-a` and `-m` for option 82; dnsmasq: `dhcp-relay=LOCAL,SERVER`.
- Kea and ISC must give option 82 back as it was; some relays drop replies without it.
- Firewalls on the relay: UDP 67 from the server.
- KubeVirt, OpenShift: nodes are no relays; the router of the boot VLAN is (`ip helper-address`).
- In a lab: a relay of one's own is a `server.command`.

**How to make it happen.** dnsmasq as relay agent (`dhcp-relay=LOCAL,SERVER`) and `nft add rule inet f input ip saddr SERVER udp sport 67
drop` beside it. In a lab: [labs/faults/relay-drops-reply](../../labs/faults/relay-drops-reply).

**What it is not.** When the server does not answer the relay agent at all, see [PXL003](PXL003.md).
"""##),
    ("PXL050", ##"""
# PXL050: the firmware has no driver for the card
Severity: error.

UEFI firmware boots only from cards that it has a driver for. OVMF, as distributions build it, has one for
virtio-net and none for `e1000`, `e1000e`, `rtl8139` or `pcnet`; those come with an option ROM (QEMU's iPXE), which
KubeVirt switches off on interfaces without `bootOrder` and pxelab on all interfaces of UEFI machines. The firmware
then has no boot entry for the card and goes on to the next device.

**Evidence.** The model of the card and that its ROM is off (`/domain/devices/interface/model`, `rom`), no frame
from its address, the last line on the console.

**How to see it.** `virsh dumpxml MACHINE`; the boot menu of the firmware lists no entry with the card's MAC address.

**How to make it happen.** [labs/faults/card-without-driver](../../labs/faults/card-without-driver).

**How to mend it.** `model: virtio` in the interface (KubeVirt's default). On other hardware: a card whose vendor
has a UEFI driver, or the option ROM.

**What it is not.** A card with a driver and without a link: its boot entry is there and fails (PXL002).
"""##),
    ("PXL051", ##"""
# PXL051: no source of random numbers
Severity: error.

Since edk2-stable202405 the network stack of UEFI firmware is not loaded without EFI_RNG_PROTOCOL (the fixes of
CVE-2023-45236 and CVE-2023-45237). The protocol comes from a virtio-rng device or from a CPU with RDRAND. A machine
with neither has no network boot entry at all, with a firmware that has just been updated.

**Evidence.** `<rng>` is missing in the domain, the CPU model lacks RDRAND (`/domain/cpu`), no frame from the machine.

**How to see it.** The firmware's boot menu has no PXE or HTTP entry. In the guest, `grep rdrand /proc/cpuinfo`.

**How to make it happen.** A firmware of 2024-05 or newer, `cpu.model: Nehalem` and no `rng`:
[labs/faults/no-random-numbers](../../labs/faults/no-random-numbers). Debian 12's OVMF is older and boots all the same.

**How to mend it.** `devices.rng: {}` in the machine, or a CPU model from Ivy Bridge or EPYC on (a cluster's
`defaultCPUModel`).

**What it is not.** An older firmware, which boots without random numbers; the finding is made only when the
firmware tried no network.
"""##),
    ("PXL052", ##"""
# PXL052: the kernel has no initramfs and no root
Severity: error.

The kernel started and had nothing to run: no initramfs came with it, or the one that came lacks the program that
`rdinit=` names, and no root file system is there either. It panics.

**Evidence.** The console: GRUB's error if it had one, `check access for rdinit=` if the kernel said so, `VFS:
Cannot open root device` or `Unable to mount root fs`, and the panic.

**How to see it.** `pxelab logs --part console/MACHINE`; on the wire, whether the initramfs was asked for and came
whole.

**How to make it happen.** [labs/faults/wrong-rdinit](../../labs/faults/wrong-rdinit);
[labs/faults/missing-initramfs](../../labs/faults/missing-initramfs), where the missing file (PXL007) is the cause
and this is folded under it.

**How to mend it.** Name an initramfs that is served in the loader's configuration (`initrd` in GRUB and iPXE,
`initrd=` in PXELINUX), and take a wrong `rdinit=` off the kernel's command line.

**What it is not.** A panic for another reason (PXL053).
"""##),
    ("PXL053", ##"""
# PXL053: the kernel panicked
Severity: error.

The guest's kernel ran and gave up, for another reason than a missing root file system: its first process ended,
memory was too little for the initramfs, a driver failed.

**Evidence.** The panic's own words from the console.

**How to see it.** `pxelab logs --part console/MACHINE`: what stands above `Kernel panic - not syncing`.

**How to make it happen.** [labs/faults/init-dies](../../labs/faults/init-dies): the first process is a program that
ends at once.

**How to mend it.** By the words: `Attempted to kill init` is the first process's end (the initramfs's `init`, or
`rdinit=`); with `memory` in them, more memory for the machine.

**What it is not.** A kernel that says nothing (PXL013): look at `console=` on its command line.
"""##),
    ("PXL054", ##"""
# PXL054: GRUB waits at its prompt
Severity: error.

GRUB was loaded and boots nothing: it found no configuration, a command in the configuration failed, or (`grub
rescue>`) it cannot even load its own modules.

**Evidence.** GRUB's errors on the console, and the prompt.

**How to see it.** `pxelab console MACHINE`, then `echo $prefix` and `ls`; on the wire, which `grub.cfg` GRUB asked
for.

**How to make it happen.** [labs/faults/grub-without-entry](../../labs/faults/grub-without-entry);
[labs/faults/missing-grub-configuration](../../labs/faults/missing-grub-configuration), where the missing file
(PXL007) is the cause.
Also: [labs/faults/grub-rescue](../../labs/faults/grub-rescue).

**How to mend it.** Serve `grub.cfg` where GRUB's `$prefix` points (Debian's signed GRUB: `/grub` on the server that
it came from), and files under the names that it uses. For `grub rescue>`: a GRUB image for network boot, with its
modules inside (`grubnetx64.efi`).

**What it is not.** A GRUB menu that waits for its timeout, or a person at the console after the verdict.
"""##),
    ("PXL055", ##"""
# PXL055: the machine boots again and again
Severity: error.

The machine loaded its boot program and a whole system behind it three times or more, and nothing reported from
inside: what it boots restarts it. Most often that is an installer: it installs, restarts, finds the network first
in the boot order again, and installs again.

**Evidence.** How often which file was loaded in what time.

**How to see it.** `tshark -r FOLDER/BRIDGE.pcap -Y 'tftp.opcode == 1' -T fields -e frame.time_relative -e
tftp.source_file`.

**How to make it happen.** [labs/faults/restarts-for-ever](../../labs/faults/restarts-for-ever).

**How to mend it.** Put the disk before the network in the boot order (an empty disk is passed over), or let the
server stop naming a boot file to a machine that is installed. shim's fallback (`fbx64.efi`) puts an entry of its
own first: compare BootOrder.

**What it is not.** One restart, or a machine that lives from the network and is switched on again: two boots are no
loop.
"""##),
    ("PXL056", ##"""
# PXL056: the server declines the machine
Severity: error.

The DHCP server got the machine's DISCOVER, gives it no address and says why in its log: it has no address left, its
lease table is full, or its configuration ignores the machine. On the wire that looks like a server that is not
there (PXL003), or like a NAK (PXL005).

**Evidence.** The line of the server's log that names the MAC address.

**How to see it.** `pxelab logs --part server/ATTACHMENT`; on a real server dnsmasq's `log-dhcp`, ISC's syslog (`no
free leases`), Kea's ALLOC_ENGINE_V4_ALLOC_FAIL.

**How to make it happen.** [labs/faults/pool-exhausted](../../labs/faults/pool-exhausted),
[labs/faults/server-ignores-machine](../../labs/faults/server-ignores-machine),
[labs/faults/lease-refused](../../labs/faults/lease-refused).

**How to mend it.** By the words: a wider range or shorter leases; the machine in the server's configuration.

**What it is not.** A capture from elsewhere, with which no log came: then PXL003, PXL005 or PXL027.
"""##),
    ("PXL057", ##"""
# PXL057: macspoofchk dropped frames
Severity: error, info.

The attachment has `macspoofchk: true`: only frames from the card's own MAC address enter the bridge. Something in
the machine sent from another address: a boot loader or guest that changes it, a bond, a bridge, a virtual machine
inside the guest.

**Evidence.** How many frames the rule dropped at the machine's port, and the line of `macspoofchk`.

**How to see it.** `pxelab netconf diff`; on a node, `nft list chain bridge nat cni-br-iface-...` and its
neighbours. A capture at the tap has the frames, one at the bridge has not.

**How to make it happen.** [labs/faults/source-address-changed](../../labs/faults/source-address-changed): iPXE goes
on with another address.

**How to mend it.** Keep the card's address in the guest, or `"macspoofchk": false` in the attachment where guests
need others.

**What it is not.** An info of a machine that booted: the drops did not matter to its boot.
"""##),
    ("PXL058", ##"""
# PXL058: two interfaces with one MAC address
Severity: error, also when the machine booted this time.

Another machine on the same VLAN has the same address. The bridge sends frames for both to the port that spoke last,
and the DHCP server gives both one address: boots stall at random, or answer each other.

**Evidence.** The other interface, and the line of the address.

**How to see it.** `pxelab validate` warns of it; `bridge fdb show` has the address now on one port and now on the
other.

**How to make it happen.** [labs/faults/duplicate-mac](../../labs/faults/duplicate-mac).

**How to mend it.** An address of its own for each, or none in the manifest: then one is assigned (in a cluster by
KubeMacPool).

**What it is not.** The same address on different VLANs or bridges, which do not meet.
"""##),
    ("PXL059", ##"""
# PXL059: the packet filter drops bridged frames
Severity: error.

With `br_netfilter` loaded and `bridge-nf-call-iptables` at 1, frames that a Linux bridge carries go through the IP
packet filter, and Docker and firewalld set the policy of FORWARD to DROP. What worked yesterday then has no network
boot today.

**Evidence.** The setting, the policy, and that the machine got no lease.

**How to see it.** `sysctl net.bridge.bridge-nf-call-iptables`, `iptables -S FORWARD`. A capture at one port has the
request, one at the next has not.

**How to make it happen.** On a kernel with br_netfilter, in the lab's network namespace: `sysctl
net.bridge.bridge-nf-call-iptables=1` and `iptables -P FORWARD DROP`. A lab's own namespace has no such policy, so
there is no lab of it.

**How to mend it.** `sysctl net.bridge.bridge-nf-call-iptables=0`, or a rule that lets bridged frames through.

**What it is not.** Open vSwitch, whose frames the filter does not see.
"""##),
    ("PXL060", ##"""
# PXL060: STP holds the port back
Severity: error, warning.

The bridge speaks the spanning tree protocol. A new port then listens and learns for the forward delay each, 30 s by
default, before it forwards anything. The firmware's DISCOVERs go out after 0, 4, 12 and 28 s: the first ones are
lost, and the boot is slow or fails.

**Evidence.** The forward delay, the line that switches STP on, and how long after the firmware's first attempt its
first DISCOVER crossed the bridge.

**How to see it.** `ip -details link show BRIDGE` (stp_state, forward_delay), or `ovs-vsctl get bridge BRIDGE
stp_enable`; `bridge link` shows the port as listening or learning.

**How to make it happen.** [labs/faults/spanning-tree](../../labs/faults/spanning-tree): a
NodeNetworkConfigurationPolicy with `stp.enabled: true`.

**How to mend it.** `stp: enabled: false` in the NodeNetworkConfigurationPolicy, as KubeVirt's and OpenShift's
examples have it; on a physical switch an edge port (PortFast).

**What it is not.** A warning of a machine that booted all the same, late.
"""##),
    ("PXL061", ##"""
# PXL061: nothing says what to boot first
Severity: error.

No device of the machine has a `bootOrder`. libvirt then goes by `<boot dev>` of its `<os>`, to which it adds `hd` by
itself: the first disk comes first, and nothing else is handed to the firmware. Without a disk the firmware's own order
decided (BootOrder in the variable store, or the order of the slots). Another device came first than was meant.

**Evidence.** BootCurrent and BootOrder as the guest sees them, and that the domain has no `<boot order>`.

**How to see it.** `virsh dumpxml MACHINE | grep boot`; in the guest, `efibootmgr -v`.

**How to make it happen.** [labs/faults/no-boot-order](../../labs/faults/no-boot-order).

**How to mend it.** `bootOrder: 1` on the device that shall boot.

**What it is not.** Boot orders that are there and name another device first (PXL011).
"""##),
    ("PXL062", ##"""
# PXL062: iPXE does not get to its first request
Severity: error.

iPXE was loaded whole, and no DISCOVER came from it: it hangs while it initialises devices, or finds no card.
`ipxe.efi` drives cards by itself and does not know all; `snponly.efi` uses the firmware's driver of the card that
it was loaded by, and knows no other.

**Evidence.** The whole transfer, the silence after it, iPXE's words on the console, and the model of the card.

**How to see it.** `pxelab console MACHINE`: iPXE stops at `initialising devices`. In its shell, `ifstat`.

**How to make it happen.** Not with QEMU's cards and Debian's iPXE, which drives all of them.

**How to mend it.** Serve the other build.

**What it is not.** An iPXE that asks and is not answered (PXL003).
"""##),
    ("PXL063", ##"""
# PXL063: the machine was not started
Severity: error.

libvirt or QEMU refused to start the machine; nothing ran, so no witness can be asked. Its own words are in the
title: memory that cannot be had, Secure Boot without System Management Mode, a firmware that is not there.

**Evidence.** libvirt's error.

**How to see it.** `pxelab logs --list`: QEMU's log is there. `virsh start MACHINE` says it again.

**How to make it happen.** [labs/faults/too-much-memory](../../labs/faults/too-much-memory).

**How to mend it.** By the words: less `memory`; `features.smm.enabled: true` with Secure Boot, which KubeVirt's
webhook asks for too, and a KVM that emulates SMM (`pxelab doctor`).

**What it is not.** A machine that no node would take (PXL016).
"""##),
    ("PXL064", ##"""
# PXL064: two VLANs are joined
Severity: error.

A DHCP server answers on another VLAN than the client asked on, in one and the same transaction. Frames can go from
one VLAN to the other, which they never should: the server's leases leak into a network that is not its own, or a
client is served by a stranger.

**Evidence.** The transaction ID, the VLAN of the DISCOVER, and the VLAN and sender of the OFFER.

**How to see it.** `tshark -r FOLDER/BRIDGE.pcap -Y dhcp -T fields -e vlan.id -e dhcp.id -e dhcp.option.dhcp`.

**How to make it happen.** [labs/faults/vlans-joined](../../labs/faults/vlans-joined): a cable between an access
port of VLAN 100 and one of VLAN 200.

**How to mend it.** Find what joins them: a cable between access ports, a guest that bridges its cards, a trunk
whose native VLANs differ at its ends, a port that leaves several VLANs untagged.

**What it is not.** A capture on both sides of a port, where one frame shows with a tag and without.
"""##),
    ("PXL096", ##"""
# PXL096: the firmware says that it gave up
Severity: error.

The console has an error of the firmware or of a boot program (`PXE-E18`, `HTTP ERROR`, an error number of iPXE, an error of
GRUB, shim or U-Boot), nothing of them got further after it, and no rule knows the cause. The error itself proves that this
boot failed, whatever the packets look like.

**How it is recognised.** By the words: [docs/firmware-errors.md](../firmware-errors.md) lists the codes and sentences that
count, each with its meaning. An error after which the boot program was downloaded or started, GRUB or a kernel spoke, or the
probe reported, does not count. Any finding of a cause stands in its place.

**How to mend it.** The message says where the boot ended; the finding says what the last packet was about.
- Compare the two. An error of a server (`PXE-E23`) stands in that server's log at the same time.
- A time-out (`PXE-E18`, `PXE-E32`) after packets that look right: the answers do not reach the machine, or it drops them.
  Capture at the machine's own port as well.
- dnsmasq: `log-dhcp`; tftpd-hpa: `--verbose`; Kea: severity DEBUG.

**How to make it happen.** A server whose answers the firmware does not take, for a reason that no rule knows.

**What it is not.** [PXL097](PXL097.md): the console is not there, or says nothing of an error.
"""##),
    ("PXL097", ##"""
# PXL097: the client did not get further, and the cause is not known
Severity: error when the client gave up, or waited longer than firmware does; warning when the capture ends while its boot is
under way; info when the capture lacks what the client was answered.

The client looked for something to boot, nothing proves that it booted, and no rule knows why not. The finding names the
client's last act, its packet, and how long the capture went on after it. `pxelab diagnose` exits with 1 then, since nobody
can say that all is well.

**How it is recognised.** What counts as a proof: the probe's report, the kernel's words on the console, a system that asks
for an address after something was loaded, or a file that arrived whole as the last thing that the client asked for. The
client has given up when the console says that its boot entry failed, or when it was answered and its firmware began anew. It
has waited too long after 35 s without an answer to DHCP, 15 s after an answer that it does nothing with, and 30 s within a
transfer.

**How to mend it.**
- Look at the machine's console (`--console` takes what a serial port printed): it says most often why it stopped.
- Capture longer, unfiltered, and on the machine's own port.
- Look at the server's log at the time of the last act.

**How to make it happen.** `tcpdump -c 2 port 67` beside a boot: the capture ends after the OFFER.

**What it is not.** [PXL096](PXL096.md): the console states an error. [PXL033](PXL033.md): a boot program arrived whole and is
silent.
"""##),
  ]
}

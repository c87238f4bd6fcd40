"""Boots that fail while a file is on its way by TFTP."""

import subprocess
import time

from case import (IPXE, PXELINUX, SERVER, SHIM, SYSLINUX, case, served)
from networks import (MANAGED, RANGE, SUBNET, grub_root, kea4, kea6, pxelinux_root)
from process import run
from switch import Bridge

FAILED = "PXE-E|failed to"
NO_BOOT = "Could not boot|No bootable|no more network"


@case("file-not-found", client="OVMF PXEv4", server="isc-dhcp-server; tftpd-hpa")
def ovmf4_file_missing(lab):
    """The boot file's name is misspelt in dhcpd.conf."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dhcpd(SUBNET % f'next-server {SERVER}; filename "boot/grubx64.efi";')
    server.tftpd_hpa(grub_root())
    vm = lab.machine(bridge)
    lab.capture("ovmf4-file-missing.pcap", vm.tap, point="tap")
    lab.attach(console=vm.files / "console")
    vm.says(FAILED)


@case("file-not-found", client="OVMF PXEv4 with Secure Boot; shim", server="Kea; atftpd")
def shim_without_grub(lab):
    """shim is there, grubx64.efi beside it is not."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.kea(kea4("shimx64.efi"))
    server.atftpd(served(**{"shimx64.efi": SHIM}))
    vm = lab.machine(bridge, secure=True)
    lab.capture("shim-without-grub.pcap.gz", vm.tap, thin=True, point="tap; blocks cut")
    lab.attach(console=vm.files / "console")
    vm.says("failed to start|Failed to load|failed to load")
    time.sleep(4)


@case("file-not-found", client="SeaBIOS, iPXE ROM; pxelinux", server="dnsmasq")
def pxelinux_without_configuration(lab):
    """pxelinux tries every name for its configuration, and none is there."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-boot=pxelinux.0",
                   tftp=served(PXELINUX, SYSLINUX / "ldlinux.c32"))
    vm = lab.machine(bridge, firmware="bios", model="e1000")
    lab.capture("pxelinux-without-configuration.pcap.gz", vm.tap, snaplen=400, point="tap")
    vm.says("No DEFAULT|Unable to locate configuration|boot:|No bootable")
    time.sleep(5)


@case("file-not-found", client="SeaBIOS, iPXE ROM; pxelinux", server="Kea; tftpd-hpa")
def pxelinux_without_ldlinux(lab):
    """pxelinux.0 without ldlinux.c32 beside it: Failed to load ldlinux.c32."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.kea(kea4("pxelinux.0"))
    server.tftpd_hpa(served(PXELINUX))
    vm = lab.machine(bridge, firmware="bios")
    lab.capture("pxelinux-without-ldlinux.pcap.gz", vm.tap, snaplen=400, point="tap")
    vm.says("Failed to load ldlinux")
    time.sleep(5)


@case("file-not-found", client="OVMF PXEv6", server="Kea 6; radvd; tftpd-hpa")
def ovmf6_file_missing(lab):
    """The path of the boot file URL does not exist."""
    bridge = Bridge()
    server = lab.host("server", bridge, "fd77::1/64")
    server.radvd(MANAGED)
    server.kea(kea6("tftp://[fd77::1]/efi/snponly.efi"), six=True)
    server.tftpd_hpa(served(IPXE / "snponly.efi"), address="[::]")
    vm = lab.machine(bridge, support="6")
    lab.capture("ovmf6-file-missing.pcap", vm.tap, point="tap")
    vm.says(FAILED)


@case("access-denied", client="OVMF PXEv4", server="udhcpd; tftpd-hpa")
def ovmf4_access_violation(lab):
    """The file is there with mode 0600: error 2, access violation."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.udhcpd("start 192.168.77.20\nend 192.168.77.40\noption subnet 255.255.255.0\n"
                  f"siaddr {SERVER}\nboot_file grub.efi")
    root = grub_root()
    (root / "grub.efi").chmod(0o600)
    server.tftpd_hpa(root)
    vm = lab.machine(bridge)
    lab.capture("ovmf4-access-violation.pcap", vm.tap, point="tap")
    vm.says(FAILED)


@case("tftp-port-closed", client="SeaBIOS, iPXE ROM", server="isc-dhcp-server, no TFTP server running")
def seabios_port_closed(lab):
    """The machine named as next-server runs no TFTP server: ICMP port unreachable."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dhcpd(SUBNET % f'next-server {SERVER}; filename "pxelinux.0";')
    vm = lab.machine(bridge, firmware="bios", model="e1000")
    lab.capture("seabios-port-closed.pcap", vm.tap, point="tap")
    vm.says(NO_BOOT)


@case("tftp-unanswered", client="OVMF PXEv4", server="Kea; tftpd-hpa behind a packet filter")
def ovmf4_tftp_filtered(lab):
    """The host answers ARP and drops UDP port 69 in silence."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.kea(kea4("grub.efi"))
    server.tftpd_hpa(grub_root())
    server.nft("input", "udp dport 69 drop")
    vm = lab.machine(bridge)
    lab.capture("ovmf4-tftp-filtered.pcap", vm.tap, point="tap")
    vm.says(FAILED)


@case("tftp-unanswered", client="SeaBIOS, iPXE ROM", server="dnsmasq; conntrack without its TFTP helper")
def seabios_tftp_conntrack(lab):
    """The request arrives, the answers come from another port and are dropped on their way back."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-boot=pxelinux.0", tftp=pxelinux_root())
    server.nft("output", "udp sport >= 1024 drop")
    vm = lab.machine(bridge, firmware="bios")
    lab.capture("seabios-tftp-conntrack.pcap", vm.tap, point="tap")
    vm.says(NO_BOOT)


@case("transfer-stalled", client="OVMF PXEv4", server="isc-dhcp-server; a TFTP server that dies")
def ovmf4_server_dies(lab):
    """After 60 blocks the server is gone."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dhcpd(SUBNET % f'next-server {SERVER}; filename "grub.efi";')
    server.odd_tftpd(grub_root(), "stop=60")
    vm = lab.machine(bridge)
    lab.capture("ovmf4-server-dies.pcap.gz", vm.tap, snaplen=600, point="tap")
    vm.says(FAILED)


@case("blksize-over-mtu", client="OVMF PXEv4", server="isc-dhcp-server; tftpd-hpa over a link of MTU 1400")
def ovmf4_mtu(lab):
    """A switch between drops what is longer than 1400 bytes: short packets arrive, blocks of 1468 never."""
    near, far = Bridge("br0"), Bridge("br1")
    run("ip", "link", "add", "cable-a", "type", "veth", "peer", "name", "cable-b")
    for end, bridge in (("cable-a", near), ("cable-b", far)):
        run("ethtool", "-K", end, "tx", "off", stdout=subprocess.DEVNULL)
        run("ip", "link", "set", end, "mtu", 1400, "up")
        bridge.add(end)
    for bridge in (near, far):
        run("ip", "link", "set", bridge.name, "mtu", 1500)
    server = lab.host("server", far, f"{SERVER}/24")
    server.dhcpd(SUBNET % f'next-server {SERVER}; filename "grub.efi";')
    server.tftpd_hpa(grub_root())
    vm = lab.machine(near)
    lab.capture("ovmf4-mtu-client.pcap", vm.tap, point="tap: OACK, then nothing")
    lab.capture("ovmf4-mtu-server.pcap.gz", server.port, point="server's port: the first block again and again")
    vm.says(FAILED)


@case("blksize-over-mtu", client="busybox tftp, blocks of 8192", server="atftpd; fragments are dropped")
def tftp_fragments_dropped(lab):
    """Large blocks become fragments, and a packet filter drops fragments."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.atftpd(served(IPXE / "undionly.kpxe"))
    client = lab.host("client", bridge, "192.168.77.7/24")
    bridge.nft("ip frag-off & 0x3fff != 0 drop")
    lab.capture("tftp-fragments-dropped.pcap", client.port, point="client's port")
    client.execute("timeout", "25", "busybox", "tftp", "-g", "-b", "8192", "-l", client.files / "received", "-r",
                   "undionly.kpxe", SERVER, check=False)


@case("wrong-size", client="OVMF PXEv4", server="dnsmasq; a TFTP server that announces too much")
def ovmf4_wrong_size(lab):
    """tsize says 400000 bytes, the file ends after 100000: an update was interrupted."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-boot=grub.efi")
    server.odd_tftpd(grub_root(), "tsize=400000", "cut=100000")
    vm = lab.machine(bridge)
    lab.capture("ovmf4-wrong-size.pcap.gz", vm.tap, snaplen=600, point="tap")
    vm.says(FAILED)
    time.sleep(4)


@case("wrong-size", client="OVMF PXEv4", server="Kea; a TFTP server that announces too little")
def ovmf4_size_too_small(lab):
    """tsize says 100000 bytes and more come: the firmware's buffer is too small."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.kea(kea4("grub.efi"))
    server.odd_tftpd(grub_root(), "tsize=100000")
    vm = lab.machine(bridge)
    lab.capture("ovmf4-size-too-small.pcap.gz", vm.tap, snaplen=600, point="tap")
    vm.says(FAILED)
    time.sleep(4)


@case("retransmission-storm", client="OVMF PXEv4", server="isc-dhcp-server; a TFTP server that repeats everything")
def ovmf4_storm(lab):
    """Every block comes three times, then the server gives up."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dhcpd(SUBNET % f'next-server {SERVER}; filename "grub.efi";')
    server.odd_tftpd(grub_root(), "storm=3", "stop=250")
    vm = lab.machine(bridge)
    lab.capture("ovmf4-storm.pcap.gz", vm.tap, snaplen=200, point="tap, 200 bytes of each frame")
    vm.says(FAILED)
    time.sleep(4)


@case("arp-unanswered", client="OVMF PXEv4", server="isc-dhcp-server; next-server 192.168.77.66 is no machine")
def ovmf4_arp(lab):
    """next-server is in the client's network, and nobody has that address."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dhcpd(SUBNET % 'next-server 192.168.77.66; filename "grub.efi";')
    vm = lab.machine(bridge)
    lab.capture("ovmf4-arp.pcap", vm.tap, point="tap")
    vm.says(FAILED)


@case("arp-unanswered", client="SeaBIOS, iPXE ROM", server="Kea; next-server 192.168.77.66 is no machine")
def seabios_arp(lab):
    """The same with iPXE."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.kea(kea4("pxelinux.0", server="192.168.77.66"))
    vm = lab.machine(bridge, firmware="bios")
    lab.capture("seabios-arp.pcapng", vm.tap, dumpcap=True, point="tap")
    vm.says(NO_BOOT)


@case("next-server-unreachable", client="OVMF PXEv4", server="Kea; next-server in another network, no route")
def ovmf4_unroutable(lab):
    """The router answers that it knows no way to next-server."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.execute("sysctl", "-qw", "net.ipv4.ip_forward=1")
    server.kea(kea4("grub.efi", server="10.20.30.40"))
    vm = lab.machine(bridge)
    lab.capture("ovmf4-unroutable.pcap", vm.tap, point="tap")
    vm.says(FAILED)


@case("next-server-unreachable", client="SeaBIOS, iPXE ROM", server="udhcpd; next-server in another network, no router")
def seabios_no_router(lab):
    """No router option, next-server in another network: iPXE has no way to it."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.udhcpd("start 192.168.77.20\nend 192.168.77.40\noption subnet 255.255.255.0\n"
                  "siaddr 10.20.30.40\nboot_file pxelinux.0")
    vm = lab.machine(bridge, firmware="bios", model="e1000")
    lab.capture("seabios-no-router.pcap", vm.tap, point="tap")
    vm.says(NO_BOOT)


@case("tftp-unanswered", client="SeaBIOS, iPXE ROM", server="Kea; a TFTP server that is stuck")
def seabios_tftp_mute(lab):
    """The TFTP server's port is open and nothing answers."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.kea(kea4("undionly.kpxe"))
    server.odd_tftpd(served(IPXE / "undionly.kpxe"), "mute")
    vm = lab.machine(bridge, firmware="bios", model="rtl8139")
    lab.capture("seabios-tftp-mute.pcap", vm.tap, point="tap")
    vm.says(NO_BOOT)


@case("transfer-stalled", client="SeaBIOS, iPXE ROM", server="isc-dhcp-server; a TFTP server that dies")
def seabios_server_dies(lab):
    """After 20 blocks the server is gone; the client repeats its last acknowledgement."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dhcpd(SUBNET % f'next-server {SERVER}; filename "undionly.kpxe";')
    server.odd_tftpd(served(IPXE / "undionly.kpxe"), "stop=20")
    vm = lab.machine(bridge, firmware="bios")
    lab.capture("seabios-server-dies.pcap.gz", vm.tap, snaplen=600, point="tap")
    vm.says(NO_BOOT)

"""Boots that fail because nobody answers, or because of what an offer says."""

import time

from case import (IPXE, SERVER, case, served, small_grub)
from clients import dhclient, udhcpc
from networks import (MANAGED, RANGE, SUBNET, grub_root, kea4, kea6, pxelinux_root)
from switch import Bridge, VLANSwitch

E16 = "PXE-E16|PXE-E18|PXE-E21|failed to start|No bootable"


@case("no-server", client="OVMF PXEv4, then the other kinds", server="none")
def ovmf4_no_server(lab):
    """Nobody answers DHCP, on any of the four kinds."""
    bridge = Bridge()
    lab.host("other", bridge, "192.168.77.9/24")
    vm = lab.machine(bridge, support="46")
    lab.capture("ovmf4-no-server.pcap", vm.tap, point="tap")
    lab.attach(console=vm.files / "console")
    vm.says("PXEv4[^~]*PXE-E16|PXEv4[^~]*failed to start|PXEv6")
    time.sleep(25)


@case("no-server", client="SeaBIOS, iPXE ROM (e1000)", server="none")
def seabios_no_server(lab):
    """iPXE gives up after a few DISCOVERs."""
    bridge = Bridge()
    lab.host("other", bridge, "192.168.77.9/24")
    vm = lab.machine(bridge, firmware="bios", model="e1000")
    lab.capture("seabios-no-server.pcapng", vm.tap, dumpcap=True, point="tap")
    vm.says("No configuration methods succeeded|No bootable|no more network")


@case("no-server", client="udhcpc", server="none")
def udhcpc_no_server(lab):
    """A running system without any DHCP server."""
    bridge = Bridge()
    lab.host("other", bridge, "192.168.77.9/24")
    client = lab.host("client", bridge)
    lab.capture("udhcpc-no-server.pcap", client.port, point="client's port")
    udhcpc(client, "-t", "4", "-T", "3", "-n", wait=None)
    time.sleep(14)


@case("wrong-vlan", client="OVMF PXEv4", server="dnsmasq on VLAN 200", vlan=100)
def ovmf4_wrong_vlan(lab):
    """The server sits on VLAN 200 and serves another machine there; the client's frames are in VLAN 100."""
    switch = VLANSwitch(lab)
    server = lab.host("server", switch, f"{SERVER}/24", vlan=200)
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-boot=grub.efi", tftp=served(small_grub()))
    neighbour = lab.host("neighbour", switch, vlan=200)
    vm = lab.machine(switch, vlan=100)
    lab.capture("ovmf4-wrong-vlan.pcap", switch.mirror(), point="mirror, tagged")
    vm.says("Start PXE|starting Boot")
    udhcpc(neighbour)
    time.sleep(50)


@case("wrong-vlan", client="udhcpc", server="isc-dhcp-server on the native VLAN", vlan=100)
def udhcpc_native_vlan(lab):
    """The server's port is a trunk without a native VLAN, its interface has no tag."""
    switch = VLANSwitch(lab)
    server = lab.host("server")
    server.plug(switch, "eth0", f"{SERVER}/24", trunk=[100], mode="trunk")
    server.dhcpd(SUBNET % "")
    client = lab.host("client", switch, vlan=100)
    lab.capture("udhcpc-native-vlan.pcap", server.port, point="server's port: tagged frames arrive")
    udhcpc(client, "-t", "5", "-T", "3", "-n", wait=None)
    time.sleep(17)


@case("double-tag", client="udhcpc", server="dnsmasq", vlan=100)
def udhcpc_double_tag(lab):
    """An access port into a provider's tunnel: the server's trunk gets two tags and takes neither."""
    near, provider = VLANSwitch(lab, "near"), VLANSwitch(lab, "provider")
    near.link(provider, "n", {"trunk": [100]}, {"tunnel": 200})
    server = lab.host("server")
    server.plug(provider, "eth0", f"{SERVER}/24", trunk=[100, 200], mode="trunk")
    server.dnsmasq(f"--dhcp-range={RANGE}")
    client = lab.host("client", near, vlan=100)
    lab.capture("udhcpc-double-tag.pcap", server.port, point="server's port")
    udhcpc(client, "-t", "5", "-T", "3", "-n", wait=None)
    time.sleep(17)


@case("bad-checksum", client="OVMF PXEv4", server="dnsmasq with transmit offload", vlan=100)
def ovmf4_offload(lab):
    """The server's checksums are left to a network card that is none: OVMF drops the OFFERs."""
    switch = VLANSwitch(lab)
    server = lab.host("server", switch, f"{SERVER}/24", vlan=100, offload=True)
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-boot=grub.efi", tftp=served(small_grub()))
    vm = lab.machine(switch, vlan=100)
    lab.capture("ovmf4-offload.pcap", vm.tap, point="tap, where the client receives")
    vm.says("PXE-E16|failed to start")


@case("bad-checksum", client="SeaBIOS, iPXE ROM", server="isc-dhcp-server with transmit offload", vlan=100)
def seabios_offload(lab):
    """The same with iPXE; isc-dhcp-server fills in its own, so the TFTP and ARP of the kernel matter."""
    switch = VLANSwitch(lab)
    server = lab.host("server", switch, f"{SERVER}/24", vlan=100, offload=True)
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-boot=pxelinux.0", tftp=pxelinux_root())
    vm = lab.machine(switch, vlan=100, firmware="bios", model="e1000")
    lab.capture("seabios-offload.pcap", vm.tap, point="tap, where the client receives")
    vm.says("No configuration methods succeeded|No bootable|no more network")


@case("no-boot-file", client="OVMF PXEv4", server="isc-dhcp-server without a filename")
def ovmf4_no_boot_file(lab):
    """A server for systems only: addresses, no boot file, no proxyDHCP."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dhcpd(SUBNET % "")
    vm = lab.machine(bridge)
    lab.capture("ovmf4-no-boot-file.pcap", vm.tap, point="tap")
    lab.attach(console=vm.files / "console")
    vm.says(E16)


@case("no-boot-file", client="SeaBIOS, iPXE ROM", server="udhcpd")
def seabios_no_boot_file(lab):
    """iPXE takes the lease and then has nothing to boot."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.udhcpd("start 192.168.77.20\nend 192.168.77.40\noption subnet 255.255.255.0")
    vm = lab.machine(bridge, firmware="bios")
    lab.capture("seabios-no-boot-file.pcap", vm.tap, point="tap")
    vm.says("Nothing to boot|No bootable|no more network")


@case("proxy-unanswered", client="OVMF PXEv4", server="Kea; dnsmasq as proxyDHCP, port 4011 filtered")
def ovmf4_proxy_4011(lab):
    """The proxy's offer arrives, its port 4011 is behind a packet filter."""
    bridge = Bridge()
    addresses = lab.host("addresses", bridge, f"{SERVER}/24")
    addresses.kea(kea4())
    proxy = lab.host("proxy", bridge, "192.168.77.2/24")
    proxy.dnsmasq("--dhcp-range=192.168.77.0,proxy", "--pxe-service=7,Network,grub.efi",
                  tftp=grub_root())
    proxy.nft("input", "udp dport 4011 drop")
    vm = lab.machine(bridge)
    lab.capture("ovmf4-proxy-4011.pcap", vm.tap, point="tap")
    vm.says(E16)


@case("second-server", client="OVMF PXEv4", server="isc-dhcp-server; a stray dnsmasq with another file")
def ovmf4_second_server(lab):
    """A stray server answers first and names a file on itself that is not there; PXE takes its offer."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dhcpd(SUBNET % f'next-server {SERVER}; filename "grub.efi";')
    server.tftpd_hpa(grub_root())
    stray = lab.host("stray", bridge, "192.168.77.250/24")
    stray.dnsmasq("--dhcp-range=192.168.77.200,192.168.77.220,2m", "--dhcp-boot=netboot.xyz.efi",
                  tftp=stray.write("root/readme", "empty").parent)
    vm = lab.machine(bridge)
    lab.capture("ovmf4-second-server.pcap", vm.tap, point="tap")
    vm.says(E16 + "|the menu is here")


@case("second-server", client="SeaBIOS, iPXE ROM", server="isc-dhcp-server; udhcpd of a container host")
def seabios_second_server(lab):
    """An in-pod DHCP server answers without a boot file before the right one does."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dhcpd(SUBNET % f'min-secs 3; next-server {SERVER}; filename "pxelinux.0";')
    server.tftpd_hpa(pxelinux_root())
    stray = lab.host("stray", bridge, "192.168.77.250/24")
    stray.udhcpd("start 10.128.0.10\nend 10.128.0.20\noption subnet 255.255.255.0\n"
                 "option router 10.128.0.1")
    vm = lab.machine(bridge, firmware="bios")
    lab.capture("seabios-second-server.pcap", vm.tap, point="tap")
    vm.says("Nothing to boot|No bootable|no more network|Features:[^~]*Features:")


@case("arch-mismatch", client="OVMF PXEv4 (arch 7)", server="dnsmasq that gives everyone undionly.kpxe")
def ovmf4_bios_nbp(lab):
    """A BIOS program for a UEFI machine: it arrives whole and cannot be started."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-boot=undionly.kpxe",
                   tftp=served(IPXE / "undionly.kpxe"))
    vm = lab.machine(bridge)
    lab.capture("ovmf4-bios-nbp.pcap.gz", vm.tap, snaplen=600, point="tap")
    vm.says("failed to|PXE-E")
    time.sleep(3)


@case("arch-mismatch", client="OVMF PXEv4 (arch 7)", server="isc-dhcp-server that knows only arch 9 as UEFI")
def ovmf4_arch_9_only(lab):
    """The configuration's UEFI branch matches arch 9 only, so arch 7 gets pxelinux.0."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dhcpd("option arch code 93 = unsigned integer 16;\n" + SUBNET % (
        f'next-server {SERVER};\n  if option arch = 00:09 {{ filename "grub.efi"; }} '
        'else { filename "pxelinux.0"; }'))
    root = pxelinux_root()
    server.tftpd_hpa(root)
    vm = lab.machine(bridge, model="e1000")
    lab.capture("ovmf4-arch-9-only.pcapng.gz", vm.tap, dumpcap=True, snaplen=600, point="tap")
    vm.says("failed to|PXE-E")
    time.sleep(3)


@case("arch-mismatch", client="SeaBIOS, iPXE ROM (arch 0)", server="Kea that gives everyone snponly.efi")
def seabios_efi_nbp(lab):
    """An EFI program for a BIOS machine: Exec format error."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.kea(kea4("snponly.efi"))
    server.atftpd(served(IPXE / "snponly.efi"))
    vm = lab.machine(bridge, firmware="bios")
    lab.capture("seabios-efi-nbp.pcap.gz", vm.tap, snaplen=600, point="tap")
    lab.attach(console=vm.files / "console")
    vm.says("may be EFI")
    time.sleep(20)


@case("http-no-vendor-class", client="OVMF HTTP boot IPv4", server="dnsmasq; nginx")
def http4_no_vendor_class(lab):
    """The reply has a URL and no option 60 HTTPClient: the firmware ignores it."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dnsmasq(f"--dhcp-range={RANGE}", f"--dhcp-boot=http://{SERVER}/snponly.efi")
    server.nginx(served(IPXE / "snponly.efi"))
    vm = lab.machine(bridge, support="")
    lab.capture("http4-no-vendor-class.pcap", vm.tap, point="tap")
    vm.says("HTTPv4[^~]*HTTPv6|Error|failed to")


@case("http-no-vendor-class", client="OVMF HTTP boot IPv4", server="Kea answering PXEClient")
def http4_pxe_vendor_class(lab):
    """The server echoes PXEClient to an HTTPClient."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    configuration = kea4("http://192.168.77.1/snponly.efi")
    configuration["subnet4"][0]["option-data"].append(
        {"name": "vendor-class-identifier", "data": "PXEClient", "always-send": True})
    server.kea(configuration)
    server.lighttpd(served(IPXE / "snponly.efi"))
    vm = lab.machine(bridge, support="")
    lab.capture("http4-pxe-vendor-class.pcap", vm.tap, point="tap")
    vm.says("HTTPv4[^~]*HTTPv6|Error|failed to")


@case("url-to-pxe", client="OVMF PXEv4", server="isc-dhcp-server; nginx")
def ovmf4_url(lab):
    """A PXE client is given a URL as its boot file and asks the TFTP server for it."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dhcpd(SUBNET % f'next-server {SERVER}; filename "http://{SERVER}/snponly.efi";')
    root = served(IPXE / "snponly.efi")
    server.nginx(root)
    server.tftpd_hpa(root)
    vm = lab.machine(bridge)
    lab.capture("ovmf4-url.pcap", vm.tap, point="tap")
    vm.says("PXE-E|failed to")


@case("wrong-next-server", client="OVMF PXEv4", server="isc-dhcp-server; tftpd-hpa on another machine")
def ovmf4_no_siaddr(lab):
    """The TFTP server is not named at all, so the client asks the DHCP server, where no TFTP runs."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dhcpd(SUBNET % 'option tftp-server-name "192.168.77.2"; filename "grub.efi"; '
                 f'next-server {SERVER};')
    files = lab.host("files", bridge, "192.168.77.2/24")
    files.tftpd_hpa(grub_root())
    vm = lab.machine(bridge)
    lab.capture("ovmf4-no-siaddr.pcap", vm.tap, point="tap")
    vm.says("PXE-E|failed to")


@case("wrong-next-server", client="SeaBIOS, iPXE ROM", server="dnsmasq; atftpd on another machine")
def seabios_wrong_siaddr(lab):
    """siaddr names the DHCP server itself, which has no TFTP; option 66 names the right one."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-boot=pxelinux.0",
                   "--dhcp-option-force=66,192.168.77.2")
    files = lab.host("files", bridge, "192.168.77.2/24")
    files.atftpd(pxelinux_root())
    vm = lab.machine(bridge, firmware="bios", model="e1000")
    lab.capture("seabios-wrong-siaddr.pcap", vm.tap, point="tap")
    vm.says("Could not boot|No bootable|no more network")


@case("no-server", client="OVMF PXEv6", server="Kea 6 behind a packet filter, no router")
def ovmf6_no_server(lab):
    """No router advertises, and nobody answers SOLICIT."""
    bridge = Bridge()
    server = lab.host("server", bridge, "fd77::1/64")
    server.kea(kea6("tftp://[fd77::1]/snponly.efi"), six=True)
    server.nft("input", "icmpv6 type nd-router-solicit drop; udp dport 547 drop")
    vm = lab.machine(bridge, support="6")
    lab.capture("ovmf6-no-server.pcap", vm.tap, point="tap")
    vm.says("PXE-E|failed to")


@case("no-boot-file", client="OVMF PXEv6", server="dnsmasq with addresses only")
def ovmf6_no_boot_file(lab):
    """DHCPv6 gives addresses and no boot file URL."""
    bridge = Bridge()
    server = lab.host("server", bridge, "fd77::1/64")
    server.dnsmasq("--enable-ra", "--dhcp-range=fd77::100,fd77::1ff,64,1h")
    vm = lab.machine(bridge, support="6")
    lab.capture("ovmf6-no-boot-file.pcap", vm.tap, point="tap")
    vm.says("PXE-E|failed to")


@case("stp-delay", client="SeaBIOS, iPXE ROM", server="dnsmasq behind a bridge that runs STP")
def seabios_stp(lab):
    """The port forwards after 30 s, iPXE gives up before: its frames never leave the bridge."""
    bridge = Bridge(stp=True, delay=15)
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-boot=pxelinux.0", tftp=pxelinux_root())
    time.sleep(31)
    vm = lab.machine(bridge, firmware="bios")
    lab.capture("seabios-stp.pcap", vm.tap, point="tap")
    vm.says("No configuration methods succeeded|No bootable|no more network")


@case("frames-dropped", client="udhcpc", server="dnsmasq; a spoof check between")
def udhcpc_spoof_check(lab):
    """The client's MAC address is not the one that its port may use: its frames end at the bridge."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dnsmasq(f"--dhcp-range={RANGE}")
    client = lab.host("client", bridge)
    bridge.nft(f"ether saddr {client.mac()} drop")
    lab.capture("udhcpc-spoof-check.pcap", "any", point="the switch, any (SLL2): in at one port, out at none",
                options=["-y", "LINUX_SLL2"])
    udhcpc(client, "-t", "5", "-T", "3", "-n", wait=None)
    time.sleep(17)


@case("no-server", client="dhclient -6", server="a router that only advertises")
def dhclient6_no_server(lab):
    """A router says that addresses are managed, and no DHCPv6 server answers."""
    bridge = Bridge()
    server = lab.host("server", bridge, "fd77::1/64")
    server.radvd(MANAGED)
    client = lab.host("client", bridge)
    time.sleep(2)
    lab.capture("dhclient6-no-server.pcap", client.port, point="client's port")
    dhclient(client, six=True, wait=None)
    time.sleep(20)

"""More clients and servers that get through: systemd-networkd, klibc's ipconfig, GRUB's own DHCP."""

import time

from case import SERVER, case, put, quiet_nbp, served, small_grub
from networks import SUBNET, grub_root, kea4
from switch import Bridge

NETWORKD = ("mount -o remount,ro /sys && mkdir -p /run/systemd && mount -t tmpfs tmpfs /run/systemd && "
            "mkdir /run/systemd/network && cp {file} /run/systemd/network/ && "
            "exec /lib/systemd/systemd-networkd")


def networkd(host, configuration, level="debug"):
    """systemd-networkd alone; with /sys read-only it does not wait for udev."""
    file = host.write("50-eth0.network", configuration)
    return host.start("sh", "-c", NETWORKD.format(file=file), name="networkd", environment={
        "SYSTEMD_LOG_LEVEL": level, "SYSTEMD_LOG_TARGET": "console"})


def networkd_server(host, options):
    networkd(host, f"[Match]\nName=eth0\n[Network]\nAddress={SERVER}/24\nDHCPServer=yes\n"
             f"[DHCPServer]\nPoolOffset=100\nPoolSize=50\nEmitDNS=no\n{options}", level="info")
    host.listening(67)


@case(client="systemd-networkd", server="isc-dhcp-server")
def networkd_isc(lab):
    """A system of systemd's: no vendor class, a client identifier of its own kind."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dhcpd("authoritative;\n" + SUBNET % "")
    client = lab.host("client", bridge)
    lab.capture("networkd-isc.pcap", client.port, point="client's port")
    networkd(client, "[Match]\nName=eth0\n[Network]\nDHCP=yes\n").wait_for(
        "DHCPv4 address 192", 40)
    time.sleep(3)


@case(client="OVMF PXEv4, virtio-net; GRUB", server="systemd-networkd; tftpd-hpa")
def ovmf4_networkd(lab):
    """systemd's DHCP server names boot server and file."""
    bridge = Bridge()
    server = lab.host("server", bridge)
    networkd_server(server, f"BootServerAddress={SERVER}\nBootFilename=grub.efi\n")
    server.tftpd_hpa(grub_root())
    vm = lab.machine(bridge)
    lab.capture("ovmf4-networkd.pcap.gz", vm.tap, thin=True, point="tap; blocks cut")
    vm.says("the menu is here")
    time.sleep(2)


@case(client="klibc's ipconfig: ip=dhcp in Debian's initramfs", server="Kea")
def ipconfig_kea(lab):
    """What the kernel's ip=dhcp becomes: an address, asked for from within an initramfs."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.kea(kea4("nfsroot.img"))
    client = lab.host("client", bridge)
    lab.capture("ipconfig-kea.pcapng", client.port, dumpcap=True, point="client's port")
    client.start("/usr/lib/klibc/bin/ipconfig", "-t", "20", "-c", "dhcp", "eth0",
                 name="ipconfig").wait_for("address: 192", 30)
    time.sleep(1)


@case(client="klibc's ipconfig, BOOTP", server="isc-dhcp-server")
def ipconfig_bootp(lab):
    """BOOTP of 1985: no message types, no lease, a boot file."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dhcpd((SUBNET % 'filename "vmlinuz";').replace("range ", "range dynamic-bootp "))
    client = lab.host("client", bridge)
    lab.capture("ipconfig-bootp.pcap", client.port, point="client's port")
    client.start("/usr/lib/klibc/bin/ipconfig", "-t", "20", "-c", "bootp", "eth0",
                 name="ipconfig").wait_for("address: 192", 30)
    time.sleep(1)


@case(client="OVMF PXEv4; GRUB that asks for an address itself", server="isc-dhcp-server; tftpd-hpa")
def grub_bootp(lab):
    """GRUB's net_bootp: one more DHCP client on the way, which names no vendor class."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dhcpd(SUBNET % f'next-server {SERVER}; filename "grub.efi";')
    root = served(small_grub(config="net_bootp\nset root=(tftp)\nconfigfile (tftp)/menu.cfg\n"))
    put(root, "menu.cfg", "echo the menu is here\nsleep 1\nhalt\n")
    server.tftpd_hpa(root)
    vm = lab.machine(bridge)
    lab.capture("grub-bootp.pcap.gz", vm.tap, thin=True, point="tap; blocks cut")
    vm.says("the menu is here")
    time.sleep(2)


@case(client="OVMF, iPXE ROM (e1000) by HTTP", server="Kea; lighttpd")
def e1000_http(lab):
    """iPXE starts what it loaded, and shuts the card down before the last bytes are acknowledged."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.kea(kea4(f"http://{SERVER}/quiet.efi"))
    server.lighttpd(served(quiet_nbp()))
    vm = lab.machine(bridge, model="e1000")
    lab.capture("e1000-http.pcap.gz", vm.tap, snaplen=200, point="tap")
    vm.says("the program is here")
    time.sleep(25)

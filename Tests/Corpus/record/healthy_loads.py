"""Programs that load what DHCP names in every way that a server may be asked, over paths of every kind."""

import time

from case import SERVER, case, served
from clients import http, pxe
from networks import RANGE, kea4, relayed
from process import WORK, Process, run
from switch import Bridge, VLANSwitch

MENU = "grub.cfg"


def root(size=400_000):
    """A folder with a program of so many bytes, what it loads then, and a file that fills its last block."""
    folder = served(**{MENU: "menu\n"})
    program = b"MZ" + bytes(58) + b"\x80\0\0\0" + bytes(64) + b"PE\0\0\x64\x86" + bytes(size)
    (folder / "boot.efi").write_bytes(program)
    (folder / "exact.efi").write_bytes(program[:1428 * 10])
    return folder


def network(lab, mtu=1500):
    bridge = Bridge()
    run("ip", "link", "set", "br0", "mtu", mtu)
    server = lab.host("server", bridge, f"{SERVER}/24", mtu=mtu)
    return server, lab.host("client", bridge, mac="de:00:00:00:00:de", mtu=mtu)


def leases(server, *more, file="boot.efi", **options):
    return server.dnsmasq(f"--dhcp-range={RANGE}", f"--dhcp-boot={file}", *more, **options)


def losing(host, percent, match="udp dport != 67 udp sport != 67"):
    """Every packet that the host sends is lost by chance."""
    host.nft("output", f"{match} numgen random mod 100 < {percent} drop")


@case(client="udhcpc as PXE, busybox tftp", server="dnsmasq")
def load_points(lab):
    """One boot, at the client's port and at the server on all interfaces, in both cooked formats."""
    server, client = network(lab)
    leases(server, tftp=root())
    lab.capture("load-client.pcap.gz", client.port, snaplen=400, point="client's port")
    lab.capture("load-any.pcap.gz", "any", host=server, snaplen=400, point="server, any (SLL2)")
    lab.capture("load-any-sll.pcap.gz", "any", host=server, snaplen=400, options=["-y", "LINUX_SLL"],
                point="server, any (SLL)")
    pxe(client, NEXT=MENU)
    time.sleep(1)


@case(client="udhcpc as PXE, busybox tftp", server="dnsmasq")
def load_snapped(lab):
    """So little is kept of each packet that DHCP has no options, and a request no end."""
    server, client = network(lab)
    leases(server, tftp=root())
    lab.capture("load-snap-96.pcap.gz", client.port, snaplen=96, point="client's port, 96 bytes")
    lab.capture("load-snap-68.pcap.gz", client.port, snaplen=68, point="client's port, 68 bytes")
    pxe(client, NEXT=MENU)
    time.sleep(1)


@case(client="udhcpc as PXE, busybox tftp", server="dnsmasq")
def load_halves(lab):
    """What a switch or a filter lets one see: one direction, or broadcasts only."""
    server, client = network(lab)
    leases(server, tftp=root())
    lab.capture("load-server-sends.pcap.gz", server.port, snaplen=400, filter=f"src host {SERVER}",
                point="only what the server sends")
    lab.capture("load-client-sends.pcap.gz", server.port, snaplen=400, filter=f"not src host {SERVER}",
                point="only what the client sends")
    lab.capture("load-broadcasts.pcap", server.port, filter="broadcast", point="only broadcasts")
    pxe(client, NEXT=MENU)
    time.sleep(1)


@case(client="udhcpc as PXE, atftp", server="dnsmasq; atftpd, windows of 16")
def load_windows(lab):
    """Sixteen blocks before each acknowledgment."""
    server, client = network(lab)
    leases(server)
    server.atftpd(root())
    lab.capture("load-windows.pcap.gz", client.port, snaplen=400, point="client's port")
    pxe(client, LOADER="atftp", WINDOW="16", NEXT=MENU)
    time.sleep(1)


@case(client="udhcpc as PXE, atftp", server="dnsmasq; atftpd, windows of 16")
def load_windows_lossy(lab):
    """The same, and of the server's packets 2 % are lost."""
    server, client = network(lab)
    leases(server)
    server.atftpd(root())
    losing(server, 2)
    lab.capture("load-windows-lossy.pcap.gz", client.port, snaplen=400, point="client's port")
    pxe(client, LOADER="atftp", WINDOW="16", NEXT=MENU)
    time.sleep(1)


@case(client="udhcpc as PXE, busybox tftp", server="dnsmasq; tftpd-hpa")
def load_largest_blocks(lab):
    """Blocks of 65464 bytes in 45 fragments each, of which the capture keeps the beginning."""
    server, client = network(lab)
    leases(server)
    server.tftpd_hpa(root(2_000_000))
    lab.capture("load-largest-blocks.pcap.gz", client.port, snaplen=128, point="client's port, 128 bytes")
    pxe(client, BLOCK="65464", NEXT=MENU)
    time.sleep(1)


@case(client="udhcpc as PXE, atftp", server="dnsmasq; atftpd")
def load_fragments(lab):
    """Blocks of 8192 bytes, captured whole."""
    server, client = network(lab)
    leases(server)
    server.atftpd(root(300_000))
    lab.capture("load-fragments.pcap.gz", client.port, point="client's port")
    pxe(client, LOADER="atftp", BLOCK="8192", NEXT=MENU)
    time.sleep(1)


@case(client="udhcpc as PXE, busybox tftp", server="dnsmasq; tftpd-hpa; MTU 9000")
def load_jumbo(lab):
    """Blocks of 8900 bytes in one packet each."""
    server, client = network(lab, mtu=9000)
    leases(server)
    server.tftpd_hpa(root())
    lab.capture("load-jumbo.pcap.gz", client.port, snaplen=400, point="client's port")
    pxe(client, BLOCK="8900", NEXT=MENU)
    time.sleep(1)


@case(client="udhcpc as PXE, tftp-hpa", server="dnsmasq; tftpd-hpa")
def load_netascii(lab):
    """A text mode: what arrives is not as long as the file."""
    server, client = network(lab)
    leases(server)
    server.tftpd_hpa(root())
    lab.capture("load-netascii.pcap.gz", client.port, snaplen=400, point="client's port")
    pxe(client, LOADER="hpa", MODE="netascii", NEXT=MENU)
    time.sleep(1)


@case(client="udhcpc as PXE, curl", server="dnsmasq")
def load_exact(lab):
    """The file fills its last block, so an empty one follows."""
    server, client = network(lab)
    leases(server, file="exact.efi", tftp=root())
    lab.capture("load-exact.pcap.gz", client.port, snaplen=400, point="client's port")
    pxe(client, LOADER="curl", BLOCK="1428", NEXT=MENU)
    time.sleep(1)


@case(client="udhcpc as PXE, busybox tftp", server="dnsmasq")
def load_lossy(lab):
    """Of the server's packets 5 % are lost."""
    server, client = network(lab)
    leases(server, tftp=root())
    losing(server, 5)
    lab.capture("load-lossy.pcap.gz", client.port, snaplen=400, point="client's port")
    pxe(client, NEXT=MENU)
    time.sleep(1)


@case(client="udhcpc as PXE, curl", server="dnsmasq")
def load_very_lossy(lab):
    """Of the server's packets 15 % are lost, seen where they are not lost yet."""
    server, client = network(lab)
    leases(server, tftp=root(100_000))
    client.nft("input", "udp sport != 67 numgen random mod 100 < 15 drop")
    lab.capture("load-very-lossy.pcap.gz", server.port, snaplen=400, point="server's port")
    pxe(client, LOADER="curl", NEXT=MENU)
    time.sleep(1)


@case(client="udhcpc as HTTP boot, curl", server="dnsmasq; nginx")
def load_http_lossy(lab):
    """HTTP over a path that loses 3 % of what the server sends."""
    server, client = network(lab)
    server.nginx(root(1_000_000))
    losing(server, 3, "tcp sport 80")
    leases(server, "--dhcp-option-force=60,HTTPClient", file=f"http://{SERVER}/boot.efi")
    lab.capture("load-http-lossy.pcap.gz", client.port, snaplen=400, point="client's port")
    http(client, NEXT=f"http://{SERVER}/{MENU}")
    time.sleep(1)


@case(client="udhcpc as PXE, busybox tftp", server="dnsmasq; another dnsmasq that names the same")
def load_two_servers(lab):
    """Two servers with ranges of their own name one boot server."""
    server, client = network(lab)
    leases(server, tftp=root())
    other = lab.host("other", server.switch, "192.168.77.2/24")
    other.dnsmasq("--dhcp-range=192.168.77.200,192.168.77.220,1h", f"--dhcp-boot=boot.efi,,{SERVER}")
    lab.capture("load-two-servers.pcap.gz", client.port, snaplen=400, point="client's port")
    pxe(client, NEXT=MENU)
    time.sleep(1)


@case(client="udhcpc as PXE, busybox tftp", server="dnsmasq on each of two VLANs, Open vSwitch")
def load_two_vlans(lab):
    """Two VLANs, each with a server and a machine, at one mirror."""
    switch = VLANSwitch(lab)
    folder = root()
    for number, vlan in (1, 100), (2, 200):
        server = lab.host(f"server{number}", switch, f"192.168.77.{number}/24", vlan=vlan)
        server.dnsmasq(f"--dhcp-range=192.168.77.{number}0,192.168.77.{number}9,1h", "--dhcp-boot=boot.efi",
                       tftp=folder)
    clients = [lab.host(f"client{vlan}", switch, mac=f"de:00:00:00:0{vlan // 100}:00", vlan=vlan)
               for vlan in (100, 200)]
    lab.capture("load-two-vlans.pcap.gz", switch.mirror(), snaplen=400, point="mirror, tagged")
    for process in [pxe(client, wait=None, NEXT=MENU) for client in clients]:
        process.wait_for("loaded", 300)
    time.sleep(1)


def routed(server):
    """Kea and tftpd-hpa beyond a router."""
    server.kea(kea4("boot.efi", server="10.0.0.1",
                    **{"option-data": [{"name": "routers", "data": "192.168.77.254"}]}))
    server.tftpd_hpa(root())


@case(client="udhcpc as PXE, busybox tftp", server="Kea, tftpd-hpa behind isc-dhcp-relay (option 82)")
def load_relayed(lab):
    """Relay and router in one: at the client, at the relay on all interfaces, at the server."""
    clients, router, server = relayed(lab)
    routed(server)
    router.start("dhcrelay", "-4", "-d", "-a", "-iu", "eth1", "-id", "eth0", "10.0.0.1").wait_for("Sending on")
    client = lab.host("client", clients, mac="de:00:00:00:00:de")
    lab.capture("load-relayed-client.pcap.gz", client.port, snaplen=600, point="client's port")
    lab.capture("load-relayed-any.pcap.gz", "any", host=router, snaplen=600, point="relay, any (SLL2)")
    lab.capture("load-relayed-server.pcap.gz", server.port, snaplen=600, point="server's port")
    pxe(client, NEXT=MENU)
    time.sleep(1)


@case(client="udhcpc as PXE, busybox tftp", server="Kea, tftpd-hpa behind two relays of one network")
def load_two_relays(lab):
    """Two relay agents hand every message over, so that the server answers twice."""
    clients, router, server = relayed(lab)
    second = lab.host("second", clients, "192.168.77.253/24")
    second.ip("route", "add", "10.0.0.0/24", "via", "192.168.77.254")
    routed(server)
    router.start("dhcrelay", "-4", "-d", "-a", "-iu", "eth1", "-id", "eth0", "10.0.0.1").wait_for("Sending on")
    second.start("dhcrelay", "-4", "-d", "-i", "eth0", "10.0.0.1").wait_for("Sending on")
    client = lab.host("client", clients, mac="de:00:00:00:00:de")
    lab.capture("load-two-relays-client.pcap.gz", client.port, snaplen=600, point="client's port")
    lab.capture("load-two-relays-server.pcap.gz", server.port, snaplen=600, point="server's port")
    pxe(client, NEXT=MENU)
    time.sleep(1)


@case(client="udhcpc as PXE, busybox tftp", server="dnsmasq")
def load_pod(lab):
    """As in a pod with a tap, a bridge and an uplink: each packet on three interfaces."""
    server, client = network(lab)
    leases(server, tftp=root(150_000))
    lab.capture("load-pod-any.pcap.gz", "any", snaplen=400, point="host of the bridge, any (SLL2)")
    raw = WORK / "captures" / "load-pod-three.pcapng"
    capture = lab.capture("load-pod-three.pcapng.gz", None, point="dumpcap at tap, bridge and uplink")
    interfaces = [word for port in (client.port, "br0", server.port) for word in ("-i", port, "-s", "400")]
    capture.process = Process("dumpcap", ["dumpcap", "-q", *interfaces, "-w", raw], WORK / "dumpcap.log")
    capture.process.wait_for("File:")
    pxe(client, NEXT=MENU)
    time.sleep(2)


@case(client="udhcpc as PXE, busybox tftp", server="dnsmasq")
def load_begun_late(lab):
    """The capture begins while the program is being loaded, and has the whole of what comes then."""
    server, client = network(lab)
    leases(server, tftp=root(6_000_000))
    # Each acknowledgment lost costs a timeout.
    server.nft("input", "udp dport != 67 numgen random mod 100 < 2 drop")
    process = pxe(client, wait=None, NEXT=MENU)
    time.sleep(2)
    lab.capture("load-begun-late.pcap.gz", client.port, snaplen=100, point="client's port, from the middle on")
    process.wait_for("loaded", 300)
    time.sleep(1)


@case(client="curl, busybox tftp over IPv6", server="tftpd-hpa")
def load_ipv6(lab):
    """Transfers of a running system over IPv6, one of them in fragments."""
    bridge = Bridge()
    server = lab.host("server", bridge, "fd77::1/64")
    client = lab.host("client", bridge, "fd77::7/64")
    server.tftpd_hpa(root(), address="[::]")
    lab.capture("load-ipv6.pcap.gz", client.port, snaplen=400, point="client's port")
    client.execute("curl", "-s", "-g", "-o", client.files / "received", "--tftp-blksize", "4096",
                   "tftp://[fd77::1]/boot.efi")
    client.execute("busybox", "tftp", "-g", "-b", "1428", "-l", client.files / "received", "-r", "boot.efi", "fd77::1")
    time.sleep(1)

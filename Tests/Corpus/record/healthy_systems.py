"""Clients of running systems and single programs: nothing here is a fault."""

import sys
import time

from case import (IPXE, SERVER, case, served)
from clients import dhclient, udhcpc
from networks import (MANAGED, RANGE, SUBNET, kea4, kea6, relayed)
from process import TOOLS
from switch import Bridge, VLANSwitch

SHORT = "default-lease-time 12; max-lease-time 12;\n"


@case(client="dhclient", server="isc-dhcp-server")
def dhclient_renews(lab):
    """A system with a short lease: bound, renewed by unicast, restarted with INIT-REBOOT, released."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dhcpd("authoritative;\n" + SHORT + SUBNET % "")
    client = lab.host("client", bridge)
    lab.capture("dhclient-renews.pcap", client.port, point="client's port")
    first = dhclient(client)
    time.sleep(14)
    first.stop()
    second = dhclient(client, wait=None)
    time.sleep(3)
    second.stop()
    client.execute("dhclient", "-r", "-sf", TOOLS / "dhclient-script", "-pf",
                   client.files / "other.pid", "-lf", client.files / "client.leases", "eth0")
    time.sleep(1)


@case(client="dhclient", server="isc-dhcp-server")
def capture_within_renewals(lab):
    """The capture begins after the DISCOVER and ends before the last ACK can matter."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dhcpd("authoritative;\n" + SHORT + SUBNET % "")
    client = lab.host("client", bridge)
    dhclient(client)
    lab.capture("dhclient-only-renewals.pcap", client.port, point="client's port, later")
    time.sleep(16)


@case(client="udhcpc", server="udhcpd (busybox)")
def udhcpc_udhcpd(lab):
    """busybox on both sides, no boot file anywhere."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.udhcpd("start 192.168.77.20\nend 192.168.77.40\noption subnet 255.255.255.0")
    client = lab.host("client", bridge)
    lab.capture("udhcpc-udhcpd.pcap", client.port, options=["--time-stamp-precision=nano"],
                point="client's port, nanoseconds")
    udhcpc(client)
    time.sleep(2)


@case(client="dhcpcd", server="Kea 4 and 6; radvd")
def dhcpcd_kea(lab):
    """Both address families for a running system; its DHCPv6 asks for no boot file."""
    bridge = Bridge()
    server = lab.host("server", bridge, [f"{SERVER}/24", "fd77::1/64"])
    server.radvd(MANAGED)
    server.kea(kea4())
    six = kea6("tftp://[fd77::1]/unused.efi")
    six["subnet6"][0]["option-data"] = []
    server.kea(six, six=True)
    client = lab.host("client", bridge)
    lab.capture("dhcpcd-kea.pcapng", client.port, dumpcap=True, point="client's port")
    client.start("dhcpcd", "-B", "-d", "--script", "/bin/true", "eth0", name="dhcpcd").wait_for(
        "leased", 40)
    time.sleep(8)


@case(client="dhclient -6", server="dnsmasq")
def dhclient6_dnsmasq(lab):
    """A system asks for an IPv6 address."""
    bridge = Bridge()
    server = lab.host("server", bridge, "fd77::1/64")
    server.dnsmasq("--enable-ra", "--dhcp-range=fd77::100,fd77::1ff,64,1h")
    client = lab.host("client", bridge)
    time.sleep(2)
    lab.capture("dhclient6-dnsmasq.pcap", client.port, point="client's port")
    dhclient(client, six=True)
    time.sleep(3)


@case(client="dhclient after a move", server="isc-dhcp-server, authoritative")
def nak_then_bound(lab):
    """A client that comes from another network asks for its old address, gets a NAK and then a new lease."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dhcpd("authoritative;\n" + SUBNET % "")
    client = lab.host("client", bridge)
    client.write("client.leases", 'lease { interface "eth0"; fixed-address 10.9.9.9; '
                 "option subnet-mask 255.255.255.0; option dhcp-lease-time 86400; "
                 "option dhcp-server-identifier 10.9.9.1; renew 5 2037/01/01 00:00:00; "
                 "rebind 5 2037/01/01 00:00:00; expire 5 2037/01/01 00:00:00; }\n")
    lab.capture("nak-then-bound.pcap", client.port, point="client's port")
    dhclient(client)
    time.sleep(1)


@case(client="fifteen udhcpc", server="dnsmasq")
def many_clients(lab):
    """Fifteen systems ask at once, seen on all interfaces of the server."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-boot=unused.efi")
    clients = [lab.host(f"c{number}", bridge) for number in range(15)]
    lab.capture("many-clients.pcap.gz", "any", host=server, point="server, any (SLL2)",
                options=["-y", "LINUX_SLL2"])
    started = [udhcpc(client, wait=None) for client in clients]
    for process in started:
        process.wait_for("obtained", 60)
    time.sleep(1)


@case(client="udhcpc among noise", server="dnsmasq")
def noise(lab):
    """LLDP, STP, mDNS, SSDP, NetBIOS, a router that is no router for DHCPv6, and one system."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dnsmasq(f"--dhcp-range={RANGE}")
    other = lab.host("other", bridge, "192.168.77.9/24")
    client = lab.host("client", bridge)
    lab.capture("noise.pcap", client.port, point="client's port")
    other.start(sys.executable, TOOLS / "noise.py", "eth0", name="noise")
    time.sleep(4)
    udhcpc(client)
    time.sleep(3)


@case(client="none that boots", server="none")
def only_noise(lab):
    """A capture without a single boot: noise and a ping."""
    bridge = Bridge()
    one = lab.host("one", bridge, "192.168.77.9/24")
    two = lab.host("two", bridge, "192.168.77.10/24")
    lab.capture("only-noise.pcap", "br0", point="bridge")
    one.start(sys.executable, TOOLS / "noise.py", "eth0", name="noise")
    two.execute("ping", "-c", "4", "192.168.77.9")


@case(client="udhcpc", server="dnsmasq, checksums left to the network card")
def offload_at_sender(lab):
    """At the server's own interface the UDP checksums are not filled in yet; the client gets them right."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24", offload=True)
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-boot=file.bin",
                   tftp=served(**{"file.bin": "x" * 20000}))
    client = lab.host("client", bridge, offload=True)
    lab.capture("offload-at-sender.pcap", "eth0", host=server,
                point="inside the server: checksums not filled in")
    udhcpc(client)
    client.execute("curl", "-s", "-o", "/dev/null", f"tftp://{SERVER}/file.bin")
    time.sleep(1)


def tftp_clients(lab, server_name):
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    client = lab.host("client", bridge, "192.168.77.7/24")
    root = served(IPXE / "undionly.kpxe", **{"text.txt": "line\n" * 400, "empty": "",
                                            "exact.bin": "y" * 1024})
    return server, client, root


def fetch_all(client, *, put=False):
    client.execute("curl", "-s", "-o", "/dev/null", f"tftp://{SERVER}/undionly.kpxe")
    client.execute("curl", "-s", "-o", "/dev/null", "--tftp-blksize", "1428", f"tftp://{SERVER}/exact.bin")
    client.execute("curl", "-s", "--tftp-no-options", "-o", "/dev/null", f"tftp://{SERVER}/exact.bin")
    client.execute("busybox", "tftp", "-g", "-b", "8192", "-l", client.files / "received", "-r",
                   "undionly.kpxe", SERVER)
    client.execute("busybox", "tftp", "-g", "-l", client.files / "received", "-r", "empty", SERVER)
    client.execute("atftp", "--option", "mode netascii", "-g", "-l", client.files / "received",
                   "-r", "text.txt", SERVER)
    client.execute("atftp", "--option", "windowsize 4", "--option", "blksize 1000", "-g", "-l",
                   client.files / "received", "-r", "undionly.kpxe", SERVER, check=False)
    client.execute("tftp", "-m", "octet", SERVER, "-c", "get", "empty", "/dev/null", check=False)
    if put:
        client.write("upload.bin", "z" * 3000)
        client.execute("busybox", "tftp", "-p", "-l", client.files / "upload.bin", "-r",
                       "upload.bin", SERVER)


@case(client="curl, busybox tftp, atftp, tftp-hpa", server="tftpd-hpa")
def tftp_hpa_clients(lab):
    """Transfers without any DHCP: block sizes, fragments, netascii, an empty file, an upload."""
    server, client, root = tftp_clients(lab, "hpa")
    root.chmod(0o777)
    server.tftpd_hpa(root, "--create", "--user", "root")
    lab.capture("tftp-hpa-clients.pcap.gz", client.port, snaplen=200, point="client's port")
    fetch_all(client, put=True)


@case(client="curl, busybox tftp, atftp, tftp-hpa", server="atftpd")
def tftp_atftpd_clients(lab):
    """The same with atftpd, which knows windows."""
    server, client, root = tftp_clients(lab, "atftpd")
    server.atftpd(root)
    lab.capture("tftp-atftpd-clients.pcapng.gz", client.port, dumpcap=True, snaplen=200,
                point="client's port")
    fetch_all(client)


@case(client="curl", server="a TFTP server of RFC 1350 only")
def tftp_no_options(lab):
    """The server ignores all options: 512-byte blocks, which is its right."""
    server, client, root = tftp_clients(lab, "odd")
    server.odd_tftpd(root, "no-options")
    lab.capture("tftp-no-options.pcap.gz", client.port, snaplen=100, point="client's port")
    client.execute("curl", "-s", "-o", "/dev/null", f"tftp://{SERVER}/undionly.kpxe")
    client.execute("busybox", "tftp", "-g", "-b", "1468", "-l", client.files / "received", "-r",
                   "undionly.kpxe", SERVER)


@case(client="curl", server="nginx")
def http_downloads(lab):
    """Web traffic of a running system, a 404 among it."""
    server, client, root = tftp_clients(lab, "nginx")
    server.nginx(root)
    lab.capture("http-downloads.pcap.gz", client.port, snaplen=200, point="client's port")
    client.execute("curl", "-s", "-o", "/dev/null", f"http://{SERVER}/undionly.kpxe",
                   f"http://{SERVER}/missing", f"http://{SERVER}/text.txt")


@case(client="udhcpc", server="udhcpd through 802.1ad tunnels of Open vSwitch", vlan=100)
def qinq(lab):
    """A provider's outer tag around the customer's: healthy at both ends."""
    near, provider, far = (VLANSwitch(lab, name) for name in ("near", "provider", "far"))
    near.link(provider, "n", {"trunk": [100]}, {"tunnel": 200})
    far.link(provider, "f", {"trunk": [100]}, {"tunnel": 200})
    server = lab.host("server", far, f"{SERVER}/24", vlan=100)
    server.udhcpd("start 192.168.77.20\nend 192.168.77.40\noption subnet 255.255.255.0\n"
                  f"siaddr {SERVER}\nboot_file unused")
    client = lab.host("client", near, vlan=100)
    lab.capture("qinq-client.pcap", client.port, point="client's port, untagged")
    lab.capture("qinq-mirror.pcap", provider.mirror(), point="provider's mirror, two tags")
    udhcpc(client)
    time.sleep(1)


@case(client="udhcpc", server="Kea behind isc-dhcp-relay (option 82)")
def udhcpc_relayed(lab):
    """A system behind a relay; at the relay on all interfaces, older cooked format."""
    clients, router, server = relayed(lab)
    server.kea(kea4(**{"option-data": [{"name": "routers", "data": "192.168.77.254"}]}))
    router.start("dhcrelay", "-4", "-d", "-a", "-iu", "eth1", "-id", "eth0", "10.0.0.1"
                 ).wait_for("Sending on")
    client = lab.host("client", clients)
    lab.capture("udhcpc-relayed.pcap", "any", host=router, options=["-y", "LINUX_SLL"],
                point="relay, any (SLL)")
    lab.capture("udhcpc-relayed-server-out.pcap", server.port, filter="src host 10.0.0.1",
                point="server's port, only what the server sends")
    udhcpc(client)
    time.sleep(1)


@case(client="udhcpc", server="dnsmasq, started 7 s late")
def udhcpc_late_server(lab):
    """Three DISCOVERs without an answer, then a lease."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    client = lab.host("client", bridge)
    lab.capture("udhcpc-late-server.pcap", client.port, point="client's port")
    process = udhcpc(client, "-t", "20", "-T", "2", wait=None)
    time.sleep(7)
    server.dnsmasq(f"--dhcp-range={RANGE}")
    process.wait_for("obtained", 40)
    time.sleep(1)


@case(client="dhclient, many options", server="isc-dhcp-server")
def dhclient_overload(lab):
    """Many options, among them a long and compressed list of domains."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    names = ", ".join(f'"search{number}.department.example.org"' for number in range(12))
    server.dhcpd("authoritative;\noption long code 224 = text;\n" + SUBNET % (
        f'option domain-search {names};\n  option long "{"abcdefgh" * 40}";\n'
        'option domain-name "department.example.org"; option time-offset 3600;'))
    client = lab.host("client", bridge)
    client.write("client.conf", "option long code 224 = text;\nrequest subnet-mask, routers, "
                 "domain-search, long, domain-name, time-offset;\n"
                 "send dhcp-max-message-size 576;\n")
    lab.capture("dhclient-overload.pcap", client.port, point="client's port")
    client.start("dhclient", "-4", "-d", "-v", "-sf", TOOLS / "dhclient-script", "-pf",
                 client.files / "p", "-lf", client.files / "client.leases", "-cf",
                 client.files / "client.conf", "eth0", name="dhclient").wait_for("bound to", 40)
    time.sleep(1)


@case(client="udhcpc, releases and comes back", server="Kea")
def udhcpc_release(lab):
    """DORA, RELEASE, DORA again, and an INFORM."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.kea(kea4())
    client = lab.host("client", bridge)
    lab.capture("udhcpc-release.pcapng", client.port, dumpcap=True, point="client's port")
    first = udhcpc(client, "-R")
    time.sleep(2)
    first.stop()
    time.sleep(1)
    client.start("busybox", "udhcpc", "-f", "-i", "eth0", "-s", TOOLS / "udhcpc-script", "-x",
                 "hostname:again", name="udhcpc-again").wait_for("obtained", 40)
    time.sleep(2)

"""What goes wrong when programs load what DHCP names, with other machines beside them that load well."""

import time

from case import SERVER, case, served
from clients import http, pxe
from healthy_loads import MENU, leases, network, root
from networks import RANGE
from process import run, wait_until
from switch import Bridge, VLANSwitch


@case("next-server-unreachable", client="udhcpc as PXE, busybox tftp", server="dnsmasq behind a packet filter")
def load_prohibited(lab):
    """The boot server's packet filter answers TFTP with: administratively prohibited."""
    server, client = network(lab)
    leases(server, tftp=root())
    server.nft("input", "udp dport 69 reject with icmp type admin-prohibited")
    lab.capture("load-prohibited.pcap", client.port, point="client's port")
    pxe(client)
    time.sleep(1)


@case("blksize-over-mtu", client="udhcpc as PXE, busybox tftp", server="dnsmasq")
def load_blocks_dropped(lab):
    """Blocks of 1468 bytes do not get through a tunnel that nobody accounted for."""
    server, client = network(lab)
    leases(server, tftp=root())
    server.nft("output", "udp length > 1200 drop")
    lab.capture("load-blocks-dropped.pcap", client.port, point="client's port")
    pxe(client)
    time.sleep(1)


@case("wrong-vlan", client="udhcpc as PXE, busybox tftp", server="dnsmasq on VLAN 100, Open vSwitch",
      mac="de:00:00:00:00:03")
def load_one_of_three(lab):
    """Of three machines one is on another VLAN than the server."""
    switch = VLANSwitch(lab)
    leases(lab.host("server", switch, f"{SERVER}/24", vlan=100), tftp=root(150_000))
    good = [lab.host(f"client{number}", switch, mac=f"de:00:00:00:00:0{number}", vlan=100) for number in (1, 2)]
    bad = lab.host("client3", switch, mac="de:00:00:00:00:03", vlan=200)
    capture = lab.capture("load-one-of-three.pcap.gz", switch.mirror(), snaplen=400, point="mirror, tagged")
    pxe(bad, "-t", "5", "-T", "4", wait=None)
    for process in [pxe(client, wait=None, NEXT=MENU) for client in good]:
        process.wait_for("loaded", 300)
    wait_until(lambda: capture.packets("dhcp.option.dhcp == 1 && eth.src == de:00:00:00:00:03") > 4, 60)


@case("client-ignored", client="udhcpc as PXE, busybox tftp", server="dnsmasq", mac="de:00:00:00:00:03")
def load_one_ignored(lab):
    """Of three machines one is in the server's list of those to ignore."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    leases(server, "--dhcp-host=de:00:00:00:00:03,ignore", tftp=root(150_000))
    clients = [lab.host(f"client{number}", bridge, mac=f"de:00:00:00:00:0{number}") for number in (1, 2, 3)]
    capture = lab.capture("load-one-ignored.pcap.gz", server.port, snaplen=400, point="server's port")
    pxe(clients[2], "-t", "5", "-T", "4", wait=None)
    for process in [pxe(client, wait=None, NEXT=MENU) for client in clients[:2]]:
        process.wait_for("loaded", 300)
    wait_until(lambda: capture.packets("dhcp.option.dhcp == 1 && eth.src == de:00:00:00:00:03") > 4, 60)


@case("file-not-found", client="udhcpc as PXE, busybox tftp", server="dnsmasq", mac="de:00:00:00:00:03")
def load_one_misnamed(lab):
    """Of three machines one is given the name of a file that is not there."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    folder = root(150_000)
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-host=de:00:00:00:00:03,set:other",
                   "--dhcp-boot=tag:other,gone.efi", "--dhcp-boot=tag:!other,boot.efi", tftp=folder)
    clients = [lab.host(f"client{number}", bridge, mac=f"de:00:00:00:00:0{number}") for number in (1, 2, 3)]
    lab.capture("load-one-misnamed.pcap.gz", "any", host=server, snaplen=400, point="server, any (SLL2)")
    for process in [pxe(client, wait=None, **({} if client is clients[2] else {"NEXT": MENU})) for client in clients]:
        process.wait_for("loaded", 300)
    time.sleep(1)


@case("file-not-found", client="udhcpc as PXE, atftp", server="dnsmasq; atftpd")
def load_second_missing(lab):
    """The program arrives, what it loads then is not there."""
    server, client = network(lab)
    leases(server)
    server.atftpd(root(150_000))
    lab.capture("load-second-missing.pcap.gz", "any", host=server, snaplen=400, point="server, any (SLL2)")
    pxe(client, LOADER="atftp", NEXT="grubx64.efi")
    time.sleep(1)


@case("http-not-found", client="udhcpc as HTTP boot, curl", server="dnsmasq; Python's web server")
def load_url_missing(lab):
    """The URL that DHCP names is not there; who asks calls itself curl."""
    server, client = network(lab)
    server.python_http(served(**{MENU: "menu\n"}))
    leases(server, "--dhcp-option-force=60,HTTPClient", file=f"http://{SERVER}/gone.efi")
    lab.capture("load-url-missing.pcap", client.port, point="client's port")
    http(client)
    time.sleep(1)


@case("transfer-stalled", client="udhcpc as PXE, busybox tftp", server="dnsmasq; tftpd-hpa, cut off")
def load_server_gone(lab):
    """Within the transfer the server's cable is pulled."""
    server, client = network(lab)
    leases(server)
    server.tftpd_hpa(root(6_000_000))
    server.nft("input", "udp dport != 67 numgen random mod 100 < 2 drop")
    capture = lab.capture("load-server-gone.pcap.gz", client.port, snaplen=100, point="client's port")
    pxe(client, wait=None)
    wait_until(lambda: capture.packets("udp.length > 1000") > 300, 60)
    run("ip", "link", "set", server.port, "down")
    time.sleep(30)

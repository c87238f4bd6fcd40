"""Boots that fail over the lease: refused, exhausted, in use, lost on its way."""

import sys
import time

from case import (IPXE, SERVER, case, served, small_grub)
from clients import dhclient, udhcpc
from healthy_leases import relayed as relayed_ipv6
from networks import (MANAGED, RANGE, SUBNET, kea4, kea6, pxelinux_root, relayed)
from process import TOOLS, wait_until
from switch import Bridge

E16 = "PXE-E16|PXE-E18|PXE-E21|failed to start|No bootable"


@case("lease-limit", client="udhcpc", server="dnsmasq that may keep one lease only")
def udhcpc_nak_loop(lab):
    """OFFER, REQUEST, NAK, over and over: dnsmasq sees that it may keep no more leases at the REQUEST."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-lease-max=1")
    udhcpc(lab.host("first", bridge))
    client = lab.host("client", bridge)
    lab.capture("udhcpc-nak-loop.pcap", client.port, point="client's port")
    udhcpc(client, "-t", "5", "-T", "2", "-n", wait=None)
    time.sleep(15)


@case("lease-limit", client="OVMF PXEv4", server="dnsmasq that may keep one lease only")
def ovmf4_nak(lab):
    """The same with a firmware."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-lease-max=1", "--dhcp-boot=grub.efi",
                   tftp=served(small_grub()))
    udhcpc(lab.host("first", bridge))
    vm = lab.machine(bridge)
    lab.capture("ovmf4-nak.pcap", vm.tap, point="tap")
    vm.says(E16)


def odd_server(lab, fault):
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.start(sys.executable, TOOLS / "odd_dhcpd.py", SERVER, "192.168.77.50", fault,
                 name="odd-dhcpd")
    server.listening(67)
    return bridge


@case("nak", client="SeaBIOS, iPXE ROM", server="a DHCP server that refuses what it has offered")
def seabios_nak(lab):
    """OFFER, REQUEST, NAK without a reason."""
    bridge = odd_server(lab, "nak")
    vm = lab.machine(bridge, firmware="bios")
    lab.capture("seabios-nak.pcap", vm.tap, point="tap")
    vm.says("No configuration methods succeeded|No bootable|no more network")


@case("nak", client="dhclient", server="a DHCP server that refuses what it has offered")
def dhclient_nak(lab):
    """The same with a running system's client."""
    bridge = odd_server(lab, "nak")
    client = lab.host("client", bridge)
    lab.capture("dhclient-nak.pcapng", client.port, dumpcap=True, point="client's port")
    dhclient(client, wait=None)
    time.sleep(25)


@case("request-unanswered", client="SeaBIOS, iPXE ROM", server="a DHCP server that offers and is silent")
def seabios_request_unanswered(lab):
    """OFFER, and no answer to the REQUEST."""
    bridge = odd_server(lab, "mute")
    vm = lab.machine(bridge, firmware="bios", model="e1000")
    lab.capture("seabios-request-unanswered.pcap", vm.tap, point="tap")
    vm.says("No configuration methods succeeded|No bootable|no more network")


@case("pool-exhausted", client="four udhcpc and SeaBIOS with iPXE", server="isc-dhcp-server, pool of four")
def seabios_pool_exhausted(lab):
    """Four systems hold the four addresses; the booting machine gets no offer from the server that served them."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dhcpd((SUBNET % f'next-server {SERVER}; filename "pxelinux.0";').replace(
        "77.150", "77.103"))
    server.tftpd_hpa(pxelinux_root())
    clients = [lab.host(f"c{number}", bridge) for number in range(4)]
    lab.capture("seabios-pool-exhausted.pcap", "br0", point="bridge")
    for client in clients:
        udhcpc(client)
    vm = lab.machine(bridge, firmware="bios")
    vm.says("No configuration methods succeeded|No bootable|no more network")


@case("pool-exhausted", client="four udhcpc", server="Kea, pool of three")
def udhcpc_pool_exhausted(lab):
    """The fourth system is not answered."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.kea(kea4(pool="192.168.77.100 - 192.168.77.102"))
    clients = [lab.host(f"c{number}", bridge) for number in range(4)]
    lab.capture("udhcpc-pool-exhausted.pcap", "any", host=server, point="server, any (SLL2)",
                options=["-y", "LINUX_SLL2"])
    for client in clients[:3]:
        udhcpc(client)
    udhcpc(clients[3], "-t", "5", "-T", "3", "-n", wait=None)
    time.sleep(17)


@case("pool-exhausted", client="OVMF PXEv6", server="Kea 6 with a pool of two, both given away; radvd")
def ovmf6_no_addresses(lab):
    """DHCPv6 says NoAddrsAvail."""
    bridge = Bridge()
    server = lab.host("server", bridge, "fd77::1/64")
    server.radvd(MANAGED)
    configuration = kea6("tftp://[fd77::1]/snponly.efi")
    configuration["subnet6"][0]["pools"] = [{"pool": "fd77::100 - fd77::101"}]
    server.kea(configuration, six=True)
    server.tftpd_hpa(served(IPXE / "snponly.efi"), address="[::]")
    first, second = (lab.host(f"c{number}", bridge) for number in range(2))
    vm = lab.machine(bridge, support="6")
    lab.capture("ovmf6-no-addresses.pcap", vm.tap, point="tap")
    for client in (first, second):
        time.sleep(2)
        dhclient(client, six=True)
    vm.says("PXE-E|failed to")


@case("relay-unanswered", client="udhcpc", server="isc-dhcp-server without a way back to the relay")
def relay_no_way_back(lab):
    """The server answers to giaddr, and has no route to it."""
    clients, router, server = relayed(lab)
    server.ip("route", "del", "192.168.77.0/24")
    server.dhcpd("subnet 10.0.0.0 netmask 255.255.255.0 {}\n" + SUBNET % "")
    router.start("dhcrelay", "-4", "-d", "-a", "-iu", "eth1", "-id", "eth0", "10.0.0.1"
                 ).wait_for("Sending on")
    client = lab.host("client", clients)
    lab.capture("relay-no-way-back.pcap", "any", host=router, options=["-y", "LINUX_SLL2"],
                point="relay, any (SLL2)")
    udhcpc(client, "-t", "5", "-T", "3", "-n", wait=None)
    time.sleep(17)


def relay_that_hears_nothing(lab):
    """A relay agent whose packet filter drops what the server answers."""
    clients, router, server = relayed(lab)
    server.dhcpd("subnet 10.0.0.0 netmask 255.255.255.0 {}\n" + SUBNET % "")
    router.dnsmasq("--dhcp-relay=192.168.77.254,10.0.0.1")
    router.nft("input", "ip saddr 10.0.0.1 udp sport 67 drop")
    return clients, router


@case("relay-keeps-answer", client="udhcpc", server="isc-dhcp-server; dnsmasq as relay behind a packet filter")
def relay_keeps_answer(lab):
    """The server's OFFERs reach the relay, whose packet filter drops them."""
    clients, router = relay_that_hears_nothing(lab)
    client = lab.host("client", clients)
    lab.capture("relay-keeps-answer.pcap", "any", host=router, options=["-y", "LINUX_SLL2"],
                point="relay, any (SLL2)")
    udhcpc(client, "-t", "5", "-T", "3", "-n", wait=None)
    time.sleep(17)


@case("relay-keeps-answer", client="SeaBIOS, iPXE ROM", server="isc-dhcp-server; dnsmasq as relay behind a packet filter")
def seabios_relay_keeps_answer(lab):
    """The same for a machine that boots, captured with dumpcap on both sides at once."""
    clients, router = relay_that_hears_nothing(lab)
    vm = lab.machine(clients, firmware="bios")
    lab.capture("seabios-relay-keeps-answer.pcapng", "any", host=router, dumpcap=True,
                point="relay, any (SLL)")
    vm.says("No configuration methods succeeded|No bootable|no more network")


@case("address-conflict", client="udhcpc -a", server="dnsmasq whose only address is taken")
def udhcpc_declines(lab):
    """The address offered is another machine's: the client declines it again and again."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.kea(kea4(pool="192.168.77.100 - 192.168.77.102"))
    lab.host("squatter", bridge, [f"192.168.77.{n}/24" for n in (100, 101, 102)])
    client = lab.host("client", bridge)
    lab.capture("udhcpc-declines.pcap", client.port, point="client's port")
    udhcpc(client, "-a", "-t", "4", "-T", "2", "-A", "3", wait=None)
    time.sleep(30)


@case("relay-unanswered", client="udhcpc", server="Kea that has no subnet for giaddr")
def relay_without_subnet(lab):
    """The relay hands the DISCOVER over, the server knows no subnet of that giaddr and is silent."""
    clients, router, server = relayed(lab)
    configuration = kea4()
    configuration["subnet4"][0] |= {"subnet": "192.168.88.0/24", "option-data": [],
                                    "pools": [{"pool": "192.168.88.10 - 192.168.88.20"}]}
    server.kea(configuration)
    router.start("dhcrelay", "-4", "-d", "-a", "-iu", "eth1", "-id", "eth0", "10.0.0.1"
                 ).wait_for("Sending on")
    client = lab.host("client", clients)
    lab.capture("relay-without-subnet.pcapng", server.port, dumpcap=True, point="server's port")
    udhcpc(client, "-t", "5", "-T", "3", "-n", wait=None)
    time.sleep(17)


@case("pool-exhausted", client="three dhclient -6", server="Kea 6, pool of two")
def dhclient6_no_addresses(lab):
    """The third system is told NoAddrsAvail."""
    bridge = Bridge()
    server = lab.host("server", bridge, "fd77::1/64")
    configuration = kea6("tftp://[fd77::1]/unused.efi")
    configuration["subnet6"][0]["pools"] = [{"pool": "fd77::100 - fd77::101"}]
    server.kea(configuration, six=True)
    clients = [lab.host(f"c{number}", bridge) for number in range(3)]
    time.sleep(3)
    lab.capture("dhclient6-no-addresses.pcap", "any", host=server, point="server, any (SLL2)",
                options=["-y", "LINUX_SLL2"])
    for client in clients[:2]:
        dhclient(client, six=True)
        time.sleep(2)
    dhclient(clients[2], six=True, wait=None)
    time.sleep(20)


@case("relay-unanswered", client="dhclient -6", server="Kea behind isc-dhcp-relay")
def relay_ipv6_unheard(lab):
    """The relay sends to the server's address, and the server listens for multicasts only."""
    router, server, client = relayed_ipv6(lab)
    capture = lab.capture("relay-ipv6-unheard-client.pcap", client.port, point="client's port")
    lab.capture("relay-ipv6-unheard-server.pcap", server.port, point="server's port")
    dhclient(client, six=True, wait=None)
    wait_until(lambda: capture.packets("dhcpv6.msgtype == 1") > 4, 60)

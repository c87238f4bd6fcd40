"""Leases of running systems, in the ways that DHCP has besides DISCOVER, OFFER, REQUEST, ACK."""

import time

from case import SERVER, case
from clients import dhclient, udhcpc
from networks import MANAGED, RANGE, SUBNET, kea4, kea6
from process import wait_until
from switch import Bridge


def network(lab, *addresses):
    bridge = Bridge()
    server = lab.host("server", bridge, [f"{SERVER}/24", *addresses])
    return bridge, server, lab.host("client", bridge, mac="de:00:00:00:00:de")


def dhcpcd(client, *arguments, configuration=""):
    conf = client.write("dhcpcd.conf", configuration)
    return client.start("dhcpcd", "-B", "-d", "-f", conf, *arguments, "eth0", name="dhcpcd")


@case(client="dhcpcd --inform", server="dnsmasq")
def lease_inform(lab):
    """A system with an address of its own asks for the rest: INFORM, ACK."""
    _, server, client = network(lab)
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-boot=boot.efi")
    client.ip("address", "add", "192.168.77.7/24", "dev", "eth0")
    capture = lab.capture("lease-inform.pcap", client.port, point="client's port")
    dhcpcd(client, "-4", "--inform", "192.168.77.7/24")
    wait_until(lambda: capture.packets("dhcp.option.dhcp == 5"), 60)


@case(client="dhcpcd", server="Kea")
def lease_after_decline(lab):
    """The first address offered is another machine's: the client declines it and gets the next."""
    bridge, server, client = network(lab)
    lab.host("other", bridge, "192.168.77.100/24")
    server.kea(kea4(pool="192.168.77.100 - 192.168.77.101"))
    lab.capture("lease-after-decline.pcap", client.port, point="client's port")
    dhcpcd(client, "-4").wait_for("leased 192.168.77.101", 120)
    time.sleep(1)


@case(client="dhcpcd", server="dnsmasq, rapid commit")
def lease_rapid(lab):
    """DISCOVER, ACK (RFC 4039)."""
    _, server, client = network(lab)
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-rapid-commit", "--dhcp-authoritative")
    lab.capture("lease-rapid.pcap", client.port, point="client's port")
    dhcpcd(client, "-4", configuration="option rapid_commit\n").wait_for("leased 192", 120)
    time.sleep(1)


@case(client="dhcpcd", server="Kea, rapid commit; radvd")
def lease_rapid_ipv6(lab):
    """SOLICIT, REPLY (RFC 8415 section 21.14)."""
    _, server, client = network(lab, "fd77::1/64")
    server.radvd(MANAGED)
    configuration = kea6("tftp://[fd77::1]/boot.efi")
    configuration["subnet6"][0]["rapid-commit"] = True
    server.kea(configuration, six=True)
    capture = lab.capture("lease-rapid-ipv6.pcap", client.port, point="client's port")
    dhcpcd(client, "-6", configuration="option rapid_commit\nia_na\n")
    wait_until(lambda: capture.packets("dhcpv6.msgtype == 7"), 60)


@case(client="dhclient -P", server="Kea; radvd")
def lease_prefix(lab):
    """A router to be asks for a prefix, and for no address."""
    _, server, client = network(lab, "fd77::1/64")
    server.radvd(MANAGED)
    configuration = kea6("tftp://[fd77::1]/boot.efi")
    configuration["subnet6"][0]["pd-pools"] = [{"prefix": "fd99::", "prefix-len": 48, "delegated-len": 56}]
    server.kea(configuration, six=True)
    capture = lab.capture("lease-prefix.pcap", client.port, point="client's port")
    time.sleep(2)
    dhclient(client, "-P", six=True, wait=None)
    wait_until(lambda: capture.packets("dhcpv6.msgtype == 7"), 60)


@case(client="dhclient -S", server="Kea; radvd")
def lease_stateless(lab):
    """Addresses come from the router, the rest by INFORMATION-REQUEST."""
    _, server, client = network(lab, "fd77::1/64")
    server.radvd(MANAGED.replace("AdvManagedFlag on;", "").replace("AdvAutonomous off", "AdvAutonomous on"))
    server.kea(kea6("tftp://[fd77::1]/boot.efi"), six=True)
    capture = lab.capture("lease-stateless.pcap", client.port, point="client's port")
    time.sleep(2)
    dhclient(client, "-S", six=True, wait=None)
    wait_until(lambda: capture.packets("dhcpv6.msgtype == 7"), 60)


@case(client="udhcpc", server="Kea; dnsmasq as proxyDHCP server")
def lease_beside_proxy(lab):
    """A running system where machines boot: the proxy has nothing to say to it."""
    bridge, server, client = network(lab)
    proxy = lab.host("proxy", bridge, "192.168.77.2/24")
    server.kea(kea4())
    proxy.dnsmasq("--dhcp-range=192.168.77.0,proxy", "--pxe-service=X86-64_EFI,boot,boot.efi", tftp=proxy.files)
    lab.capture("lease-beside-proxy.pcap", client.port, point="client's port")
    udhcpc(client)
    time.sleep(1)


@case(client="dhclient", server="isc-dhcp-server, away for a while")
def lease_server_away(lab):
    """The server is stopped while the client renews, and comes back before the lease ends."""
    _, server, client = network(lab)
    times = "authoritative; default-lease-time 20; max-lease-time 20;\n"
    dhcpd = server.dhcpd(times + SUBNET % "")
    capture = lab.capture("lease-server-away.pcap", client.port, point="client's port")
    dhclient(client)
    wait_until(lambda: capture.packets("dhcp.option.dhcp == 5") > 1, 60)
    dhcpd.stop()
    wait_until(lambda: capture.packets("icmp.type == 3"), 60)
    answered = capture.packets("dhcp.option.dhcp == 5")
    server.dhcpd(times + SUBNET % "", name="dhcpd-again")
    wait_until(lambda: capture.packets("dhcp.option.dhcp == 5") > answered, 120)


def relayed(lab, listens="eth0"):
    """A client network whose router relays DHCPv6 to a server elsewhere."""
    clients, servers = Bridge("br0"), Bridge("br1")
    router = lab.host("router", clients, "fd77::fe/64")
    router.plug(servers, "eth1", "fd88::fe/64")
    server = lab.host("server", servers, "fd88::1/64")
    server.ip("route", "add", "fd77::/64", "via", "fd88::fe")
    configuration = kea6("tftp://[fd88::1]/boot.efi")
    del configuration["subnet6"][0]["interface"]
    server.kea({**configuration, "interfaces-config": {"interfaces": [listens]}}, six=True)
    router.radvd(MANAGED)
    router.start("dhcrelay", "-6", "-d", "-l", "eth0", "-u", "fd88::1%eth1").wait_for("Sending on|Listening")
    client = lab.host("client", clients, mac="de:00:00:00:00:de")
    time.sleep(3)
    return router, server, client


@case(client="dhclient -6", server="Kea behind isc-dhcp-relay (RFC 8415 section 19)")
def lease_relayed_ipv6(lab):
    """SOLICIT by way of a relay: at the client, at the relay on all interfaces, at the server."""
    router, server, client = relayed(lab, listens="eth0/fd88::1")
    capture = lab.capture("lease-relayed-ipv6-client.pcap", client.port, point="client's port")
    lab.capture("lease-relayed-ipv6-any.pcap", "any", host=router, point="relay, any (SLL2)")
    lab.capture("lease-relayed-ipv6-server.pcap", server.port, point="server's port")
    dhclient(client, six=True, wait=None)
    wait_until(lambda: capture.packets("dhcpv6.msgtype == 7"), 60)
    time.sleep(1)

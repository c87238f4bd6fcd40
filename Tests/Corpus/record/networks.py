"""Configurations and networks that several cases share."""

from case import MENU, PXELINUX, SERVER, SYSLINUX, put, served, small_grub
from switch import Bridge

RANGE = "192.168.77.100,192.168.77.150,1h"

HELLO = "#!ipxe\necho the script is here\nsleep 1\npoweroff\n"

SUBNET = """
subnet 192.168.77.0 netmask 255.255.255.0 {
  range 192.168.77.100 192.168.77.150;
  option routers 192.168.77.1;
  %s
}
"""


def kea4(boot=None, server=SERVER, pool="192.168.77.100 - 192.168.77.150", classes=(), **more):
    subnet = {"subnet": "192.168.77.0/24", "pools": [{"pool": pool}],
              "option-data": [{"name": "routers", "data": SERVER}], **more}
    if boot:
        subnet |= {"next-server": server, "boot-file-name": boot}
    return {"valid-lifetime": 3600, "subnet4": [subnet],
            **({"client-classes": list(classes)} if classes else {})}


def kea6(url, *more):
    return {"preferred-lifetime": 3000, "valid-lifetime": 4000, "subnet6": [{
        "subnet": "fd77::/64", "interface": "eth0", "pools": [{"pool": "fd77::100 - fd77::1ff"}],
        "option-data": [{"name": "bootfile-url", "data": url}, *more]}]}

MANAGED = """
interface eth0 { AdvSendAdvert on; AdvManagedFlag on; AdvOtherConfigFlag on; MinRtrAdvInterval 3;
  MaxRtrAdvInterval 5; prefix fd77::/64 { AdvOnLink on; AdvAutonomous off; }; };
"""

HTTP6 = {"code": 16, "name": "vendor-class", "csv-format": False,
         "data": "00000157000A48545450436C69656E74"}


def http_boot_servers(host, file):
    """Kea for HTTP boot over IPv4 and IPv6, with a router's advertisements."""
    four = kea4(f"http://{SERVER}/{file}")
    four["subnet4"][0]["option-data"].append(
        {"name": "vendor-class-identifier", "data": "HTTPClient", "always-send": True})
    host.radvd(MANAGED)
    host.kea(four)
    host.kea(kea6(f"http://[fd77::1]/{file}", HTTP6), six=True)


def https_boot_server(host, url):
    """dnsmasq for HTTPS boot, which leaves all other clients alone."""
    host.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-vendorclass=set:http,HTTPClient",
                 "--dhcp-option-force=tag:http,60,HTTPClient", f"--dhcp-boot=tag:http,{url}")


def grub_root():
    root = served(small_grub())
    put(root, "grub/grub.cfg", MENU)
    return root


def pxelinux_root():
    return served(PXELINUX, *(SYSLINUX / f"{name}.c32" for name in ("ldlinux", "libutil", "menu")), **{
        "pxelinux.cfg/default": "DEFAULT menu.c32\nTIMEOUT 30\nMENU TITLE the menu is here\n"
                                "LABEL disk\n  LOCALBOOT 0\n"})


def relayed(lab, bridge=None):
    """A client network, a router that relays, and a server network."""
    clients, servers = bridge or Bridge("br0"), Bridge("br1")
    router = lab.host("router", clients, "192.168.77.254/24")
    router.plug(servers, "eth1", "10.0.0.254/24")
    router.execute("sysctl", "-qw", "net.ipv4.ip_forward=1")
    server = lab.host("server", servers, "10.0.0.1/24")
    server.ip("route", "add", "192.168.77.0/24", "via", "10.0.0.254")
    return clients, router, server

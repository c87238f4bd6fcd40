"""DHCP clients of running systems."""

from process import TOOLS


def dhclient(host, *arguments, port="eth0", six=False, wait="bound to|Bound|XMT: Request"):
    process = host.start("dhclient", "-6" if six else "-4", "-d", "-v", "-sf", TOOLS / "dhclient-script",
                         "-pf", host.files / "dhclient.pid", "-lf", host.files / "client.leases",
                         "-cf", "/dev/null", *arguments, port, name="dhclient")
    return process.wait_for(wait, 40) if wait else process


def udhcpc(host, *arguments, wait="obtained"):
    process = host.start("busybox", "udhcpc", "-f", "-i", "eth0", "-s", TOOLS / "udhcpc-script",
                         *arguments, name="udhcpc")
    return process.wait_for(wait, 40) if wait else process

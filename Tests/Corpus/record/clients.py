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


def pxe(host, *arguments, wait="loaded", vendor="PXEClient:Arch:00007:UNDI:003016", arch="0007", **environment):
    """What firmware does, done by udhcpc with firmware's options: an address, the boot file, then NEXT (pxe-script)."""
    process = host.start("busybox", "udhcpc", "-f", "-q", "-i", "eth0", "-s", TOOLS / "pxe-script", "-V", vendor,
                         "-x", f"0x5d:{arch}", "-O", "bootfile", "-O", "tftp", *arguments, name="pxe",
                         environment={"INTO": str(host.files / "received"), **environment})
    return process.wait_for(wait, 300) if wait else process


def http(host, *arguments, **environment):
    """The same as UEFI's HTTP boot."""
    return pxe(host, *arguments, vendor="HTTPClient:Arch:00016:UNDI:003001", arch="0010", **environment)

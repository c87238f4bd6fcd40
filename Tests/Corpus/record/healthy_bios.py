"""Boots that get through: SeaBIOS with iPXE in the network card."""

import time

from case import (IMAGE, IPXE, MENU, SERVER, case, put, served, small_grub)
from networks import (HELLO, RANGE, SUBNET, kea4, pxelinux_root, relayed)
from switch import Bridge


@case(client="SeaBIOS, iPXE ROM (e1000); pxelinux; the disk", server="isc-dhcp-server; tftpd-hpa")
def seabios_pxelinux(lab):
    """pxelinux looks for its configuration under many names; default is the last and is there."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dhcpd(SUBNET % f'next-server {SERVER}; filename "pxelinux.0";')
    server.tftpd_hpa(pxelinux_root())
    vm = lab.machine(bridge, firmware="bios", model="e1000")
    lab.capture("seabios-pxelinux.pcap.gz", vm.tap, snaplen=400, point="tap")
    vm.says("the menu is here")
    time.sleep(6)


@case(client="SeaBIOS, iPXE ROM (virtio-net)", server="Kea; python http.server")
def seabios_ipxe_script(lab):
    """iPXE gets its script by HTTP at once; the first of two chain targets is missing by design."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    root = served(IPXE / "undionly.kpxe", **{
        "boot.ipxe": "#!ipxe\nchain hosts/${net0/mac:hexhyp}.ipxe || chain default.ipxe\n",
        "default.ipxe": "#!ipxe\nimgfetch undionly.kpxe\necho the script is here\nsleep 1\npoweroff\n"})
    server.kea(kea4(f"http://{SERVER}/boot.ipxe"))
    server.python_http(root)
    vm = lab.machine(bridge, firmware="bios")
    lab.capture("seabios-ipxe-script.pcap.gz", vm.tap, snaplen=400, point="tap")
    vm.says("the script is here")
    time.sleep(1)


@case(client="SeaBIOS, iPXE ROM (rtl8139); pxelinux", server="dnsmasq; lighttpd")
def seabios_chain(lab):
    """iPXE's script by TFTP, pxelinux over HTTP, the rest by TFTP: three programs in a row."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    root = pxelinux_root()
    put(root, "chain.ipxe", f"#!ipxe\nset 210:string tftp://{SERVER}/\n"
        f"chain http://{SERVER}/pxelinux.0\n")
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-boot=chain.ipxe", tftp=root)
    server.lighttpd(root)
    vm = lab.machine(bridge, firmware="bios", model="rtl8139")
    lab.capture("seabios-chain.pcap.gz", vm.tap, snaplen=400, point="tap")
    vm.says("the menu is here")
    time.sleep(6)


@case(client="SeaBIOS, iPXE ROM (virtio-net)", server="isc-dhcp-server behind dnsmasq's relay; nginx")
def relay_dnsmasq_isc(lab):
    """dnsmasq relays; iPXE gets script and kernel by HTTP through the router."""
    clients, router, server = relayed(lab)
    root = served(**{"hello.ipxe": HELLO})
    server.dhcpd("subnet 10.0.0.0 netmask 255.255.255.0 {}\n" + (SUBNET % (
        'next-server 10.0.0.1; filename "http://10.0.0.1/hello.ipxe";')).replace(
            "routers 192.168.77.1", "routers 192.168.77.254"))
    server.nginx(root)
    router.dnsmasq("--dhcp-relay=192.168.77.254,10.0.0.1")
    vm = lab.machine(clients, firmware="bios")
    lab.capture("relay-dnsmasq-isc-client.pcap", vm.tap, point="tap")
    lab.capture("relay-dnsmasq-isc-server.pcapng", server.port, dumpcap=True, point="server's port")
    vm.says("the script is here")
    time.sleep(2)


@case(client="SeaBIOS, iPXE ROM (virtio-net)", server="QEMU's own user network (slirp)")
def seabios_slirp(lab):
    """QEMU's user network serves DHCP and TFTP itself and writes the capture (filter-dump)."""
    root = pxelinux_root()
    capture = lab.capture("seabios-slirp.pcap.gz", None, point="QEMU's filter-dump")
    vm = lab.machine(None, firmware="bios", netdev=f"user,id=n0,tftp={root},bootfile=pxelinux.0",
                     extra=["-object", "filter-dump,id=d0,netdev=n0,maxlen=400,file="
                            + str(capture.raw).removesuffix(".gz")])
    vm.says("the menu is here")
    time.sleep(6)


@case(client="SeaBIOS, iPXE ROM (virtio-net); Linux; busybox", server="isc-dhcp-server; nginx")
def bios_linux_http(lab):
    """iPXE loads kernel and initramfs over HTTP; the booted system asks DHCP itself."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dhcpd(SUBNET % f'filename "http://{SERVER}/linux.ipxe";')
    server.nginx(served(IMAGE / "kernel", IMAGE / "initramfs", **{"linux.ipxe": (
        "#!ipxe\nkernel kernel console=ttyS0 panic=-1 initrd=initramfs\n"
        "initrd initramfs\nboot\n")}))
    vm = lab.machine(bridge, firmware="bios", memory=768)
    lab.capture("bios-linux-http.pcap.gz", vm.tap, thin=True, point="tap; segments cut")
    lab.attach(console=vm.files / "console")
    vm.says("PXELAB-REPORT", limit=240)
    time.sleep(2)


@case(client="SeaBIOS, iPXE ROM (e1000); GRUB for BIOS", server="Kea; tftpd-hpa")
def seabios_grub(lab):
    """GRUB's network image for BIOS, which asks for its configuration under every name."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.kea(kea4("grub.pxe"))
    root = served(small_grub(platform="i386-pc-pxe"))
    put(root, "grub/grub.cfg", MENU)
    server.tftpd_hpa(root)
    vm = lab.machine(bridge, firmware="bios", model="e1000")
    lab.capture("seabios-grub.pcap.gz", vm.tap, snaplen=500, point="tap")
    vm.says("the menu is here")
    time.sleep(2)

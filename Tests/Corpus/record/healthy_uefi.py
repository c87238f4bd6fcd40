"""Boots that get through: OVMF and U-Boot, PXE and HTTP, IPv4 and IPv6, many servers."""

import time

from case import (IMAGE, IPXE, MENU, SERVER, SHIM, SIGNED_GRUB, case, quiet_nbp, served)
from certificates import authority, certificate, trusting
from networks import (http_boot_servers, https_boot_server, HELLO, MANAGED, RANGE, SUBNET, grub_root,
                      kea4, kea6, relayed)
from switch import Bridge, VLANSwitch


@case(client="OVMF PXEv4, virtio-net; GRUB", server="dnsmasq (DHCP, TFTP)")
def ovmf4_dnsmasq(lab):
    """Firmware, GRUB by TFTP, its configuration; at the tap, and with -i any at the server."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-boot=grub.efi", tftp=grub_root())
    vm = lab.machine(bridge)
    lab.capture("ovmf4-dnsmasq-cut.pcap", vm.tap, snaplen=160, point="tap, 160 bytes of each frame")
    lab.capture("ovmf4-dnsmasq-any.pcap.gz", "any", host=server, point="server, any (SLL2)",
                snaplen=590, options=["-y", "LINUX_SLL2"])
    lab.capture("ovmf4-dnsmasq-ports.pcap", vm.tap, filter="port 67 or port 68 or port 69",
                point="tap, only ports 67 to 69, as tutorials say: no TFTP answer can be in it")
    lab.capture("ovmf4-dnsmasq-to-server.pcap", vm.tap, filter=f"ether src {vm.mac_address}",
                snaplen=590, point="tap, only the client's frames")
    lab.capture("ovmf4-dnsmasq-to-client.pcap.gz", vm.tap,
                filter=f"not ether src {vm.mac_address}", snaplen=120,
                point="tap, only what comes to the client")
    vm.says("the menu is here")
    time.sleep(2)


@case(client="OVMF PXEv4 with Secure Boot; shim, GRUB", server="isc-dhcp-server; tftpd-hpa")
def shim_isc_hpa(lab):
    """Signed shim and GRUB; files that shim and GRUB only look for are missing."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    root = served(**{"grubx64.efi": SIGNED_GRUB, "shimx64.efi": SHIM, "grub/grub.cfg": MENU})
    server.dhcpd(SUBNET % f'next-server {SERVER}; filename "shimx64.efi";')
    server.tftpd_hpa(root)
    vm = lab.machine(bridge, secure=True)
    lab.capture("shim-isc-hpa.pcap.gz", vm.tap, thin=True, point="tap; blocks cut")
    lab.attach(console=vm.files / "console")
    vm.says("the menu is here")
    time.sleep(1)


@case(client="OVMF PXEv4, virtio-net; iPXE snponly.efi", server="Kea; atftpd; nginx")
def snponly_kea_atftpd(lab):
    """Kea tells iPXE's user class from the firmware: NBP by TFTP with windows, then a script by HTTP."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    root = served(IPXE / "snponly.efi", **{"hello.ipxe": HELLO})
    server.kea(kea4("snponly.efi", classes=[{
        "name": "ipxe", "test": "option[77].hex == 'iPXE'",
        "boot-file-name": f"http://{SERVER}/hello.ipxe"}]))
    server.atftpd(root)
    server.nginx(root)
    vm = lab.machine(bridge)
    lab.capture("snponly-kea-atftpd.pcap.gz", server.port, snaplen=600, point="server's port",
                options=["--time-stamp-precision=nano"])
    vm.says("the script is here")
    time.sleep(1)


@case(client="OVMF PXEv4; GRUB", server="udhcpd (busybox); tftpd-hpa")
def ovmf4_udhcpd(lab):
    """busybox's DHCP server names the TFTP server by siaddr and the file by boot_file."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.udhcpd(f"start 192.168.77.20\nend 192.168.77.40\nsiaddr {SERVER}\nboot_file grub.efi\n"
                  "option subnet 255.255.255.0")
    server.tftpd_hpa(grub_root(), "--blocksize", "1024")
    vm = lab.machine(bridge, model="e1000")
    lab.capture("ovmf4-udhcpd.pcapng.gz", vm.tap, dumpcap=True, snaplen=400, point="tap")
    vm.says("the menu is here")
    time.sleep(1)


@case(client="OVMF PXEv4; iPXE snponly.efi", server="isc-dhcp-server; dnsmasq as proxyDHCP with TFTP")
def ovmf4_proxy(lab):
    """Addresses by one server, boot file by a proxyDHCP server on another machine, port 4011."""
    bridge = Bridge()
    addresses = lab.host("addresses", bridge, f"{SERVER}/24")
    addresses.dhcpd(SUBNET % "")
    proxy = lab.host("proxy", bridge, "192.168.77.2/24")
    proxy.dnsmasq("--dhcp-range=192.168.77.0,proxy", "--dhcp-match=set:ipxe,175",
                  "--pxe-service=tag:!ipxe,7,Network,snponly.efi", "--dhcp-boot=tag:ipxe,hello.ipxe",
                  tftp=served(IPXE / "snponly.efi", **{"hello.ipxe": HELLO}))
    vm = lab.machine(bridge)
    lab.capture("ovmf4-proxy.pcap.gz", vm.tap, snaplen=600, point="tap")
    vm.says("the script is here")
    time.sleep(1)


@case(client="OVMF PXEv4; GRUB", server="two Kea servers, halves of one pool; tftpd-hpa")
def ovmf4_two_keas(lab):
    """Two servers that belong together offer different addresses and the same file."""
    bridge = Bridge()
    one = lab.host("one", bridge, f"{SERVER}/24")
    two = lab.host("two", bridge, "192.168.77.2/24")
    one.kea(kea4("grub.efi", pool="192.168.77.100 - 192.168.77.120"))
    two.kea(kea4("grub.efi", pool="192.168.77.130 - 192.168.77.150"))
    one.tftpd_hpa(grub_root())
    vm = lab.machine(bridge)
    lab.capture("ovmf4-two-keas.pcap.gz", vm.tap, snaplen=500, point="tap")
    vm.says("the menu is here")
    time.sleep(1)


@case(client="OVMF PXEv4; GRUB", server="dnsmasq, started 15 s late")
def ovmf4_late_server(lab):
    """The first DISCOVERs find no server, a later one does."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    root = grub_root()
    vm = lab.machine(bridge)
    lab.capture("ovmf4-late-server.pcap.gz", vm.tap, snaplen=500, point="tap")
    vm.says("Start PXE|starting Boot")
    time.sleep(9)
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-boot=grub.efi", tftp=root)
    vm.says("the menu is here")
    time.sleep(1)


@case(client="OVMF PXEv4; iPXE snponly.efi, twice", server="dnsmasq; python http.server")
def ovmf4_twice(lab):
    """The machine is reset while it loads its NBP, and boots from the beginning."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    root = served(IPXE / "snponly.efi", **{"hello.ipxe": HELLO})
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-match=set:ipxe,175",
                   "--dhcp-boot=tag:!ipxe,snponly.efi",
                   f"--dhcp-boot=tag:ipxe,http://{SERVER}/hello.ipxe", tftp=root)
    server.python_http(root)
    vm = lab.machine(bridge)
    tap = lab.capture("ovmf4-twice.pcap.gz", vm.tap, snaplen=500, point="tap")
    for _ in range(1200):
        if tap.packets("tftp.opcode == 3"):
            break
        time.sleep(0.05)
    vm.tell("system_reset")
    vm.says("the script is here")
    time.sleep(1)


@case(client="OVMF PXEv4; GRUB", server="dnsmasq behind a link that loses 3 % of the frames")
def ovmf4_lossy(lab):
    """Blocks get lost in both directions and are sent again; the boot gets through."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-match=set:ipxe,175",
                   "--dhcp-boot=tag:!ipxe,snponly.efi", "--dhcp-boot=tag:ipxe,hello.ipxe",
                   tftp=served(IPXE / "snponly.efi", **{"hello.ipxe": HELLO}))
    server.nft("input", "udp dport != 67 numgen random mod 100 < 3 drop")
    vm = lab.machine(bridge)
    lab.capture("ovmf4-lossy-client.pcap.gz", vm.tap, snaplen=500, point="tap")
    lab.capture("ovmf4-lossy-server.pcap.gz", server.port, snaplen=100,
                point="server's port, 100 bytes of each frame")
    vm.says("the script is here")
    time.sleep(1)


@case(client="OVMF PXEv6; a quiet program", server="Kea; radvd; tftpd-hpa")
def ovmf6_kea(lab):
    """PXE over IPv6: router advertisement, DHCPv6 with a boot file URL, TFTP."""
    bridge = Bridge()
    server = lab.host("server", bridge, "fd77::1/64")
    root = served(quiet_nbp())
    server.radvd(MANAGED)
    server.kea(kea6("tftp://[fd77::1]/quiet.efi"), six=True)
    server.tftpd_hpa(root, address="[::]")
    vm = lab.machine(bridge, support="6")
    lab.capture("ovmf6-kea.pcap.gz", vm.tap, snaplen=500, point="tap")
    vm.says("the program is here")
    time.sleep(2)


@case(client="OVMF PXEv4, then PXEv6; a quiet program", server="dnsmasq (router advertisement, DHCPv6, TFTP)")
def ovmf46_dnsmasq(lab):
    """No IPv4 on this network: the firmware gives IPv4 up after a minute and boots over IPv6."""
    bridge = Bridge()
    server = lab.host("server", bridge, "fd77::1/64")
    server.dnsmasq("--enable-ra", "--dhcp-range=fd77::100,fd77::1ff,64,1h",
                   "--dhcp-option=option6:59,tftp://[fd77::1]/quiet.efi",
                   tftp=served(quiet_nbp()))
    vm = lab.machine(bridge, support="46")
    lab.capture("ovmf46-dnsmasq.pcap.gz", "any", host=server, snaplen=500, point="server, any",
                options=["-y", "LINUX_SLL"])
    vm.says("the program is here")
    time.sleep(2)


@case(client="OVMF HTTP boot IPv4; a quiet program", server="dnsmasq; nginx")
def http4_dnsmasq_nginx(lab):
    """UEFI HTTP boot: option 60 HTTPClient both ways, the NBP over TCP."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    root = served(quiet_nbp())
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-vendorclass=set:http,HTTPClient",
                   "--dhcp-option-force=tag:http,60,HTTPClient",
                   f"--dhcp-boot=tag:http,http://{SERVER}/quiet.efi")
    server.nginx(root)
    vm = lab.machine(bridge, support="")
    lab.capture("http4-dnsmasq-nginx.pcap.gz", vm.tap, snaplen=500, point="tap")
    vm.says("the program is here")
    time.sleep(2)


@case(client="OVMF HTTP boot IPv4", server="dnsmasq; nginx")
def http4_pod(lab):
    """The same where a pod's tap, bridge and uplink are captured together: each packet comes several times."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-vendorclass=set:http,HTTPClient",
                   "--dhcp-option-force=tag:http,60,HTTPClient",
                   f"--dhcp-boot=tag:http,http://{SERVER}/quiet.efi")
    server.nginx(served(quiet_nbp()))
    vm = lab.machine(bridge, support="")
    lab.capture("http4-pod-any.pcap.gz", "any", snaplen=400, point="any (SLL2)")
    vm.says("the program is here")
    time.sleep(2)


@case(client="OVMF HTTP boot IPv4, all kinds in the boot order", server="isc-dhcp-server; lighttpd")
def http4_isc_after_pxe(lab):
    """PXE gets no file and gives up, then HTTP boot of the same network card gets through."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    root = served(quiet_nbp())
    server.dhcpd('option arch code 93 = unsigned integer 16;\nclass "http" {\n'
                 '  match if substring (option vendor-class-identifier, 0, 10) = "HTTPClient";\n'
                 '  option vendor-class-identifier "HTTPClient";\n'
                 f'  filename "http://{SERVER}/quiet.efi";\n}}\n'
                 'class "pxe" { match if substring (option vendor-class-identifier, 0, 9) = '
                 '"PXEClient"; ignore booting; }\n' + SUBNET % "")
    server.lighttpd(root)
    vm = lab.machine(bridge, support="4")
    lab.capture("http4-isc-after-pxe.pcapng.gz", server.port, dumpcap=True, snaplen=500,
                point="server's port")
    vm.says("the program is here", limit=320)
    time.sleep(2)


@case(client="OVMF HTTP boot, IPv4, then IPv6; a quiet program", server="Kea 4 and 6; radvd; lighttpd on IPv6")
def http6_kea_lighttpd(lab):
    """The web server listens on IPv6 only: HTTP boot over IPv4 is refused, over IPv6 it gets through."""
    bridge = Bridge()
    server = lab.host("server", bridge, [f"{SERVER}/24", "fd77::1/64"])
    http_boot_servers(server, "quiet.efi")
    server.lighttpd(served(quiet_nbp()), six=True)
    vm = lab.machine(bridge, support="")
    lab.capture("http6-kea-lighttpd.pcap.gz", vm.tap, snaplen=500, point="tap")
    vm.says("the program is here")
    time.sleep(2)


@case(client="OVMF HTTPS boot IPv4; a quiet program", server="dnsmasq; nginx with TLS")
def https4_dnsmasq_nginx(lab):
    """UEFI HTTPS boot: the server's certificate is of an authority that the firmware trusts."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    trusted = authority("trusted")
    https_boot_server(server, f"https://{SERVER}/quiet.efi")
    server.nginx_tls(served(quiet_nbp()), *certificate(trusted, f"IP:{SERVER}"))
    vm = lab.machine(bridge, support="", extra=trusting(trusted))
    lab.capture("https4-dnsmasq-nginx.pcap.gz", vm.tap, snaplen=400, point="tap")
    vm.says("the program is here")
    time.sleep(2)


@case(client="OVMF HTTPS boot IPv4; a quiet program", server="dnsmasq; nginx with TLS")
def https4_expired(lab):
    """The server's certificate has expired by the machine's clock, of which OVMF takes no notice."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    trusted = authority("trusted")
    https_boot_server(server, f"https://{SERVER}/quiet.efi")
    server.nginx_tls(served(quiet_nbp()), *certificate(trusted, f"IP:{SERVER}", days=30))
    later = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() + 400 * 86400))
    vm = lab.machine(bridge, support="", extra=[*trusting(trusted), "-rtc", f"base={later}"])
    lab.capture("https4-expired.pcap.gz", vm.tap, snaplen=400, point="tap")
    vm.says("the program is here")
    time.sleep(2)


@case(client="OVMF PXEv4; iPXE snponly.efi", server="Kea behind isc-dhcp-relay (option 82); atftpd")
def relay_isc_kea(lab):
    """Server and client on different networks; at the tap, the relay (any) and the server."""
    clients, router, server = relayed(lab)
    server.kea(kea4("snponly.efi", server="10.0.0.1", classes=[{
        "name": "ipxe", "test": "option[77].hex == 'iPXE'", "boot-file-name": "hello.ipxe"}],
        **{"option-data": [{"name": "routers", "data": "192.168.77.254"}]}))
    server.atftpd(served(IPXE / "snponly.efi", **{"hello.ipxe": HELLO}))
    router.start("dhcrelay", "-4", "-d", "-a", "-iu", "eth1", "-id", "eth0", "10.0.0.1"
                 ).wait_for("Sending on")
    vm = lab.machine(clients)
    lab.capture("relay-isc-kea-client.pcap.gz", vm.tap, snaplen=500, point="tap")
    lab.capture("relay-isc-kea-relay.pcap.gz", "any", host=router, snaplen=500,
                point="relay, any: each frame twice")
    lab.capture("relay-isc-kea-server.pcap.gz", server.port, snaplen=500,
                point="server's port: MAC addresses are the relay's")
    vm.says("the script is here")
    time.sleep(1)


@case(client="OVMF PXEv4; a quiet program", server="dnsmasq on VLAN 100 of Open vSwitch", vlan=100)
def vlan_ovs(lab):
    """Client and server on access ports of one VLAN; untagged at the tap, tagged at a mirror."""
    switch = VLANSwitch(lab)
    server = lab.host("server", switch, f"{SERVER}/24", vlan=100)
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-boot=quiet.efi",
                   tftp=served(quiet_nbp()))
    vm = lab.machine(switch, vlan=100)
    lab.capture("vlan-ovs-tap.pcap.gz", vm.tap, snaplen=450, point="tap, untagged")
    lab.capture("vlan-ovs-mirror.pcap.gz", switch.mirror(), snaplen=450, point="mirror, tagged")
    vm.says("the program is here")
    time.sleep(6)


@case(client="OVMF PXEv4, Secure Boot off; ipxe.efi; disk", server="isc-dhcp-server; atftpd")
def exit_to_disk(lab):
    """iPXE's script exits on purpose, so that the next boot entry is tried: installed machines do this."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    root = served(IPXE / "snponly.efi", **{"local.ipxe": "#!ipxe\necho the script is here\nexit 0\n"})
    server.dhcpd("option arch code 93 = unsigned integer 16;\n" + SUBNET % (
        f'next-server {SERVER};\n  if exists user-class and option user-class = "iPXE" '
        '{ filename "local.ipxe"; } else { filename "snponly.efi"; }'))
    server.atftpd(root)
    vm = lab.machine(bridge)
    lab.capture("exit-to-disk.pcap.gz", vm.tap, snaplen=450, point="tap")
    vm.says("the script is here")
    time.sleep(4)


@case(client="OVMF PXEv4; a quiet program", server="QEMU's own user network (slirp)")
def ovmf4_slirp(lab):
    """The same with UEFI; the program uses no network."""
    root = served(quiet_nbp())
    capture = lab.capture("ovmf4-slirp.pcap.gz", None, point="QEMU's filter-dump")
    vm = lab.machine(None, netdev=f"user,id=n0,tftp={root},bootfile=quiet.efi",
                     extra=["-object", "filter-dump,id=d0,netdev=n0,maxlen=400,file="
                            + str(capture.raw).removesuffix(".gz")])
    vm.says("the program is here")


@case(client="OVMF PXEv4 with Secure Boot; shim; GRUB; Linux; busybox", server="dnsmasq")
def secure_linux(lab):
    """The whole chain: signed shim, GRUB, kernel, initramfs by TFTP, until the booted system reports."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    root = served(**{"shimx64.efi": SHIM, "grubx64.efi": SIGNED_GRUB, "kernel": IMAGE / "kernel",
                     "initramfs": IMAGE / "initramfs", "grub/grub.cfg": (
        "linux /kernel console=ttyS0 panic=-1\ninitrd /initramfs\nboot\n")})
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-boot=shimx64.efi", tftp=root)
    vm = lab.machine(bridge, secure=True, memory=768)
    lab.capture("secure-linux.pcap", vm.tap, filter="arp or port 67 or port 68 or port 69",
                point="tap, only ARP and ports 67 to 69")
    lab.attach(console=vm.files / "console")
    vm.says("PXELAB-REPORT", limit=240)
    time.sleep(2)


@case(client="OVMF PXEv4; GRUB", server="Kea; a stray dnsmasq with another file")
def ovmf4_lucky(lab):
    """A stray server offers too, but the firmware takes the right one's offer and boots."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.kea(kea4("grub.efi"))
    server.tftpd_hpa(grub_root())
    stray = lab.host("stray", bridge, "192.168.77.250/24")
    stray.dnsmasq("--dhcp-range=192.168.77.200,192.168.77.220,2m", "--dhcp-boot=netboot.xyz.efi",
                  tftp=stray.write("root/readme", "empty").parent)
    vm = lab.machine(bridge)
    lab.capture("ovmf4-lucky.pcap.gz", vm.tap, snaplen=500, point="tap")
    vm.says("the menu is here")


@case(client="U-Boot; a quiet UEFI program", server="dnsmasq")
def uboot_efi(lab):
    """U-Boot asks for a script that is not there, then DHCP again as a UEFI client, and starts its boot file."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-boot=quiet.efi", tftp=served(quiet_nbp()))
    vm = lab.machine(bridge, firmware="uboot", model="e1000")
    lab.capture("uboot-efi.pcap.gz", vm.tap, snaplen=400, point="tap")
    vm.says("the program is here")
    time.sleep(1)


@case(client="OVMF with iPXE in e1000's ROM; a quiet program", server="Kea; lighttpd")
def ovmf_rom_ipxe_http(lab):
    """The ROM's iPXE loads the program over HTTP and starts it before it has acknowledged the last bytes."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.kea(kea4(f"http://{SERVER}/quiet.efi"))
    server.lighttpd(served(quiet_nbp()))
    vm = lab.machine(bridge, model="e1000")
    lab.capture("ovmf-rom-ipxe-http.pcap.gz", vm.tap, thin=True, point="tap; segments cut")
    vm.says("the program is here")
    time.sleep(4)

"""Boots whose program arrives and then does not do what it should."""

import time

from case import (IMAGE, IPXE, MENU, SERVER, SHIM, case, put, served, small_grub)
from clients import udhcpc
from networks import (HELLO, RANGE, SUBNET, grub_root, kea4, pxelinux_root)
from switch import Bridge


@case("ipxe-loop", client="SeaBIOS, iPXE ROM; undionly.kpxe", server="dnsmasq")
def seabios_ipxe_loop(lab):
    """The server gives undionly.kpxe also to the iPXE that it has just loaded."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-boot=undionly.kpxe",
                   tftp=served(IPXE / "undionly.kpxe"))
    vm = lab.machine(bridge, firmware="bios")
    tap = lab.capture("seabios-ipxe-loop.pcap.gz", vm.tap, snaplen=400, point="tap")
    for _ in range(60):
        if tap.packets('tftp.opcode == 1') > 7:
            break
        time.sleep(1)


@case("ipxe-loop", client="OVMF PXEv4; iPXE snponly.efi", server="isc-dhcp-server; tftpd-hpa")
def ovmf4_ipxe_loop(lab):
    """The same under UEFI: snponly.efi loads snponly.efi."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dhcpd(SUBNET % f'next-server {SERVER}; filename "snponly.efi";')
    server.tftpd_hpa(served(IPXE / "snponly.efi"))
    vm = lab.machine(bridge)
    tap = lab.capture("ovmf4-ipxe-loop.pcap.gz", vm.tap, snaplen=400, point="tap")
    for _ in range(120):
        if tap.packets('tftp.opcode == 1') > 7:
            break
        time.sleep(1)


@case("secure-boot", client="OVMF PXEv4 with Secure Boot", server="dnsmasq")
def secure_unsigned(lab):
    """iPXE's unsigned snponly.efi under Secure Boot: loaded, refused, loaded again."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-boot=snponly.efi",
                   tftp=served(IPXE / "snponly.efi"))
    vm = lab.machine(bridge, secure=True)
    lab.capture("secure-unsigned.pcap.gz", vm.tap, snaplen=500, point="tap")
    lab.attach(console=vm.files / "console", efivars=vm.files / "vars.fd")
    vm.says("Access Denied|Security Violation|failed to")
    time.sleep(3)


@case("secure-boot", client="OVMF HTTP boot with Secure Boot", server="Kea; lighttpd")
def secure_unsigned_http(lab):
    """The same by HTTP boot."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    configuration = kea4(f"http://{SERVER}/snponly.efi")
    configuration["subnet4"][0]["option-data"].append(
        {"name": "vendor-class-identifier", "data": "HTTPClient", "always-send": True})
    server.kea(configuration)
    server.lighttpd(served(IPXE / "snponly.efi"))
    vm = lab.machine(bridge, secure=True, support="")
    lab.capture("secure-unsigned-http.pcap.gz", vm.tap, snaplen=500, point="tap")
    lab.attach(console=vm.files / "console")
    vm.says("Access Denied|Security Violation|failed to")
    time.sleep(3)


@case("secure-boot", client="OVMF PXEv4 with Secure Boot; shim; unsigned GRUB", server="isc-dhcp-server; tftpd-hpa")
def shim_unsigned_grub(lab):
    """shim is signed, the grubx64.efi beside it is one that somebody built."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dhcpd(SUBNET % f'next-server {SERVER}; filename "shimx64.efi";')
    root = served(**{"shimx64.efi": SHIM, "grubx64.efi": small_grub()})
    server.tftpd_hpa(root)
    vm = lab.machine(bridge, secure=True)
    lab.capture("shim-unsigned-grub.pcap.gz", vm.tap, thin=True, point="tap; blocks cut")
    lab.attach(console=vm.files / "console")
    vm.says("Security Policy Violation|Verification failed|Security Violation|failed to start")
    time.sleep(3)


@case("grub-prompt", client="OVMF PXEv4; GRUB", server="isc-dhcp-server; dnsmasq as proxyDHCP")
def grub_behind_proxy(lab):
    """GRUB does not look into proxyDHCP, has no server, asks for nothing and shows its prompt."""
    bridge = Bridge()
    addresses = lab.host("addresses", bridge, f"{SERVER}/24")
    addresses.dhcpd(SUBNET % "")
    proxy = lab.host("proxy", bridge, "192.168.77.2/24")
    proxy.dnsmasq("--dhcp-range=192.168.77.0,proxy", "--pxe-service=7,Network,grub.efi",
                  tftp=grub_root())
    vm = lab.machine(bridge)
    lab.capture("grub-behind-proxy.pcap.gz", vm.tap, snaplen=500, point="tap")
    lab.attach(console=vm.files / "console")
    vm.says("grub> ")
    time.sleep(2)


@case("grub-config-missing", client="OVMF PXEv4; GRUB", server="Kea; tftpd-hpa")
def grub_without_configuration(lab):
    """grub.cfg lies in the wrong folder: every name is asked for and refused, then the prompt."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.kea(kea4("grub.efi"))
    server.tftpd_hpa(served(**{"grub.efi": small_grub(), "grub.cfg": MENU}))
    vm = lab.machine(bridge)
    lab.capture("grub-without-configuration.pcap.gz", vm.tap, snaplen=500, point="tap")
    lab.attach(console=vm.files / "console")
    vm.says("grub> ")
    time.sleep(2)


@case("file-not-found", client="OVMF PXEv4; GRUB", server="dnsmasq")
def grub_without_kernel(lab):
    """The menu's kernel is not on the server."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    root = served(small_grub())
    put(root, "grub/grub.cfg", "linux (tftp)/debian/vmlinuz ip=dhcp\ninitrd (tftp)/debian/initrd.gz\nboot\n")
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-boot=grub.efi", tftp=root)
    vm = lab.machine(bridge)
    lab.capture("grub-without-kernel.pcap.gz", vm.tap, snaplen=400, point="tap")
    lab.attach(console=vm.files / "console")
    vm.says("not found")
    time.sleep(4)


@case("file-not-found", client="SeaBIOS, iPXE ROM; pxelinux", server="isc-dhcp-server; atftpd")
def pxelinux_without_kernel(lab):
    """The configuration names a kernel that is not there."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dhcpd(SUBNET % f'next-server {SERVER}; filename "pxelinux.0";')
    root = pxelinux_root()
    put(root, "pxelinux.cfg/default", "DEFAULT go\nPROMPT 0\nLABEL go\n  KERNEL vmlinuz\n")
    server.atftpd(root)
    vm = lab.machine(bridge, firmware="bios", model="e1000")
    lab.capture("pxelinux-without-kernel.pcap.gz", vm.tap, snaplen=400, point="tap")
    vm.says("No such file|not found")
    time.sleep(5)


def linux(lab, name, script, *files):
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.kea(kea4(f"http://{SERVER}/linux.ipxe"))
    server.nginx(served(IMAGE / "kernel", *files, **{"linux.ipxe": f"#!ipxe\n{script}boot\n"}))
    vm = lab.machine(bridge, firmware="bios", memory=768)
    lab.capture(f"{name}.pcap.gz", vm.tap, thin=True, point="tap; segments cut")
    lab.attach(console=vm.files / "console")
    vm.says("end Kernel panic|not found|No such file", limit=240)
    time.sleep(2)


@case("initramfs-missing", client="SeaBIOS, iPXE ROM; Linux", server="Kea; nginx")
def linux_without_initramfs(lab):
    """The script loads no initramfs: the kernel finds no root file system."""
    linux(lab, "linux-without-initramfs", "kernel kernel console=ttyS0\n")


@case("kernel-panic", client="SeaBIOS, iPXE ROM; Linux", server="Kea; nginx")
def linux_panic(lab):
    """The first process of the initramfs ends at once: Attempted to kill init."""
    linux(lab, "linux-panic", "kernel kernel console=ttyS0 rdinit=/bin/busybox initrd=initramfs\n"
          "initrd initramfs\n", IMAGE / "initramfs")


@case("http-not-found", client="SeaBIOS, iPXE ROM", server="Kea; nginx")
def linux_initramfs_404(lab):
    """The script names an initramfs that the web server does not have."""
    linux(lab, "linux-initramfs-404", "kernel kernel console=ttyS0\ninitrd initrd.img\n")


@case("arch-mismatch", client="U-Boot (arch 7)", server="dnsmasq that gives everyone undionly.kpxe")
def uboot_bios_nbp(lab):
    """U-Boot asks as a UEFI client, is given a BIOS program, and ends at its prompt."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-boot=undionly.kpxe",
                   tftp=served(IPXE / "undionly.kpxe"))
    vm = lab.machine(bridge, firmware="uboot", bits=32, model="e1000")
    lab.capture("uboot-bios-nbp.pcap.gz", vm.tap, snaplen=400, point="tap")
    vm.says("=> $")


@case("no-program", client="OVMF PXEv4", server="Kea that gives everyone iPXE's script; tftpd-hpa")
def ovmf4_script(lab):
    """The script that iPXE should get goes to the firmware, which can start no script."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.kea(kea4("boot.ipxe"))
    server.tftpd_hpa(served(**{"boot.ipxe": HELLO + "# a comment\n" * 20}))
    vm = lab.machine(bridge)
    lab.capture("ovmf4-script.pcap", vm.tap, point="tap")
    vm.says("failed to|PXE-E")
    time.sleep(3)


@case("arch-mismatch", client="OVMF PXEv4 (arch 7)", server="isc-dhcp-server; tftpd-hpa")
def ovmf4_ia32(lab):
    """A 32-bit UEFI program under a name that does not say so."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dhcpd(SUBNET % f'next-server {SERVER}; filename "boot.efi";')
    server.tftpd_hpa(served(**{"boot.efi": small_grub(platform="i386-efi")}))
    vm = lab.machine(bridge)
    lab.capture("ovmf4-ia32.pcap.gz", vm.tap, snaplen=600, point="tap")
    vm.says("failed to|PXE-E")
    time.sleep(3)


MANIFEST = """apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata:
  name: provisioning
spec:
  config: '{"cniVersion": "0.3.1", "name": "provisioning", "type": "bridge", "bridge": "br0"}'
---
apiVersion: kubevirt.io/v1
kind: VirtualMachineInstance
metadata:
  name: node-1
spec:
  domain:
    memory:
      guest: 1Gi
    devices:
      interfaces:
      - name: provisioning
        macAddress: "de:00:00:00:00:de"
        model: e1000
        bridge: {}
        bootOrder: 1
    firmware:
      bootloader:
        efi:
          secureBoot: false
  networks:
  - name: provisioning
    multus:
      networkName: provisioning
"""


@case("silent-machine", client="OVMF without a driver for its card", server="dnsmasq for others")
def ovmf_no_driver(lab):
    """The firmware has no driver for the card: not one frame of the machine, which its manifest names."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-boot=grub.efi", tftp=grub_root())
    neighbour = lab.host("neighbour", bridge)
    vm = lab.machine(bridge, model="e1000", rom=False)
    lab.capture("ovmf-no-driver.pcap", "br0", point="bridge", mac=vm.mac_address)
    lab.attach(console=vm.files / "console", manifests=server.write("node-1.yaml", MANIFEST))
    udhcpc(neighbour)
    vm.says("Shell>")
    time.sleep(2)

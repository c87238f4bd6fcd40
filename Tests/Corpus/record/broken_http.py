"""Boots that fail while a file is on its way by HTTP."""

import time

from case import (IPXE, SERVER, case, served)
from certificates import authority, certificate, trusting
from networks import (http_boot_servers, https_boot_server, HELLO, RANGE, SUBNET, kea4)
from process import WORK
from switch import Bridge

NO_BOOT = "Could not boot|No bootable|no more network"


@case("http-not-found", client="OVMF HTTP boot IPv4", server="dnsmasq; nginx")
def http4_not_found(lab):
    """The URL's path does not exist: 404."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-option-force=60,HTTPClient",
                   f"--dhcp-boot=http://{SERVER}/efi/snponly.efi")
    server.nginx(served(IPXE / "snponly.efi"))
    vm = lab.machine(bridge, support="")
    lab.capture("http4-not-found.pcap", vm.tap, point="tap")
    lab.attach(console=vm.files / "console")
    vm.says("HTTPv4[^~]*HTTPv6|Error|failed to")


@case("http-refused", client="OVMF HTTP boot, IPv4 and IPv6", server="Kea 4 and 6; radvd; no web server")
def http6_refused(lab):
    """Nobody listens on port 80, over neither IPv4 nor IPv6: connections are reset."""
    bridge = Bridge()
    server = lab.host("server", bridge, [f"{SERVER}/24", "fd77::1/64"])
    http_boot_servers(server, "quiet.efi")
    vm = lab.machine(bridge, support="")
    lab.capture("http6-refused.pcap", vm.tap, point="tap")
    vm.says("HTTPv6[^~]*(Error|failed to|Shell)")


@case("http-refused", client="SeaBIOS, iPXE ROM", server="isc-dhcp-server; no web server")
def seabios_http_refused(lab):
    """iPXE gets a URL; nobody listens on port 80."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dhcpd(SUBNET % f'filename "http://{SERVER}/boot.ipxe";')
    vm = lab.machine(bridge, firmware="bios")
    lab.capture("seabios-http-refused.pcap", vm.tap, point="tap")
    vm.says(NO_BOOT)


@case("http-unanswered", client="SeaBIOS, iPXE ROM", server="Kea; nginx behind a packet filter")
def seabios_http_filtered(lab):
    """SYN after SYN, no answer."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.kea(kea4(f"http://{SERVER}/boot.ipxe"))
    server.nginx(served(**{"boot.ipxe": HELLO}))
    server.nft("input", "tcp dport 80 drop")
    vm = lab.machine(bridge, firmware="bios", model="e1000")
    lab.capture("seabios-http-filtered.pcap", vm.tap, point="tap")
    vm.says(NO_BOOT)


@case("http-not-found", client="SeaBIOS, iPXE ROM", server="dnsmasq; python http.server")
def seabios_http_404(lab):
    """The script that the server names is not there."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dnsmasq(f"--dhcp-range={RANGE}", f"--dhcp-boot=http://{SERVER}/menu.ipxe")
    server.python_http(served(**{"boot.ipxe": HELLO}))
    vm = lab.machine(bridge, firmware="bios")
    lab.capture("seabios-http-404.pcap", vm.tap, point="tap")
    vm.says(NO_BOOT)


@case("dns-unanswered", client="SeaBIOS, iPXE ROM", server="Kea that names a DNS server that is none")
def seabios_dns(lab):
    """The script's URL has a host name, and the DNS server does not answer."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    configuration = kea4("http://boot.example.net/boot.ipxe")
    configuration["subnet4"][0]["option-data"].append(
        {"name": "domain-name-servers", "data": SERVER})
    server.kea(configuration)
    server.nft("input", "udp dport 53 drop")
    vm = lab.machine(bridge, firmware="bios")
    lab.capture("seabios-dns.pcap", vm.tap, point="tap")
    vm.says(NO_BOOT)


@case("transfer-stalled", client="SeaBIOS, iPXE ROM", server="Kea; a web server that hangs")
def seabios_http_stalled(lab):
    """After 40000 of 74213 bytes nothing more comes over the connection."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.kea(kea4(f"http://{SERVER}/undionly.kpxe"))
    server.odd_httpd(served(IPXE / "undionly.kpxe"), "stop=40000")
    vm = lab.machine(bridge, firmware="bios")
    lab.capture("seabios-http-stalled.pcap.gz", vm.tap, snaplen=400, point="tap")
    vm.says("undionly.kpxe")
    time.sleep(40)


@case("http-error", client="SeaBIOS, iPXE ROM", server="dnsmasq; a web server with an error inside")
def seabios_http_500(lab):
    """The script's request is answered with 500."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dnsmasq(f"--dhcp-range={RANGE}", f"--dhcp-boot=http://{SERVER}/boot.ipxe")
    server.odd_httpd(served(**{"boot.ipxe": HELLO}), "status=500")
    vm = lab.machine(bridge, firmware="bios", model="e1000")
    lab.capture("seabios-http-500.pcap", vm.tap, point="tap")
    vm.says(NO_BOOT)


@case("access-denied", client="SeaBIOS, iPXE ROM", server="Kea; nginx")
def seabios_http_403(lab):
    """The script is there with mode 0600: 403 Forbidden."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.kea(kea4(f"http://{SERVER}/boot.ipxe"))
    server.odd_httpd(served(**{"boot.ipxe": HELLO}), "status=403")
    vm = lab.machine(bridge, firmware="bios")
    lab.capture("seabios-http-403.pcap", vm.tap, point="tap")
    vm.says(NO_BOOT)


@case("url-not-spoken", client="SeaBIOS, iPXE ROM without HTTPS", server="Kea; openssl s_server")
def seabios_https(lab):
    """QEMU's iPXE is built without HTTPS: given such a URL it does not even look for the server."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.kea(kea4(f"https://{SERVER}/boot.ipxe"))
    server.https(served(**{"boot.ipxe": HELLO}))
    vm = lab.machine(bridge, firmware="bios")
    lab.capture("seabios-https.pcap", vm.tap, point="tap")
    vm.says(NO_BOOT)
    time.sleep(10)


@case("no-program", client="OVMF HTTP boot IPv4", server="dnsmasq; nginx with a page for everything")
def http4_page(lab):
    """The URL is wrong, and the web server answers with a page and 200: no program."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    server.dnsmasq(f"--dhcp-range={RANGE}", "--dhcp-option-force=60,HTTPClient",
                   f"--dhcp-boot=http://{SERVER}/efi/boot.efi")
    page = "<!DOCTYPE html>\n<html><body>" + "<p>sign in first</p>\n" * 40 + "</body></html>\n"
    server.odd_httpd(served(**{"page": page}), "always=page")
    vm = lab.machine(bridge, support="")
    lab.capture("http4-page.pcap", vm.tap, point="tap")
    vm.says("HTTPv4[^~]*(HTTPv6|Error|failed to)")
    time.sleep(3)


def https(lab, file, trusted, protocols="TLSv1.2 TLSv1.3"):
    """An HTTPS boot from nginx, up to the firmware's giving up."""
    bridge = Bridge()
    server = lab.host("server", bridge, f"{SERVER}/24")
    https_boot_server(server, f"https://{SERVER}/snponly.efi")
    server.nginx_tls(served(IPXE / "snponly.efi"), WORK / "server.crt", WORK / "server.key", protocols)
    vm = lab.machine(bridge, support="", extra=trusting(*trusted))
    lab.capture(file, vm.tap, point="tap")
    lab.attach(console=vm.files / "console")
    vm.says("HTTPv4[^~]*HTTPv6|Error|failed to")


@case("tls-refused", client="OVMF HTTPS boot IPv4", server="dnsmasq; nginx with TLS")
def https4_unknown_authority(lab):
    """The server's certificate is of an authority that the firmware does not have: it has another."""
    certificate(authority("other"), f"IP:{SERVER}")
    https(lab, "https4-unknown-authority.pcap", [authority("trusted")])


@case("tls-refused", client="OVMF HTTPS boot IPv4", server="dnsmasq; nginx with TLS")
def https4_no_authority(lab):
    """The firmware trusts no authority at all."""
    certificate(authority("other"), f"IP:{SERVER}")
    https(lab, "https4-no-authority.pcap", [])


@case("tls-refused", client="OVMF HTTPS boot IPv4", server="dnsmasq; nginx with TLS")
def https4_another_address(lab):
    """The server's certificate is for another address than the URL's."""
    trusted = authority("trusted")
    certificate(trusted, "IP:192.168.77.2", "DNS:boot.example.net")
    https(lab, "https4-another-address.pcap", [trusted])


@case("tls-refused", client="OVMF HTTPS boot IPv4", server="dnsmasq; nginx that speaks TLS 1.3 alone")
def https4_newer_tls(lab):
    """Client and server have no version of TLS in common: the firmware ends at 1.2."""
    trusted = authority("trusted")
    certificate(trusted, f"IP:{SERVER}")
    https(lab, "https4-newer-tls.pcap", [trusted], protocols="TLSv1.3")

"""Frames that every network has: noise.py INTERFACE sends LLDP, STP, mDNS, SSDP, NetBIOS and IPv6 each second."""

import sys
import time

from scapy.all import (DNS, DNSQR, IP, LLC, STP, UDP, Dot3, Ether, ICMPv6ND_RA, ICMPv6NDOptPrefixInfo,
                       IPv6, Raw, get_if_hwaddr, sendp)

interface = sys.argv[1]
mac = get_if_hwaddr(interface)
LLDP = bytes.fromhex("0207 04") + bytes.fromhex(mac.replace(":", "")) + bytes.fromhex(
    "0403 07 4731 0602 0078 0a05 7377697431"[:0] + "0403076731 06020078 0000")
frames = [
    Ether(src=mac, dst="01:80:c2:00:00:0e", type=0x88CC) / Raw(LLDP),
    Dot3(src=mac, dst="01:80:c2:00:00:00") / LLC(dsap=0x42, ssap=0x42, ctrl=3)
    / STP(rootmac=mac, bridgemac=mac, portid=0x8001),
    Ether(src=mac, dst="01:00:5e:00:00:fb") / IP(src="192.168.77.9", dst="224.0.0.251", ttl=255)
    / UDP(sport=5353, dport=5353) / DNS(rd=0, qd=DNSQR(qname="_ipp._tcp.local", qtype="PTR")),
    Ether(src=mac, dst="01:00:5e:7f:ff:fa") / IP(src="192.168.77.9", dst="239.255.255.250", ttl=4)
    / UDP(sport=50000, dport=1900) / Raw(b"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n\r\n"),
    Ether(src=mac, dst="ff:ff:ff:ff:ff:ff") / IP(src="192.168.77.9", dst="192.168.77.255")
    / UDP(sport=137, dport=137) / Raw(bytes(50)),
    Ether(src=mac, dst="33:33:00:00:00:01") / IPv6(src="fe80::9", dst="ff02::1", hlim=255)
    / ICMPv6ND_RA(routerlifetime=1800) / ICMPv6NDOptPrefixInfo(prefix="fd99::", prefixlen=64),
]
while True:
    for frame in frames:
        sendp(frame, iface=interface, verbose=False)
    time.sleep(1)

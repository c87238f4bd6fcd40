"""A DHCP server that does what broken ones do: odd_dhcpd.py SERVER CLIENT [FAULT]

SERVER is its address, CLIENT the one that it offers.
nak     offers, and refuses the REQUEST without a reason
mute    offers, and does not answer the REQUEST
foreign offers, and refuses what is asked for with a NAK in another server's name
"""

import socket
import struct
import sys

server, client, fault = sys.argv[1:4]
OTHER = "192.168.77.254"


def option(number, data):
    return bytes([number, len(data)]) + data


def reply(request, kind, address, name):
    fixed = struct.pack("!BBBB4sHH4s4s4s4s", 2, 1, 6, 0, request[4:8], 0, 0x8000, bytes(4),
                        socket.inet_aton(address), socket.inet_aton(server) if kind == 2 else bytes(4),
                        request[24:28]) + request[28:44] + bytes(64)
    file = (b"undionly.kpxe" if kind == 2 else b"").ljust(128, b"\0")
    options = option(53, bytes([kind])) + option(54, socket.inet_aton(name))
    if kind == 2:
        options += option(51, struct.pack("!I", 3600)) + option(1, bytes([255, 255, 255, 0]))
    return (fixed + file + b"\x63\x82\x53\x63" + options + b"\xff").ljust(300, b"\0")


with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"eth0")
    s.bind(("", 67))
    while True:
        request, _ = s.recvfrom(2048)
        kind = request[request.index(b"\x35\x01", 240) + 2]
        if kind == 1:
            answer = reply(request, 2, client, server)
        elif kind == 3 and fault != "mute":
            answer = reply(request, 6, "0.0.0.0", OTHER if fault == "foreign" else server)
        else:
            continue
        s.sendto(answer, ("255.255.255.255", 68))

"""A TFTP server that does what broken ones do: odd_tftpd.py ROOT [FAULT=VALUE...]

tsize=N       says that every file has N bytes
stop=N        sends no block after the Nth
cut=N         ends the file after N bytes, with a short last block, whatever tsize said
storm=N       sends every block N times
mute          reads requests and never answers
error=N       answers every request with error N
no-options    is a server of RFC 1350: no OACK, 512 bytes
delay=SECONDS waits before its first answer
"""

import os
import select
import socket
import struct
import sys
import threading
import time


def options_of(fields):
    return {fields[i].lower().decode(): fields[i + 1].decode() for i in range(0, len(fields) - 1, 2)}


def serve(root, faults, packet, peer):
    fields = packet[2:].split(b"\0")[:-1]
    name, asked = fields[0].decode(), options_of(fields[2:])
    if "mute" in faults:
        return
    time.sleep(float(faults.get("delay", 0)))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.connect(peer)
        path = os.path.join(root, name.lstrip("/"))
        if "error" in faults:
            s.send(struct.pack("!HH", 5, int(faults["error"])) + b"refused\0")
            return
        if not os.path.exists(path):
            s.send(struct.pack("!HH", 5, 1) + b"File not found\0")
            return
        data = open(path, "rb").read()
        size = 512
        answer = b""
        if "no-options" not in faults:
            for key, value in asked.items():
                if key == "tsize":
                    answer += b"tsize\0%d\0" % int(faults.get("tsize", len(data)))
                elif key == "blksize":
                    size = min(int(value), 1468)
                    answer += b"blksize\0%d\0" % size
        data = data[:int(faults["cut"])] if "cut" in faults else data

        def exchange(message, number):
            for _ in range(6):
                for _ in range(int(faults.get("storm", 1))):
                    s.send(message)
                end = time.monotonic() + 2
                while time.monotonic() < end:
                    if not select.select([s], [], [], 0.1)[0]:
                        continue
                    reply = s.recv(2048)
                    if reply[:2] == b"\0\5":
                        return False
                    if reply[:4] == struct.pack("!HH", 4, number & 0xFFFF):
                        return True
            return False

        if answer and not exchange(b"\0\6" + answer, 0):
            return
        for block in range(1, len(data) // size + 2):
            if "stop" in faults and block > int(faults["stop"]):
                return
            part = data[(block - 1) * size:block * size]
            if not exchange(struct.pack("!HH", 3, block & 0xFFFF) + part, block):
                return


def main():
    root, *rest = sys.argv[1:]
    faults = dict(each.split("=") if "=" in each else (each, "") for each in rest)
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind(("0.0.0.0", 69))
    while True:
        packet, peer = listener.recvfrom(2048)
        if packet[:2] == b"\0\1":
            threading.Thread(target=serve, args=(root, faults, packet, peer), daemon=True).start()


main()

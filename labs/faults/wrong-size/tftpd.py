"""Serves files by TFTP (RFC 1350, 2348, 2349), and says that each is half as long as it is."""

import os
import socket
import struct
import threading

DATA, ACK, OACK = 3, 4, 6


def deliver(name, options, peer):
    with open(os.path.join(os.environ["PXELAB_ROOT"], name.lstrip("/")), "rb") as file:
        data = file.read()
    size = min(int(options.get("blksize", 512)), 1468)
    answer = struct.pack("!H", OACK)
    if "tsize" in options:
        answer += b"tsize\0%d\0" % (len(data) // 2)
    if "blksize" in options:
        answer += b"blksize\0%d\0" % size
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as transfer:
        transfer.connect(peer)
        transfer.settimeout(2)
        blocks = [data[start:start + size] for start in range(0, len(data) + 1, size)]
        messages = [struct.pack("!HH", DATA, number & 0xFFFF) + block for number, block in enumerate(blocks, 1)]
        for number, message in enumerate([answer] + messages):
            transfer.send(message)
            if transfer.recv(2048)[:4] != struct.pack("!HH", ACK, number & 0xFFFF):
                return


def main():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("0.0.0.0", 69))
        while True:
            request, peer = server.recvfrom(2048)
            name, _mode, *fields = (field.decode() for field in request[2:].split(b"\0")[:-1])
            options = {key.lower(): value for key, value in zip(fields[::2], fields[1::2])}
            threading.Thread(target=deliver, args=(name, options, peer)).start()


main()

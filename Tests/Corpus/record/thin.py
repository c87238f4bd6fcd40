"""Cuts a pcap file as a small snap length would, but leaves what is not bulk data whole.

Payload of TCP, and of UDP between high ports (TFTP data), is cut to KEEP bytes of each frame; every packet stays.
"""

import struct

KEEP = 80
CONTROL = {53, 67, 68, 69, 4011, 546, 547, 5353}


def is_bulk(frame, ethernet=14):
    kind = struct.unpack_from("!H", frame, ethernet - 2)[0] if len(frame) >= ethernet else 0
    while kind in (0x8100, 0x88A8) and len(frame) >= ethernet + 4:
        kind = struct.unpack_from("!H", frame, ethernet + 2)[0]
        ethernet += 4
    if kind == 0x0800 and len(frame) > ethernet + 20:
        protocol, start = frame[ethernet + 9], ethernet + (frame[ethernet] & 15) * 4
    elif kind == 0x86DD and len(frame) > ethernet + 40:
        protocol, start = frame[ethernet + 6], ethernet + 40
    else:
        return False
    if len(frame) < start + 10 or protocol not in (6, 17):
        return False
    ports = struct.unpack_from("!HH", frame, start)
    if protocol == 17:
        return not CONTROL & set(ports) and frame[start + 8:start + 10] == b"\0\3"
    text = frame[start + (frame[start + 12] >> 4) * 4:]
    return not text.startswith((b"GET ", b"HEAD ", b"HTTP/"))


def thin(path):
    data = path.read_bytes()
    out = [data[:24]]
    offset = 24
    while offset + 16 <= len(data):
        seconds, fraction, captured, length = struct.unpack_from("<IIII", data, offset)
        frame = data[offset + 16:offset + 16 + captured]
        if len(frame) > KEEP and is_bulk(frame):
            frame = frame[:KEEP]
        out.append(struct.pack("<IIII", seconds, fraction, len(frame), length) + frame)
        offset += 16 + captured
    path.write_bytes(b"".join(out))

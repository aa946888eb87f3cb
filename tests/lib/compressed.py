# SPDX-License-Identifier: LGPL-2.1-or-later
"""Compressed data, whole and damaged, made without the program."""
import gzip
import struct
import zlib


def gz(data):
    """Returns a text or bytes as a gzip member."""
    return gzip.compress(data.encode() if isinstance(data, str) else data, mtime=0)


def bgzf(data, size):
    """Returns BGZF as bgzip writes it: members with `size` bytes each, and an empty one at the end."""
    out = []
    for at in [*range(0, len(data), size), len(data)]:
        plain = data[at:at + size]
        deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
        body = deflate.compress(plain) + deflate.flush()
        out.append(b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0BC\x02\0" + struct.pack("<H", len(body) + 25) + body +
                   struct.pack("<II", zlib.crc32(plain), len(plain)))
    return b"".join(out)


def flipped(data, at):
    """Returns the data with one bit changed in the byte at this index."""
    at %= len(data)
    return data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1:]

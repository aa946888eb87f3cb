#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""names.py [FILE...]: prints the position, name and UUID of each domain of a dump, through the library.

It needs only Python and libdomstream: ctypes calls the C functions. Each struct begins with its size, so that the program
declares only the first members of it. If the library is not installed, LD_LIBRARY_PATH must name its directory.
"""

import ctypes
import sys
from ctypes import CFUNCTYPE, POINTER, Structure, byref, c_char_p, c_int, c_int64, c_size_t, c_uint64, c_void_p, sizeof

DS_OK, DS_DAMAGED = 0, 1
PIECE_SIZE = 64 * 1024


class Text(Structure):
    _fields_ = [("data", c_void_p), ("size", c_size_t)]

    def __str__(self):
        return ctypes.string_at(self.data, self.size).decode("utf-8", "replace") if self.data else "-"


class Place(Structure):
    _fields_ = [("name", c_char_p), ("offset", c_uint64), ("line", c_uint64), ("column", c_uint64)]


class Domain(Structure):
    """The first members of struct ds_domain. The library allocates it, so that the real one may be longer."""

    _fields_ = [("size", c_size_t), ("place", Place), ("input", Text), ("raw", Text), ("format", c_int),
                ("preserved", Text), ("host", c_char_p), ("type", Text), ("id", c_int64), ("name", Text), ("uuid", Text)]


class Error(Structure):
    _fields_ = [("id", ctypes.c_char * 8), ("place", Place), ("host", c_char_p), ("length", c_uint64),
                ("domain", ctypes.c_char * 96), ("text", ctypes.c_char * 240), ("reason_size", c_size_t)]


on_domain = CFUNCTYPE(c_int, c_void_p, POINTER(Domain))
on_rejected = CFUNCTYPE(c_int, c_void_p, POINTER(Error), Text)


class ReaderEvents(Structure):
    _fields_ = [("size", c_size_t), ("context", c_void_p), ("domain", on_domain), ("rejected", on_rejected)]


class ReaderOptions(Structure):
    """The beginning of struct ds_reader_options: the members after it get their defaults."""

    _fields_ = [("size", c_size_t), ("name", c_char_p)]


def load():
    library = ctypes.CDLL("libdomstream.so.0")
    library.ds_status_text.restype = c_char_p
    library.ds_reader_options_init.argtypes = [c_void_p, c_size_t]
    library.ds_reader_events_init.argtypes = [c_void_p, c_size_t]
    library.ds_reader_new.argtypes = [POINTER(ReaderOptions), POINTER(ReaderEvents), POINTER(c_void_p)]
    library.ds_reader_feed.argtypes = [c_void_p, c_char_p, c_size_t]
    library.ds_reader_finish.argtypes = [c_void_p]
    library.ds_reader_free.argtypes = [c_void_p]
    library.ds_reader_free.restype = None
    return library


@on_domain
def print_domain(_, domain):
    place = domain.contents.place
    print(f"{place.name.decode()}:{place.line}\t{domain.contents.name}\t{domain.contents.uuid}")
    return DS_OK


@on_rejected
def print_error(_, error, raw):
    if error:
        place = error.contents.place
        print(f"{place.name.decode()}:{place.line}: error: {error.contents.text.decode()}", file=sys.stderr)
    return DS_OK


def read(library, name, file):
    """Gives a file to a reader, piece by piece; returns the status."""
    options, events, reader = ReaderOptions(), ReaderEvents(), c_void_p()
    library.ds_reader_options_init(byref(options), sizeof(options))
    library.ds_reader_events_init(byref(events), sizeof(events))
    options.name = name.encode()
    events.domain = print_domain
    events.rejected = print_error
    status = library.ds_reader_new(byref(options), byref(events), byref(reader))
    while status == DS_OK:
        piece = file.read(PIECE_SIZE)
        if not piece:
            status = library.ds_reader_finish(reader)
            break
        status = library.ds_reader_feed(reader, piece, len(piece))
    library.ds_reader_free(reader)
    return status


def main(names):
    library, result = load(), 0
    for name in names or ["-"]:
        with sys.stdin.buffer if name == "-" else open(name, "rb") as file:
            status = read(library, name, file)
        if status not in (DS_OK, DS_DAMAGED):
            print(f"{name}: {library.ds_status_text(status).decode()}", file=sys.stderr)
        result = result or (2 if status != DS_OK else 0)
    return result


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

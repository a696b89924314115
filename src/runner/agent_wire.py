"""The agent's wire: frames on standard input and output.

A frame is `SLF1`, the length of its header and of its body as two big-endian u32, the header (JSON), and the body. A
header with `"z": 1` says that the body is compressed by zlib. `src/backends/shared/ssh/frames.ts` is the other end.
"""
import json
import os
import struct
import zlib

HEAD = struct.Struct(">4sII")
MAGIC = b"SLF1"
LARGEST = 1 << 26


class Fault(Exception):
    """What can't be done, for the other end: `code` for programs, the text for people."""

    def __init__(self, code, text, **more):
        Exception.__init__(self, text)
        self.code = code
        self.more = more


class Wire:
    def __init__(self, source, sink):
        self.source = source
        self.sink = sink
        self.held = bytearray()

    def read(self):
        """Read once; returns the messages that are whole by now as [(header, body)], or None at the end of input."""
        data = os.read(self.source, 1 << 18)
        if not data:
            return None
        self.held += data
        messages = []
        while len(self.held) >= HEAD.size:
            magic, head, body = HEAD.unpack_from(self.held)
            if magic != MAGIC or head > LARGEST or body > LARGEST:
                raise ValueError("what came in is no frame")
            end = HEAD.size + head + body
            if len(self.held) < end:
                break
            header = json.loads(self.held[HEAD.size : HEAD.size + head].decode("utf-8"))
            content = bytes(self.held[HEAD.size + head : end])
            del self.held[:end]
            messages.append((header, zlib.decompress(content) if header.get("z") else content))
        return messages

    def send(self, header, body=b""):
        if len(body) >= 1024:
            smaller = zlib.compress(body, 1)
            if len(smaller) < len(body) * 0.9:
                body, header = smaller, dict(header, z=1)
        head = json.dumps(header).encode("ascii")
        view = memoryview(HEAD.pack(MAGIC, len(head), len(body)) + head + body)
        while view:
            view = view[os.write(self.sink, view) :]

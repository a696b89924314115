"""The program's two pipes → `out.log` and `out.idx` (its format: src/jobs/logIndex.ts).

Bytes are written before their record. On a full disk nothing more is read: the program waits at its pipe, what was read
is kept and written once there is room, so nothing is lost.
"""
import errno
import os
import time

FULL_DISK = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
PIECE = 1 << 18


class Pump:
    """`streams`: {descriptor: 1 for standard output, 2 for standard error}."""

    def __init__(self, folder, streams):
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        self.log = os.open(os.path.join(folder, "out.log"), flags, 0o600)
        self.index = os.open(os.path.join(folder, "out.idx"), flags, 0o600)
        self.offset = os.fstat(self.log).st_size
        self.streams = dict(streams)
        self.waiting = []
        self.last = (0, 0.0, 0)
        for fd in self.streams:
            _enlarge(fd)

    @property
    def full(self):
        """Whether the disk has no room and data is held back."""
        return bool(self.waiting)

    def read(self, fd):
        """Read once from a descriptor that is ready; at its end it is closed and leaves `streams`."""
        data = os.read(fd, PIECE)
        if not data:
            os.close(fd)
            del self.streams[fd]
            return
        self.put(data, self.streams[fd])
        self._pace(fd, len(data))

    def put(self, data, stream):
        moment = time.time_ns() // 1000
        record = self.offset.to_bytes(8, "little") + moment.to_bytes(8, "little")
        record += len(data).to_bytes(4, "little") + stream.to_bytes(4, "little")
        self.offset += len(data)
        self.waiting += [(self.log, memoryview(data)), (self.index, memoryview(record))]
        self.write()

    def write(self):
        """Write what waits; returns False when the disk is full."""
        while self.waiting:
            fd, data = self.waiting[0]
            try:
                written = os.write(fd, data)
            except OSError as error:
                if error.errno in FULL_DISK:
                    return False
                raise
            if written == len(data):
                self.waiting.pop(0)
            else:
                self.waiting[0] = (fd, data[written:])
        return True

    def _pace(self, fd, size):
        """While one stream alone pours small pieces, let some of them gather: a record for each line would cost more
        than the lines. With both streams busy every piece counts, as their order is known by arrival only."""
        now = time.monotonic()
        stream, before, streak = self.last
        streak = streak + 1 if stream == fd and now - before < 0.002 and size < PIECE // 4 else 0
        self.last = (fd, now, min(streak, 1000))
        if streak > 16:
            time.sleep(0.005)
            self.last = (fd, time.monotonic(), streak)

    def close(self):
        for fd in list(self.streams):
            os.close(fd)
        self.streams = {}
        os.close(self.log)
        os.close(self.index)


def _enlarge(fd):
    """A roomier pipe, where Linux grants it."""
    try:
        import fcntl

        fcntl.fcntl(fd, getattr(fcntl, "F_SETPIPE_SZ", 1031), 1 << 20)
    except (ImportError, OSError):
        pass

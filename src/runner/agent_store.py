"""The content store of a host: `<root>/store/<ab>/<sha256>`, read-only, each content checked when it comes in.

A large content comes in parts, collected in `<sha256>.part`; after an interruption it goes on where it stopped.
"""
import errno
import hashlib
import os
import time

from agent_wire import Fault

FULL_DISK = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
ENTRY = 40
DAY = 86400


class Store:
    def __init__(self, root):
        self.root = root
        self.folder = os.path.join(root, "store")
        self.parts = {}

    def path(self, name):
        return os.path.join(self.folder, name[:2], name)

    def missing(self, listed, first, end):
        """Of the contents in `listed` (32 bytes of SHA-256 and 8 of size each), numbers `first` to `end`: those that are
        not here, as [number, bytes of it that are]. The others are marked as used, so that no cleaning takes them."""
        found = []
        now = time.time()
        for number in range(first, end):
            entry = listed[number * ENTRY : (number + 1) * ENTRY]
            name, size = entry[:32].hex(), int.from_bytes(entry[32:], "big")
            path = self.path(name)
            try:
                status = os.stat(path)
                if status.st_size == size:
                    if now - status.st_mtime > DAY:
                        os.utime(path)
                    continue
            except OSError:
                pass
            found.append([number, self.partial_size(name)])
        return found

    def partial_size(self, name):
        try:
            return os.stat(self.path(name) + ".part").st_size
        except OSError:
            return 0

    def put(self, items, body):
        """Whole small contents, one behind the other: `items` is [[sha256, size], …]."""
        at = 0
        for name, size in items:
            data = body[at : at + size]
            at += size
            if len(data) != size or hashlib.sha256(data).hexdigest() != name:
                raise Fault("damaged", "A file was damaged on its way.")
            self.write(name, data)

    def write(self, name, data):
        path = self.path(name)
        beside = "%s.%d.new" % (path, os.getpid())
        with full_disk_told(self.root):
            os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)
            try:
                fd = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
                try:
                    write_all(fd, data)
                    os.fchmod(fd, 0o400)
                finally:
                    os.close(fd)
                os.rename(beside, path)
            except OSError:
                quietly(os.unlink, beside)
                raise

    def part(self, name, offset, size, body):
        """The next bytes of a large content of `size` bytes in all. Returns whether it is whole now."""
        with full_disk_told(self.root):
            part = self.parts.get(name)
            if part is None or offset == 0:
                if part is not None:
                    part.close()
                part = self.parts[name] = Part(self.path(name), restart=offset == 0)
            if part.length != offset:
                part.close()
                del self.parts[name]
                raise Fault("offset", "A file arrived out of order.")
            part.add(body)
            if part.length < size:
                return False
            del self.parts[name]
            part.finish(name, size)
            return True


class Part:
    """A content on its way in; one agent at a time goes on with the shared one, others make one of their own."""

    def __init__(self, path, restart):
        self.target = path
        os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)
        self.path = path + ".part"
        self.fd = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        if not locked(self.fd):
            os.close(self.fd)
            self.path = "%s.%d.part" % (path, os.getpid())
            self.fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        if restart:
            os.ftruncate(self.fd, 0)
        self.length = 0
        self.digest = hashlib.sha256()
        while True:
            piece = os.read(self.fd, 1 << 20)
            if not piece:
                break
            self.digest.update(piece)
            self.length += len(piece)

    def add(self, data):
        write_all(self.fd, data)
        self.digest.update(data)
        self.length += len(data)

    def finish(self, name, size):
        if self.length != size or self.digest.hexdigest() != name:
            os.ftruncate(self.fd, 0)
            self.close()
            raise Fault("damaged", "A file was damaged on its way.")
        os.fchmod(self.fd, 0o400)
        os.rename(self.path, self.target)
        self.close()

    def close(self):
        os.close(self.fd)


class full_disk_told:
    """Says a full disk, and a folder that can't be written, in words."""

    def __init__(self, path):
        self.path = path

    def __enter__(self):
        return self

    def __exit__(self, _kind, error, _trace):
        if not isinstance(error, OSError):
            return
        if error.errno in FULL_DISK:
            raise Fault("disk-full", "The disk that holds %s is full." % self.path) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR):
            raise Fault("state-dir", "%s can't be written: %s." % (error.filename or self.path, error.strerror)) from error


def locked(fd):
    try:
        import fcntl

        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False
    except (ImportError, OSError):
        return False


def write_all(fd, data):
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def quietly(action, *words):
    try:
        action(*words)
    except OSError:
        pass

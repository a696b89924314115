"""A job's log by byte offset, with the stream of each piece (`out.idx`; its form: src/jobs/logIndex.ts), and its files."""
import os
import stat
import struct

from agent_wire import Fault

RECORD = struct.Struct("<QQII")
MOST = 1 << 20


def signature(folder):
    """What changes when there is something new to tell."""
    return tuple(_mark(folder + name) for name in ("/out.idx", "/run/supervisor.json", "/run/exit.json"))


def _mark(path):
    try:
        status = os.stat(path)
        return status.st_size, status.st_mtime_ns, status.st_ino
    except OSError:
        return None


def read(folder, offset, final, most):
    """([[stream, length], …], at most `most` bytes from `offset` on, whether they reach the end). Without `final` only what the index
    covers, since a record is written behind its bytes. A log that somebody cut short or removed has no more."""
    try:
        log = os.open(folder + "/out.log", os.O_RDONLY)
    except OSError:
        return [], b"", True
    try:
        size = os.fstat(log).st_size
        pieces, end = _pieces(folder, offset, most)
        if final and end < size and sum(length for _, length in pieces) < most:
            _add(pieces, pieces[-1][0] if pieces else 1, min(size - end, most))
            end = min(size, end + most)
        if offset >= size:
            return [], b"", True
        wanted = sum(length for _, length in pieces)
        data = b""
        while len(data) < wanted:
            piece = os.pread(log, wanted - len(data), offset + len(data))
            if not piece:
                return [], b"", True
            data += piece
        return pieces, data, offset + wanted >= size
    finally:
        os.close(log)


def _pieces(folder, offset, most):
    """Runs of one stream from `offset` on, and where they end."""
    pieces = []
    try:
        index = os.open(folder + "/out.idx", os.O_RDONLY)
    except OSError:
        return pieces, offset
    try:
        count = os.fstat(index).st_size // RECORD.size
        low, high = 0, count
        while low < high:
            middle = (low + high) // 2
            start, _, length, _ = RECORD.unpack(os.pread(index, RECORD.size, middle * RECORD.size))
            low, high = (middle + 1, high) if start + length <= offset else (low, middle)
        end = offset
        while low < count and end - offset < most:
            block = os.pread(index, RECORD.size * min(4096, count - low), low * RECORD.size)
            for start, _, length, stream in RECORD.iter_unpack(block[: len(block) // RECORD.size * RECORD.size]):
                low += 1
                take = min(start + length - end, most - (end - offset))
                _add(pieces, stream, take)
                end += take
                if end - offset >= most:
                    break
            if not block:
                break
        return pieces, end
    finally:
        os.close(index)


def _add(pieces, stream, length):
    if pieces and pieces[-1][0] == stream:
        pieces[-1][1] += length
    elif length > 0:
        pieces.append([stream, length])


def files(folder):
    """[[path, size], …] of what belongs to the job's record: results, collected outputs, their list. Regular files only."""
    found = []
    for name in ("results", "outputs"):
        _walk(folder, name, found)
    for name in ("run/outputs.json",):
        try:
            found.append([name, os.stat(os.path.join(folder, name)).st_size])
        except OSError:
            pass
    return found


def _walk(folder, prefix, found):
    try:
        entries = sorted(os.scandir(os.path.join(folder, prefix)), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        path = prefix + "/" + entry.name
        try:
            if entry.is_dir(follow_symlinks=False):
                _walk(folder, path, found)
            elif entry.is_file(follow_symlinks=False):
                found.append([path, entry.stat(follow_symlinks=False).st_size])
        except OSError:
            continue


def read_file(folder, path, offset, length):
    """Bytes of one of `files`."""
    parts = path.split("/")
    if parts[0] not in ("results", "outputs", "run") or any(part in ("", ".", "..") for part in parts):
        raise Fault("usage", "%r is no file of a job's record." % path)
    try:
        fd = os.open(os.path.join(folder, *parts), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise Fault("file", "%s can't be read on the host: %s." % (path, error.strerror)) from error
    try:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise Fault("file", "%s is no regular file." % path)
        return os.pread(fd, min(length, MOST), offset)
    finally:
        os.close(fd)

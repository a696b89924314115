"""The tree: a bundle unpacked in a read-only folder named by its digest, checked before every use."""
import os

from records import read_bytes, write_private

LARGE = 1 << 22


class TreeError(Exception):
    """The tree can't be used. `path` is the manifest path of the file, `remedy` what to do."""

    def __init__(self, path, text, remedy):
        Exception.__init__(self, "%s %s" % (text, remedy))
        self.path = path


def sha256_function(size):
    """A constructor of SHA-256 objects: for little data the one that needs no OpenSSL, which takes long to load."""
    if size < LARGE:
        for name in ("_sha2", "_sha256"):
            try:
                return __import__(name).sha256
            except (ImportError, AttributeError):
                continue
    from hashlib import sha256

    return sha256


def checked_parts(path):
    """The parts of a manifest path; raises TreeError for one that would leave the tree."""
    parts = path.split("/")
    if not path or "\0" in path or any(part in ("", ".", "..") for part in parts) or (os.name == "nt" and set(path) & set('\\:')):
        raise TreeError(path, "The manifest names the file %r, which lies outside the tree." % path, "Make the snapshot again.")
    return parts


def verify(root, manifest, remember=False):
    """Compare every file below `root` with the manifest's digest; raises TreeError for the first that differs. With
    `remember`, a large file whose identity, size and times are those of its last check is not read again (the system
    sets the time of change itself, whoever writes); that is kept in `<root>.checked`."""
    files = manifest["files"]
    large = [entry for entry in files if remember and entry["size"] >= LARGE]
    checked = _checked(root) if large else {}
    sha256 = sha256_function(sum(entry["size"] for entry in files if entry["size"] < LARGE))
    for entry in files:
        checked_parts(entry["path"])
        path = root + "/" + entry["path"]
        if entry["size"] >= LARGE:
            if remember and checked.get(entry["path"]) == _identity(path, entry):
                continue
            sha256 = sha256_function(LARGE)
        found = file_digest(path, sha256)
        if found != entry["sha256"]:
            raise _differs(entry, found, "Run the job again: its files are unpacked anew.")
    if large:
        _keep_checked(root, large)


def _identity(path, entry):
    try:
        status = os.stat(path)
    except OSError:
        return None
    return (entry["sha256"], status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _checked(root):
    """{path: identity} of the large files as they were when they were last read in full."""
    import marshal

    try:
        return marshal.loads(read_bytes(root + ".checked"))
    except (OSError, ValueError, EOFError, TypeError):
        return {}


def _keep_checked(root, large):
    import marshal

    known = {entry["path"]: _identity(root + "/" + entry["path"], entry) for entry in large}
    if known != _checked(root):
        try:
            write_private(root + ".checked", marshal.dumps(known))
        except OSError:
            pass


def file_digest(path, sha256):
    """SHA-256 of a file in hexadecimal, or None when it can't be read."""
    try:
        if os.stat(path).st_size < LARGE:
            return sha256(read_bytes(path)).hexdigest()
        digest = sha256()
        with open(path, "rb", buffering=0) as stream:
            for piece in iter(lambda: stream.read(1 << 20), b""):
                digest.update(piece)
        return digest.hexdigest()
    except OSError:
        return None


def mark_used(root):
    """Note the time of this use: cleaning removes trees that nobody used for a week."""
    try:
        os.utime(root)
    except OSError:
        pass


def build(root, manifest, store, prepare=None):
    """Build the tree beside and rename it to `root`. Every file is checked; a blob of the content store that does not
    hold what its name says is removed, so that the next launch stores it anew. `prepare(folder)` may add bytecode."""
    beside = "%s.%d.new" % (root, os.getpid())
    os.makedirs(os.path.dirname(root), 0o700, exist_ok=True)
    remove(beside)
    os.mkdir(beside, 0o700)
    try:
        folders = _fill(beside, manifest, store)
        if prepare is not None:
            prepare(beside)
        for folder in sorted(folders, reverse=True):
            os.chmod(folder, 0o555)
        try:
            os.rename(beside, root)
        except OSError:
            if not os.path.isdir(root):
                raise
            remove(beside)
            verify(root, manifest)
        os.chmod(root, 0o555)
    except BaseException:
        remove(beside)
        raise


def _fill(beside, manifest, store):
    files = manifest["files"]
    sha256 = sha256_function(sum(entry["size"] for entry in files))
    folders = set()
    for entry in files:
        parts = checked_parts(entry["path"])
        folder = beside
        for part in parts[:-1]:
            folder = folder + "/" + part
            if folder not in folders:
                os.mkdir(folder, 0o700)
                folders.add(folder)
        name = entry["sha256"]
        blob = os.path.join(store, name[:2], name)
        path = folder + "/" + parts[-1]
        _place(blob, path, entry)
        found = file_digest(path, sha256)
        if found != name:
            try:
                os.unlink(blob)
            except OSError:
                pass
            raise _differs(entry, found, "Launch it again: the damaged copy was removed and the file is stored anew.")
    return folders


def _place(blob, path, entry):
    """A file of mode 644 is a hard link to its blob where the file system allows; others are copies."""
    mode = 0o555 if entry["mode"] == "755" else 0o444
    try:
        if mode == 0o444:
            try:
                os.link(blob, path)
                if os.stat(path).st_mode & 0o777 != mode:
                    os.chmod(path, mode)
                return
            except FileNotFoundError:
                raise
            except OSError:
                pass
        copy(blob, path, 0o600)
        os.chmod(path, mode)
    except FileNotFoundError:
        raise TreeError(
            entry["path"],
            "The content of %s is not in the content store." % entry["path"],
            "Launch the job again from the present code.",
        ) from None


def copy(source, target, mode):
    """Copy bytes to a new file; by reference where the file system can."""
    reading = os.open(source, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        writing = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
        try:
            by_reference = getattr(os, "copy_file_range", None)
            while by_reference:
                try:
                    if by_reference(reading, writing, 1 << 30) == 0:
                        return
                except OSError:
                    by_reference = None
            while True:
                piece = os.read(reading, 1 << 20)
                if not piece:
                    return
                view = memoryview(piece)
                while view:
                    view = view[os.write(writing, view) :]
        finally:
            os.close(writing)
    finally:
        os.close(reading)


def _differs(entry, found, remedy):
    if found is None:
        return TreeError(entry["path"], "%s is missing from the unpacked bundle." % entry["path"], remedy)
    text = "%s is not what the snapshot holds: its SHA-256 is %s, expected %s." % (entry["path"], found, entry["sha256"])
    return TreeError(entry["path"], text, remedy)


def strays(root, manifest):
    """Manifest paths of files that do not belong to the tree: a program with the rights of root may have written next
    to its own code, where everyone else is refused."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return []
    known = {entry["path"] for entry in manifest["files"]}
    return [path for path in _below(root, "") if path not in known]


def _below(folder, prefix):
    for entry in os.scandir(folder):
        if not entry.is_dir(follow_symlinks=False):
            yield prefix + entry.name
        elif entry.name != "__pycache__":
            yield from _below(entry.path, prefix + entry.name + "/")


def set_aside(root):
    """Take a damaged tree out of use; whoever runs from it keeps it until the name is removed."""
    beside = "%s.%d.damaged" % (root, os.getpid())
    try:
        os.chmod(root, 0o755)
        os.rename(root, beside)
    except OSError:
        return
    remove(beside)


def remove(folder):
    """Remove a folder with all it holds, read-only or not; what can't be removed stays."""
    try:
        os.chmod(folder, 0o700)
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            remove(entry.path)
        else:
            try:
                os.unlink(entry.path)
            except OSError:
                pass
    try:
        os.rmdir(folder)
    except OSError:
        pass


def drop_damaged(manifest, store, path):
    """Remove the blob behind a file of the tree when it is damaged too (the file may be a hard link to it)."""
    for entry in manifest["files"]:
        if entry["path"] == path:
            blob = os.path.join(store, entry["sha256"][:2], entry["sha256"])
            if file_digest(blob, sha256_function(LARGE)) not in (None, entry["sha256"]):
                os.unlink(blob)

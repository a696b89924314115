"""Processes of a host: start one that outlives the agent, and tell whether it lives."""
import os
import signal
import socket

_facts = {}
_umask = os.umask(0o077)


def node():
    """Name of this machine: homes may be shared by several."""
    return _facts.setdefault("node", socket.gethostname())


def boot():
    """What is another after a restart of the machine; empty where the system does not tell."""
    if "boot" not in _facts:
        try:
            with open("/proc/sys/kernel/random/boot_id") as stream:
                _facts["boot"] = stream.read().strip()
        except OSError:
            _facts["boot"] = ""
    return _facts["boot"]


def ticks(pid):
    """Start time since boot (proc(5), field 22), or None for a process that is gone or where the system does not tell."""
    try:
        with open("/proc/%d/stat" % pid, "rb") as stream:
            fields = stream.read().rpartition(b")")[2].split()
        return None if fields[0] in (b"Z", b"X") else int(fields[19])
    except (OSError, ValueError, IndexError):
        return None


def running(pid, since):
    """Whether the process that had this number at `since` (its ticks) lives."""
    try:
        os.kill(pid, 0)
    except PermissionError:
        pass
    except OSError:
        return False
    if not os.path.exists("/proc/self/stat"):
        return True
    now = ticks(pid)
    return now is not None and (since is None or since == now)


def spawn(words, folder, errors):
    """Start a program in a session of its own, with nothing of the agent's but the environment. Returns its pid."""
    fd = os.open(errors, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    null = os.open(os.devnull, os.O_RDWR)
    try:
        pid = os.fork()
        if pid:
            return pid
        try:
            os.setsid()
            os.umask(_umask)
            # Python ignores these, and what is ignored stays so across exec.
            for name in ("SIGPIPE", "SIGXFSZ", "SIGXFZ", "SIGHUP", "SIGINT", "SIGTERM", "SIGCHLD"):
                if hasattr(signal, name):
                    signal.signal(getattr(signal, name), signal.SIG_DFL)
            for source, target in ((null, 0), (null, 1), (fd, 2)):
                os.dup2(source, target, True)
            os.chdir(folder)
            os.execv(words[0], words)
        except BaseException as error:
            os.write(2, ("%s: %s\n" % (words[0], error)).encode("utf-8", "replace"))
        finally:
            os._exit(127)
    finally:
        os.close(fd)
        os.close(null)


def terminate(pid):
    try:
        os.kill(pid, signal.SIGTERM)
    except OSError:
        pass


def kill_group(group):
    """End what a supervisor that was killed left behind."""
    try:
        if group:
            os.killpg(group, signal.SIGKILL)
    except OSError:
        pass

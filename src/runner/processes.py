"""The processes of a job: its session, its process group and what descends from them. Linux tells in /proc; elsewhere
the process group is all there is. Ended processes that nobody has waited for (an orphan's, in a container without an
init) do not count as alive."""
import os


def kill(group, number, family=()):
    """Send a signal to the process group, and to those of `family` that have left it."""
    try:
        os.killpg(group, number)
    except OSError:
        pass
    for pid in family:
        try:
            if os.getpgid(pid) != group:
                os.kill(pid, number)
        except OSError:
            pass


def members(group):
    """Whether anything of the program's session or process group still runs."""
    try:
        os.killpg(group, 0)
    except PermissionError:
        pass
    except OSError:
        return bool([pid for pid, row in _table().items() if row[1] == group])
    table = _table()
    return not table or any(group in row[1:] for row in table.values())


def family(group):
    """Process ids of the session, the group, and all that descends from them."""
    table = _table()
    found = {pid for pid, row in table.items() if group in row[1:]}
    grown = True
    while grown:
        grown = {pid for pid, row in table.items() if row[0] in found} - found
        found |= grown
    return found


def _table():
    """{pid: (parent, session, group)} of running processes; empty where the system does not tell."""
    table = {}
    try:
        names = os.listdir("/proc")
    except OSError:
        return table
    for name in names:
        if not name.isdigit():
            continue
        try:
            fd = os.open("/proc/%s/stat" % name, os.O_RDONLY)
            try:
                line = os.read(fd, 1024)
            finally:
                os.close(fd)
            state, parent, group, session = line[line.rindex(b")") + 2 :].split()[:4]
            if state not in (b"Z", b"X"):
                table[int(name)] = (int(parent), int(session), int(group))
        except (OSError, ValueError):
            continue
    return table

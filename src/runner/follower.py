"""Follows the running program: its pipes into the log, its end, and the end of what it leaves behind; ends it when the
job is cancelled."""
import os
import select
import time

import processes

# Seconds that processes which outlive the program have to end by themselves.
LINGER = 5


class Follower:
    """`tell(full)` is called when the disk of the log has become full, and when there is room again."""

    def __init__(self, pid, pump, alarm, grace, tell):
        self.pid = pid
        self.pump = pump
        self.alarm = alarm
        self.grace = grace
        self.tell = tell
        self.status = None
        self.cancelled = False
        self.message = None
        self.full = False
        self.sent = None
        self.family = set()

    def follow(self):
        """Return the wait status once the program has ended and all is read. `cancelled` says whether it was cancelled
        before its end, `message` whether something was left running."""
        poll = select.poll()
        poll.register(self.alarm.fd, select.POLLIN)
        for fd in self.pump.streams:
            poll.register(fd, select.POLLIN)
        ended = None
        while True:
            ready = dict(poll.poll(self.pause(ended)))
            if self.alarm.fd in ready:
                self.alarm.drain()
            if self.pump.full:
                self.pump.write()
            for fd in [fd for fd in self.pump.streams if fd in ready and not self.pump.full]:
                self.pump.read(fd)
                if fd not in self.pump.streams:
                    poll.unregister(fd)
                if self.pump.full:
                    break
            self.tell_full(poll)
            self.press()
            if self.status is None:
                self.reap()
            if self.status is not None:
                ended = ended or time.monotonic()
                if not self.pump.full and self.all_gone(ended):
                    return self.status

    def pause(self, ended):
        """Milliseconds until something is due even if nothing happens."""
        if self.pump.full:
            return 200
        if ended is not None:
            return 30
        return 100 if self.alarm.cancelled_at is not None else 60000

    def tell_full(self, poll):
        if self.full != self.pump.full:
            self.full = self.pump.full
            for fd in self.pump.streams:
                # Not only ignored: the end of the program would wake the loop again and again.
                if self.full:
                    poll.unregister(fd)
                else:
                    poll.register(fd, select.POLLIN)
            self.tell(self.full)

    def press(self):
        """Cancel: SIGTERM to the program and all its children at once, SIGKILL after the grace."""
        at = self.alarm.cancelled_at
        if at is None:
            return
        self.cancelled = self.cancelled or self.status is None
        self.family |= processes.family(self.pid)
        if time.monotonic() > at + self.grace:
            self.sent = "SIGKILL"
            processes.kill(self.pid, 9, self.family)
        elif self.sent is None:
            self.sent = "SIGTERM"
            processes.kill(self.pid, 15, self.family)

    def reap(self):
        try:
            found, status = os.waitpid(self.pid, os.WNOHANG)
        except ChildProcessError:
            found, status = self.pid, 0
        if found == self.pid:
            self.status = status

    def all_gone(self, ended):
        """True once all is read, and what the program left behind has ended or was ended."""
        gone = not processes.members(self.pid)
        if gone and not self.pump.streams:
            return True
        waited = time.monotonic() - ended
        if self.alarm.cancelled_at is not None:
            # What is left has had its SIGTERM and gets its SIGKILL; a pipe may be held by what no one can find.
            return gone and waited > (1 if self.sent == "SIGKILL" else self.grace + 1)
        if waited > LINGER and self.message is None:
            self.message = "The program ended; processes that it had left running were ended %d s later." % LINGER
            processes.kill(self.pid, 15)
        if waited > LINGER + 2:
            processes.kill(self.pid, 9)
        return waited > LINGER + 3

"""What wakes the supervisor: SIGTERM, which means cancel, and the end of a child. Hang-ups and interrupts are ignored."""
import os
import time


class Alarm:
    """`fd` is readable when a signal came; `cancelled_at` (time.monotonic) is None until the job is cancelled."""

    def __init__(self):
        self.cancelled_at = None
        self.fd = None
        if os.name == "nt":
            return
        # The module behind `signal`, without the enumerations that `signal` makes of its names.
        import _signal as signal

        self.fd, writing = os.pipe()
        for fd in (self.fd, writing):
            os.set_blocking(fd, False)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        signal.signal(signal.SIGTERM, self._cancel)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def _cancel(self, *_):
        if self.cancelled_at is None:
            self.cancelled_at = time.monotonic()

    def drain(self):
        try:
            while len(os.read(self.fd, 4096)) == 4096:
                pass
        except BlockingIOError:
            pass

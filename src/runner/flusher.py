"""Unfinished lines reach the log within half a second: a prompt, a counter that is printed without a line end.

A raw thread (not one of `threading`'s) flushes the interpreter's own text streams. It must never be seen by `os.fork`,
which would copy its locks (and, from Python 3.12 on, warn of a second thread), nor by the interpreter's end.
"""
import os
import sys

INTERVAL = 0.25


class Flusher:
    def __init__(self):
        self.wake = None
        self.running = None
        self.enabled = False

    def start(self):
        """Begin, and stay out of the way of forks."""
        self.enabled = True
        self._begin()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(before=self._halt, after_in_parent=self._resume, after_in_child=self._forget)

    def stop(self):
        """End the thread; unfinished lines are flushed by the interpreter's end."""
        self.enabled = False
        self._halt()

    def _begin(self):
        import _thread

        self.wake, self.running = _thread.allocate_lock(), _thread.allocate_lock()
        self.wake.acquire()
        self.running.acquire()
        before = _block_signals()
        try:
            _thread.start_new_thread(self._loop, (self.wake, self.running))
        except RuntimeError:
            self.wake = self.running = None
        if before is not None:
            sys.modules["_signal"].pthread_sigmask(sys.modules["_signal"].SIG_SETMASK, before)

    def _loop(self, wake, running):
        try:
            while not wake.acquire(True, INTERVAL):
                for stream in (sys.__stdout__, sys.__stderr__, sys.stdout, sys.stderr):
                    if type(stream).__name__ == "TextIOWrapper" and type(stream).__module__ == "_io":
                        try:
                            stream.flush()
                        except Exception:
                            pass
        finally:
            running.release()

    def _halt(self):
        wake, running = self.wake, self.running
        if wake is not None:
            self.wake = self.running = None
            wake.release()
            running.acquire()
            _settle()

    def _resume(self):
        """Python 3.12 and later count the process's threads right after a fork and warn the code that called it: the
        main script would see a warning that plain Python does not give, so there it stays without the thread."""
        if self.enabled and not (sys.version_info >= (3, 12) and (_called_by_script() or sys.warnoptions)):
            self._begin()

    def _forget(self):
        self.wake = self.running = None
        self.enabled = False


def _block_signals():
    """No signal may be delivered to the thread, which inherits this: a program that blocks signals waits for them itself.
    Returns the mask to go back to."""
    signal = sys.modules.get("_signal")
    if not hasattr(signal, "pthread_sigmask"):
        return None
    return signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())


def _called_by_script():
    frame = sys._getframe(2)
    return frame is None or frame.f_globals.get("__name__") == "__main__"


def _settle():
    """Wait until the system no longer counts the ended thread."""
    if sys.version_info < (3, 12) or not os.path.isdir("/proc/self/task"):
        return
    import time

    for _ in range(100):
        if len(os.listdir("/proc/self/task")) == 1:
            return
        time.sleep(0.0002)

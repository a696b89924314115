"""How the program ended, as run/exit.json says it (SupervisorExit in src/backends/shared/runnerSpec.ts)."""
import os

HINTS = {
    "SIGKILL": "It was killed from outside; the usual cause is that the machine or its memory limit ran out of memory.",
    "SIGSEGV": "It crashed in native code. Run it with the environment variable PYTHONFAULTHANDLER=1 to see where.",
    "SIGABRT": "Native code ended the process. Run it with the environment variable PYTHONFAULTHANDLER=1 to see where.",
    "SIGBUS": "It crashed in native code, or a file that it had mapped into memory was cut short.",
    "SIGILL": "It used an instruction that this processor lacks; a package built for another machine is the usual cause.",
    "SIGXCPU": "It used up its limit of processor time (see `ulimit -t`).",
}


def signal_name(number):
    import signal

    try:
        return signal.Signals(number).name
    except ValueError:
        return "signal %d" % number


def oom_kills():
    """How often the kernel ended a process of this control group for memory; None where that isn't told."""
    try:
        with open("/proc/self/cgroup") as stream:
            group = [line.split("::", 1)[1].strip() for line in stream if line.startswith("0::")][0]
        with open("/sys/fs/cgroup%s/memory.events" % group.rstrip("/")) as stream:
            return dict(line.split() for line in stream)["oom_kill"]
    except (OSError, IndexError, KeyError, ValueError):
        return None


def describe(status, records, cancelled, memory_kills=None):
    """(outcome, code, signal, message) from the wait status and what the program recorded."""
    code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    return describe_code(code, records, cancelled, memory_kills)


def describe_code(code, records, cancelled, memory_kills=None):
    """The same from an exit code, negative for a signal."""
    name = None
    if code < 0:
        code, name = None, signal_name(-code)
    if cancelled:
        return "cancelled", code, name, None
    if "returned" in records and "result" not in records:
        return "succeeded", 0, None, "The function returned; the process ended while its result's preview was made."
    if name is not None:
        return "failed", None, name, _killed(name, records, memory_kills)
    if code == 0:
        return "succeeded", 0, None, None
    return "failed", code, None, _failed(code, records)


def _killed(name, records, memory_kills):
    if "failure" in records and name == "SIGINT":
        return "KeyboardInterrupt"
    if name == "SIGKILL" and memory_kills is not None and oom_kills() != memory_kills:
        return "The program was ended by SIGKILL: the kernel ended a process here because memory ran out."
    hint = HINTS.get(name)
    return "The program was ended by %s.%s" % (name, " " + hint if hint else "")


def _failed(code, records):
    failure = records.get("failure")
    if failure is not None:
        message = failure["message"].strip().split("\n")[0][:500]
        return "%s: %s" % (failure["type"], message) if message else failure["type"]
    text = (records.get("exit") or {}).get("text")
    return text.strip().split("\n")[0][:500] if text and text.strip() else "The program ended with exit code %d." % code

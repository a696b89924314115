import os
import signal
import threading
import time

signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1, signal.SIGUSR2})
time.sleep(0.3)
for number in (signal.SIGUSR1, signal.SIGUSR2):
    os.kill(os.getpid(), number)
print(signal.sigwait({signal.SIGUSR1}), signal.sigpending(), signal.pthread_sigmask(signal.SIG_BLOCK, []))
signal.signal(signal.SIGALRM, lambda *_: print("alarm in", threading.current_thread().name))
signal.setitimer(signal.ITIMER_REAL, 0.1)
signal.pause()
signal.signal(signal.SIGUSR2, lambda number, frame: print("handled", number, frame.f_code.co_name))
signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGUSR2})

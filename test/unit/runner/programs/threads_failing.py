import atexit
import threading
import time


def late():
    time.sleep(0.2)
    print("still here")
    raise LookupError("in a thread")


atexit.register(lambda: 1 / 0)
threading.Thread(target=late, name="worker").start()
raise ValueError("in the script")

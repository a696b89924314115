import atexit
import sys
import threading
import time


def late():
    time.sleep(0.3)
    print("a thread that outlives the script")
    sys.stdout.flush()


atexit.register(print, "registered first, runs last")
atexit.register(print, "registered last, runs first")
threading.Thread(target=late).start()
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
print("end of the script", threading.active_count())

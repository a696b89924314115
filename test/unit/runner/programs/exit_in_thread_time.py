import sys
import threading
import time

threading.Thread(target=lambda: (time.sleep(0.2), print("joined"))).start()
sys.exit("said before the thread ends")

import os
import sys
import time

print("before", flush=True)
sys.exit(["a", 1])

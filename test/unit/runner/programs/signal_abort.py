import os
import sys
import time

print("before", flush=True)
os.abort()

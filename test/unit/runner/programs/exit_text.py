import sys

print("before", flush=True)
sys.exit("a text\nof two lines")

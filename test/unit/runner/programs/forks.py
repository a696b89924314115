import os
import sys

print("parent", flush=True)
pid = os.fork()
if pid == 0:
    print("child", flush=True)
    os._exit(4)
print(os.waitpid(pid, 0)[1] >> 8, flush=True)
pid = os.fork()
if pid == 0:
    sys.exit("child leaves by the end of the script")
print(os.waitpid(pid, 0)[1] >> 8)
sys.stdout.write("unfinished")

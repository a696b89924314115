import sys
print("main of inner", __name__, __spec__.name, __package__, sys.argv)
sys.exit(4)

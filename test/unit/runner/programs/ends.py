import asyncio
import logging
import sys


class Noisy:
    def __del__(self):
        print("deleted at the end", sys is not None)


async def main():
    await asyncio.sleep(0.01)
    logging.getLogger("x").warning("to standard error")
    return "awaited"


keep = Noisy()
print(asyncio.run(main()))
sys.stdout.write("no line end")

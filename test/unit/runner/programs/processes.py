import multiprocessing
import os
import sys

print("top", __name__, flush=True) if __name__ == "__main__" else None


class Job:
    def __init__(self, value):
        self.value = value


def work(job):
    return job.value * 2, __name__ == "__main__" or __name__ == "__mp_main__", os.getpid() != os.getppid(), sys.argv[1:]


def shout(text):
    print(text)


if __name__ == "__main__":
    for method in ("spawn", "fork", "forkserver"):
        context = multiprocessing.get_context(method)
        with context.Pool(2) as pool:
            print(method, pool.map(work, [Job(n) for n in range(4)]), flush=True)
        process = context.Process(target=shout, args=("from " + method,))
        process.start()
        process.join()
        print(process.exitcode, flush=True)
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        print(list(pool.map(work, [Job(7)])))

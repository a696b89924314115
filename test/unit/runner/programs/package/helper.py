VALUE = 3


def fail():
    raise ValueError("from a helper")

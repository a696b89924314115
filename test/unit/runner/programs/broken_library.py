def fail(value):
    raise KeyError(value)

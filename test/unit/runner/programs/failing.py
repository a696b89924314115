import broken_library


def outer(value):
    return inner(value)


def inner(value):
    try:
        broken_library.fail(value)
    except KeyError as error:
        raise RuntimeError("outer text\nsecond line") from error


try:
    outer(1)
except RuntimeError:
    broken_library.fail("in the handling")

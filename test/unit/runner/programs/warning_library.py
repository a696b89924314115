import warnings


def warn():
    warnings.warn("from the caller", DeprecationWarning, stacklevel=2)
    warnings.warn("from the library", DeprecationWarning)

import warnings

import warning_library

warnings.warn("old", DeprecationWarning)
warnings.warn("plain")
warning_library.warn()
open("/dev/null")

import sys

HAS_GROUPS = sys.version_info >= (3, 11)

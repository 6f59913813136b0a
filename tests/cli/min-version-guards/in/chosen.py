import sys
import typing

if sys.version_info >= (3, 11):
    Self = typing.Self
else:
    Self = typing.Any

try:
    import zoneinfo
except ImportError:
    zoneinfo = None

# /// script
# requires-python = ">=3.12"
# ///
from itertools import batched
from warnings import deprecated

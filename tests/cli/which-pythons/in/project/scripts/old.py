# /// script
# requires-python = ">=3.6"
# ///
from dataclasses import dataclass
import telnetlib

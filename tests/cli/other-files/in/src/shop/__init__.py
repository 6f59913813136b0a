from .base import Base
from .base import Child as Heir

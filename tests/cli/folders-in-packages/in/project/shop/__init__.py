from .plain.base import Base as Base

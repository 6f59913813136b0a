import abc


class Base(abc.ABC):
    def __init__(self):
        self.lines = []

    @abc.abstractmethod
    def save(self): ...


class Timed:
    def __init__(self):
        super().__init__()
        self.when = None

    def __eq__(self, other):
        return self.when == other.when

"""What several kinds of documents have in common."""

from datetime import datetime, timezone


class Dated:
    """A document that knows when it was made."""

    def __init__(self, **rest):
        super().__init__(**rest)
        self.created = datetime.now(timezone.utc)


class Numbered(Dated):
    """A document with a number that begins with its year."""

    def __init__(self, number: int, **rest):
        super().__init__(**rest)
        self.number = f"{self.created:%Y}-{number:05}"

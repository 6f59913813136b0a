def find(name: str, limit: int | None = None):
    return name, limit


def count(names: list[str]):
    return len(names)

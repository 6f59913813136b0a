def all_of(items):
    yield from items

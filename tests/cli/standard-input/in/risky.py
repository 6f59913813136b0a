def all_of(items):
    for item in items:
        yield item

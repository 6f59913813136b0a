def numbers():
    for number in [1, 2]:
        yield number

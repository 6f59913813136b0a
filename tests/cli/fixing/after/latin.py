# coding: latin-1
def numbers():
    yield from [1, 2]

last = "é"

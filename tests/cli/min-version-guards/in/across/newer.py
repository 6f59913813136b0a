import tomllib


def read(stream):
    match tomllib.load(stream):
        case found:
            return found

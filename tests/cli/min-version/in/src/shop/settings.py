import sys

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def read(path: "str | None" = None):
    with open(path or "shop.toml", "rb") as file:
        return tomllib.load(file)

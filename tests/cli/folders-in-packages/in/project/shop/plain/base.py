class Base:
    kind = "plain"

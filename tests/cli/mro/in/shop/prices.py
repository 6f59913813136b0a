from outside import registered


class Price(int):
    __slots__ = ("currency",)


class Point:
    __slots__ = ("x", "y")


@registered
class Named(Point):
    __slots__ = ("name", "__weakref__")

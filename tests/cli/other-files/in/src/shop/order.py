from shop import Base, Heir


class Order(Base, Heir): ...

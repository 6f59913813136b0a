from shop.base import Base, Child


class Sample(Base, Child): ...

import library
import worked_on


class Near(library.Base, library.Child): ...


class Far(worked_on.Base, worked_on.Child): ...

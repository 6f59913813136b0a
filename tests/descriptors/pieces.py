"""What programs are put together from."""

import textwrap


# Pythons before it may be aborted by a `RecursionError` that is caught (bpo-42500).
RECOVERS = (3, 9)


def indented(text, by=4):
    return textwrap.indent(text, " " * by)


def raises(error, function):
    """Whether a call raises an error of just this class."""
    try:
        function()
    except Exception as raised:
        return type(raised) is error
    return False


def outcome(function):
    """What a call gives: the name of what it raises, or what it returns."""
    try:
        return "gives", function()
    except Exception as raised:
        return "raises", type(raised).__name__


# Statements around something (`{}`) that is then reached in some states of `self.flag` (true or
# false) and `self.items` (empty or not), or in all of them.
AROUND = [
    "{}",
    '"""What it does."""\n{}',
    "value = 1\n{}",
    "for item in self.items:\n    print(end='')\n{}",
    "if self.flag:\n    value = 1\n{}",
    "if self.flag:\n    return 1\n{}",
    "if not self.items:\n    return\n{}",
    "for item in self.items:\n    return item\n{}",
    "if self.flag:\n    raise KeyError(1)\n{}",
    "with nullcontext():\n    {}",
    "try:\n    {}\nfinally:\n    value = 2",
    "try:\n    {}\nexcept Exception:\n    return 3",
    "try:\n    value = 1\nfinally:\n    {}",
    "if self.flag:\n    {}\nreturn 4",
    "if self.flag:\n    value = 1\nelse:\n    {}\nreturn 5",
    "for item in self.items:\n    {}\nreturn 6",
    "while self.flag:\n    {}\nreturn 7",
    "def later():\n    {}\nreturn 8",
    "class Later:\n    def run(self):\n        {}\nreturn 9",
    "if True:\n    pass\n{}",
]


def around(generator, statement):
    """A body that holds a statement."""
    text = generator.choice(AROUND)
    if generator.random() < 0.3:
        inner = generator.choice(AROUND[:12])
        # A docstring is one only at the beginning.
        statement = put(inner.replace('"""What it does."""\n', ""), statement)
    return put(text, statement)


def put(text, statement):
    lines = []
    for line in text.split("\n"):
        if line.strip() == "{}":
            indent = line[: len(line) - len(line.lstrip())]
            lines += [indent + inner for inner in statement.split("\n")]
        else:
            lines.append(line)
    return "\n".join(lines)


# The states of an object with `flag` and `items`.
STATES = [(False, []), (True, []), (False, [1]), (True, [1])]

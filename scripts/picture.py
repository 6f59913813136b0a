#!/usr/bin/env python3
"""Draws docs/output.svg, the picture in README.md: what dunderlint says about the example project.

    scripts/picture.py [target/release/dunderlint]

Runs the program with colours and turns its escape codes into SVG. Needs Python 3.9 only.
"""

import html
import re
import subprocess
import sys
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Tuple

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs/output.svg"
# The findings of the picture: one within a file, one of the whole project, one that is fixed.
RULES = "missing-functools-wraps,expensive-property,inconsistent-mro"
COMMAND = ["check", "--color", "always", "--exit-zero", "--isolated", "--select", RULES, "src"]
PROMPT = "\x1b[1;92m$\x1b[0m dunderlint check src"

COLUMN, LINE, MARGIN = 8.4, 19, 18  # pixels
BACKGROUND, FOREGROUND = "#1e2127", "#d7dae0"
# The sixteen colours of terminals: eight, and eight bright.
COLOURS = [
    "#5c6370", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#abb2bf",
    "#7f848e", "#ff7b86", "#b1e08f", "#ffd68a", "#7cc4ff", "#dc93f0", "#6fd6e2", "#ffffff",
]


class Style(NamedTuple):
    """How text looks."""

    colour: str = FOREGROUND
    bold: bool = False
    underline: bool = False


def palette(number: int) -> str:
    """One of the 256 colours of terminals: 16, then a cube of six shades each, then greys."""
    if number < 16:
        return COLOURS[number]
    if number >= 232:
        return "#" + f"{8 + 10 * (number - 232):02x}" * 3
    cube = [(number - 16) // 36, (number - 16) // 6 % 6, (number - 16) % 6]
    return "#" + "".join(f"{55 + 40 * it if it else 0:02x}" for it in cube)


def restyle(style: Style, codes: List[int]) -> Style:
    """The style after an escape code such as `1;91`."""
    codes = list(codes or [0])
    while codes:
        code = codes.pop(0)
        if code == 0:
            style = Style()
        elif code in (1, 22):
            style = style._replace(bold=code == 1)
        elif code in (4, 24):
            style = style._replace(underline=code == 4)
        elif code == 38 and codes[:1] == [5]:
            style, codes = style._replace(colour=palette(codes[1])), codes[2:]
        elif code == 38 and codes[:1] == [2]:
            rgb = "".join(f"{it:02x}" for it in codes[1:4])
            style, codes = style._replace(colour=f"#{rgb}"), codes[4:]
        elif code == 39:
            style = style._replace(colour=FOREGROUND)
        elif 30 <= code <= 37 or 90 <= code <= 97:
            number = code - 30 if code < 90 else code - 82
            style = style._replace(colour=COLOURS[number])
    return style


def runs(line: str, style: Style) -> Iterator[Tuple[str, Style]]:
    """Pieces of a line that look the same; the last is empty and carries the style onward."""
    line = re.sub(r"\x1b\]8;.*?(\x1b\\|\x07)", "", line)  # links
    at = 0
    for escape in re.finditer(r"\x1b\[([0-9;]*)m", line):
        yield line[at : escape.start()], style
        at = escape.end()
        style = restyle(style, [int(code or 0) for code in escape[1].split(";")])
    yield line[at:], style
    yield "", style


def draw(lines: List[str]) -> str:
    """The picture of a terminal with these lines."""
    plain = [re.sub(r"\x1b(\[[0-9;]*m|\]8;.*?(\x1b\\|\x07))", "", line) for line in lines]
    width = max(map(len, plain)) * COLUMN + 2 * MARGIN
    height = len(lines) * LINE + 2 * MARGIN
    classes: Dict[Style, str] = {Style(): ""}
    style, texts = Style(), []
    for row, line in enumerate(lines):
        column, spans = 0, []
        for text, style in runs(line, style):
            if text:
                name = classes.setdefault(style, f"s{len(classes)}")
                x = MARGIN + column * COLUMN
                look = f' class="{name}"' if name else ""
                spans.append(f'<tspan x="{x:.1f}"{look}>{html.escape(text, quote=False)}</tspan>')
                column += len(text)
        texts.append(f'<text xml:space="preserve" y="{MARGIN + row * LINE + 14}">{"".join(spans)}</text>')
    looks = "\n".join(rule(name, style) for style, name in classes.items() if name)
    title = "What dunderlint says about the example project"
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" role="img">
<title>{title}</title>
<style>
text {{ font: 14px ui-monospace, Menlo, Consolas, monospace; fill: {FOREGROUND}; white-space: pre }}
{looks}
</style>
<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>
{chr(10).join(texts)}
</svg>
"""


def rule(name: str, style: Style) -> str:
    """The CSS of a style."""
    bold = "; font-weight: bold" if style.bold else ""
    underline = "; text-decoration: underline" if style.underline else ""
    return f".{name} {{ fill: {style.colour}{bold}{underline} }}"


def main() -> None:
    """Runs the program and writes the picture."""
    program = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "target/release/dunderlint")
    command = [str(program.resolve()), *COMMAND]
    project = ROOT / "pyproject-example"
    said = subprocess.run(command, cwd=project, check=True, capture_output=True, text=True).stdout
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(draw([PROMPT, *said.rstrip("\n").split("\n")]), encoding="utf-8")


if __name__ == "__main__":
    main()

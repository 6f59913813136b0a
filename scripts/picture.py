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
from typing import Dict, Iterator, List, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs/output.svg"
# The findings of the picture: one within a file, one of the whole project, one that is fixed.
RULES = "expensive-property,inconsistent-mro"
COMMAND = ["check", "--color", "always", "--exit-zero", "--isolated", "--select", RULES, "src"]
PROMPT = "\x1b[1;92m$\x1b[0m dunderlint check src"

WIDTH = 108  # columns
COLUMN, LINE, MARGIN = 8.43, 19, 18  # pixels
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


class Piece(NamedTuple):
    """Text that looks the same."""

    row: int
    column: int
    text: str
    style: Style


def pieces(said: str) -> Iterator[Piece]:
    """What a terminal shows, wrapped where it ends."""
    said = re.sub(r"\x1b\]8;.*?(\x1b\\|\x07)", "", said)  # links
    row, column, style = 0, 0, Style()
    for escape, newline, text in re.findall(r"(\x1b\[[0-9;]*m)|(\n)|([^\x1b\n]+)", said):
        if escape:
            style = restyle(style, [int(code or 0) for code in escape[2:-1].split(";")])
        elif newline:
            row, column = row + 1, 0
        while text:
            if column == WIDTH:
                row, column = row + 1, 0
            fits, text = text[: WIDTH - column], text[WIDTH - column :]
            yield Piece(row, column, fits, style)
            column += len(fits)


def draw(said: str) -> str:
    """The picture of a terminal that shows this."""
    shown = list(pieces(said))
    width = max(it.column + len(it.text) for it in shown) * COLUMN + 2 * MARGIN
    height = (shown[-1].row + 1) * LINE + 2 * MARGIN
    names: Dict[Style, str] = {}
    texts = []
    for row, column, text, style in shown:
        name = names.setdefault(style, f"s{len(names)}")
        x, y = MARGIN + column * COLUMN, MARGIN + row * LINE + 14
        if text.strip():
            text = html.escape(text, quote=False)
            texts.append(f'<text x="{x:.1f}" y="{y}" class="{name}">{text}</text>')
    newline = "\n"
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" role="img">
<title>What dunderlint says about the example project</title>
<style>
text {{ font: 14px ui-monospace, Menlo, Consolas, monospace; white-space: pre }}
{newline.join(rule(name, style) for style, name in names.items())}
</style>
<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>
<g xml:space="preserve">
{newline.join(texts)}
</g>
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
    PICTURE.write_text(draw(f"{PROMPT}\n{said.rstrip()}"), encoding="utf-8")


if __name__ == "__main__":
    main()

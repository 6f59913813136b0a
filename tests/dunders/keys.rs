//! What has a hash, and what is asked for one.

use crate::Case;
use crate::random::Random;

/// Classes above `K`: with a hash, without one, and those that say nothing.
const BASES: &[&str] = &[
    "class Base:\n    pass\n",
    "class Base:\n    def __eq__(self, other):\n        return True\n",
    "class Base:\n    def __hash__(self):\n        return 1\n",
    "class Base:\n    __hash__ = None\n",
    "class Base(dict):\n    pass\n",
    "class Base(Exception):\n    pass\n",
    "@dataclass\nclass Base:\n    pass\n",
    "@dataclass(eq=False)\nclass Base:\n    pass\n",
];

const DECORATORS: &[&str] = &[
    "",
    "",
    "@dataclass\n",
    "@dataclass(eq=False)\n",
    "@dataclass(unsafe_hash=True)\n",
    "@total_ordering\n",
];

const MEMBERS: &[&str] = &[
    "    def __eq__(self, other):\n        return True\n\n",
    "    def __lt__(self, other):\n        return True\n\n    __eq__ = object.__eq__\n\n",
    "    def __hash__(self):\n        return 1\n\n",
    "    __hash__ = None\n\n",
    "    size: int = 0\n\n",
];

/// What asks for the hash of `KEY`.
const USES: &[&str] = &[
    "return {KEY}",
    "return {KEY: 1}",
    "return {KEY for _ in 'a'}",
    "return {KEY: 1 for _ in 'a'}",
    "return KEY in {1, 2}",
    "return set([KEY])",
    "return hash(KEY)",
    "seen = set()\n    seen.add(KEY)",
    "table = {}\n    table[KEY] = 1",
    "table = {}\n    return table.get(KEY)",
    "key = KEY\n    return {key}",
    "return kept(KEY)",
    "return {(1, KEY)}",
    "return [KEY]",
    "return (KEY, 1)",
    "return KEY in [1, 2]",
];

pub(crate) fn case(random: &mut Random, version: (u8, u8)) -> Case {
    let base = *random.of(BASES);
    let mut decorator = *random.of(DECORATORS);
    let derives = random.once_in(2);
    let mut body = String::new();
    for member in MEMBERS {
        // One of each name.
        let is_new = !member.contains("__eq__") || !body.contains("__eq__");
        let is_new = is_new && (!member.contains("__hash__") || !body.contains("__hash__"));
        if is_new && random.once_in(4) {
            body += member;
        }
    }
    if decorator.contains("unsafe") && body.contains("__hash__") {
        decorator = "@dataclass\n";
    }
    if decorator.contains("ordering") && !body.contains("__lt__") {
        decorator = "";
    }
    if body.is_empty() {
        body += "    pass\n";
    }
    let key = match random.below(8) {
        0 => {
            *random.of(&["[1]", "{1: 2}", "{1}", "(1, [2])", "(1, 2)", "'a'", "dict()", "deque()"])
        }
        _ => "K()",
    };
    let cache = if version >= (3, 9) { "cache" } else { "lru_cache()" };
    let wanted = random.of(USES).replace("KEY", key);
    let bases = if derives { "(Base)" } else { "" };
    let imports = "from collections import deque\nfrom dataclasses import dataclass\n";
    let parts = [
        format!("{base}\n\n"),
        format!("{decorator}class K{bases}:\n{body}\n"),
        format!("@{cache}\ndef kept(key):\n    return 1\n\n\ndef probe():\n    {wanted}\n"),
    ];
    let functions =
        format!("from functools import {}, total_ordering\n", cache.trim_end_matches("()"));
    let head = format!("{imports}{functions}\n\n");
    let [base, class, program] = parts;
    // In one to three modules.
    let text = match random.below(3) {
        0 => format!("{head}{base}{class}{program}"),
        1 => format!(
            "#= below\n{head}{base}{class}#= program\n{head}from below import K\n\n\n{program}"
        ),
        _ => format!(
            "#= above\n{head}{base}#= below\n{head}from above import *\n\n\n{class}#= program\n{head}import below\n\nK = below.K\n\n\n{program}"
        ),
    };
    Case {
        text,
        rule: "unhashable-key",
        fine: |answer| answer != "TypeError",
        fits: |answer, _| answer == "TypeError",
        is_mended: true,
    }
}

/// Hashes over what has none.
pub(crate) fn hashed(random: &mut Random, _: (u8, u8)) -> Case {
    let value = *random.of(&["[]", "{}", "set()", "()", "frozenset()", "0", "list(values)"]);
    let used = *random.of(&["self.x", "self.x", "tuple(self.x or ())", "len(self.x or ())"]);
    let hash = *random.of(&["hash(X)", "hash((X, 1))", "hash((1, X)) ^ 1", "hash(str(X))"]);
    let hash = hash.replace('X', used);
    let other = *random.of(&["", "", "        if values:\n            self.x = VALUE\n"]);
    let other = other.replace("VALUE", value);
    let text = format!(
        "\
class C:
    def __init__(self, values=()):
        self.x = {value}
{other}
    def __eq__(self, other):
        return self.x == other.x

    def __hash__(self):
        return {hash}


def probe():
    return hash(C()) == hash(C())
"
    );
    let text = match value {
        "0" => text.replace("tuple(self.x or ())", "self.x").replace("len(self.x or ())", "self.x"),
        _ => text,
    };
    Case {
        text,
        rule: "mutable-hash",
        fine: |answer| answer != "TypeError",
        fits: |answer, message| answer == "TypeError" && message.contains("raises `TypeError`"),
        is_mended: false,
    }
}

//! Names that are nearly those of special methods: the interpreter does not know them.

use crate::Case;
use crate::random::Random;

#[rustfmt::skip]
const METHODS: &[(&str, &str, &str, &str)] = &[
    ("call", "(self)", "1", "x()"),
    ("contains", "(self, item)", "True", "1 in x"),
    ("enter", "(self)", "1", "exec('with x: pass', {'x': x})"),
    ("exit", "(self, *raised)", "None", "exec('with x: pass', {'x': x})"),
    ("float", "(self)", "1.0", "float(x)"),
    ("getitem", "(self, key)", "1", "x[0]"),
    ("index", "(self)", "1", "[1, 2][x]"),
    ("invert", "(self)", "1", "~x"),
    ("iter", "(self)", "iter([])", "iter(x)"),
    ("next", "(self)", "1", "next(x)"),
    ("reversed", "(self)", "1", "reversed(x)"),
    ("round", "(self, n=0)", "1", "round(x)"),
    ("setitem", "(self, key, value)", "None", "exec('x[0] = 1', {'x': x})"),
    ("truediv", "(self, other)", "1", "x / 1"),
];

pub(crate) fn case(random: &mut Random, _: (u8, u8)) -> Case {
    let (core, parameters, result, probe) = *random.of(METHODS);
    let name = match random.below(5) {
        0 => format!("__{core}__"),
        1 => (*random.of(&[format!("_{core}__"), format!("__{core}_"), format!("__{core}___")]))
            .clone(),
        _ => format!("__{}__", slip(random, core)),
    };
    let other = match core {
        "enter" => "def __exit__(self, *raised): pass",
        "exit" => "def __enter__(self): pass",
        _ => "",
    };
    let text = format!(
        "\
class C:
    {other}
    def {name}{parameters}:
        return {result}

x = C()

def probe():
    {probe}
    return 'fine'
"
    );
    Case {
        text,
        rule: "misspelled-dunder",
        fine: |answer| answer == "fine",
        fits: |answer, message| {
            matches!(answer, "TypeError" | "AttributeError") && message.contains("is close to it")
        },
        is_mended: true,
    }
}

/// A letter too few or wrong, or two in each other's place, inside of the word.
fn slip(random: &mut Random, core: &str) -> String {
    let mut letters: Vec<char> = core.chars().collect();
    let at = 1 + random.below(letters.len() - 2);
    match random.below(4) {
        // Words of three letters are too near to others.
        0 if letters.len() > 4 => drop(letters.remove(at)),
        1 => letters.swap(at, at + 1),
        2 => letters[at] = 'q',
        _ => letters.insert(at, 'q'),
    }
    let word: String = letters.into_iter().collect();
    // Two equal letters in each other's place.
    if word == core { format!("{}q{}", &core[..1], &core[1..]) } else { word }
}

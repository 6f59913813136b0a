//! Equality and hashes.

use crate::Case;
use crate::random::Random;

const ATTRIBUTES: &[&str] = &["a", "b", "c"];

pub(crate) fn case(random: &mut Random, _: (u8, u8)) -> Case {
    let mut compared = some(random);
    if compared.is_empty() {
        compared.push("a");
    }
    let hashed = some(random);
    let folded = random.once_in(3).then(|| *random.of(&compared));
    let in_form = |owner: &str, name: &str, is_folded: bool| match is_folded {
        true => format!("{owner}.{name}.lower()"),
        false => format!("{owner}.{name}"),
    };
    let value = |owner: &str, name: &&str| in_form(owner, name, folded == Some(*name));
    let pairs: Vec<String> = compared
        .iter()
        .map(|name| format!("{} == {}", value("self", name), value("other", name)))
        .collect();
    let tuple = |owner: &str| {
        let parts: Vec<String> = compared.iter().map(|name| value(owner, name)).collect();
        format!("({},)", parts.join(", "))
    };
    let equality = match random.below(4) {
        0 => format!("return {} == {}", tuple("self"), tuple("other")),
        1 => {
            let guard = "if not isinstance(other, C):\n            return NotImplemented";
            format!("{guard}\n        return {}", pairs.join(" and "))
        }
        2 => format!("return isinstance(other, C) and {}", pairs.join(" and ")),
        _ => format!("return self is other or ({})", pairs.join(" and ")),
    };
    let folds_hash = random.once_in(2);
    let parts: Vec<String> = hashed
        .iter()
        .map(|name| in_form("self", name, folds_hash && folded == Some(*name)))
        .collect();
    let hash = match (random.below(6), &parts[..]) {
        (0, _) => "return id(self)".to_owned(),
        (1, _) => "return object.__hash__(self)".to_owned(),
        (2, _) => "return super().__hash__()".to_owned(),
        (_, []) => "return hash(type(self))".to_owned(),
        (3, [only]) => format!("return hash({only})"),
        (3, [one, rest @ ..]) => {
            let rest: Vec<String> = rest.iter().map(|it| format!(" ^ hash({it})")).collect();
            format!("return hash({one}){}", rest.concat())
        }
        (4, _) => format!("return hash((type(self), {}))", parts.join(", ")),
        _ => format!("return hash(({},))", parts.join(", ")),
    };
    let text = format!(
        "\
class C:
    def __init__(self, a, b, c):
        self.a = a
        self.b = b
        self.c = c

    def __eq__(self, other):
        {equality}

    def __hash__(self):
        {hash}

def probe():
    values = ('x', 'X', 'y')
    made = [C(a, b, c) for _ in 'ab' for a in values for b in values for c in values]
    for one in made:
        for other in made:
            if one == other and hash(one) != hash(other):
                return 'differ'
    return 'agree'
"
    );
    Case {
        text,
        rule: "hash-eq-mismatch",
        fine: |answer| answer == "agree",
        fits: |answer, _| answer == "differ",
        is_mended: true,
    }
}

/// Some of the attributes, each once.
fn some(random: &mut Random) -> Vec<&'static str> {
    ATTRIBUTES.iter().copied().filter(|_| random.once_in(2)).collect()
}

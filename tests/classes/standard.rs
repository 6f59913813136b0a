//! The table of the standard library's classes against the interpreter that it speaks of.

use std::collections::BTreeMap;
use std::process::Command;

use dunderlint::project::StdClass;
use libtest_mimic::Failed;
use serde::Deserialize;

use super::interpreters::Interpreter;

/// What `probe.py` says.
#[derive(Deserialize)]
struct Answer {
    names: BTreeMap<String, String>,
    classes: BTreeMap<String, Record>,
}

#[derive(Deserialize)]
struct Record {
    mro: Vec<String>,
    metaclass: String,
    flags: String,
    own: Vec<String>,
    r#abstract: Vec<String>,
}

/// Classes of 3.8 that stand for another one where they are a base, as the functions do that took
/// their names.
const STAND_INS: &[&str] = &["typing.NamedTuple", "typing.TypedDict"];

/// How many of a thousand classes may be otherwise: in another patch release, or under a name that is
/// another class in other versions.
const MOST_UNLIKE: usize = 10;

pub(super) fn compare(interpreter: &Interpreter) -> Result<(), Failed> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/classes/probe.py");
    let output = Command::new(&interpreter.program).args(["-I", script]).output()?;
    let answer: Answer = serde_json::from_slice(&output.stdout)?;
    let (mut compared, mut missing, mut unlike) = (0, Vec::new(), Vec::new());
    for (name, record) in answer.classes.iter().filter(|(name, _)| !STAND_INS.contains(&&***name)) {
        let Some(class) = StdClass::named(name) else {
            missing.push(name.clone());
            continue;
        };
        compared += 1;
        for (what, is_so) in checks(class, record) {
            if is_so == Some(false) {
                unlike.push(format!("{name}: {what}"));
            }
        }
    }
    // Other names lead to the same classes, or are not told.
    for (name, own) in &answer.names {
        if let (Some(one), Some(other)) = (StdClass::named(name), StdClass::named(own))
            && one != other
        {
            unlike.push(format!("{name} is {}, and not {own}", one.name()));
        }
    }
    let (major, minor) = interpreter.version;
    println!(
        "{major}.{minor}: {compared} classes, {} unlike, {} missing",
        unlike.len(),
        missing.len()
    );
    match (unlike.len() + missing.len()) * 1000 > answer.classes.len() * MOST_UNLIKE {
        true => Err(format!("unlike: {unlike:#?}\nmissing: {missing:#?}").into()),
        false => Ok(()),
    }
}

/// What the table says of a class, where all versions agree, and whether it is so.
fn checks(class: StdClass, record: &Record) -> [(&'static str, Option<bool>); 9] {
    let same = |one: &StdClass, name: &String| StdClass::named(name) == Some(*one);
    let is = |flag| Some(record.flags.contains(flag));
    let agree = |said: Option<bool>, flag| said.map(|_| said == is(flag));
    let mro = class.mro().map(|mro| {
        mro.clone().count() == record.mro.len() && mro.zip(&record.mro).all(|(a, b)| same(&a, b))
    });
    let names = record.own.iter().all(|name| class.defines(name));
    let members =
        class.abstract_members().map(|it| it.eq(record.r#abstract.iter().map(|it| &**it)));
    [
        ("linearization", mro),
        ("metaclass", class.metaclass().map(|it| same(&it, &record.metaclass))),
        ("has a __dict__", agree(class.has_dict(), 'd')),
        ("has weak references", agree(class.has_weakref(), 'w')),
        ("is hashable", agree(class.is_hashable(), 'h')),
        ("is final", agree(class.is_final(), 'f')),
        ("is solid", agree(class.is_solid(), 'l')),
        ("own names", Some(names)),
        ("abstract members", members),
    ]
}

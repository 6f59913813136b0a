//! The table of the standard library's versions against CPython: each row that an interpreter can
//! decide is asked of it by `probe.py`.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use libtest_mimic::Failed;

use super::interpreters::Interpreter;

const TABLE: &str = include_str!("../../rules/versions/stdlib.tsv");

/// How many rows of a thousand may be otherwise in an interpreter that was built in another way.
const MOST_UNLIKE: usize = 5;

/// Modules that distributions part from the interpreter, or that need libraries to be built.
const OPTIONAL: &[&str] = &[
    "crypt",
    "curses",
    "dbm",
    "distutils",
    "ensurepip",
    "lib2to3",
    "lzma",
    "nis",
    "ossaudiodev",
    "readline",
    "spwd",
    "sqlite3",
    "tkinter",
    "turtle",
    "venv",
];

/// The minor versions in which a name is there.
#[derive(Clone, Copy)]
struct Span {
    added: u8,
    removed: u8,
}

pub(crate) fn compare(interpreter: &Interpreter) -> Result<(), Failed> {
    let mut spans: BTreeMap<&str, Span> = BTreeMap::new();
    for line in TABLE.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let minor = |text: &str| text.strip_prefix("3.").and_then(|it| it.parse().ok());
        let [name, _, added, _, removed, sources] = columns[..] else {
            return Err(format!("not a row: {line}").into());
        };
        // Capitals: no interpreter can tell.
        if sources.chars().any(char::is_lowercase) {
            let (added, removed) = (minor(added).unwrap_or(0), minor(removed).unwrap_or(u8::MAX));
            spans.insert(name, Span { added, removed });
        }
    }
    let names: Vec<&str> = spans.keys().copied().collect();
    let answers = ask(interpreter, &names)?;
    let minor = interpreter.version.1;
    let (mut decided, mut unlike) = (0, Vec::new());
    for (name, answer) in names.iter().zip(&answers) {
        let is_optional = OPTIONAL.contains(&name.split(['.', '(']).next().unwrap_or_default());
        let expected = is_there(name, minor, &spans);
        if answer == "unknown" || is_optional && expected {
            continue;
        }
        decided += 1;
        if (answer == "yes") != expected {
            unlike.push(format!("{name}: {answer}"));
        }
    }
    println!("3.{minor}: {decided} of {} rows decided, {} unlike", names.len(), unlike.len());
    match unlike.len() * 1000 > decided * MOST_UNLIKE {
        true => Err(unlike.join("\n").into()),
        false => Ok(()),
    }
}

/// Whether the table says that a name is there: it, and all that it is in.
fn is_there(name: &str, minor: u8, spans: &BTreeMap<&str, Span>) -> bool {
    let mut name = Some(name);
    while let Some(own) = name {
        let is_out = |span: &Span| minor < span.added || minor >= span.removed;
        if spans.get(own).is_some_and(is_out) {
            return false;
        }
        name = match own.split_once('(') {
            Some((callable, _)) => Some(callable),
            None => own.rsplit_once('.').map(|(holder, _)| holder),
        };
    }
    true
}

fn ask(interpreter: &Interpreter, names: &[&str]) -> Result<Vec<String>, Failed> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/versions/probe.py");
    let mut child = interpreter
        .command()
        .args([script.as_os_str(), "check".as_ref()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let text = serde_json::to_string(names)?;
    child.stdin.take().ok_or("it has no input")?.write_all(text.as_bytes())?;
    let output = child.wait_with_output()?;
    Ok(serde_json::from_slice(&output.stdout)?)
}

//! The Pythons of this machine: what CPython itself says is what dunderlint's answers are
//! compared with.

use std::io::Write as _;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use libtest_mimic::{Arguments, Failed, Trial};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A CPython that can be run.
#[derive(Clone, Debug)]
pub(crate) struct Interpreter {
    /// Its major and minor version.
    pub(crate) version: (u8, u8),
    /// The program.
    pub(crate) program: PathBuf,
}

impl Interpreter {
    /// A command that starts it without looking at the surroundings.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("-I").env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONUTF8", "1");
        command
    }

    /// What a script of this repository answers to a question, both as JSON.
    #[allow(dead_code, reason = "not each test asks at once")]
    pub(crate) fn answer<Answer: DeserializeOwned>(
        &self,
        script: &str,
        question: &impl Serialize,
    ) -> std::io::Result<Answer> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(script);
        let mut child =
            self.command().arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut input = child.stdin.take().expect("the input is piped");
        input.write_all(&serde_json::to_vec(question)?)?;
        drop(input);
        Ok(serde_json::from_slice(&child.wait_with_output()?.stdout)?)
    }
}

/// What is to be made at random.
#[allow(dead_code, reason = "not each test makes cases at random")]
pub(crate) struct Asked {
    /// `$DUNDERLINT_SEED`: which; 1 where it is not set.
    pub(crate) seed: u64,
    /// `$DUNDERLINT_CASES`: how many.
    pub(crate) count: u64,
}

/// What the environment asks for: so many cases, unless it says how many.
#[allow(dead_code, reason = "not each test makes cases at random")]
pub(crate) fn asked(cases: u64) -> Result<Asked, String> {
    let (seed, count) = (number("DUNDERLINT_SEED", 1)?, number("DUNDERLINT_CASES", cases)?);
    Ok(Asked { seed, count })
}

/// The number that a variable of the environment tells.
#[allow(dead_code, reason = "not each test makes cases at random")]
pub(crate) fn number(name: &str, default: u64) -> Result<u64, String> {
    match std::env::var(name) {
        Ok(value) => value.parse().map_err(|_| format!("`{name}` is a number")),
        Err(_) => Ok(default),
    }
}

/// Runs a comparison as a test for each interpreter of some versions. That none is there is a test
/// that fails.
#[allow(dead_code, reason = "some tests make more than one comparison")]
pub(crate) fn compare_each(
    versions: RangeInclusive<(u8, u8)>,
    compare: fn(&Interpreter) -> Result<(), Failed>,
) -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for interpreter in find().into_iter().filter(|it| versions.contains(&it.version)) {
        let (major, minor) = interpreter.version;
        let name = format!("{major}.{minor} ({})", interpreter.program.display());
        trials.push(Trial::test(name, move || compare(&interpreter)));
    }
    if trials.is_empty() {
        let ((_, first), (_, last)) = (versions.start(), versions.end());
        let message = format!("name a CPython 3.{first} to 3.{last} in `DUNDERLINT_PYTHONS`");
        trials.push(Trial::test("an interpreter is there", || Err(message.into())));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// One CPython 3 of each version found, oldest first: those in `$DUNDERLINT_PYTHONS` (separated
/// like `$PATH`), `python3` on the path, and pyenv's.
pub(crate) fn find() -> Vec<Interpreter> {
    let named = std::env::var_os("DUNDERLINT_PYTHONS").unwrap_or_default();
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let pyenv = std::fs::read_dir(home.join(".pyenv/versions")).into_iter().flatten().flatten();
    let mut pyenv: Vec<PathBuf> = pyenv.map(|entry| entry.path().join("bin/python")).collect();
    pyenv.sort();
    let programs = std::env::split_paths(&named)
        .filter(|path| !path.as_os_str().is_empty())
        .chain(["python3".into(), "python".into()])
        .chain(pyenv);
    let mut found: Vec<Interpreter> = Vec::new();
    for interpreter in programs.filter_map(inspect) {
        if !found.iter().any(|other| other.version == interpreter.version) {
            found.push(interpreter);
        }
    }
    found.sort_by_key(|interpreter| interpreter.version);
    found
}

/// Asks a program what it is: `None` for what is not CPython 3, or does not run.
fn inspect(program: PathBuf) -> Option<Interpreter> {
    const ASK: &str = "import sys; print(sys.implementation.name, *sys.version_info[:2])";
    let output = Command::new(&program).args(["-I", "-c", ASK]).output().ok()?;
    let answer = String::from_utf8(output.stdout).ok()?;
    let mut words = answer.split_whitespace();
    let is_cpython = words.next() == Some("cpython");
    let version = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    is_cpython.then_some(Interpreter { version, program })
}

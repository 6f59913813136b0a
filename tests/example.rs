//! What a newcomer sees: `dunderlint check pyproject-example` prints what `expected.txt` there says.
//! `BLESS=1 cargo test` rewrites it.
#![allow(clippy::disallowed_methods, reason = "tests use the disk and the environment")]

use std::fs;
use std::process::Command;

const EXPECTED: &str = "pyproject-example/expected.txt";

#[test]
fn the_example_project_is_reported_as_expected() {
    let program = Command::new(env!("CARGO_BIN_EXE_dunderlint"))
        .args(["check", "--color", "never", "--output-format", "full", "pyproject-example"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("dunderlint runs");
    assert_eq!(program.status.code(), Some(1), "{}", String::from_utf8_lossy(&program.stderr));
    let found = String::from_utf8(program.stdout).expect("a report is UTF-8").replace('\\', "/");
    if std::env::var_os("BLESS").is_some() {
        fs::write(EXPECTED, &found).expect("the report can be written");
    }
    let expected = fs::read_to_string(EXPECTED).unwrap_or_default().replace("\r\n", "\n");
    let differs =
        || found.lines().zip(expected.lines()).find(|(found, expected)| found != expected);
    assert!(
        found == expected,
        "{EXPECTED} is not what is printed; `BLESS=1 cargo test` rewrites it. First: {:?}",
        differs()
    );
}

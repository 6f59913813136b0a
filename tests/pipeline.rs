//! Laws 6 and 10 of `ARCHITECTURE.md`: neither the order of files nor the number of threads shows.

use std::process::Command;

/// What is printed about the example project, all rules on, with so many threads.
fn output(paths: &[&str], threads: usize) -> String {
    let program = Command::new(env!("CARGO_BIN_EXE_dunderlint"))
        .args(["check", "--output-format", "json", "--select", "all", "--exit-zero"])
        .args(paths)
        .args(["--threads", &threads.to_string()])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("dunderlint runs");
    assert!(program.status.success(), "{}", String::from_utf8_lossy(&program.stderr));
    String::from_utf8(program.stdout).expect("JSON is UTF-8")
}

#[test]
fn the_number_of_threads_does_not_show() {
    let one = output(&["pyproject-example"], 1);
    assert_ne!(one.trim(), "[]", "the example project has findings");
    for threads in [2, 3, 8] {
        assert!(
            output(&["pyproject-example"], threads) == one,
            "{threads} threads differ from one"
        );
    }
}

#[test]
fn the_number_of_threads_does_not_show_in_import_cycles() {
    // The cycles of each topmost package are looked at by themselves.
    let paths = ["import-cycles", "import-cycles-from-outside", "import-cycles-in-part", "graph"];
    let paths: Vec<String> = paths.iter().map(|it| format!("tests/cli/{it}/in")).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let one = output(&paths, 1);
    assert!(one.contains("circular-import"), "there are cycles that fail");
    for threads in [2, 3, 8] {
        assert!(output(&paths, threads) == one, "{threads} threads differ from one");
    }
}

#[test]
fn the_order_of_paths_does_not_show() {
    let shop = "pyproject-example/src/shop";
    let paths = ["customers.py", "orders.py", "storage.py", "catalog.py", "money.py", "audit.py"];
    let mut paths: Vec<String> = paths.iter().map(|name| format!("{shop}/{name}")).collect();
    let said = |paths: &[String]| output(&paths.iter().map(String::as_str).collect::<Vec<_>>(), 2);
    let first = said(&paths);
    for _ in 1..paths.len() {
        paths.rotate_left(1);
        assert!(said(&paths) == first, "another order of paths, another answer: {paths:?}");
    }
    paths.reverse();
    assert!(said(&paths) == first, "another order of paths, another answer: {paths:?}");
}

//! Globs and folders.

use super::*;

#[test]
fn per_file_ignores() {
    let folder = folder(&[(
        "dunderlint.toml",
        "[per-file-ignores]\n'tests/*' = ['old-union']\n'**/migrations/*.py' = ['classes']\n\
         '!src/*' = ['missing-slots']\n'conf[12].py' = ['old-union']\n'docs' = ['old-union']\n\
         'generated/' = ['all']\n[extend-per-file-ignores]\n'tests/*' = ['mro-conflict']\n",
    )]);
    let settings = settings(&folder, "");
    let ignored = |path: &str| -> Vec<&str> {
        let rules = ["mro-conflict", "missing-slots", "old-union", "syntax-error"];
        let file = folder.path().join(path);
        rules.into_iter().filter(|rule| settings.ignores(&file, rule)).collect()
    };
    for (path, rules) in [
        ("src/a.py", &[][..]),
        ("a.py", &["missing-slots"]),
        ("tests/a.py", &["mro-conflict", "missing-slots", "old-union"]),
        ("tests/deep/a.py", &["mro-conflict", "missing-slots", "old-union"]),
        ("src/tests/a.py", &[]),
        ("src/app/migrations/0001.py", &["mro-conflict", "missing-slots"]),
        ("src/conf1.py", &["old-union"]),
        ("src/conf3.py", &[]),
        ("src/docs/conf.py", &["old-union"]),
        ("src/generated/x.py", &["mro-conflict", "missing-slots", "old-union"]),
    ] {
        assert_eq!(ignored(path), rules, "{path}");
    }
}

#[test]
fn excludes() {
    let folder = folder(&[(
        "dunderlint.toml",
        "extend-exclude = ['gen*', '!generic.py', 'a/b', './c/', '*_pb2.py']",
    )]);
    let settings = settings(&folder, "");
    for (path, is_folder, expected) in [
        (".venv", true, true),
        ("deep/node_modules", true, true),
        ("builder", true, false),
        ("src/generated", true, true),
        ("generic.py", false, false),
        ("a/b", true, true),
        ("x/a/b", true, false),
        ("c", true, true),
        ("c", false, false),
        ("x/y_pb2.py", false, true),
        ("x/y.py", false, false),
    ] {
        let path = folder.path().join(path);
        assert_eq!(settings.is_excluded(&path, is_folder), expected, "{}", path.display());
    }
    assert!(settings.is_excluded_with_parents(&folder.path().join("a/b/x/y.py")));
    assert!(!settings.is_excluded_with_parents(&folder.path().join("a/x/y.py")));
    assert!(settings.is_included(&folder.path().join("a.pyi")));
    assert!(!settings.is_included(&folder.path().join("a.txt")));
}

#[test]
fn a_folder_may_have_the_letters_of_globs_in_its_name() {
    let folder = folder(&[("a[b]*/dunderlint.toml", "exclude = ['x/*', '../c/y']")]);
    let settings = settings(&folder, "a[b]*");
    let is_excluded = |path: &str| settings.is_excluded(&folder.path().join(path), false);
    assert!(is_excluded("a[b]*/x/file.py"));
    assert!(!is_excluded("abc/x/file.py"));
    assert!(is_excluded("c/y"));
}

#[test]
fn source_roots() {
    let folder = folder(&[
        ("dunderlint.toml", "src = ['.', 'packages/*/src', 'lib/**/py', 'none']"),
        ("packages/a/src/a.py", ""),
        ("packages/b/src/b.py", ""),
        ("packages/c/c.py", ""),
        ("lib/x/y/py/z.py", ""),
    ]);
    let settings = settings(&folder, "");
    let src: Vec<_> = settings
        .src()
        .iter()
        .map(|path| path.strip_prefix(folder.path()).expect("below").to_str().expect("text"))
        .collect();
    assert_eq!(src, ["", "packages/a/src", "packages/b/src", "lib/x/y/py", "none"]);
    let below = of("");
    assert_eq!(below.src(), [below.root().to_owned(), below.root().join("src")]);
}

//! Under which conditions a name is bound.

use ruff_python_ast::PythonVersion;
use ruff_python_parser::parse_expression;

use super::super::{Test, Versions, read_test};
use super::look;

/// What must hold where a test does.
fn test(text: &str) -> Test {
    let parsed = parse_expression(text).expect("it is an expression");
    read_test(&parsed.syntax().body)
}

fn from(major: u8, minor: u8) -> Test {
    Test::Version(Versions { from: Some(PythonVersion { major, minor }), below: None })
}

fn below(major: u8, minor: u8) -> Test {
    Test::Version(Versions { from: None, below: Some(PythonVersion { major, minor }) })
}

#[test]
fn tests_of_the_version_are_read() {
    assert_eq!(test("sys.version_info >= (3, 9)"), from(3, 9));
    assert_eq!(test("version_info >= (3, 9, 1)"), from(3, 9));
    assert_eq!(test("sys.version_info < (3, 9)"), below(3, 9));
    assert_eq!(test("not sys.version_info < (3, 9)"), from(3, 9));
    assert_eq!(test("sys.version_info >= (3,)"), from(3, 0));
    assert_eq!(test("sys.version_info[0] >= 3"), from(3, 0));
    assert_eq!(test("sys.version_info.major >= 3"), from(3, 0));
    assert_eq!(test("sys.version_info[:2] >= (3, 9)"), from(3, 9));
    assert_eq!(test("os.name == 'nt' and sys.version_info >= (3, 9)"), from(3, 9));
    // (3, 8, 0, …) is greater than (3, 8); its first two parts are not.
    assert_eq!(test("sys.version_info > (3, 8)"), from(3, 8));
    assert_eq!(test("sys.version_info[:2] > (3, 8)"), from(3, 9));
    assert_eq!(test("sys.version_info[:2] <= (3, 8)"), below(3, 9));
    for unclear in [
        "sys.version_info >= minimum",
        "sys.version_info[1] >= 9",
        "sys.version >= '3.9'",
        "other >= (3, 9)",
        "sys.version_info >= (3, 9) or forced",
        "(3, 9) <= sys.version_info < (3, 11)",
    ] {
        assert_eq!(test(unclear), Test::Unknown, "{unclear}");
    }
}

#[test]
fn type_checkers_and_scripts_are_known() {
    assert_eq!(test("TYPE_CHECKING"), Test::TypeChecking(true));
    assert_eq!(test("typing.TYPE_CHECKING"), Test::TypeChecking(true));
    assert_eq!(test("not TYPE_CHECKING"), Test::TypeChecking(false));
    assert_eq!(test("__name__ == '__main__'"), Test::Main);
    assert_eq!(test("debug"), Test::Unknown);
}

#[test]
fn else_holds_where_the_test_does_not() {
    let text = "\
if sys.version_info >= (3, 11):
    a = 1
elif sys.version_info >= (3, 9):
    b = 1
else:
    c = 1
if TYPE_CHECKING:
    d = 1
else:
    e = 1
if TYPE_CHECKING or debug:
    f = 1
else:
    g = 1
";
    look(text, |model| {
        let tests = |piece| -> Vec<Test> {
            let condition = model.condition(piece);
            model.semantic.conditions(condition).map(|it| it.test).collect()
        };
        assert_eq!(tests("a ="), [from(3, 11)]);
        assert_eq!(tests("b ="), [from(3, 9), below(3, 11)]);
        assert_eq!(tests("c ="), [below(3, 9), below(3, 11)]);
        assert_eq!(tests("d ="), [Test::TypeChecking(true)]);
        assert_eq!(tests("e ="), [Test::TypeChecking(false)]);
        assert_eq!(tests("f ="), [Test::Unknown]);
        assert_eq!(tests("g ="), [Test::Unknown]);
        assert!(model.semantic.is_for_type_checkers(model.condition("d =")));
        assert!(model.semantic.is_unconditional(model.condition("e =")));
        assert!(!model.semantic.is_unconditional(model.condition("b =")));
    });
}

#[test]
fn branches_of_one_statement_exclude_each_other() {
    let text = "\
if one:
    a = 1
elif two:
    b = 1
    if three:
        c = 1
else:
    d = 1
if one:
    e = 1
try:
    f = 1
except E:
    g = 1
except F:
    h = 1
else:
    i = 1
match x:
    case 1: j = 1
    case 2: k = 1
z = 1
";
    look(text, |model| {
        let are_exclusive = |a, b| {
            let (a, b) = (model.condition(a), model.condition(b));
            let answer = model.semantic.are_exclusive(a, b);
            assert_eq!(answer, model.semantic.are_exclusive(b, a), "it goes both ways");
            answer
        };
        for (a, b) in [
            ("a =", "b ="),
            ("a =", "c ="),
            ("a =", "d ="),
            ("b =", "d ="),
            ("c =", "d ="),
            ("j =", "k ="),
        ] {
            assert!(are_exclusive(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("a =", "a ="),
            ("b =", "c ="),
            ("a =", "e ="),
            ("f =", "g ="),
            ("f =", "i ="),
            ("a =", "z ="),
        ] {
            assert!(!are_exclusive(a, b), "{a} {b}");
        }
    });
}

#[test]
fn what_always_runs_is_unconditional() {
    let text = "\
a = 1
with x:
    b = 1
try:
    c = 1
except E:
    d = 1
finally:
    e = 1
for _ in x:
    f = 1
def function():
    g = 1
class Class:
    h = 1
if x:
    def other(i):
        j = 1
";
    look(text, |model| {
        for piece in ["a =", "b =", "e =", "g =", "h =", "i)", "j ="] {
            assert!(model.semantic.is_unconditional(model.condition(piece)), "{piece}");
        }
        for piece in ["c =", "d =", "f =", "other"] {
            assert!(!model.semantic.is_unconditional(model.condition(piece)), "{piece}");
        }
    });
}

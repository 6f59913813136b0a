//! Under which conditions a name is bound.

use ruff_python_ast::PythonVersion;
use ruff_python_parser::parse_expression;

use super::super::pythons::{self, Pythons, Spelling};
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
    assert_eq!(test("not (forced or sys.version_info < (3, 9))"), from(3, 9));
    assert_eq!(test("not sys.version_info < (3, 9, 1)"), from(3, 9));
    let between = |minor, end| {
        let version = |minor| Some(PythonVersion { major: 3, minor });
        Test::Version(Versions { from: version(minor), below: version(end) })
    };
    assert_eq!(test("(3, 9) <= sys.version_info < (3, 11)"), between(9, 11));
    assert_eq!(test("sys.version_info[:2] == (3, 9)"), between(9, 10));
    for unclear in [
        "sys.version_info >= minimum",
        "sys.version >= '3.9'",
        "other >= (3, 9)",
        "sys.version_info >= (3, 9) or forced",
        "sys.version_info[:2] != (3, 9)",
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

/// On which minor versions of Python 3 a test may hold, and on which it may fail, of 3.7 to 3.12.
fn answer(text: &str) -> (Vec<u8>, Vec<u8>) {
    let parsed = parse_expression(text).expect("it is an expression");
    let answer = pythons::read(&parsed.syntax().body, &Spelling);
    let minors = |set: Pythons| -> Vec<u8> {
        let is_in = |minor: &u8| {
            !set.and(Pythons::only(PythonVersion { major: 3, minor: *minor })).is_empty()
        };
        (7..=12).filter(is_in).collect()
    };
    (minors(answer.holds), minors(answer.fails))
}

#[test]
fn tests_hold_on_some_pythons_and_fail_on_others() {
    let all = || vec![7, 8, 9, 10, 11, 12];
    for (text, holds) in [
        ("sys.version_info >= (3, 9)", vec![9, 10, 11, 12]),
        ("(3, 9) <= sys.version_info", vec![9, 10, 11, 12]),
        ("sys.version_info[:2] > (3, 9)", vec![10, 11, 12]),
        ("sys.version_info > (3, 9)", vec![9, 10, 11, 12]),
        ("sys.version_info <= (3, 9)", vec![7, 8]),
        ("sys.version_info[:2] <= (3, 9)", vec![7, 8, 9]),
        ("sys.version_info[:2] != (3, 9)", vec![7, 8, 10, 11, 12]),
        ("sys.version_info == (3, 9)", vec![]),
        ("sys.version_info[0] == 3 and sys.version_info[1] >= 11", vec![11, 12]),
        ("sys.version_info[0] > 3 or sys.version_info.minor < 8", vec![7]),
        ("sys.version_info.major >= 3", all()),
        ("sys.version_info < (3,)", vec![]),
        ("sys.version_info >= (4, 0)", vec![]),
        ("sys.version_info >= (3, 9, 0)", vec![9, 10, 11, 12]),
        ("(3, 8) <= sys.version_info < (3, 10)", vec![8, 9]),
        ("sys.version_info[:2] in ((3, 7), (3, 12))", vec![7, 12]),
        ("sys.version_info[:2] not in [(3, 7)]", vec![8, 9, 10, 11, 12]),
        ("sys.hexversion >= 0x030a0000", vec![10, 11, 12]),
        ("sys.hexversion < 0x03080000", vec![7]),
        ("hexversion >= 0x030a0000", vec![10, 11, 12]),
        ("not (sys.version_info < (3, 9) or sys.version_info >= (3, 11))", vec![9, 10]),
        ("(new := sys.version_info >= (3, 12))", vec![12]),
        ("False", vec![]),
        ("TYPE_CHECKING or sys.version_info >= (3, 12)", vec![12]),
    ] {
        let fails = all().into_iter().filter(|it| !holds.contains(it)).collect();
        assert_eq!(answer(text), (holds, fails), "{text}");
    }
    for (text, holds, fails) in [
        ("sys.version_info >= (3, 9, 1)", vec![9, 10, 11, 12], vec![7, 8, 9]),
        ("sys.version_info < (3, 9, 1)", vec![7, 8, 9], vec![9, 10, 11, 12]),
        ("sys.version_info[:3] == (3, 9, 1)", vec![9], all()),
        ("posix and sys.version_info >= (3, 11)", vec![11, 12], all()),
        ("posix or sys.version_info >= (3, 11)", all(), vec![7, 8, 9, 10]),
        ("sys.platform == 'win32'", all(), all()),
        ("sys.version_info >= minimum", all(), all()),
    ] {
        assert_eq!(answer(text), (holds, fails), "{text}");
    }
}

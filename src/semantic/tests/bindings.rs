//! What gives a name its value, and who reads it.

use ruff_python_ast as ast;

use super::super::ModuleName;
use super::{ScopeId, look, word};

#[test]
fn every_kind_of_binding_is_told() {
    let text = "\
import a.b as imported, c.d
from e import f as g
def function(parameter): pass
class Class: pass
type Alias = int
assigned = 1
first, *rest = 1, 2
declared: int
annotated: int = 1
assigned += 1
for loop in (): pass
with open() as (stream, [other]), open() as single: pass
try: pass
except E as error: pass
match 1:
    case [one, *many] | {'k': one, **many} if (guard := one): pass
    case Point(x, y=1 as whole): pass
del assigned
";
    look(text, |model| {
        let expected = [
            ("imported", "import"),
            ("c", "import"),
            ("g", "import"),
            ("function", "function"),
            ("Class", "class"),
            ("Alias", "type alias"),
            ("first", "unpacking"),
            ("rest", "unpacking"),
            ("declared", "declaration"),
            ("annotated", "assignment"),
            ("loop", "loop"),
            ("stream", "with"),
            ("other", "with"),
            ("single", "with"),
            ("error", "exception"),
            ("guard", "assignment"),
            ("x", "match"),
            ("whole", "match"),
        ];
        for (name, kind) in expected {
            assert_eq!(model.kinds(model.global(name)), [kind], "{name}");
        }
        assert_eq!(model.kinds(model.global("one")), ["match", "match"]);
        assert_eq!(model.kinds(model.global("many")), ["match", "match"]);
        let assigned = model.kinds(model.global("assigned"));
        assert_eq!(assigned, ["assignment", "augmented assignment", "deletion"]);
        assert!(model.semantic.global("E").is_none(), "what is only read is not bound");
        assert!(model.semantic.global("d").is_none(), "`import c.d` binds `c`");
    });
}

#[test]
fn only_one_binding_is_a_value_to_rely_on() {
    let text = "\
import once
twice = 1
twice = 2
declared: int
value: int
value = 1
if TYPE_CHECKING:
    from typing import Real
    typed = 1
else:
    Real = object
def f(): pass
def outer():
    changed = kept = 1
    def inner():
        nonlocal changed
        changed = 2
        return kept
gone = 1
del gone
";
    look(text, |model| {
        let only = |symbol| model.semantic.only_binding(symbol).map(|it| word(it.kind));
        assert_eq!(only(model.global("once")), Some("import"));
        assert_eq!(only(model.global("twice")), None);
        assert_eq!(only(model.global("declared")), None);
        assert_eq!(only(model.global("value")), Some("assignment"));
        assert_eq!(only(model.global("Real")), Some("assignment"));
        assert_eq!(only(model.global("typed")), Some("assignment"));
        assert_eq!(only(model.global("gone")), None);
        assert_eq!(only(model.local("function outer", "kept")), Some("assignment"));
        assert_eq!(only(model.local("function outer", "changed")), None);
    });
}

#[test]
fn references_come_from_every_scope_that_sees_the_symbol() {
    let text = "\
x = 1
def f():
    return x + 1
def g(x):
    return x + 2
class C:
    y = x + 3
    def m(self):
        global x
        return [x + 4 for _ in ()]
annotated: 'x' = x + 5
";
    look(text, |model| {
        let places = |symbol| {
            let mut places: Vec<_> = model.semantic.references(symbol).map(|it| it.start).collect();
            places.sort();
            places
        };
        let expected = ["x + 1", "x + 3", "x + 4", "x' =", "x + 5"].map(|it| model.at(it));
        assert_eq!(places(model.global("x")), expected);
        assert_eq!(places(model.local("function g", "x")), [model.at("x + 2")]);
    });
}

#[test]
fn bindings_carry_the_place_of_the_name() {
    let text = "import one.two, three.four as five\nclass Six: pass\nexcept_ = seven = 8\n";
    look(text, |model| {
        for (name, piece) in [("one", "one."), ("five", "five"), ("Six", "Six"), ("seven", "seven")]
        {
            let symbol = model.global(name);
            let binding = model.semantic.only_binding(symbol).expect("there is one");
            assert_eq!(binding.range.start(), model.at(piece));
            assert_eq!(&model.text[binding.range], name);
            assert_eq!(model.semantic.symbol_of(binding), symbol);
        }
    });
}

#[test]
fn an_exceptions_name_belongs_to_its_handler() {
    look("try: pass\nexcept A as e: e.x\nexcept B as e: e.y\n", |model| {
        let e = model.global("e");
        assert_eq!(model.kinds(e), ["exception", "exception"]);
        assert!(model.semantic.only_binding(e).is_none());
        assert_eq!(model.owner("e.y"), "module");
    });
}

#[test]
fn names_may_come_and_go_unseen_in_opaque_scopes() {
    let text = "from a import *\ndef f(): exec('x')\ndef g(): pass\ndef h(): return vars(f)\n";
    look(text, |model| {
        let scopes = model.semantic.scopes();
        assert!(scopes[0].opaque, "a star import");
        let opaque: Vec<bool> = scopes[1..].iter().map(|scope| scope.opaque).collect();
        assert_eq!(opaque, [true, false, true]);
    });
}

#[test]
fn what_the_only_star_brings_is_known_unless_globals_are_written() {
    let brings = |text: &str| {
        let mut brings = None;
        look(&format!("from a import *\n{text}class C(Base): pass\n"), |model| {
            let base = model.tree.nodes().iter().find_map(|it| it.as_stmt_class_def());
            let base = &base.expect("it ends with one").bases()[0];
            let ast::Expr::Name(name) = base else { panic!("it is a name") };
            let expression = ast::Expr::Name(name.clone());
            let module = ModuleName::default();
            let name = model.semantic.qualified_from(ScopeId::MODULE, &module, &expression);
            brings = name.map(|it| it.to_string());
        });
        brings
    };
    assert_eq!(brings("").as_deref(), Some("a.Base"));
    assert_eq!(brings("old = globals().pop('Old')\n").as_deref(), Some("a.Base"));
    let getattr = "def __getattr__(name): globals()[name] = 1\n";
    assert_eq!(brings(getattr).as_deref(), Some("a.Base"));
    assert_eq!(brings("globals()['Base'] = 1\n"), None);
    assert_eq!(brings("globals().update(Base=1)\n"), None);
    assert_eq!(brings("def change(name): globals()[name] = 1\n"), None);
    assert_eq!(brings("from b import *\n"), None);
}

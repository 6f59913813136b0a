//! Which scope a name belongs to.

use super::{Model, look};

/// Checks what the names that are read at some places belong to.
#[track_caller]
fn owners(text: &str, expected: &[(&str, &str)]) {
    look(text, |model| {
        for (piece, owner) in expected {
            assert_eq!(model.owner(piece), *owner, "at `{piece}`");
        }
    });
}

#[test]
fn functions_do_not_see_the_classes_around_them() {
    owners(
        "\
x = 1
class C:
    x = 2
    y = x + 2
    def method(self, default=x + 3):
        return x + 4
    call = lambda: x + 5
    items = [x + 6 for _ in ()]
",
        &[
            ("x + 2", "class C"),
            ("x + 3", "class C"),
            ("x + 4", "module"),
            ("x + 5", "module"),
            ("x + 6", "module"),
        ],
    );
}

#[test]
fn the_first_iterable_of_a_comprehension_is_evaluated_outside() {
    owners(
        "\
class C:
    rows = cells = ()
    items = [(row, cell) for row in rows[1:] for cell in cells[1:]]
",
        &[
            ("rows[1:]", "class C"),
            ("cells[1:]", "nothing"),
            ("row,", "comprehension"),
            ("cell)", "comprehension"),
        ],
    );
}

#[test]
fn a_class_body_finds_outside_what_it_binds_only_further_down() {
    owners(
        "\
list = list
class C:
    first = list[int]
    list = list[str]
    second = list[bytes]
    def set(self): ...
    third = set[int]
class D:
    set: set[str] = ()
    def tuple(self) -> tuple[int]: ...
",
        &[
            ("list[int]", "module"),
            ("list[str]", "module"),
            ("list[bytes]", "class C"),
            ("set[int]", "class C"),
        ],
    );
}

#[test]
fn a_walrus_in_a_comprehension_binds_around_it() {
    owners(
        "\
def f(rows):
    found = [[last := cell for cell in row] for row in rows]
    return last + 1
any((hit := n) for n in ())
hit + 1
def g():
    global total
    [total := n for n in ()]
total + 1
",
        &[("last + 1", "function f"), ("hit + 1", "module"), ("total + 1", "module")],
    );
}

#[test]
fn global_and_nonlocal_name_a_scope() {
    let text = "\
x = y = 0
def f():
    y = 1
    def g():
        global x
        nonlocal y
        x = y + 1
        return x + 2
    class C:
        global x
        z = x + 3
    return y + 4
";
    owners(
        text,
        &[
            ("y + 1", "function f"),
            ("x + 2", "module"),
            ("x + 3", "module"),
            ("y + 4", "function f"),
        ],
    );
    look(text, |model| {
        let x = model.global("x");
        assert_eq!(
            model.kinds(x),
            ["assignment", "assignment"],
            "`global` binds the module's name"
        );
        assert!(model.semantic.only_binding(x).is_none());
    });
}

#[test]
fn what_only_some_scopes_bind_is_a_builtin_elsewhere() {
    owners(
        "def f():\n    print = str\n    print(1)\nprint(2)\n",
        &[("print(1", "function f"), ("print(2", "nothing")],
    );
}

#[test]
fn type_parameters_see_the_class_around_them() {
    owners(
        "\
class Outer:
    Base = int
    def method[T: Base](self, x: T) -> Base:
        return T, Base, 1
    class Inner[U](Base, metaclass=U):
        item: U
    type Alias[V] = dict[V, Base]
",
        &[
            ("Base](", "class Outer"),
            ("T) ->", "type parameters of method"),
            ("Base:\n        return", "class Outer"),
            ("T, Base, 1", "type parameters of method"),
            ("Base, 1", "nothing"),
            ("Base, metaclass", "class Outer"),
            ("U):", "type parameters of Inner"),
            ("U\n", "type parameters of Inner"),
            ("V, Base", "type parameters of"),
            ("Base]\n", "class Outer"),
        ],
    );
}

#[test]
fn private_names_are_told_apart_by_class() {
    owners(
        "\
__x = 0
class C:
    __x = 1
    y = __x + 1
    def f(self):
        return __x + 2
__x + 3
_C__x = 4
",
        &[("__x + 1", "class C"), ("__x + 2", "module"), ("__x + 3", "module")],
    );
}

#[test]
fn a_scope_of_a_node_is_the_one_of_its_body() {
    look("class C[T]:\n    def f[U](self): pass\n", |model: &Model<'_>| {
        for (node, kind) in [("C[T]", "class C"), ("f[U]", "function f")] {
            let binding = model.binding(node);
            let scope = model.semantic.scope_of(binding.node).expect("it has a body");
            assert_eq!(model.said(scope), kind);
        }
    });
}

#[test]
fn defaults_decorators_and_bases_are_evaluated_outside() {
    let text = "\
x = 1
def f(a=x + 1, *, b: x = 0):
    @decorate(x + 2)
    def g(c=x + 3): x = 4
    class C(x + 5): x = 6
    return lambda d=x + 7: d
";
    look(text, |model| {
        let scope_at = |piece: &str| {
            let node = model.read(piece).node;
            model.said(model.semantic.scope_at(&model.tree, node))
        };
        assert_eq!(scope_at("x + 1"), "module");
        for piece in ["x + 2", "x + 3", "x + 5", "x + 7"] {
            assert_eq!(scope_at(piece), "function f", "at `{piece}`");
            assert_eq!(model.said(model.read(piece).scope), "function f", "at `{piece}`");
        }
        assert_eq!(scope_at("d\n"), "lambda");
    });
}

#[test]
fn every_read_is_in_the_scope_that_its_node_is_in() {
    let text = "\
class C[T: int = str](list[T]):
    a: T = [b + c for b in range(3) if b]
    def f[U](self, x: U = T, *args: T, **kwargs) -> U:
        return {k: (lambda v=k: v + T)(v) for k, v in x for y in k}
type A[X] = dict[X, A]
";
    look(text, |model| {
        for read in model.semantic.all_references() {
            let found = model.semantic.read_of(read.node).expect("it is a read");
            assert_eq!(found.start, read.start);
            let scope = model.said(read.scope);
            // Annotations and bounds have scopes of their own, which nodes cannot tell.
            if !scope.contains(" of") {
                let at = model.said(model.semantic.scope_at(&model.tree, read.node));
                assert_eq!(at, scope, "at {:?} ({})", read.start, model.semantic.name_read(read));
            }
        }
    });
}

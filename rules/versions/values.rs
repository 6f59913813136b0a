//! The class of a value, where it is written down: by a literal, a call of the class, or an
//! annotation.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Number, Operator, StmtAnnAssign};

use crate::project::StdClass;
use crate::rule::Context;
use crate::semantic::{Binding, BindingKind, QualifiedName};

/// A value of a value of a value is as far as anyone follows.
const MOST_STEPS: usize = 4;

/// The class of the standard library that an expression is certainly an instance of, or that it is
/// itself if it is one of the builtins.
pub(super) fn class_of<'a>(expression: &'a Expr, cx: &Context<'a>) -> Option<QualifiedName<'a>> {
    match expression {
        Expr::Name(name) if cx.symbol(name).is_none() => {
            builtin(name.id.as_str()).filter(|it| is_class(*it))
        }
        _ => instance(expression, MOST_STEPS, cx),
    }
}

fn builtin(name: &str) -> Option<QualifiedName<'_>> {
    QualifiedName::of("builtins")?.joined(name)
}

fn is_class(name: QualifiedName<'_>) -> bool {
    name.is_any(MOVED) || StdClass::named(&name.parts().join(".")).is_some()
}

/// Whether a class says what others have, which may have had it before.
pub(super) fn is_protocol(name: QualifiedName<'_>) -> bool {
    let mro = StdClass::named(&name.parts().join(".")).and_then(StdClass::mro);
    mro.is_some_and(|mut mro| mro.any(|it| it.name() == "typing.Protocol"))
}

/// Classes that were moved from one private module to another, so that the table of classes has
/// nothing to say of them.
const MOVED: &[&str] = &[
    "concurrent.futures.ProcessPoolExecutor",
    "concurrent.futures.ThreadPoolExecutor",
    "contextvars.Token",
    "pathlib.Path",
    "pathlib.PosixPath",
    "pathlib.PurePath",
    "pathlib.PurePosixPath",
    "pathlib.PureWindowsPath",
    "pathlib.WindowsPath",
    "zipfile.Path",
];

fn instance<'a>(expression: &'a Expr, steps: usize, cx: &Context<'a>) -> Option<QualifiedName<'a>> {
    let steps = steps.checked_sub(1)?;
    match expression {
        Expr::StringLiteral(_) | Expr::FString(_) => builtin("str"),
        Expr::BytesLiteral(_) => builtin("bytes"),
        Expr::List(_) | Expr::ListComp(_) => builtin("list"),
        Expr::Dict(_) | Expr::DictComp(_) => builtin("dict"),
        Expr::Set(_) | Expr::SetComp(_) => builtin("set"),
        Expr::Tuple(_) => builtin("tuple"),
        Expr::NumberLiteral(it) => match it.value {
            Number::Int(_) => builtin("int"),
            Number::Float(_) => builtin("float"),
            Number::Complex { .. } => builtin("complex"),
        },
        Expr::Named(it) => instance(&it.value, steps, cx),
        Expr::BinOp(it) => match it.op {
            // `Path("a") / "b"`, `"a" + b`, `"%d" % a`
            Operator::Div => instance(&it.left, steps, cx).filter(|it| is_path(*it)),
            Operator::Add | Operator::Mod => {
                instance(&it.left, steps, cx).filter(|it| it.is("builtins.str"))
            }
            _ => None,
        },
        Expr::Call(call) => called(call, steps, cx),
        Expr::Name(name) => bound(cx.binding(name)?, steps, cx),
        _ => None,
    }
}

fn is_path(name: QualifiedName<'_>) -> bool {
    name.starts_with("pathlib")
}

/// The class of what a call gives.
fn called<'a>(
    call: &'a ast::ExprCall,
    steps: usize,
    cx: &Context<'a>,
) -> Option<QualifiedName<'a>> {
    if let Expr::Attribute(method) = &*call.func {
        let name = method.attr.as_str();
        if STR_TO_STR.contains(&name)
            && let Some(class) = instance(&method.value, steps, cx)
        {
            return class.is("builtins.str").then_some(class);
        }
        if PATH_TO_PATH.contains(&name)
            && let Some(class) = instance(&method.value, steps, cx)
        {
            return is_path(class).then_some(class);
        }
    }
    let name = cx.qualified(&call.func)?;
    if let [class @ .., method] = name.parts()
        && MAKERS.iter().any(|(maker, methods)| {
            methods.contains(method) && class.iter().copied().eq(maker.split('.'))
        })
    {
        let (first, rest) = class.split_first()?;
        return rest.iter().try_fold(QualifiedName::of(first)?, |name, part| name.joined(part));
    }
    // `type(x)` gives the class of something else, as a call of an abstract class may.
    let is_itself = is_class(name) && !name.is("builtins.type") && !name.starts_with("typing");
    is_itself.then_some(name)
}

/// Class methods that give instances of their class.
const MAKERS: &[(&str, &[&str])] = &[
    ("pathlib.Path", &["cwd", "home"]),
    (
        "datetime.datetime",
        &["combine", "fromisoformat", "fromtimestamp", "now", "strptime", "today", "utcnow"],
    ),
    ("datetime.date", &["fromisoformat", "fromtimestamp", "today"]),
];

const STR_TO_STR: &[&str] = &[
    "capitalize",
    "casefold",
    "center",
    "expandtabs",
    "format",
    "join",
    "ljust",
    "lower",
    "lstrip",
    "replace",
    "rjust",
    "rstrip",
    "strip",
    "swapcase",
    "title",
    "translate",
    "upper",
    "zfill",
];

const PATH_TO_PATH: &[&str] =
    &["absolute", "expanduser", "joinpath", "relative_to", "resolve", "with_name", "with_suffix"];

/// The class of what a binding binds.
fn bound<'a>(
    binding: &'a Binding<'a>,
    steps: usize,
    cx: &Context<'a>,
) -> Option<QualifiedName<'a>> {
    match binding.kind {
        BindingKind::Assignment(value) => match cx.tree.node(binding.node) {
            AnyNodeRef::StmtAnnAssign(StmtAnnAssign { annotation, .. }) => {
                annotated(annotation, cx)
            }
            _ => instance(value, steps, cx),
        },
        BindingKind::Parameter(parameter) => {
            if let Some(class) = class_of_self(parameter, cx) {
                return Some(class);
            }
            let is_rest = match cx.parent(parameter) {
                AnyNodeRef::StmtFunctionDef(it) => {
                    let same = |rest: &Option<Box<ast::Parameter>>| {
                        rest.as_deref().is_some_and(|rest| std::ptr::eq(rest, parameter))
                    };
                    same(&it.parameters.vararg) || same(&it.parameters.kwarg)
                }
                _ => false,
            };
            let annotation = parameter.annotation.as_deref().filter(|_| !is_rest)?;
            annotated(annotation, cx)
        }
        BindingKind::Exception => match cx.tree.node(binding.node) {
            AnyNodeRef::ExceptHandlerExceptHandler(it) => {
                let class = match it.type_.as_deref()? {
                    Expr::Tuple(several) => several.elts.first()?,
                    one => one,
                };
                standard(class, cx)
            }
            _ => None,
        },
        BindingKind::With(Expr::Call(call)) => {
            let class = cx.qualified(&call.func)?;
            class.is_any(ENTER_AS_THEMSELVES).then_some(class)
        }
        _ => None,
    }
}

/// Classes whose `__enter__` gives the instance.
const ENTER_AS_THEMSELVES: &[&str] = &[
    "concurrent.futures.ProcessPoolExecutor",
    "concurrent.futures.ThreadPoolExecutor",
    "contextlib.AsyncExitStack",
    "contextlib.ExitStack",
    "smtplib.SMTP",
    "sqlite3.Connection",
    "tarfile.TarFile",
    "zipfile.ZipFile",
];

/// The class that an annotation names: also `C | None`, `Optional[C]` and `"C"` stand for it.
fn annotated<'a>(annotation: &'a Expr, cx: &Context<'a>) -> Option<QualifiedName<'a>> {
    match annotation {
        Expr::BinOp(it) if it.op == Operator::BitOr => {
            match (it.left.is_none_literal_expr(), it.right.is_none_literal_expr()) {
                (true, false) => annotated(&it.right, cx),
                (false, true) => annotated(&it.left, cx),
                _ => None,
            }
        }
        Expr::Subscript(it) if cx.is(&it.value, "typing.Optional") => annotated(&it.slice, cx),
        Expr::Name(_) | Expr::Attribute(_) => standard(annotation, cx),
        _ => None,
    }
}

fn standard<'a>(class: &'a Expr, cx: &Context<'a>) -> Option<QualifiedName<'a>> {
    cx.qualified(class).filter(|name| is_class(*name))
}

/// The class of the standard library that the class of a method inherits from: what its first
/// parameter is an instance of.
fn class_of_self<'a>(parameter: &'a ast::Parameter, cx: &Context<'a>) -> Option<QualifiedName<'a>> {
    let function = cx.ancestors(parameter).find_map(|it| match it {
        AnyNodeRef::StmtFunctionDef(function) => Some(function),
        _ => None,
    })?;
    let first = function.parameters.iter_non_variadic_params().next()?;
    let is_static = function
        .decorator_list
        .iter()
        .any(|it| matches!(&it.expression, Expr::Name(name) if name.id.as_str() == "staticmethod"));
    if !std::ptr::eq(&raw const first.parameter, parameter) || is_static {
        return None;
    }
    base_of(cx.class_of(function)?, MOST_STEPS, cx)
}

/// The only class of the standard library among the ancestors of a class, all of which are known.
/// A class of which nothing is inherited does not count.
fn base_of<'a>(
    class: &'a ast::StmtClassDef,
    steps: usize,
    cx: &Context<'a>,
) -> Option<QualifiedName<'a>> {
    let steps = steps.checked_sub(1)?;
    let mut found = None;
    for base in class.bases() {
        let own = match base {
            Expr::Name(name) => cx.binding(name).map(|it| it.kind),
            _ => None,
        };
        let name = match own {
            Some(BindingKind::Class(class)) if class.bases().is_empty() => continue,
            Some(BindingKind::Class(class)) => base_of(class, steps, cx)?,
            _ => standard(base, cx)?,
        };
        if name.is("builtins.object") {
            continue;
        }
        if found.replace(name).is_some() {
            return None;
        }
    }
    found
}

/// Whether a class, or one of the same file that it inherits from, has a member of its own.
pub(super) fn is_defined_in_file<'a>(
    class: &'a ast::StmtClassDef,
    member: &str,
    cx: &Context<'a>,
) -> bool {
    is_defined(class, member, MOST_STEPS, cx)
}

fn is_defined<'a>(
    class: &'a ast::StmtClassDef,
    member: &str,
    steps: usize,
    cx: &Context<'a>,
) -> bool {
    let Some(steps) = steps.checked_sub(1) else { return true };
    let inherits = |base: &'a Expr| match base {
        Expr::Name(name) => match cx.binding(name).map(|it| it.kind) {
            Some(BindingKind::Class(base)) => is_defined(base, member, steps, cx),
            _ => false,
        },
        _ => false,
    };
    !cx.members(class, member).is_empty() || class.bases().iter().any(inherits)
}

mod evidence;

use ruff_python_ast::{AnyNodeRef, Expr, ExprAttribute, ExprCall, StmtClassDef, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange};

use self::evidence::{Evidence, evidence};
use super::lineage::{Lineage, MODULES};
use crate::diagnostic::{Diagnostic, Severity};
use crate::fix::Fix;
use crate::project::Item;
use crate::rule::{Context, Fixable, On, Rule, Suspected};
use crate::semantic::BindingKind;

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "forward-called-directly",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("forward_called_directly.md"),
    options: &[],
    on: &[On::ExprCall(check), On::Suspicion(confirm)],
};

const HELP: &str = "calling the module runs its hooks, and what wrappers like autocast, `torch.compile` and distributed training do around `forward`; calling `forward` skips all of that";

/// Words in the names of functions and classes that take modules apart on purpose.
const APART: &[&str] = &["export", "jit", "onnx", "script", "trace", "traced"];

fn check<'a>(call: &'a ExprCall, cx: &mut Context<'a>) {
    let Expr::Attribute(callee) = &*call.func else { return };
    let is_forward = match callee.attr.as_str() {
        "forward" => true,
        "__call__" => false,
        _ => return,
    };
    if cx.is_stub || cx.module.is_test() {
        return;
    }
    let around = Around::of(call, cx);
    if is_forward {
        check_forward(call, callee, &around, cx)
    } else {
        check_call(call, callee, &around, cx)
    }
}

/// The function and the class that a call stands in.
struct Around<'a> {
    function: Option<&'a StmtFunctionDef>,
    class: Option<&'a StmtClassDef>,
}

impl<'a> Around<'a> {
    fn of(call: &'a ExprCall, cx: &Context<'a>) -> Around<'a> {
        let mut around = Around { function: None, class: None };
        for node in cx.ancestors(call) {
            match node {
                AnyNodeRef::StmtFunctionDef(it) if around.function.is_none() => {
                    around.function = Some(it);
                }
                AnyNodeRef::StmtClassDef(it) => {
                    around.class = Some(it);
                    break;
                }
                _ => {}
            }
        }
        around
    }

    /// Whether modules are taken apart here on purpose.
    fn takes_apart(&self) -> bool {
        let is_apart = |name: &str| {
            name.split('_').any(|word| APART.contains(&word.to_ascii_lowercase().as_str()))
                || name.contains("Onnx")
                || name.contains("ONNX")
                || name.contains("Export")
        };
        self.function.is_some_and(|it| is_apart(&it.name) || it.name.as_str() == "__call__")
            || self.class.is_some_and(|it| is_apart(&it.name))
    }

    /// Whether an expression is the object whose method this is.
    fn is_self(&self, expression: &Expr) -> bool {
        let this = self.function.and_then(|it| it.parameters.iter().next());
        let name = expression.as_name_expr();
        self.class.is_some()
            && this.zip(name).is_some_and(|(it, name)| it.name() == name.id.as_str())
    }
}

fn check_forward<'a>(
    call: &'a ExprCall,
    callee: &'a ExprAttribute,
    around: &Around<'a>,
    cx: &mut Context<'a>,
) {
    if around.takes_apart() {
        return;
    }
    let receiver = &*callee.value;
    let said = cx.slice(receiver);
    let is_short = said.len() <= 40 && !said.contains('\n');
    let said = if is_short { said } else { "the module" };
    if around.is_self(receiver) {
        let (Some(class), Some(function)) = (around.class, around.function) else { return };
        if function.name.as_str() == "forward" || cx.class_of(function).is_none() {
            return;
        }
        let message =
            format!("`{said}.forward()` goes around `__call__` and the hooks of the module");
        let fix = called(call, callee, cx);
        cx.suspect(class, callee.attr.range, message).severity(Severity::Info).help(HELP).fix(fix);
        return;
    }
    let Some(evidence) = evidence(receiver, around.class, cx) else { return };
    let message = format!("`{said}.forward()` goes around `__call__` and the hooks of the module");
    let fix = called(call, callee, cx);
    let range = callee.attr.range;
    match evidence {
        Evidence::Module => cx.report(range, message),
        Evidence::Class(name) => match (around.function, around.class) {
            (Some(it), _) => cx.suspect_about(it, name, range, message),
            (None, Some(it)) => cx.suspect_about(it, name, range, message),
            (None, None) => return,
        },
        Evidence::Modules => return,
    }
    .help(HELP)
    .fix(fix);
}

/// Reports `thing.__call__(…)`, which is `thing(…)`.
fn check_call<'a>(
    call: &'a ExprCall,
    callee: &'a ExprAttribute,
    around: &Around<'a>,
    cx: &mut Context<'a>,
) {
    let receiver = &*callee.value;
    // `super().__call__(…)`, and `Base.__call__(self, …)` of a class.
    let is_class = match receiver {
        Expr::Name(name) => {
            let binding = cx.binding(name).map(|it| it.kind);
            matches!(
                binding,
                Some(BindingKind::Class(_) | BindingKind::Import(..) | BindingKind::FromImport(..))
            ) || matches!(name.id.as_str(), "cls" | "mcs" | "meta" | "metacls" | "type")
                || name.id.chars().find(|it| *it != '_').is_some_and(char::is_uppercase)
        }
        Expr::Attribute(it) => {
            it.attr.chars().find(|it| *it != '_').is_some_and(char::is_uppercase)
        }
        _ => true,
    };
    let gets_self = call.arguments.args.first().is_some_and(|it| around.is_self(it));
    if is_class || gets_self {
        return;
    }
    let said = cx.slice(receiver);
    let fix = called(call, callee, cx);
    cx.report(callee.attr.range, format!("`{said}.__call__()` is `{said}()` said the long way"))
        .severity(Severity::Info)
        .help("a call looks for `__call__` on the class; asking the object for it also finds what only the object has")
        .fix(fix);
}

/// The call of the object itself.
fn called(call: &ExprCall, callee: &ExprAttribute, cx: &Context<'_>) -> Option<Fix> {
    let range = TextRange::new(callee.value.end(), callee.end());
    let is_plain = cx.slice(range).trim_start().starts_with('.') && !cx.has_comment(range);
    let touches = call.arguments.start() == callee.end();
    (is_plain && touches).then(|| Fix::unsafe_("Call the object").delete(range))
}

fn confirm(suspected: Suspected<'_>, _: &mut Diagnostic) -> bool {
    let project = suspected.project;
    let class = match suspected.suspicion.about {
        Some(_) => match suspected.about() {
            Item::Class(class) => class,
            _ => return false,
        },
        None => match suspected.class() {
            Some(class) => class.id,
            None => return false,
        },
    };
    Lineage::of(class, project).comes_from(MODULES)
}

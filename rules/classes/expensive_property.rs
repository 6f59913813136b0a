mod caching;
mod said;

use ruff_python_ast::{AnyNodeRef, StmtFunctionDef};

use crate::diagnostic::{Diagnostic, Severity};
use crate::facts::{CostLevel, is_known_cost};
use crate::project::{Cost, Step};
use crate::rule::{Context, Fixable, On, Opt, Rule, Suspected};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "expensive-property",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("expensive_property.md"),
    options: &[&EXPENSIVE, &CHEAP, &LOOPS, &IGNORED_NAMES],
    on: &[On::ModModule(said::note), On::StmtFunctionDef(check), On::Suspicion(confirm)],
};

const EXPENSIVE: Opt<&'static [&'static str]> = Opt {
    name: "expensive",
    default: &[],
    help: "What is expensive to call, too: absolute names (`boto3.client`), or methods (`.fetchall`).",
};

const CHEAP: Opt<&'static [&'static str]> = Opt {
    name: "cheap",
    default: &[],
    help: "What is not expensive to call, written like `expensive`.",
};

const LOOPS: Opt<bool> = Opt {
    name: "loops",
    default: false,
    help: "Whether sorting its data, copying it deeply and looping over it in a loop is expensive.",
};

const IGNORED_NAMES: Opt<&'static [&'static str]> =
    Opt { name: "ignore-names", default: &[], help: "Names of properties that may be expensive." };

fn check<'a>(getter: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    let [decorator] = &getter.decorator_list[..] else { return };
    if !cx.is(&decorator.expression, "builtins.property") || getter.is_async || cx.is_stub {
        return;
    }
    let Some(class) = cx.class_of(getter) else { return };
    let calls = |node: AnyNodeRef<'_>| matches!(node, AnyNodeRef::ExprCall(_));
    let reads = |node: AnyNodeRef<'_>| matches!(node, AnyNodeRef::ExprAttribute(_));
    if !cx.own(getter).any(|node| calls(node) || reads(node)) {
        return;
    }
    let name = getter.name.as_str();
    if cx.get(&IGNORED_NAMES).iter().any(|it| it == name) {
        return;
    }
    let fix = caching::fix(getter, class, cx);
    cx.suspect(getter, &getter.name, format!("reading the property `{name}` is expensive"))
        .fix(fix);
}

fn confirm(suspected: Suspected<'_>, diagnostic: &mut Diagnostic) -> bool {
    let Some(function) = suspected.function() else { return false };
    let project = suspected.project;
    let Some(cost) = project.cost(function.id) else { return false };
    let does = Does::of(&cost);
    for (at, Step { file, range, callee }) in cost.path.iter().enumerate() {
        let text = match callee {
            Some(callee) => format!("calls `{}`", project.qualified_name(*callee)),
            None if at == 0 => does.to_string(true),
            None => does.there(),
        };
        match *file == suspected.file {
            true => diagnostic.label(*range, text),
            false => diagnostic.label_in(project.file(*file).path(), *range, text),
        };
    }
    let how = if cost.is_certain { "each read" } else { "a read can" };
    let (does, says) = (does.to_string(cost.is_certain), does.says(&cost));
    diagnostic.help(format!(
        "{how} {does}, which {says}; who reads an attribute expects it to be cheap: make it a method, or keep the result"
    ));
    // What is computed from data of the object changes with them.
    if cost.level == CostLevel::Work || !caching::is_possible(suspected, cost.path.len() > 1) {
        diagnostic.fix = None;
    }
    true
}

/// What a property does that is expensive.
enum Does<'a> {
    Calls(&'a str),
    /// Runs a loop in a loop.
    Loops,
}

impl<'a> Does<'a> {
    fn of(cost: &'a Cost) -> Does<'a> {
        match cost.what.as_str() {
            said::LOOP => Does::Loops,
            what => Does::Calls(what.strip_prefix("builtins.").unwrap_or(what)),
        }
    }

    /// In the third person, or after "can".
    fn to_string(&self, is_certain: bool) -> String {
        let s = if is_certain { "s" } else { "" };
        match self {
            Does::Calls(what) => format!("call{s} `{what}()`"),
            Does::Loops => format!("run{s} a loop inside a loop"),
        }
    }

    /// At the end of a path.
    fn there(&self) -> String {
        match self {
            Does::Calls(what) => format!("and there `{what}()` is called"),
            Does::Loops => "and there is a loop inside a loop".to_owned(),
        }
    }

    /// Why that is expensive: the end of "which …".
    fn says(&self, cost: &Cost) -> &'static str {
        match self {
            Does::Calls(what) if cost.level > CostLevel::Work && !is_known_cost(what) => {
                "is said to be expensive"
            }
            _ => cost.level.says(),
        }
    }
}

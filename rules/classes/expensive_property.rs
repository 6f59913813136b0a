mod caching;
mod said;

use crate::diagnostic::Severity;
use crate::facts::{CostLevel, Subject, is_known_cost};
use crate::fix::Fix;
use crate::project::{Cost, Step};
use crate::rule::{Context, Fixable, Function, Mending, On, Opt, ProjectReport, Rule};

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
    on: &[On::ModModule(said::note), On::Function(check), On::Mend(mend)],
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

fn check<'a>(getter: Function<'a>, report: &mut ProjectReport<'a>) {
    let project = getter.project;
    if project.file(getter.file).is_stub() {
        return;
    }
    // Only a property has one.
    let Some(cost) = project.cost(getter.id) else { return };
    let name = getter.text(getter.facts.name);
    if report.get(getter.file, &IGNORED_NAMES).iter().any(|it| it == name) {
        return;
    }
    let does = Does::of(&cost);
    let how = if cost.is_certain { "each read" } else { "a read can" };
    let (does_it, says) = (does.to_string(cost.is_certain), does.says(&cost));
    let message = format!("reading the property `{name}` is expensive");
    let finding = report.at(getter.file, getter.facts.range(), message);
    finding.help(format!(
        "{how} {does_it}, which {says}; who reads an attribute expects it to be cheap: make it a method, or keep the result"
    ));
    for (at, Step { file, range, callee }) in cost.path.iter().enumerate() {
        let text = match callee {
            Some(callee) => format!("calls `{}`", project.qualified_name(*callee)),
            None if at == 0 => does.to_string(true),
            None => does.there(),
        };
        match *file == getter.file {
            true => finding.label(*range, text),
            false => finding.label_in(project.file(*file).path(), *range, text),
        };
    }
    // What is computed from data of the object changes with them.
    if cost.level != CostLevel::Work && caching::is_possible(getter, cost.path.len() > 1) {
        let index = project.index_of_function(getter.id);
        report.to_mend(Subject::Function(index), Vec::new());
    }
}

fn mend<'a>(mending: Mending<'a>, cx: &Context<'a>) -> Option<Fix> {
    let getter = mending.subject.as_stmt_function_def()?;
    caching::fix(getter, cx.class_of(getter)?, cx)
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

use crate::diagnostic::Severity;
use crate::rule::{Fixable, ImportCycle, On, ProjectReport, Rule};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "harmless-import-cycle",
    formerly: &[],
    severity: Severity::Info,
    default: false,
    fixable: Fixable::Never,
    since: "0.1.0",
    page: include_str!("harmless_import_cycle.md"),
    options: &[],
    on: &[On::ImportCycle(check)],
};

fn check<'a>(found: ImportCycle<'a>, report: &mut ProjectReport<'a>) {
    let chain = &found.cycle.chain;
    let [closing, rest @ ..] = &chain[..] else { return };
    if !found.cycle.failures.is_empty() {
        return;
    }
    let name = |id| found.file(id).module().as_str();
    let path: Vec<String> = chain
        .iter()
        .map(|edge| edge.from)
        .chain([closing.from])
        .map(|id| format!("`{}`", name(id)))
        .collect();
    let message = match chain.len() {
        2 => format!("`{}` and `{}` import each other", name(closing.from), name(closing.to)),
        _ => format!("circular import: {}", path.join(" → ")),
    };
    let more = match found.cycle.members.len().saturating_sub(chain.len()) {
        0 => String::new(),
        more => format!("; {more} more modules hang together with these"),
    };
    let labels: Vec<_> = rest
        .iter()
        .map(|edge| {
            let text = format!("`{}` imports `{}` here", name(edge.from), name(edge.to));
            (report.path(edge.from).to_owned(), edge.range(), text)
        })
        .collect();
    let finding = report.at(closing.from, closing.range(), message);
    for (path, range, text) in labels {
        finding.label_in(path, range, text);
    }
    let works = match found.cycle.is_certain {
        true => "each of them can be imported first and works, but not much may be moved",
        false => {
            "nothing is known to fail, but not all can be followed that they do when they are imported"
        }
    };
    finding.help(format!("{works}{more}"));
}

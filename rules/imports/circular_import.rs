use ruff_text_size::{TextRange, TextSize};

use super::cutting;
use crate::diagnostic::Severity;
use crate::project::import_time::Entry;
use crate::project::{Cycle, Failing, FileId, Project};
use crate::rule::{Fixable, ImportCycle, On, ProjectReport, Rule};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "circular-import",
    formerly: &[],
    severity: Severity::Error,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("circular_import.md"),
    options: &[],
    on: &[On::ImportCycle(check), On::Cut(cutting::cut)],
};

/// So many entries are named in a message.
const MOST_NAMED: usize = 3;

fn check<'a>(found: ImportCycle<'a>, report: &mut ProjectReport<'a>) {
    let ImportCycle { cycle, project } = found;
    let Some(first) = cycle.failures.first() else { return };
    let failure = &first.failure;
    let (file, range) = match cycle.cut {
        Some(edge) => (edge.from, edge.range()),
        None => (failure.file, statement_at(project, failure.file, failure.at)),
    };
    let entered = entered(project, cycle, first);
    let message = format!("{} fails: `{}: {}`", entered.text, failure.exception, failure.message);
    let labels = trace(project, first);
    let help = help(project, cycle, first, entered.by);
    let finding = report.at(file, range, message);
    if !is_error(cycle) {
        finding.severity(Severity::Warning);
    }
    for (path, range, text) in labels {
        finding.label_in(path, range, text);
    }
    finding.help(help);
    // Where an import is ignored, it is what would have to be cut.
    if cycle.ignored.is_empty() {
        report.to_cut(cycle);
    }
}

/// Whether somebody will see it fail.
fn is_error(cycle: &Cycle) -> bool {
    !cycle.has_way_in || cycle.failures.iter().any(|failing| failing.is_public)
}

/// An entry as what somebody does.
struct Entered {
    text: String,
    /// The other entry that is said to do so, if one is.
    by: Option<Entry>,
}

fn entered(project: &Project, cycle: &Cycle, first: &Failing) -> Entered {
    let Entry::Module(file) = first.entry else {
        return Entered { text: format!("running {}", named(project, first.entry)), by: None };
    };
    let command = project.commands(file).first().map(|it| format!("`{it}`"));
    let mut scripts = cycle.failures.iter().filter(|it| runs_into(it, first));
    let by = if command.is_none() { scripts.next().map(|it| it.entry) } else { None };
    let command = command.or_else(|| by.map(|it| named(project, it)));
    let who = command.map_or_else(String::new, |it| format!(", as {it} does,"));
    Entered { text: format!("importing {} first{who}", named(project, first.entry)), by }
}

/// Whether an entry is a script that fails since it imports another.
fn runs_into(failing: &Failing, other: &Failing) -> bool {
    let (own, others) = (&failing.failure, &other.failure);
    matches!(failing.entry, Entry::Script(_))
        && (own.file, own.at) == (others.file, others.at)
        && own.trail.iter().any(|hop| hop.file == failing.file() && hop.to == other.file())
}

/// An entry as what somebody imports or types.
fn named(project: &Project, entry: Entry) -> String {
    match entry {
        Entry::Module(file) => format!("`{}`", project.file(file).module().as_str()),
        Entry::Script(file) => match project.package_run_by(file) {
            Some(package) => format!("`python -m {package}`"),
            None => format!("`python {}`", project.file(file).path()),
        },
    }
}

/// The imports on the way to a failure, and where what is missing would be bound.
fn trace(project: &Project, failing: &Failing) -> Vec<(String, TextRange, String)> {
    let failure = &failing.failure;
    let path = |file: FileId| project.file(file).path().to_owned();
    let name = |file: FileId| project.file(file).module().as_str();
    // Its first hop is the entry itself, which no statement imports.
    let mut labels: Vec<_> = failure
        .trail
        .iter()
        .skip(1)
        .map(|hop| {
            let text = format!("`{}` imports `{}`", name(hop.file), name(hop.to));
            (path(hop.file), statement_at(project, hop.file, hop.at), text)
        })
        .collect();
    let Some(missing) = &failure.missing else { return labels };
    let at = statement_at(project, failure.file, failure.at);
    let needed = format!(
        "`{}` needs `{}` of `{}`, which is still being imported",
        name(failure.file),
        missing.name,
        name(missing.module)
    );
    labels.push((path(failure.file), at, needed));
    if let Some(bound) = missing.bound_at {
        let length = TextSize::of(missing.name.as_str());
        let text = format!("`{}` is bound only here", missing.name);
        labels.push((path(missing.module), TextRange::at(bound, length), text));
    }
    labels
}

/// What to do, and who else is concerned.
fn help(project: &Project, cycle: &Cycle, first: &Failing, named_already: Option<Entry>) -> String {
    let mut help = match (&cycle.cut, &first.failure.missing) {
        _ if !cycle.needed.is_empty() => moves(project, cycle),
        (Some(edge), _) if cycle.needs_more_cuts => format!(
            "this import of `{}` is one of those that have to change before all of them load",
            project.file(edge.to).module().as_str()
        ),
        (Some(_), _) if cycle.has_fix => {
            "all of them load with the fix of this import: it has been simulated".to_owned()
        }
        (Some(edge), _) => format!(
            "nothing fails without this import: move it into the functions that need `{0}`, or under `if TYPE_CHECKING:` if only annotations do",
            project.file(edge.to).module().as_str()
        ),
        (None, Some(missing)) => format!(
            "no single import can be left out: move `{}` out of `{}`, to a module that imports none of these",
            missing.name,
            project.file(missing.module).module().as_str()
        ),
        (None, None) => String::new(),
    };
    if !is_error(cycle) {
        help.push_str(
            "; it works as long as another module of the package is imported before, as it is today",
        );
    }
    let others: Vec<Entry> = cycle.failures[1..]
        .iter()
        .map(|failing| failing.entry)
        .filter(|entry| Some(*entry) != named_already)
        .collect();
    let count = others.len();
    let others: Vec<String> =
        others.into_iter().take(MOST_NAMED).map(|entry| named(project, entry)).collect();
    if !others.is_empty() {
        let more = match count - others.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        help.push_str(&format!("; also fails: {}{more}", others.join(", ")));
    }
    help
}

/// What would have to move, where imports are needed at once.
fn moves(project: &Project, cycle: &Cycle) -> String {
    let moves: Vec<String> = cycle
        .needed
        .iter()
        .take(MOST_NAMED)
        .map(|needed| {
            let module = |file: FileId| project.file(file).module().as_str();
            let names: Vec<String> = needed.names.iter().map(|it| format!("`{it}`")).collect();
            let (to, from) = (module(needed.edge.to), module(needed.edge.from));
            format!("{} out of `{to}`, which `{from}` needs at once", names.join(" and "))
        })
        .collect();
    format!(
        "no import can be put off: move {}, to a module that imports none of these",
        moves.join(", or ")
    )
}

/// The import statement that begins at a place; what begins there, where it is none.
fn statement_at(project: &Project, file: FileId, at: TextSize) -> TextRange {
    let imports = project.file(file).imports();
    let import = imports.iter().find(|import| import.range().start() == at);
    import.map_or(TextRange::empty(at), |import| import.range())
}

//! For people.

use std::fmt::Write as _;

use super::model::{Component, Fold, Graph, Link, word};
use super::read::{Failure, Import};
use super::ways::{Chains, Reached};
use super::{Question, Shown};
use crate::output::counted;
use crate::project::ImportKind;

/// So many failing entries of a component are told.
const MOST_FAILURES: usize = 5;
/// So many names of an import are told.
const MOST_NAMES: usize = 4;

/// Where a cycle is to be cut, and what leads back.
const CUT: &str = "✂";
const BACK: &str = "↩";

pub(super) fn report(shown: &Shown<'_>) -> String {
    let mut out = String::new();
    match &shown.question {
        Question::All => all(shown, &mut out),
        Question::Reach { name, backward, found } => {
            reach(&shown.graph, name, *backward, found, &mut out);
        }
        Question::Chains { from, to, found } => chains(&shown.graph, from, to, found, &mut out),
    }
    out
}

fn all(shown: &Shown<'_>, out: &mut String) {
    let graph = &shown.graph;
    if graph.imports.modules.is_empty() {
        return;
    }
    for (number, it) in graph.components.iter().enumerate() {
        let _ = write!(out, "{}. ", number + 1);
        component(graph, it, shown.reverse, out);
        out.push('\n');
    }
    let alone = graph.failures_outside();
    if !alone.is_empty() {
        out.push_str("In a package\n\n");
        failures(graph, &alone, false, out);
    }
    let outside = graph.links_outside();
    if !outside.is_empty() {
        if !graph.components.is_empty() {
            out.push_str("In no cycle\n\n");
        }
        let rows = outside.iter().flat_map(|link| rows(graph, *link, shown.reverse)).collect();
        table(rows, shown.reverse, out);
    }
    totals(shown, out);
}

/// Modules that import one another.
fn component(graph: &Graph<'_>, component: &Component, reverse: bool, out: &mut String) {
    let nodes = things(graph, component.nodes.len());
    let links = component.links.iter();
    let count: usize = links.clone().map(|link| graph.links[*link].imports.len()).sum();
    let _ = write!(out, "{nodes} import one another ({})", counted(count, "import"));
    if !component.is_executed {
        out.push_str(": not while they are imported");
    }
    let others = component.nodes.iter().filter(|node| !graph.nodes[**node].is_named).count();
    match others {
        0 => {}
        1 => out.push_str("; 1 of them in a file that was not named"),
        count => {
            let _ = write!(out, "; {count} of them in files that were not named");
        }
    }
    out.push_str("\n\n");
    let has_cut = component.links.iter().any(|link| graph.is_cut(*link));
    failures(graph, &component.failures, has_cut, out);
    let mut rows: Vec<Row> = links.clone().flat_map(|link| rows(graph, *link, reverse)).collect();
    let back: Vec<&usize> = links.filter(|link| graph.links[**link].is_back).collect();
    rows.iter_mut().for_each(|row| row.shows_cost = true);
    table(rows, reverse, out);
    if has_cut {
        let _ = writeln!(out, "   {CUT} without it, nothing of its cycle fails");
    }
    let cost: usize = back.iter().map(|link| graph.links[**link].cost).sum();
    let count: usize = back.iter().map(|link| graph.links[**link].imports.len()).sum();
    let these = match count {
        1 => "this import".to_owned(),
        count => format!("these {count} imports"),
    };
    let _ = writeln!(out, "   {BACK} without {these} there is no cycle (cost {cost})");
}

/// The entries that fail, those together that fail alike.
fn failures(graph: &Graph<'_>, numbers: &[usize], has_cut: bool, out: &mut String) {
    let mut alike: Vec<Vec<&Failure>> = Vec::new();
    for failure in numbers.iter().map(|number| &graph.imports.failures[*number]) {
        let key =
            |it: &Failure| (it.exception.clone(), it.spot.path.clone(), it.spot.row, it.is_cured);
        match alike.iter_mut().find(|group| key(group[0]) == key(failure)) {
            Some(group) => group.push(failure),
            None => alike.push(vec![failure]),
        }
    }
    for group in alike.iter().take(MOST_FAILURES) {
        let Failure { exception, spot, is_cured, .. } = group[0];
        let uncured = if has_cut && !is_cured { ", with the cut, too" } else { "" };
        let entries = entries(graph, group);
        let _ = writeln!(out, "   {entries} fails at {}:{}{uncured}", spot.path, spot.row);
        let _ = writeln!(out, "     {exception}");
    }
    let left = alike.iter().skip(MOST_FAILURES).map(Vec::len).sum::<usize>();
    if left > 0 {
        let fail = if left == 1 { "entry fails" } else { "entries fail" };
        let _ = writeln!(out, "   {left} more {fail}");
    }
    if !numbers.is_empty() {
        out.push('\n');
    }
}

/// What somebody does: ``importing `a` or `b` first``.
fn entries(graph: &Graph<'_>, failures: &[&Failure]) -> String {
    let (scripts, modules): (Vec<&Failure>, Vec<&Failure>) =
        failures.iter().partition(|failure| failure.is_script);
    let module = |failure: &Failure| &graph.imports.modules[failure.module];
    let modules = modules.into_iter().map(|it| format!("`{}`", module(it).name)).collect();
    let script = |failure: &Failure| match module(failure).name.strip_suffix(".__main__") {
        Some(package) => format!("`python -m {package}`"),
        None => format!("`python {}`", module(failure).path),
    };
    let scripts = scripts.into_iter().map(script).collect();
    let imported = listed(modules).map(|modules| format!("importing {modules} first"));
    let run = listed(scripts).map(|scripts| format!("running {scripts}"));
    imported.into_iter().chain(run).collect::<Vec<_>>().join(" or ")
}

/// `one, two or 3 more`
fn listed(mut words: Vec<String>) -> Option<String> {
    if let Some(more) = words.len().checked_sub(MOST_NAMES).filter(|more| *more > 0) {
        words.truncate(MOST_NAMES);
        words.push(format!("{more} more"));
    }
    match &words[..] {
        [] => None,
        [only] => Some(only.clone()),
        [before @ .., last] => Some(format!("{} or {last}", before.join(", "))),
    }
}

/// A line of a table: an import.
struct Row {
    /// The node under which it is listed: its number and its name.
    under: (usize, String),
    /// The other node; empty where it is that of the line before.
    other: String,
    spot: String,
    names: String,
    kind: String,
    cost: usize,
    shows_cost: bool,
    marks: String,
}

/// The lines of a link: listed under who imports, with `reverse` under who is imported.
fn rows(graph: &Graph<'_>, link: usize, reverse: bool) -> Vec<Row> {
    let own = &graph.links[link];
    let (under, other) = if reverse { (own.to, own.from) } else { (own.from, own.to) };
    let row = |(at, import): (usize, &Import)| Row {
        under: (under, graph.nodes[under].name.clone()),
        other: if at == 0 { graph.nodes[other].name.clone() } else { String::new() },
        spot: spot(graph, import),
        names: what(import),
        kind: kind(import),
        cost: import.cost,
        shows_cost: false,
        marks: marks(import.is_cut, own.is_back),
    };
    graph.imports_of(link).map(|(_, import)| import).enumerate().map(row).collect()
}

fn marks(is_cut: bool, is_back: bool) -> String {
    let cut = is_cut.then_some(CUT);
    let back = is_back.then_some(BACK);
    cut.into_iter().chain(back).collect::<Vec<_>>().join(" ")
}

fn spot(graph: &Graph<'_>, import: &Import) -> String {
    format!("{}:{}", graph.imports.modules[import.from].path, import.row)
}

/// What is imported.
fn what(import: &Import) -> String {
    if import.is_on_the_way {
        return "(on the way)".to_owned();
    }
    let names = &import.names;
    let more = names.len().saturating_sub(MOST_NAMES);
    match (names.is_empty(), more) {
        (true, _) => "the module".to_owned(),
        (false, 0 | 1) => names.join(", "),
        (false, more) => format!("{} and {more} more", names[..MOST_NAMES].join(", ")),
    }
}

fn kind(import: &Import) -> String {
    let condition = match (import.kind, import.is_guarded) {
        (ImportKind::Conditional, true) => ", on a condition, in a `try`",
        (ImportKind::Conditional, false) => ", on a condition",
        (_, true) => ", in a `try`",
        _ => "",
    };
    let ignored = if import.is_ignored { ", ignored" } else { "" };
    format!("{}{condition}{ignored}", word(import.kind))
}

/// Lines under the modules that they are about, in columns.
fn table(mut rows: Vec<Row>, reverse: bool, out: &mut String) {
    // Those of one node stand together: who imports does so anyway.
    let mut first = rustc_hash::FxHashMap::default();
    for (at, row) in rows.iter().enumerate() {
        first.entry(row.under.0).or_insert(at);
    }
    rows.sort_by_key(|row| first[&row.under.0]);
    for group in rows.chunk_by(|one, other| one.under.0 == other.under.0) {
        let verb = if reverse { "is imported by" } else { "imports" };
        let _ = writeln!(out, "   {} {verb}", group[0].under.1);
        let cells = group.iter().map(|row| {
            let cost = if row.shows_cost { format!("cost {}", row.cost) } else { String::new() };
            let Row { other, spot, names, kind, marks, .. } = row;
            [other.clone(), spot.clone(), names.clone(), kind.clone(), cost, marks.clone()]
        });
        columns("     ", &cells.collect::<Vec<_>>(), out);
    }
    out.push('\n');
}

/// Lines of cells, one below the other.
fn columns<const N: usize>(indent: &str, lines: &[[String; N]], out: &mut String) {
    let width = |at: usize| lines.iter().map(|line| line[at].chars().count()).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    for line in lines {
        let start = out.len();
        out.push_str(indent);
        for (cell, width) in line.iter().zip(widths).filter(|(_, width)| *width > 0) {
            let _ = write!(out, "{cell:width$}  ");
        }
        out.truncate(start + out[start..].trim_end().len());
        out.push('\n');
    }
}

/// What there is, in numbers.
fn totals(shown: &Shown<'_>, out: &mut String) {
    let graph = &shown.graph;
    let imports: usize = graph.links.iter().map(|link| link.imports.len()).sum();
    let (nodes, imports) = (things(graph, graph.nodes.len()), counted(imports, "import"));
    let groups = counted(graph.components.len(), "group");
    let inside: usize = graph.components.iter().map(|it| it.nodes.len()).sum();
    let _ = match (graph.components.is_empty(), shown.cycles_only) {
        (true, false) => writeln!(out, "{nodes}, {imports}, no cycle"),
        (true, true) => writeln!(out, "no cycle"),
        (false, false) => {
            writeln!(out, "{nodes}, {imports}; {inside} of them, in {groups}, import one another")
        }
        (false, true) => writeln!(out, "{nodes} in {groups} import one another: {imports}"),
    };
    let failing = graph.components.iter().map(|it| it.failures.len()).sum::<usize>();
    match failing + graph.failures_outside().len() {
        0 => {}
        1 => out.push_str("1 entry fails if it comes first\n"),
        count => {
            let _ = writeln!(out, "{count} entries fail if they come first");
        }
    }
    left_out(graph, out);
}

/// What is not shown.
fn left_out(graph: &Graph<'_>, out: &mut String) {
    let kinds = [("lazy", graph.imports.lazy_left_out), ("typing", graph.imports.typing_left_out)];
    let kinds: Vec<(&str, usize)> = kinds.into_iter().filter(|(_, count)| *count > 0).collect();
    if kinds.is_empty() {
        return;
    }
    let counts: Vec<String> = kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    let names: Vec<&str> = kinds.iter().map(|(kind, _)| *kind).collect();
    let is = if kinds.iter().map(|it| it.1).sum::<usize>() == 1 { " is" } else { "s are" };
    let (counts, names) = (counts.join(" and "), names.join(","));
    let _ = writeln!(out, "{counts} import{is} left out: `--include {names}` shows them");
}

fn things(graph: &Graph<'_>, count: usize) -> String {
    counted(count, if graph.fold == Fold::Modules { "module" } else { "package" })
}

/// What a module imports, or what imports it: the nearest first.
fn reach(graph: &Graph<'_>, name: &str, backward: bool, found: &[Reached], out: &mut String) {
    let reached: Vec<&Reached> = found.iter().filter(|it| it.by.is_some()).collect();
    let count = things(graph, reached.len());
    let direct = reached.iter().filter(|it| it.distance == 1).count();
    let _ = match (reached.is_empty(), backward) {
        (true, false) => writeln!(out, "`{name}` imports nothing that was looked at"),
        (true, true) => writeln!(out, "nothing that was looked at imports `{name}`"),
        (false, false) => writeln!(out, "`{name}` imports {count}, {direct} of them itself"),
        (false, true) => {
            let verb = if reached.len() == 1 { "imports" } else { "import" };
            writeln!(out, "{count} {verb} `{name}`, {direct} of them without others between")
        }
    };
    for group in reached.chunk_by(|one, other| one.distance == other.distance) {
        let _ = writeln!(out, "\n{} away", counted(group[0].distance, "import"));
        let lines = group.iter().filter_map(|it| {
            let link = it.by?;
            let Link { from, to, .. } = graph.links[link];
            let verb = if backward { "imports" } else { "by" };
            let other = &graph.nodes[if backward { to } else { from }].name;
            let (_, import) = graph.imports_of(link).next()?;
            let own = graph.nodes[it.node].name.clone();
            Some([own, format!("{verb} {other}"), spot(graph, import), what(import), kind(import)])
        });
        columns("  ", &lines.collect::<Vec<_>>(), out);
    }
    if !reached.is_empty() {
        out.push('\n');
    }
    left_out(graph, out);
}

/// How one imports the other.
fn chains(graph: &Graph<'_>, from: &str, to: &str, found: &Chains, out: &mut String) {
    let Some(first) = found.some.first() else {
        let _ = writeln!(out, "`{from}` does not import `{to}`, not through others either");
        left_out(graph, out);
        return;
    };
    let length = first.len();
    let ways = match found.count {
        1 => "one shortest way".to_owned(),
        count => format!("{count} shortest ways"),
    };
    let each = if found.count == 1 { "of" } else { "each of" };
    let length = counted(length, "import");
    let _ = writeln!(out, "{ways} from `{from}` to `{to}`, {each} {length}");
    for chain in &found.some {
        let start = graph.links[chain[0]].from;
        let _ = writeln!(out, "\n  {}", graph.nodes[start].name);
        let mut lines = Vec::new();
        for link in chain {
            let to = &graph.nodes[graph.links[*link].to].name;
            for (at, (_, import)) in graph.imports_of(*link).enumerate() {
                let to = if at == 0 { format!("→ {to}") } else { String::new() };
                lines.push([to, spot(graph, import), what(import), kind(import)]);
            }
        }
        columns("  ", &lines, out);
    }
    if let Some(more) = found.count.checked_sub(found.some.len()).filter(|more| *more > 0) {
        let _ = writeln!(out, "\nand {more} more");
    }
    if graph.imports.lazy_left_out + graph.imports.typing_left_out > 0 {
        out.push('\n');
        left_out(graph, out);
    }
}

//! `dunderlint graph`: which module imports which, the cycles first.

mod dot;
mod html;
mod json;
mod layout;
mod mermaid;
mod model;
mod order;
mod read;
mod text;
mod ways;

use std::io::Write as _;

use ruff_text_size::TextSize;

use super::Failure;
use super::arguments::{Drawing, Extra, Global, Graph as Asked};
use super::exit::Exit;
use super::files::whole;
use super::outlet::Outlet;
use super::terminal::{self, Stream};
use crate::engine::{Extent, is_ignored, linked};
use crate::project::FileId;
use crate::rule::{Chapter, On, Rule};

use model::{Fold, Graph};
use read::{Extras, Imports};
use ways::{Chains, Reached};

/// Runs the command.
///
/// # Errors
/// When the arguments or the settings cannot be used, there is no such module, or the output cannot
/// be written.
pub(super) fn run(
    chapters: &'static [Chapter],
    global: &Global,
    asked: &Asked,
    stream: Stream,
) -> Result<Exit, Failure> {
    let threads = asked.threads.map(usize::from);
    let (folder, found, libraries) = whole(chapters, global, &asked.paths, threads)?;
    if let Some((path, message)) = found.problems.first() {
        return Err(Failure::Usage(format!("`{}`: {message}", path.display())));
    }
    if found.files.is_empty() && !global.quiet && !global.silent {
        let mut err = terminal::stderr(Stream::stderr(global.color));
        writeln!(err, "warning: no Python files found under the given paths")?;
        err.flush()?;
    }
    let (project, files) = linked(found.files, &libraries, threads, Extent::Everything);
    let extras = Extras {
        lazy: asked.include.contains(&Extra::Lazy),
        typing: asked.include.contains(&Extra::Typing),
    };
    // Who cuts a cycle hears whether somebody wants it to be cut.
    let cuts = |rule: &&Rule| rule.on.iter().any(|on| matches!(on, On::Cut(_)));
    let rules: Vec<&Rule> = chapters.iter().flat_map(|it| it.rules).filter(cuts).collect();
    let is_ignored = |file: FileId, at: TextSize| is_ignored(&project, &rules, file, at);
    let imports = Imports::new(&project, &files, &folder, extras, &is_ignored);
    let shown = Shown::new(&imports, asked)?;
    if !global.silent {
        let report = match asked.format {
            Drawing::Text => text::report(&shown),
            Drawing::Json => json::report(&shown)?,
            Drawing::Dot => dot::report(&shown),
            Drawing::Mermaid => mermaid::report(&shown),
            Drawing::Html => html::report(&shown)?,
        };
        let outlet = asked.output_file.as_deref().map_or(Outlet::Stdout(stream), Outlet::File);
        outlet.write(|out| out.write_all(report.as_bytes()))?;
    }
    Ok(Exit::Clean)
}

/// What is shown: a graph, or the part of it that was asked for.
struct Shown<'i> {
    graph: Graph<'i>,
    question: Question,
    /// Whether modules are listed with what imports them.
    reverse: bool,
    cycles_only: bool,
}

/// What the graph is to answer. The names are as they were written.
enum Question {
    /// What is there?
    All,
    /// What does a module import, or with `backward`, what imports it?
    Reach { name: String, backward: bool, found: Vec<Reached> },
    /// How does one import another?
    Chains { from: String, to: String, found: Chains },
}

impl<'i> Shown<'i> {
    fn new(imports: &'i Imports, asked: &Asked) -> Result<Shown<'i>, Failure> {
        let fold = match asked.packages {
            None => Fold::Modules,
            Some(depth) => Fold::Packages(depth),
        };
        let mut graph = Graph::new(imports, fold);
        let (from, to) = match asked.reverse {
            false => (&asked.from, &asked.to),
            true => (&asked.to, &asked.from),
        };
        let mut question = match (from, to) {
            (None, None) => Question::All,
            (Some(from), Some(to)) => chains(&mut graph, from, to)?,
            (Some(name), None) => reach(&mut graph, name, false)?,
            (None, Some(name)) => reach(&mut graph, name, true)?,
        };
        graph.find_components();
        if asked.cycles_only {
            graph.keep_cycles();
            if !matches!(question, Question::All) {
                question = Question::All;
            }
        }
        Ok(Shown { graph, question, reverse: asked.reverse, cycles_only: asked.cycles_only })
    }
}

fn chains(graph: &mut Graph<'_>, from: &str, to: &str) -> Result<Question, Failure> {
    let (starts, goals) = (named(graph, from)?, named(graph, to)?);
    if starts == goals {
        return Err(Failure::Usage(format!("`{from}` and `{to}` are the same")));
    }
    let mut found = graph.chains(&starts, &goals);
    let mut nodes = vec![false; graph.nodes.len()];
    let mut links = vec![false; graph.links.len()];
    for link in found.some.iter().flatten() {
        links[*link] = true;
        nodes[graph.links[*link].from] = true;
        nodes[graph.links[*link].to] = true;
    }
    graph.keep(&nodes, &links);
    let number = numbers(&links);
    found.some.iter_mut().flatten().for_each(|link| *link = number[*link]);
    Ok(Question::Chains { from: from.to_owned(), to: to.to_owned(), found })
}

fn reach(graph: &mut Graph<'_>, name: &str, backward: bool) -> Result<Question, Failure> {
    let starts = named(graph, name)?;
    let mut found = graph.reach(&starts, backward);
    let mut nodes = vec![false; graph.nodes.len()];
    found.iter().for_each(|it| nodes[it.node] = true);
    let is_kept = |link: &model::Link| nodes[link.from] && nodes[link.to];
    let links: Vec<bool> = graph.links.iter().map(is_kept).collect();
    graph.keep(&nodes, &links);
    let (node, link) = (numbers(&nodes), numbers(&links));
    for it in &mut found {
        it.node = node[it.node];
        it.by = it.by.map(|by| link[by]);
    }
    Ok(Question::Reach { name: name.to_owned(), backward, found })
}

/// The numbers of what is kept, after the rest is gone.
fn numbers(kept: &[bool]) -> Vec<usize> {
    let mut next = 0;
    let mut number = |is_kept: &bool| {
        let own = next;
        next += usize::from(*is_kept);
        own
    };
    kept.iter().map(&mut number).collect()
}

/// The nodes that a name means.
fn named(graph: &Graph<'_>, name: &str) -> Result<Vec<usize>, Failure> {
    let found = graph.nodes_of(name);
    if !found.is_empty() {
        return Ok(found);
    }
    let likeness = |known: &str| strsim::jaro_winkler(name, known);
    let nearest = known_names(graph)
        .into_iter()
        .map(|known| (likeness(known), known))
        .filter(|(likeness, _)| *likeness >= 0.75)
        // Of equals, the first.
        .reduce(|best, other| if other.0 > best.0 { other } else { best });
    let thing = if graph.fold == Fold::Modules { "module or package" } else { "package" };
    Err(Failure::Usage(match nearest {
        Some((_, known)) => format!("there is no {thing} `{name}`; did you mean `{known}`?"),
        None => {
            format!("there is no {thing} `{name}` in the files that were looked at")
        }
    }))
}

/// The names that may be asked for, sorted.
fn known_names<'g>(graph: &'g Graph<'_>) -> Vec<&'g str> {
    let mut names = Vec::new();
    for node in &graph.nodes {
        let name = node.name.as_str();
        names.extend(name.match_indices('.').map(|(at, _)| &name[..at]));
        names.push(name);
    }
    names.retain(|name| !name.contains(' '));
    names.sort_unstable();
    names.dedup();
    names
}

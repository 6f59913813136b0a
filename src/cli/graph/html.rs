//! A page for browsers: one file that fetches nothing. What it shows is data in it, which
//! `page.js` draws; where things stand in a drawing is computed here.

use std::num::NonZeroUsize;

use serde_json::{Value, json};

use super::layout::{Drawn, Layout, NODE_HEIGHT};
use super::model::{Component, Fold, Graph, word};
use super::order::{self, Weighed};
use super::{Question, Shown, json};

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// With more nodes, a drawing is a tangle: a matrix takes its place.
const MOST_DRAWN: usize = 40;
/// With more edges, a matrix is shown first.
const MOST_EDGES: usize = 160;
/// With more nodes, a matrix is too big for any screen: packages take the place of modules.
const MOST_IN_MATRIX: usize = 400;
/// So many imports of a link are listed where packages stand for modules.
const MOST_IMPORTS: usize = 12;
/// So many characters of a name stand in a drawing.
const MOST_CHARACTERS: usize = 30;

pub(super) fn report(shown: &Shown<'_>) -> Result<String, serde_json::Error> {
    let graph = &shown.graph;
    let mut views: Vec<Value> = graph.components.iter().map(|it| of_component(graph, it)).collect();
    if !shown.cycles_only && !graph.nodes.is_empty() {
        views.push(everything(graph));
    }
    let data = json!({
        "title": title(shown),
        "unit": if graph.fold == Fold::Modules { "module" } else { "package" },
        "node_height": NODE_HEIGHT,
        "left_out": {
            "lazy": graph.imports.lazy_left_out,
            "typing": graph.imports.typing_left_out,
        },
        "views": views,
    });
    // In this order: no later text is looked for in an earlier one.
    let (before, rest) = PAGE.split_once("/*style*/").expect("the page has a place for it");
    let (between, rest) = rest.split_once("/*data*/").expect("the page has a place for it");
    let (behind, end) = rest.split_once("/*script*/").expect("the page has a place for it");
    let data = harmless(&serde_json::to_string(&data)?);
    Ok([before, STYLE, between, &data, behind, SCRIPT, end].concat())
}

/// JSON that cannot end the element that it stands in.
fn harmless(json: &str) -> String {
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

fn title(shown: &Shown<'_>) -> String {
    match &shown.question {
        Question::Chains { from, to, .. } => format!("How {from} imports {to}"),
        Question::Reach { name, backward: false, .. } => format!("What {name} imports"),
        Question::Reach { name, backward: true, .. } => format!("What imports {name}"),
        Question::All => {
            let mut tops: Vec<&str> = Vec::new();
            for node in &shown.graph.nodes {
                let end = node.name.find(['.', ' ']).unwrap_or(node.name.len());
                tops.push(&node.name[..end]);
            }
            tops.dedup();
            match tops[..] {
                [] => "Imports".to_owned(),
                [one] => format!("Imports of {one}"),
                [first, .., last] if tops.len() == 2 => format!("Imports of {first} and {last}"),
                [first, ..] => format!("Imports of {first} and {} more", tops.len() - 1),
            }
        }
    }
}

/// All nodes; where those are too many, the packages that they are in.
fn everything(graph: &Graph<'_>) -> Value {
    let is_folded = graph.nodes.len() > MOST_IN_MATRIX && graph.fold == Fold::Modules;
    if is_folded {
        return everything(&packages(graph));
    }
    let edges: Vec<Weighed> = graph.links.iter().map(|it| (it.from, it.to, it.cost)).collect();
    let is_back: Vec<bool> = graph.links.iter().map(|it| it.is_back).collect();
    let nodes: Vec<usize> = (0..graph.nodes.len()).collect();
    let links: Vec<usize> = (0..graph.links.len()).collect();
    let nodes = order::sorted(&nodes, &edges, &is_back);
    let failures: Vec<usize> = (0..graph.imports.failures.len()).collect();
    let most_imports = if graph.fold == Fold::Modules { usize::MAX } else { MOST_IMPORTS };
    view(graph, "all", &nodes, &links, &failures, most_imports)
}

/// The same with packages, as deep as there is room for.
fn packages<'i>(graph: &Graph<'i>) -> Graph<'i> {
    let deepest = graph.nodes.iter().map(|node| node.name.matches('.').count()).max();
    let depths = (1..=deepest.unwrap_or(0) + 1).rev().filter_map(NonZeroUsize::new);
    let mut folded = depths.map(|depth| Graph::new(graph.imports, Fold::Packages(Some(depth))));
    let shallowest = || Graph::new(graph.imports, Fold::Packages(NonZeroUsize::new(1)));
    let mut found = folded.find(|it| it.nodes.len() <= MOST_IN_MATRIX).unwrap_or_else(shallowest);
    found.find_components();
    found
}

fn of_component(graph: &Graph<'_>, component: &Component) -> Value {
    let Component { nodes, links, failures, .. } = component;
    let mut found = view(graph, "component", nodes, links, failures, usize::MAX);
    found["executed"] = Value::Bool(component.is_executed);
    found
}

/// What can be chosen: some nodes in their order, and links among them.
fn view(
    graph: &Graph<'_>,
    kind: &str,
    nodes: &[usize],
    links: &[usize],
    failures: &[usize],
    most_imports: usize,
) -> Value {
    let mut place = vec![0; graph.nodes.len()];
    for (at, node) in nodes.iter().enumerate() {
        place[*node] = at;
    }
    let names: Vec<&str> = nodes.iter().map(|node| &*graph.nodes[*node].name).collect();
    let short: Vec<String> = shortened(&names);
    let drawn = |number: &usize| {
        let link = &graph.links[*number];
        (place[link.from], place[link.to], link.is_back)
    };
    let drawn: Vec<Drawn> = links.iter().map(drawn).collect();
    let layout = (nodes.len() <= MOST_DRAWN).then(|| {
        let lengths: Vec<usize> = short.iter().map(|name| name.chars().count()).collect();
        drawing(&Layout::new(&lengths, &drawn))
    });
    let node = |(at, node): (usize, &usize)| {
        let node = &graph.nodes[*node];
        let path = match node.modules[..] {
            [module] => Some(&graph.imports.modules[module].path),
            _ => None,
        };
        json!({
            "name": node.name,
            "short": short[at],
            "path": path,
            "fails": node.fails,
            "named": node.is_named,
        })
    };
    let link = |number: &usize| {
        let link = &graph.links[*number];
        let imports = graph.imports_of(*number).take(most_imports);
        json!({
            "from": place[link.from],
            "to": place[link.to],
            "kind": word(graph.kind(*number)),
            "cost": link.cost,
            "back": link.is_back,
            "cut": graph.is_cut(*number),
            "imports": imports.map(|(_, it)| json::import(graph, it)).collect::<Vec<_>>(),
            "count": link.imports.len(),
        })
    };
    let failures = failures.iter().map(|it| json::failure(graph, &graph.imports.failures[*it]));
    json!({
        "kind": kind,
        "unit": if graph.fold == Fold::Modules { "module" } else { "package" },
        "nodes": nodes.iter().enumerate().map(node).collect::<Vec<_>>(),
        "links": links.iter().map(link).collect::<Vec<_>>(),
        "failures": failures.collect::<Vec<_>>(),
        "layout": layout,
        "dense": links.len() > MOST_EDGES,
        "executed": true,
    })
}

fn drawing(layout: &Layout) -> Value {
    json!({
        "width": layout.width,
        "height": layout.height,
        "nodes": layout.nodes,
        "edges": layout.edges,
    })
}

/// Names without the package that all are in, and not longer than there is room for.
fn shortened(names: &[&str]) -> Vec<String> {
    let longest = names.iter().max_by_key(|name| name.len()).copied().unwrap_or_default();
    let ends = longest.match_indices('.').map(|(at, _)| at + 1).rev();
    // The package itself keeps its name.
    let is_in = |name: &str, prefix: &str| {
        name.starts_with(prefix) || prefix.strip_suffix('.') == Some(name)
    };
    let is_common = |end: &usize| names.iter().all(|name| is_in(name, &longest[..*end]));
    let common = ends.into_iter().find(is_common).unwrap_or(0);
    let shorten = |name: &&str| {
        let rest = if name.len() > common { &name[common..] } else { name };
        let count = rest.chars().count();
        match count > MOST_CHARACTERS {
            true => {
                let end: String = rest.chars().skip(count + 1 - MOST_CHARACTERS).collect();
                format!("…{end}")
            }
            false => rest.to_owned(),
        }
    };
    names.iter().map(shorten).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_cannot_end_its_element() {
        assert_eq!(harmless("</script>&"), "\\u003c/script\\u003e\\u0026");
    }

    #[test]
    fn names_lose_what_all_have_in_front() {
        assert_eq!(shortened(&["shop.a.x", "shop.a.y"]), ["x", "y"]);
        assert_eq!(shortened(&["shop", "shop.a.x", "shop.b"]), ["shop", "a.x", "b"]);
        assert_eq!(shortened(&["shop.b", "cart"]), ["shop.b", "cart"]);
        let long = "a".repeat(40);
        assert_eq!(shortened(&[&long])[0].chars().count(), MOST_CHARACTERS);
    }
}

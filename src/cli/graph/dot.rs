//! For Graphviz.

use std::fmt::Write as _;

use super::Shown;
use super::model::Graph;
use crate::project::ImportKind;

/// The colours of what fails and of what is to be cut.
const FAILS: &str = "#c62828";
const BACK: &str = "#b26a00";

pub(super) fn report(shown: &Shown<'_>) -> String {
    let graph = &shown.graph;
    let mut out = String::from("digraph imports {\n");
    out.push_str("  rankdir=TB;\n");
    out.push_str("  node [shape=box, style=rounded, fontname=\"monospace\", fontsize=11];\n");
    out.push_str("  edge [fontname=\"monospace\", fontsize=9];\n");
    let mut is_inside = vec![false; graph.nodes.len()];
    for (number, component) in graph.components.iter().enumerate() {
        let _ = writeln!(out, "  subgraph cluster_{} {{", number + 1);
        let _ = writeln!(out, "    label=\"component {}\";", number + 1);
        for node in &component.nodes {
            is_inside[*node] = true;
            let _ = writeln!(out, "    {}", self::node(graph, *node));
        }
        out.push_str("  }\n");
    }
    for node in (0..graph.nodes.len()).filter(|node| !is_inside[*node]) {
        let _ = writeln!(out, "  {}", self::node(graph, node));
    }
    for link in 0..graph.links.len() {
        let _ = writeln!(out, "  {}", self::link(graph, link));
    }
    out.push_str("}\n");
    out
}

fn node(graph: &Graph<'_>, node: usize) -> String {
    let node = &graph.nodes[node];
    let fails = match node.fails {
        true => format!(" [color=\"{FAILS}\", fontcolor=\"{FAILS}\", tooltip=\"fails\"]"),
        false => String::new(),
    };
    format!("{}{fails};", quoted(&node.name))
}

fn link(graph: &Graph<'_>, number: usize) -> String {
    let link = &graph.links[number];
    let mut attributes = Vec::new();
    match graph.kind(number) {
        ImportKind::Eager | ImportKind::Conditional => {}
        ImportKind::Lazy => attributes.push("style=dashed".to_owned()),
        ImportKind::Typing => attributes.push("style=dotted".to_owned()),
    }
    if graph.is_cut(number) {
        attributes.push(format!("color=\"{FAILS}\", penwidth=2, label=\"cut\""));
    } else if link.is_back {
        attributes.push(format!("color=\"{BACK}\""));
    }
    let spots = graph
        .imports_of(number)
        .map(|(_, import)| format!("{}:{}", graph.imports.modules[import.from].path, import.row));
    let spots = quoted(&spots.collect::<Vec<_>>().join(", "));
    attributes.push(format!("tooltip={spots}"));
    let (from, to) = (&graph.nodes[link.from].name, &graph.nodes[link.to].name);
    format!("{} -> {} [{}];", quoted(from), quoted(to), attributes.join(", "))
}

/// A text as Graphviz takes it literally.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_backslashes_stay_inside() {
        assert_eq!(quoted(r#"a"b\"#), r#""a\"b\\""#);
    }
}

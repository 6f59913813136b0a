//! For Mermaid, and what shows it in Markdown.

use std::fmt::Write as _;

use super::Shown;
use crate::project::ImportKind;

pub(super) fn report(shown: &Shown<'_>) -> String {
    let graph = &shown.graph;
    let mut out = String::from("flowchart TB\n");
    let node = |node: usize| {
        let fails = if graph.nodes[node].fails { ":::fails" } else { "" };
        format!("n{node}[\"{}\"]{fails}", escaped(&graph.nodes[node].name))
    };
    let mut is_inside = vec![false; graph.nodes.len()];
    for (number, component) in graph.components.iter().enumerate() {
        let _ = writeln!(out, "  subgraph c{0} [\"component {0}\"]", number + 1);
        for inner in &component.nodes {
            is_inside[*inner] = true;
            let _ = writeln!(out, "    {}", node(*inner));
        }
        out.push_str("  end\n");
    }
    for outer in (0..graph.nodes.len()).filter(|node| !is_inside[*node]) {
        let _ = writeln!(out, "  {}", node(outer));
    }
    let (mut cut, mut back) = (Vec::new(), Vec::new());
    for (number, link) in graph.links.iter().enumerate() {
        let arrow = match graph.kind(number) {
            ImportKind::Eager | ImportKind::Conditional => "-->",
            ImportKind::Lazy => "-. lazy .->",
            ImportKind::Typing => "-. typing .->",
        };
        let _ = writeln!(out, "  n{} {arrow} n{}", link.from, link.to);
        if graph.is_cut(number) {
            cut.push(number.to_string());
        } else if link.is_back {
            back.push(number.to_string());
        }
    }
    if graph.nodes.iter().any(|node| node.fails) {
        out.push_str("  classDef fails stroke:#c62828,color:#c62828\n");
    }
    if !cut.is_empty() {
        let _ = writeln!(out, "  linkStyle {} stroke:#c62828,stroke-width:3px", cut.join(","));
    }
    if !back.is_empty() {
        let _ = writeln!(out, "  linkStyle {} stroke:#b26a00", back.join(","));
    }
    out
}

/// A text between quotes: what Mermaid or a browser would take for its own is written as the number
/// of its character.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '.' | '_' | '-' | ' ' | '/' => out.push(character),
            _ if character.is_alphanumeric() => out.push(character),
            _ => {
                let _ = write!(out, "#{};", u32::from(character));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_text_is_written_as_a_number() {
        assert_eq!(escaped("shop.</b>\"#"), "shop.#60;/b#62;#34;#35;");
    }
}

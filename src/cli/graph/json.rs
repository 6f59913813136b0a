//! For programs: `schemas/graph.schema.json` describes it.

use serde_json::{Value, json};

use super::model::{Component, Graph, word};
use super::read::{Failure, Import};
use super::{Question, Shown};
use crate::project::ImportKind;

pub(super) fn report(shown: &Shown<'_>) -> Result<String, serde_json::Error> {
    let graph = &shown.graph;
    let chains = match &shown.question {
        Question::Chains { found, .. } => {
            let chain = |chain: &Vec<usize>| {
                let first = chain.first().map(|link| graph.links[*link].from);
                let rest = chain.iter().map(|link| graph.links[*link].to);
                first.into_iter().chain(rest).map(|node| &*graph.nodes[node].name).collect()
            };
            let some: Vec<Vec<&str>> = found.some.iter().map(chain).collect();
            json!({ "count": found.count, "shown": some })
        }
        _ => Value::Null,
    };
    let nodes = graph.nodes.iter().map(|node| {
        let modules = node.modules.iter().map(|it| &graph.imports.modules[*it]);
        let files: Vec<&str> = modules.map(|module| &*module.path).collect();
        json!({
            "name": node.name,
            "filenames": files,
            "fails": node.fails,
            "named": node.is_named,
        })
    });
    let value = json!({
        "chains": chains,
        "components": graph.components.iter().map(|it| component(graph, it)).collect::<Vec<_>>(),
        "left_out": {
            "lazy": graph.imports.lazy_left_out,
            "typing": graph.imports.typing_left_out,
        },
        "links": (0..graph.links.len()).map(|number| link(graph, number)).collect::<Vec<_>>(),
        "nodes": nodes.collect::<Vec<_>>(),
        "other_failures": failures(graph, &graph.failures_outside()),
    });
    Ok(format!("{}\n", serde_json::to_string_pretty(&value)?))
}

fn component(graph: &Graph<'_>, component: &Component) -> Value {
    let nodes: Vec<&str> = component.nodes.iter().map(|it| &*graph.nodes[*it].name).collect();
    json!({
        "executed": component.is_executed,
        "failures": failures(graph, &component.failures),
        "nodes": nodes,
    })
}

fn failures(graph: &Graph<'_>, numbers: &[usize]) -> Vec<Value> {
    let failures = numbers.iter().map(|number| &graph.imports.failures[*number]);
    failures.map(|it| failure(graph, it)).collect()
}

pub(super) fn failure(graph: &Graph<'_>, failure: &Failure) -> Value {
    json!({
        "cured_by_cut": failure.is_cured,
        "exception": failure.exception,
        "filename": failure.spot.path,
        "module": graph.imports.modules[failure.module].name,
        "public": failure.is_public,
        "row": failure.spot.row,
        "script": failure.is_script,
    })
}

fn link(graph: &Graph<'_>, number: usize) -> Value {
    let link = &graph.links[number];
    let imports = graph.imports_of(number).map(|(_, it)| import(graph, it));
    json!({
        "back": link.is_back,
        "cost": link.cost,
        "cut": graph.is_cut(number),
        "from": graph.nodes[link.from].name,
        "imports": imports.collect::<Vec<_>>(),
        "kind": word(graph.kind(number)),
        "to": graph.nodes[link.to].name,
    })
}

pub(super) fn import(graph: &Graph<'_>, import: &Import) -> Value {
    let module = |number: usize| &graph.imports.modules[number];
    json!({
        "conditional": import.kind == ImportKind::Conditional,
        "cost": import.cost,
        "cut": import.is_cut,
        "filename": module(import.from).path,
        "from": module(import.from).name,
        "guarded": import.is_guarded,
        "ignored": import.is_ignored,
        "kind": word(import.kind),
        "names": import.names,
        "on_the_way": import.is_on_the_way,
        "row": import.row,
        "to": module(import.to).name,
    })
}

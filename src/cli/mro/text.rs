//! For people.

use std::fmt::Write as _;

use super::instances::{Abstract, Instances};
use super::{Base, Explained, Linearization, Merge, Special, Spot, Super, Unknown};
use crate::project::DeclaredSlots;

pub(super) fn report(explained: &Explained) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{} {}", explained.name, at(Some(&explained.spot)));
    bases(&explained.bases, &mut out);
    linearization(explained, &mut out);
    special(&explained.special, &mut out);
    supers(&explained.supers, &mut out);
    if let Some(it) = &explained.instances {
        instances(it, &mut out);
    }
    unknown(&explained.unknown, &mut out);
    out
}

fn at(spot: Option<&Spot>) -> String {
    spot.map_or(String::new(), |Spot { path, row }| format!("({path}:{row})"))
}

fn bases(bases: &[Base], out: &mut String) {
    if bases.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nBases");
    let width = bases.iter().map(|it| it.written.chars().count()).max().unwrap_or_default();
    for Base { written, class, spot } in bases {
        let class = class.as_deref().unwrap_or("unknown");
        let line = format!("  {written:width$}  {class} {}", at(spot.as_ref()));
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

fn linearization(explained: &Explained, out: &mut String) {
    let _ = writeln!(out, "\nLinearization");
    for Merge { lists, refused, taken } in &explained.steps {
        let lists: Vec<String> =
            lists.iter().map(|list| format!("[{}]", list.join(", "))).collect();
        let _ = writeln!(out, "  merge {}", lists.join(" "));
        for (class, list, before) in refused {
            let list = &lists[*list];
            let _ = writeln!(out, "    not {class}: it comes after {before} in {list}");
        }
        match taken {
            Some(class) => {
                let _ = writeln!(out, "    {class} comes next");
            }
            None => {
                let _ = writeln!(out, "    nothing can come next");
            }
        }
    }
    match &explained.linearization {
        Linearization::Known(mro) => {
            let _ = writeln!(out, "  = {}", mro.join(", "));
        }
        Linearization::Unknown => {
            let _ = writeln!(out, "  unknown");
        }
        Linearization::None => {}
    }
    if let Some(error) = &explained.error {
        let _ = writeln!(out, "  the class statement raises `{error}`");
    }
}

fn special(special: &[Special], out: &mut String) {
    if special.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nMethods");
    let width = special.iter().map(|it| it.name.chars().count()).max().unwrap_or_default();
    for Special { name, class, spot } in special {
        let line = format!("  {name:width$}  {class} {}", at(spot.as_ref()));
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

fn supers(supers: &[Super], out: &mut String) {
    if supers.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nWhat `super()` reaches");
    for Super { method, class, reaches } in supers {
        let is_one = reaches.len() == 1;
        for (reached, instances) in reaches {
            let reached = reached.as_ref().map_or_else(
                || "nothing: `AttributeError`".to_owned(),
                |reached| format!("{reached}.{method}"),
            );
            let instances = match is_one {
                true => String::new(),
                false => format!(" for instances of {}", instances.join(", ")),
            };
            let _ = writeln!(out, "  {class}.{method} -> {reached}{instances}");
        }
    }
}

fn instances(instances: &Instances, out: &mut String) {
    let known = |it: &Option<String>| it.clone().unwrap_or_else(|| "unknown".to_owned());
    let answer = |it: Option<bool>| match it {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unknown",
    };
    let hashable = match &instances.hashing {
        Some((is_hashable, class)) => {
            format!("{}: `{class}` says so", answer(Some(*is_hashable)))
        }
        None => "unknown".to_owned(),
    };
    let slots = match &instances.slots {
        DeclaredSlots::Absent => "none are declared".to_owned(),
        DeclaredSlots::Names(names) if names.is_empty() => "()".to_owned(),
        DeclaredSlots::Names(names) => names.join(", "),
        DeclaredSlots::Computed => "unknown".to_owned(),
    };
    let _ = writeln!(out, "\nInstances");
    for (what, is) in [
        ("made by", known(&instances.metaclass)),
        ("laid out by", known(&instances.layout)),
        ("own __slots__", slots),
        ("__dict__", answer(instances.has_dict).to_owned()),
        ("__weakref__", answer(instances.has_weakref).to_owned()),
        ("hashable", hashable),
    ] {
        let _ = writeln!(out, "  {what:13}  {is}");
    }
    abstracts(instances, out);
}

fn abstracts(instances: &Instances, out: &mut String) {
    let Instances { abstracts, are_all_abstracts, refuses, .. } = instances;
    if abstracts.is_empty() && *are_all_abstracts {
        return;
    }
    let _ = writeln!(out, "\nAbstract");
    let width = abstracts.iter().map(|it| it.name.chars().count()).max().unwrap_or_default();
    for Abstract { name, class, spot } in abstracts {
        let line = format!("  {name:width$}  {class} {}", at(spot.as_ref()));
        let _ = writeln!(out, "{}", line.trim_end());
    }
    if !are_all_abstracts {
        let _ = writeln!(out, "  there may be others");
    }
    if *refuses {
        let _ = writeln!(out, "  calling the class raises `TypeError`");
    }
}

fn unknown(unknown: &[Unknown], out: &mut String) {
    if unknown.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nUnknown");
    for Unknown { class, spot, base, reason } in unknown {
        let base = base.as_ref().map_or(String::new(), |base| format!(" base `{base}`:"));
        let _ = writeln!(out, "  {class} {}:{base} {reason}", at(Some(spot)));
    }
}

//! For programs: `schemas/mro.schema.json` describes it.

use serde_json::{Value, json};

use super::instances::{Abstract, Instances};
use super::{Base, Explained, Linearization, Merge, Special, Spot, Super, Unknown};
use crate::project::DeclaredSlots;

pub(super) fn report(explained: &Explained) -> Result<String, serde_json::Error> {
    let linearization = match &explained.linearization {
        Linearization::Known(mro) => Some(mro),
        Linearization::Unknown | Linearization::None => None,
    };
    let value = json!({
        "class": explained.name,
        "location": spot(Some(&explained.spot)),
        "bases": explained.bases.iter().map(base).collect::<Vec<_>>(),
        "steps": explained.steps.iter().map(step).collect::<Vec<_>>(),
        "linearization": linearization,
        "error": explained.error,
        "methods": explained.special.iter().map(special).collect::<Vec<_>>(),
        "super": explained.supers.iter().map(chain).collect::<Vec<_>>(),
        "instances": explained.instances.as_ref().map(instances),
        "unknown": explained.unknown.iter().map(unknown).collect::<Vec<_>>(),
    });
    Ok(format!("{}\n", serde_json::to_string_pretty(&value)?))
}

fn spot(spot: Option<&Spot>) -> Value {
    spot.map_or(Value::Null, |Spot { path, row }| json!({ "filename": path, "row": row }))
}

fn base(base: &Base) -> Value {
    json!({ "written": base.written, "class": base.class, "location": spot(base.spot.as_ref()) })
}

fn step(step: &Merge) -> Value {
    let refused: Vec<Value> = step
        .refused
        .iter()
        .map(|(class, list, before)| json!({ "class": class, "list": list, "after": before }))
        .collect();
    json!({ "lists": step.lists, "refused": refused, "taken": step.taken })
}

fn special(special: &Special) -> Value {
    json!({
        "name": special.name,
        "class": special.class,
        "location": spot(special.spot.as_ref()),
    })
}

fn chain(chain: &Super) -> Value {
    let reaches: Vec<Value> = chain
        .reaches
        .iter()
        .map(|(class, instances)| json!({ "class": class, "for_instances_of": instances }))
        .collect();
    json!({ "method": chain.method, "class": chain.class, "reaches": reaches })
}

fn instances(instances: &Instances) -> Value {
    let hashing = instances
        .hashing
        .as_ref()
        .map(|(is_hashable, class)| json!({ "is_hashable": is_hashable, "class": class }));
    let slots = match &instances.slots {
        DeclaredSlots::Names(names) => Some(names),
        DeclaredSlots::Absent | DeclaredSlots::Computed => None,
    };
    let member = |Abstract { name, class, spot: at }: &Abstract| json!({ "name": name, "class": class, "location": spot(at.as_ref()) });
    json!({
        "metaclass": instances.metaclass,
        "layout": instances.layout,
        "slots": slots,
        "has_dict": instances.has_dict,
        "has_weakref": instances.has_weakref,
        "hashing": hashing,
        "abstract": instances.abstracts.iter().map(member).collect::<Vec<_>>(),
        "are_all_abstract_known": instances.are_all_abstracts,
        "refuses_instances": instances.refuses,
    })
}

fn unknown(unknown: &Unknown) -> Value {
    json!({
        "class": unknown.class,
        "location": spot(Some(&unknown.spot)),
        "base": unknown.base,
        "reason": unknown.reason,
    })
}

//! Classes: linearization, abstract classes, properties, descriptors, dataclasses, slots.

mod abstract_decorator_order;
mod expensive_property;
mod fields;
mod inconsistent_mro;
mod missing_slots_candidate;
mod mutable_dataclass_default;
mod shape;

use crate::rule::Chapter;

/// Classes: linearization, abstract classes, properties, descriptors, dataclasses, slots.
pub const CHAPTER: Chapter = Chapter {
    name: "classes",
    title: "Classes",
    rules: &[
        inconsistent_mro::RULE,
        abstract_decorator_order::RULE,
        expensive_property::RULE,
        mutable_dataclass_default::RULE,
        missing_slots_candidate::RULE,
    ],
};

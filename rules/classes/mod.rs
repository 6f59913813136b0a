//! Classes: linearization, abstract classes, properties, descriptors, dataclasses, slots.

mod abstract_decorator_order;
mod broken_super_chain;
mod constructors;
mod expensive_property;
mod explicit_parent_init;
mod fields;
mod inconsistent_mro;
mod missing_slots_candidate;
mod mutable_dataclass_default;
mod post_init_super_not_called;
mod shape;
mod super_init_not_called;

use crate::rule::Chapter;

/// Classes: linearization, abstract classes, properties, descriptors, dataclasses, slots.
pub const CHAPTER: Chapter = Chapter {
    name: "classes",
    title: "Classes",
    rules: &[
        inconsistent_mro::RULE,
        super_init_not_called::RULE,
        broken_super_chain::RULE,
        explicit_parent_init::RULE,
        abstract_decorator_order::RULE,
        expensive_property::RULE,
        mutable_dataclass_default::RULE,
        post_init_super_not_called::RULE,
        missing_slots_candidate::RULE,
    ],
};

//! Classes: linearization, abstract classes, properties, descriptors, dataclasses, slots.

mod abstract_decorator_order;
mod expensive_property;
mod inconsistent_mro;
mod mutable_dataclass_default;

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
    ],
};

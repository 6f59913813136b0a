//! Classes: linearization, abstract classes, properties, descriptors, dataclasses, slots.

mod abstract_decorator_order;
mod abstractmethod_without_abc;
mod broken_property;
mod containers;
mod descriptor_on_instance;
mod descriptor_shared_state;
mod descriptor_without_none_guard;
mod descriptors;
mod expensive_property;
mod exposed_internal_mutable;
mod fields;
mod getter_setter_methods;
mod hierarchy;
mod inconsistent_mro;
mod init_bypasses_validation;
mod methods;
mod missing_slots_candidate;
mod mutable_dataclass_default;
mod properties;
mod property_side_effect;
mod reach;
mod recursive_descriptor;
mod shape;
mod slots_dataclass_zero_arg_super;
mod supers;
mod wrong_super_argument;

use crate::rule::Chapter;

/// Classes: linearization, abstract classes, properties, descriptors, dataclasses, slots.
pub const CHAPTER: Chapter = Chapter {
    name: "classes",
    title: "Classes",
    rules: &[
        inconsistent_mro::RULE,
        wrong_super_argument::RULE,
        abstractmethod_without_abc::RULE,
        abstract_decorator_order::RULE,
        expensive_property::RULE,
        property_side_effect::RULE,
        broken_property::RULE,
        init_bypasses_validation::RULE,
        getter_setter_methods::RULE,
        exposed_internal_mutable::RULE,
        descriptor_shared_state::RULE,
        descriptor_without_none_guard::RULE,
        recursive_descriptor::RULE,
        descriptor_on_instance::RULE,
        mutable_dataclass_default::RULE,
        missing_slots_candidate::RULE,
        slots_dataclass_zero_arg_super::RULE,
    ],
};

//! Classes: linearization, abstract classes, properties, descriptors, dataclasses, slots.

mod abstract_class_instantiated;
mod abstract_decorator_order;
mod abstractmethod_without_abc;
mod assigning_non_slot;
mod bases;
mod broken_property;
mod broken_super_chain;
mod cached_property_in_slotted_class;
mod constructors;
pub(super) mod containers;
mod dataclass_call_default;
mod dataclass_candidate;
mod descriptor_on_instance;
mod descriptor_shared_state;
mod descriptor_without_none_guard;
mod descriptors;
mod expensive_property;
mod explicit_parent_init;
mod exposed_internal_mutable;
mod factories;
mod fields;
mod getter_setter_methods;
mod hierarchy;
mod inconsistent_mro;
mod inconsistent_slots_hierarchy;
mod init_bypasses_validation;
mod malformed_slots;
pub(super) mod methods;
mod misplaced_dataclass_field;
mod missing_abstractmethod;
mod missing_slots_candidate;
mod mixin_after_base;
mod mutable_dataclass_default;
mod notimplementederror_interface;
mod post_init_never_called;
mod post_init_super_not_called;
mod properties;
mod property_side_effect;
mod reach;
mod recursive_descriptor;
mod shape;
mod shared_mutable_class_attribute;
mod slots;
mod slots_dataclass_zero_arg_super;
mod super_init_not_called;
mod supers;
mod undecorated_dataclass_subclass;
mod unimplemented_abstract_method;
mod wrong_super_argument;

use crate::rule::Chapter;

/// Classes: linearization, abstract classes, properties, descriptors, dataclasses, slots.
pub const CHAPTER: Chapter = Chapter {
    name: "classes",
    title: "Classes",
    rules: &[
        inconsistent_mro::RULE,
        mixin_after_base::RULE,
        super_init_not_called::RULE,
        broken_super_chain::RULE,
        explicit_parent_init::RULE,
        wrong_super_argument::RULE,
        abstractmethod_without_abc::RULE,
        abstract_class_instantiated::RULE,
        unimplemented_abstract_method::RULE,
        missing_abstractmethod::RULE,
        notimplementederror_interface::RULE,
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
        dataclass_call_default::RULE,
        shared_mutable_class_attribute::RULE,
        dataclass_candidate::RULE,
        post_init_super_not_called::RULE,
        post_init_never_called::RULE,
        undecorated_dataclass_subclass::RULE,
        misplaced_dataclass_field::RULE,
        missing_slots_candidate::RULE,
        inconsistent_slots_hierarchy::RULE,
        assigning_non_slot::RULE,
        malformed_slots::RULE,
        cached_property_in_slotted_class::RULE,
        slots_dataclass_zero_arg_super::RULE,
    ],
};

//! The data model.

mod comparison;
mod dunder_contract;
mod eq_without_hash;
mod equality_with_singleton;
mod flow;
mod forward_called_directly;
mod hash_eq_mismatch;
mod hash_lost_in_subclass;
mod identity_comparison_with_value;
mod incomplete_dataset_protocol;
mod misspelled_dunder;
mod mutable_hash;
mod operands;
mod operator_foreign_type;
mod protocols;
mod repr_without_conversion;
mod self_recursive_dunder;
mod special;
mod state;
mod str_without_repr;
mod templates;
mod unhashable_key;
mod values;
mod wrong_exception_in_dunder;

use crate::rule::Chapter;

/// The data model.
pub const CHAPTER: Chapter = Chapter {
    name: "data-model",
    title: "The data model",
    rules: &[
        misspelled_dunder::RULE,
        dunder_contract::RULE,
        self_recursive_dunder::RULE,
        wrong_exception_in_dunder::RULE,
        operator_foreign_type::RULE,
        str_without_repr::RULE,
        repr_without_conversion::RULE,
        identity_comparison_with_value::RULE,
        equality_with_singleton::RULE,
        eq_without_hash::RULE,
        hash_lost_in_subclass::RULE,
        unhashable_key::RULE,
        hash_eq_mismatch::RULE,
        mutable_hash::RULE,
        forward_called_directly::RULE,
        incomplete_dataset_protocol::RULE,
    ],
};

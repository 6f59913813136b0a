//! The two hashes of a file: of its content, and of what others may see of it.

use bytemuck::{Pod, bytes_of};

use super::program::{BoundFacts, ProgramPlace};
use super::{
    ArmFacts, AttributeFacts, BaseFacts, BindingFacts, CallFacts, ClassFacts, ConstructionFacts,
    CostFacts, DottedParts, FlagFacts, FunctionFacts, ImportFacts, ImportGuard, MemberFacts,
    ParameterFacts, Place, Target, Text,
};
use crate::text::Digest;

/// A record of facts that can be seen without its place in the file.
pub(super) trait Unplaced: Pod {
    /// The same, wherever it stands.
    fn unplaced(self) -> Self {
        self
    }
}

/// Adds records to a digest, wherever they stand.
pub(super) fn digest<T: Unplaced>(items: &[T], digest: &mut Digest) {
    digest.write(&items.len().to_le_bytes());
    for item in items {
        digest.write(bytes_of(&item.unplaced()));
    }
}

impl Place {
    fn unplaced(self) -> Place {
        Place { start: 0, length: 0, flags: self.flags }
    }
}

macro_rules! unplaced {
    (without place: $($nowhere:ty)*; with place: $($placed:ty)*) => {
        $(impl Unplaced for $nowhere {})*
        $(
            impl Unplaced for $placed {
                fn unplaced(mut self) -> Self {
                    self.place = self.place.unplaced();
                    self
                }
            }
        )*
    };
}

unplaced! {
    without place: u32 Text Target DottedParts BindingFacts AttributeFacts ParameterFacts
        FlagFacts ImportGuard ArmFacts;
    with place: ClassFacts BaseFacts MemberFacts FunctionFacts CallFacts CostFacts ConstructionFacts
}

impl Unplaced for ImportFacts {
    fn unplaced(self) -> Self {
        self.without_place()
    }
}

impl Unplaced for BoundFacts {
    fn unplaced(self) -> Self {
        self.without_place()
    }
}

impl Unplaced for ProgramPlace {
    fn unplaced(self) -> Self {
        ProgramPlace::nowhere()
    }
}

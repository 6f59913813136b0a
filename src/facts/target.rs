//! What a name in a file stands for, as far as the file alone can tell.

use bytemuck::{Pod, Zeroable};

use super::strings::{Dotted, Text};

/// What a name in a file stands for, in four bytes: see [`Target::kind`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pod, Zeroable)]
#[repr(transparent)]
pub struct Target(u32);

/// What a name in a file stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    /// A class of the same file: its index among [`super::FileFacts::classes`].
    Class(u32),
    /// A function of the same file: its index among [`super::FileFacts::functions`].
    Function(u32),
    /// An absolute dotted name, through imports.
    Absolute(Dotted),
    /// A builtin.
    Builtin(Text),
    /// One of several things, as the branches have it that bind the name: the owner of their
    /// [`super::FileFacts::choices`].
    Choice(u32),
    /// It cannot be known: a parameter, a value, several bindings.
    Unknown,
}

/// How many of the low bits tell the kind; the others are an index.
const KIND_BITS: u32 = 3;

impl Target {
    /// See [`TargetKind::Unknown`].
    pub const UNKNOWN: Target = Target(0);

    /// See [`TargetKind::Class`].
    pub fn class(index: u32) -> Target {
        Target(index << KIND_BITS | 1)
    }

    /// See [`TargetKind::Function`].
    pub fn function(index: u32) -> Target {
        Target(index << KIND_BITS | 2)
    }

    /// See [`TargetKind::Absolute`].
    pub fn absolute(name: Dotted) -> Target {
        Target(name.0 << KIND_BITS | 3)
    }

    /// See [`TargetKind::Builtin`].
    pub fn builtin(name: Text) -> Target {
        Target(name.0 << KIND_BITS | 4)
    }

    /// See [`TargetKind::Choice`].
    pub(super) fn choice(index: u32) -> Target {
        Target(index << KIND_BITS | 5)
    }

    /// What kind of thing it is, and which.
    pub fn kind(self) -> TargetKind {
        let index = self.0 >> KIND_BITS;
        match self.0 & ((1 << KIND_BITS) - 1) {
            1 => TargetKind::Class(index),
            2 => TargetKind::Function(index),
            3 => TargetKind::Absolute(Dotted(index)),
            4 => TargetKind::Builtin(Text(index)),
            5 => TargetKind::Choice(index),
            _ => TargetKind::Unknown,
        }
    }

    /// Whether it cannot be known.
    pub fn is_unknown(self) -> bool {
        self == Target::UNKNOWN
    }
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.kind().fmt(f)
    }
}

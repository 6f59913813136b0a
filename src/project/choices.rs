//! Names that stand for one thing or another, as the branches have it that bind them.

use super::{FileId, Project, StdClass};
use crate::facts::{ArmFacts, Target, TargetKind};
use crate::semantic::pythons::Pythons;

impl Project {
    /// What is so of a name that a file binds in several branches: of all of those that the
    /// project's Pythons may come to, the same. `None` where they differ, or one is not known.
    pub(super) fn chosen<T: PartialEq>(
        &self,
        file: FileId,
        choice: u32,
        mut ask: impl FnMut(Target) -> Option<T>,
    ) -> Option<T> {
        let arms = self.file(file).choices().of(choice);
        let mut agreed = None;
        let mut is_same = true;
        for arm in arms.iter().filter(|it| self.may_come_to(file, it)) {
            let found = ask(arm.target);
            // What the standard library has is not missed.
            if arm.is_tried() && self.is_always_there(file, arm.target) {
                return found;
            }
            match &agreed {
                None => agreed = Some(found),
                Some(before) => is_same &= *before == found,
            }
        }
        agreed.flatten().filter(|_| is_same)
    }

    /// Whether one of the project's Pythons may come to a branch.
    fn may_come_to(&self, file: FileId, arm: &ArmFacts) -> bool {
        let on = match arm.flag() {
            Some((name, holds)) => {
                let answer = self.flag(file, &self.file(file).dotted_text(name));
                let sides = answer.map(|it| if holds { it.holds } else { it.fails });
                // Nothing is said of what is about versions and cannot be read.
                sides.filter(|it| !it.is_empty()).unwrap_or(Pythons::ALL)
            }
            None => arm.pythons(),
        };
        !on.and(self.releases.pythons()).is_empty()
    }

    /// Whether something is a class of the standard library that all of the project's Pythons have.
    fn is_always_there(&self, file: FileId, target: Target) -> bool {
        let TargetKind::Absolute(name) = target.kind() else { return false };
        self.standard(file, name).is_some_and(StdClass::is_always_there)
    }
}

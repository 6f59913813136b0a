//! How a run ends.

use std::process::ExitCode;

/// The exit status. The numbers are those that ruff's and ty's users know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Nothing to complain of.
    Clean,
    /// Something was found that is bad enough, or would be changed.
    Findings,
    /// The command line or the settings cannot be used, or the output cannot be written.
    Unusable,
    /// A rule panicked: a bug of ours. All other results stand.
    Internal,
    /// Ctrl-C.
    Interrupted,
}

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Unusable => 2,
            Exit::Internal => 101,
            Exit::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

/// What a check came to, and what the user wants to be told of it by the exit status.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Verdict {
    /// A finding is left that is as bad as `fail-on`.
    pub(super) failing: bool,
    /// A rule panicked.
    pub(super) internal: bool,
    /// Fixes were applied, or would be (`--diff`).
    pub(super) fixed: bool,
    /// Ctrl-C.
    pub(super) interrupted: bool,
    /// `--diff`: the question is whether anything would change.
    pub(super) diff: bool,
    /// `--fix-only`: what is left is of no interest.
    pub(super) fix_only: bool,
    /// `--exit-zero`.
    pub(super) exit_zero: bool,
    /// `--exit-non-zero-on-fix`.
    pub(super) exit_non_zero_on_fix: bool,
}

impl Verdict {
    /// The exit status.
    pub(super) fn exit(self) -> Exit {
        let complains = match self {
            Verdict { diff: true, .. } => self.fixed,
            Verdict { exit_non_zero_on_fix: true, fixed: true, .. } => true,
            Verdict { fix_only: true, .. } => false,
            _ => self.failing,
        };
        match self {
            Verdict { interrupted: true, .. } => Exit::Interrupted,
            Verdict { internal: true, .. } => Exit::Internal,
            Verdict { exit_zero: false, .. } if complains => Exit::Findings,
            _ => Exit::Clean,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_fail_unless_told_otherwise() {
        let failing = Verdict { failing: true, ..Verdict::default() };
        assert_eq!(Verdict::default().exit(), Exit::Clean);
        assert_eq!(failing.exit(), Exit::Findings);
        assert_eq!(Verdict { exit_zero: true, ..failing }.exit(), Exit::Clean);
        assert_eq!(Verdict { fix_only: true, ..failing }.exit(), Exit::Clean);
    }

    #[test]
    fn fixes_fail_only_on_request() {
        let fixed = Verdict { fixed: true, ..Verdict::default() };
        assert_eq!(fixed.exit(), Exit::Clean);
        let strict = Verdict { exit_non_zero_on_fix: true, ..fixed };
        assert_eq!(strict.exit(), Exit::Findings);
        assert_eq!(Verdict { fix_only: true, ..strict }.exit(), Exit::Findings);
        assert_eq!(Verdict { exit_zero: true, ..strict }.exit(), Exit::Clean);
    }

    #[test]
    fn a_diff_fails_if_it_is_not_empty() {
        let diff = Verdict { diff: true, failing: true, ..Verdict::default() };
        assert_eq!(diff.exit(), Exit::Clean);
        assert_eq!(Verdict { fixed: true, ..diff }.exit(), Exit::Findings);
        assert_eq!(Verdict { fixed: true, exit_zero: true, ..diff }.exit(), Exit::Clean);
    }

    #[test]
    fn our_own_bugs_are_told_always() {
        let bug = Verdict { internal: true, exit_zero: true, ..Verdict::default() };
        assert_eq!(bug.exit(), Exit::Internal);
        assert_eq!(Verdict { interrupted: true, ..bug }.exit(), Exit::Interrupted);
        assert_eq!([Exit::Internal, Exit::Interrupted].map(Exit::code), [101, 130]);
    }
}

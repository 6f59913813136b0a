//! The colours, in one place. They are those of annotate-snippets, so that all forms look alike.

use annotate_snippets::renderer as default;
use anstyle::{AnsiColor, Style};

use crate::diagnostic::Severity;

/// Styles that print nothing where no colour is wanted: `{style}text{style:#}`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Palette {
    colour: bool,
}

impl Palette {
    /// With colours or without.
    pub(super) fn new(colour: bool) -> Palette {
        Palette { colour }
    }

    /// Of findings.
    pub(super) fn severity(self, severity: Severity) -> Style {
        self.style(match severity {
            Severity::Error => default::DEFAULT_ERROR_STYLE,
            Severity::Warning => default::DEFAULT_WARNING_STYLE,
            Severity::Info => default::DEFAULT_INFO_STYLE,
        })
    }

    /// Of what can be mended.
    pub(super) fn help(self) -> Style {
        self.style(default::DEFAULT_HELP_STYLE)
    }

    /// Of names and numbers that matter.
    pub(super) fn bold(self) -> Style {
        self.style(Style::new().bold())
    }

    /// Of line numbers and the rule beside them.
    pub(super) fn number(self) -> Style {
        self.style(default::DEFAULT_LINE_NUM_STYLE)
    }

    /// Of a line that comes.
    pub(super) fn added(self) -> Style {
        self.style(AnsiColor::Green.on_default())
    }

    /// Of a line that goes.
    pub(super) fn removed(self) -> Style {
        self.style(AnsiColor::Red.on_default())
    }

    /// Of the place of a change.
    pub(super) fn place(self) -> Style {
        self.style(AnsiColor::Cyan.on_default())
    }

    fn style(self, style: Style) -> Style {
        if self.colour { style } else { Style::new() }
    }
}

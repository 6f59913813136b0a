//! What the environment and the terminal say about how to print.

use std::io::{self, IsTerminal, Write};

use anstream::AutoStream;
use anstream::stream::{AsLockedWrite, RawStream};
use terminal_size::{Height, Width};

use super::arguments::Colour;
use crate::output::Look;

/// The width of reports that go to no terminal.
const WIDTH: usize = 120;

/// One of the two streams of output, and how to print there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stream {
    /// Whether a person looks at it.
    pub(super) is_terminal: bool,
    /// Whether to print ANSI colours.
    pub(super) colour: bool,
    /// Whether to print OSC 8 links.
    pub(super) links: bool,
    /// In columns.
    pub(super) width: usize,
}

impl Stream {
    /// Standard output.
    pub(super) fn stdout(flag: Option<Colour>) -> Stream {
        let size = || terminal_size::terminal_size_of(io::stdout());
        Stream::new(flag, io::stdout().is_terminal(), size)
    }

    /// Standard error.
    pub(super) fn stderr(flag: Option<Colour>) -> Stream {
        let size = || terminal_size::terminal_size_of(io::stderr());
        Stream::new(flag, io::stderr().is_terminal(), size)
    }

    fn new(
        flag: Option<Colour>,
        is_terminal: bool,
        size: impl Fn() -> Option<(Width, Height)>,
    ) -> Stream {
        let colour = colour_choice(flag, variable, is_terminal);
        Stream {
            is_terminal,
            colour,
            links: colour && is_terminal && variable("CI").is_none(),
            width: is_terminal.then(size).flatten().map_or(WIDTH, |(width, _)| width.0.into()),
        }
    }

    /// A file that a report is written to.
    pub(super) fn file() -> Stream {
        Stream { is_terminal: false, colour: false, links: false, width: WIDTH }
    }

    /// How reports are to look there.
    pub(super) fn look(self, unsafe_fixes: bool) -> Look {
        Look { colour: self.colour, links: self.links, width: self.width, unsafe_fixes }
    }
}

/// Standard output for text. Where there are colours, terminals that do not know the codes get
/// them translated.
pub(super) fn stdout(stream: Stream) -> Box<dyn Write> {
    writer(stream, io::stdout().lock())
}

/// Standard error for text.
pub(super) fn stderr(stream: Stream) -> Box<dyn Write> {
    writer(stream, io::stderr().lock())
}

fn writer(stream: Stream, raw: impl RawStream + AsLockedWrite + 'static) -> Box<dyn Write> {
    match stream.colour {
        true => Box::new(io::BufWriter::new(AutoStream::always(raw))),
        false => Box::new(io::BufWriter::new(raw)),
    }
}

/// Whether to print colours. `--color` counts before all else; then `NO_COLOR`, `FORCE_COLOR` and
/// `CLICOLOR_FORCE` in this order, each if it is set and not empty (and not `0`, for those that
/// force); then whether it is a terminal that knows colours.
pub(super) fn colour_choice(
    flag: Option<Colour>,
    environment: impl Fn(&str) -> Option<String>,
    is_terminal: bool,
) -> bool {
    let set = |name| environment(name).filter(|value| !value.is_empty());
    let forced = |name| set(name).is_some_and(|value| value != "0");
    match flag {
        Some(Colour::Always) => true,
        Some(Colour::Never) => false,
        Some(Colour::Auto) | None if set("NO_COLOR").is_some() => false,
        Some(Colour::Auto) | None if forced("FORCE_COLOR") || forced("CLICOLOR_FORCE") => true,
        Some(Colour::Auto) | None => {
            let refused =
                set("FORCE_COLOR").or_else(|| set("CLICOLOR")).is_some_and(|it| it == "0");
            is_terminal && !refused && set("TERM").is_none_or(|term| term != "dumb")
        }
    }
}

/// An environment variable that is set to text.
#[allow(clippy::disallowed_methods, reason = "the one place that reads the environment")]
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(flag: Option<Colour>, variables: &[(&str, &str)], is_terminal: bool) -> bool {
        let environment = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        colour_choice(flag, environment, is_terminal)
    }

    #[test]
    fn terminals_get_colours_and_pipes_do_not() {
        assert!(choose(None, &[], true));
        assert!(choose(Some(Colour::Auto), &[("TERM", "xterm")], true));
        assert!(!choose(None, &[], false));
        assert!(!choose(None, &[("TERM", "dumb")], true));
        assert!(!choose(None, &[("CLICOLOR", "0")], true));
    }

    #[test]
    fn no_color_wins_over_what_forces() {
        assert!(!choose(None, &[("NO_COLOR", "1"), ("FORCE_COLOR", "1")], true));
        assert!(choose(None, &[("FORCE_COLOR", "1")], false));
        assert!(choose(None, &[("CLICOLOR_FORCE", "1"), ("TERM", "dumb")], false));
        assert!(choose(None, &[("NO_COLOR", "")], true), "set to nothing is not set");
        assert!(!choose(None, &[("FORCE_COLOR", "0")], true));
        assert!(!choose(None, &[("FORCE_COLOR", "")], false));
    }

    #[test]
    fn the_flag_wins_over_the_environment() {
        assert!(choose(Some(Colour::Always), &[("NO_COLOR", "1")], false));
        assert!(!choose(Some(Colour::Never), &[("FORCE_COLOR", "1")], true));
        assert!(!choose(Some(Colour::Auto), &[("NO_COLOR", "1")], true));
    }
}

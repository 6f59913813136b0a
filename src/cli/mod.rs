//! The command line: the only part that knows the environment, the terminal and exit codes.

mod arguments;
mod catalogue;
mod check;
mod exit;
mod files;
mod graph;
mod min_version;
mod mro;
mod outlet;
mod places;
mod progress;
mod report;
mod rule;
mod stdin;
mod terminal;
mod texts;
mod why;

use std::ffi::OsString;
use std::io::{self, Write};

use clap::{CommandFactory, Parser};

use crate::config::{self, ConfigError};
use crate::output::Format;
use crate::rule::Chapter;

use arguments::{Arguments, Command, Plain};
use catalogue::Catalogue;
pub use exit::Exit;
use terminal::Stream;

/// Runs the program with its arguments, the first of which is its own name. All that is printed is
/// printed here; the status says how it ended.
pub fn run(chapters: &'static [Chapter], arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    let flag = arguments.global.color;
    match dispatch(chapters, &arguments) {
        Ok(exit) => exit,
        // Nobody listens any more: `dunderlint check | head`.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Clean,
        Err(failure) => {
            let stream = Stream::stderr(flag);
            let mut err = terminal::stderr(stream);
            let written = writeln!(err, "{}", failure.render(stream.colour));
            drop(written.and_then(|()| err.flush())); // there is no other place to complain
            Exit::Unusable
        }
    }
}

fn dispatch(chapters: &'static [Chapter], arguments: &Arguments) -> Result<Exit, Failure> {
    let stream = Stream::stdout(arguments.global.color);
    let catalogue = Catalogue(chapters);
    match &arguments.command {
        Command::Check(check) => return check::run(chapters, &arguments.global, check),
        Command::MinVersion(asked) => {
            return min_version::run(chapters, &arguments.global, asked, stream);
        }
        Command::Graph(asked) => return graph::run(chapters, &arguments.global, asked, stream),
        Command::Mro(asked) => return mro::run(chapters, &arguments.global, asked, stream),
        Command::Why(asked) => return why::run(chapters, &arguments.global, asked, stream),
        Command::Rule(asked) => rule::run(asked, catalogue, stream)?,
        Command::Version { output_format } => print(stream, &version(*output_format))?,
        Command::Schema => {
            let schema = config::schema(chapters, &Format::NAMES);
            let schema = serde_json::to_string_pretty(&schema)?;
            print(stream, &format!("{schema}\n"))?;
        }
        Command::Completions { shell } => {
            let mut completions = Vec::new();
            let name = env!("CARGO_PKG_NAME");
            clap_complete::generate(*shell, &mut Arguments::command(), name, &mut completions);
            print(stream, &String::from_utf8_lossy(&completions))?;
        }
        Command::Man { command } => {
            let mut page = Vec::new();
            clap_mangen::Man::new(subcommand(command.as_deref())?).render(&mut page)?;
            print(stream, &String::from_utf8_lossy(&page))?;
        }
        Command::Help { command } => {
            let help = subcommand(command.as_deref())?.render_long_help();
            let help = if stream.colour { help.ansi().to_string() } else { help.to_string() };
            print(stream, &help)?;
        }
    }
    Ok(Exit::Clean)
}

/// Writes to standard output.
fn print(stream: Stream, text: &str) -> io::Result<()> {
    let mut out = terminal::stdout(stream);
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// The version, as a line or as JSON.
fn version(form: Plain) -> String {
    let (name, version) = (env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    match form {
        Plain::Text => format!("{name} {version}\n"),
        Plain::Json => format!("{}\n", serde_json::json!({ "name": name, "version": version })),
    }
}

/// The definition of a command by its name, called as users call it; that of the program without
/// one.
fn subcommand(name: Option<&str>) -> Result<clap::Command, Failure> {
    let mut program = Arguments::command();
    program.build();
    let Some(name) = name else { return Ok(program) };
    program.find_subcommand(name).cloned().ok_or_else(|| {
        let known: Vec<String> =
            program.get_subcommands().map(|known| format!("`{}`", known.get_name())).collect();
        Failure::Usage(format!("there is no command `{name}`; there are {}", known.join(", ")))
    })
}

/// Prints what clap has to say: help that was asked for, or what is wrong with the arguments.
fn usage(error: &clap::Error) -> Exit {
    let stream = if error.use_stderr() { Stream::stderr(None) } else { Stream::stdout(None) };
    let message = error.render();
    let message = if stream.colour { message.ansi().to_string() } else { message.to_string() };
    let mut out =
        if error.use_stderr() { terminal::stderr(stream) } else { terminal::stdout(stream) };
    drop(out.write_all(message.as_bytes()).and_then(|()| out.flush())); // nobody listens
    if error.exit_code() == 0 { Exit::Clean } else { Exit::Unusable }
}

/// Why nothing could be done.
#[derive(Debug)]
pub(in crate::cli) enum Failure {
    /// What was asked for does not exist or makes no sense.
    Usage(String),
    /// The settings cannot be used.
    Settings(ConfigError),
    /// The output cannot be written.
    Output(io::Error),
}

impl Failure {
    fn render(&self, colour: bool) -> String {
        let error = annotate_snippets::renderer::DEFAULT_ERROR_STYLE;
        let error = if colour { error } else { anstyle::Style::new() };
        match self {
            Failure::Usage(message) => format!("{error}error{error:#}: {message}"),
            Failure::Settings(settings) => settings.render(colour),
            Failure::Output(failure) => format!("{error}error{error:#}: cannot write {failure}"),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Output(error)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Failure {
        Failure::Output(error.into())
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Failure {
        Failure::Settings(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_that_of_the_package() {
        let number = env!("CARGO_PKG_VERSION");
        assert_eq!(version(Plain::Text), format!("dunderlint {number}\n"));
        let json = format!("{{\"name\":\"dunderlint\",\"version\":\"{number}\"}}\n");
        assert_eq!(version(Plain::Json), json);
    }

    #[test]
    fn commands_are_found_by_name() {
        assert_eq!(subcommand(Some("check")).expect("known").get_name(), "check");
        let error = subcommand(Some("chekc")).expect_err("unknown").render(false);
        assert!(error.starts_with("error: there is no command `chekc`; there are `check`"));
    }
}

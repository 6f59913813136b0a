//! What may be written on the command line.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum, ValueHint};

use crate::output::Format;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const EXIT_STATUS: &str = "\
Exit status:
  0    nothing found that is as bad as `fail-on`; with --diff: nothing would change
  1    something found; with --diff: something would change
  2    the arguments or the settings cannot be used
  101  a rule broke down: a bug in dunderlint; the other results stand
  130  interrupted";

const MIN_VERSION_STATUS: &str = "\
Exit status:
  0    the code runs on all Pythons that are declared, or none are
  1    it does not
  2    the arguments or the settings cannot be used";

const MRO_STATUS: &str = "\
Exit status:
  0    the class is shown
  1    its class statement raises
  2    the arguments or the settings cannot be used, or there is no such class";

const GRAPH_HELP: &str = "\
What stands beside an import:
  (on the way)  the package around what is asked for: Python imports it first
  cost          how many names would have to be had in another way without it
  ✂             where to cut: nothing of the cycle fails without this statement
  ↩             leads back: there would be no cycle without all of these

Exit status:
  0    the graph is shown, whatever it is like
  2    the arguments or the settings cannot be used, or there is no such module";

/// A linter and autofixer for the language behind Python: its data model, classes, decorators,
/// generators, context managers, imports and versions.
#[derive(Debug, Parser)]
#[command(
    name = "dunderlint",
    bin_name = "dunderlint",
    version,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    styles = STYLES,
    max_term_width = 100,
    after_help = "For help with a command: `dunderlint help check`, `dunderlint check --help`."
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
    #[command(flatten)]
    pub(super) global: Global,
}

/// What every command understands.
#[derive(Debug, Args)]
pub(super) struct Global {
    /// A settings file to use instead of those found beside the code, or one setting as TOML:
    /// `--config "fail-on = 'error'"`. Can be given several times
    #[arg(
        long,
        global = true,
        value_name = "FILE|KEY = VALUE",
        help_heading = "Settings",
        value_hint = ValueHint::FilePath
    )]
    pub(super) config: Vec<String>,
    /// Read no settings files
    #[arg(long, global = true, help_heading = "Settings")]
    pub(super) isolated: bool,
    /// The environment that libraries are installed in: its folder or its interpreter. It is read,
    /// never run. Without it: `VIRTUAL_ENV`, else `.venv` in the folder of the project
    #[arg(
        long,
        global = true,
        value_name = "PATH",
        help_heading = "Settings",
        value_hint = ValueHint::AnyPath
    )]
    pub(super) python: Option<PathBuf>,
    /// When to use colours and links
    #[arg(long, global = true, value_name = "WHEN", value_enum, help_heading = "Messages")]
    pub(super) color: Option<Colour>,
    /// Print findings, but no summary
    #[arg(short, long, global = true, help_heading = "Messages")]
    pub(super) quiet: bool,
    /// Print nothing; only the exit status tells
    #[arg(
        short,
        long,
        global = true,
        overrides_with_all = ["quiet", "verbose"],
        help_heading = "Messages"
    )]
    pub(super) silent: bool,
    /// Also print how long it took
    #[arg(short, long, global = true, help_heading = "Messages")]
    pub(super) verbose: bool,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    /// Where the output is a terminal, unless `NO_COLOR` or `FORCE_COLOR` say otherwise.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Look at Python files, and mend them
    #[command(after_long_help = EXIT_STATUS)]
    Check(Box<Check>),
    /// Explain a rule, or list all of them
    Rule(Rule),
    /// Tell the oldest Python that the code can run on, and what forces it
    #[command(after_long_help = MIN_VERSION_STATUS)]
    MinVersion(MinVersion),
    /// Show how a class is linearized, step by step, and what follows from it
    #[command(after_long_help = MRO_STATUS)]
    Mro(Mro),
    /// Show which module imports which, the cycles first: what fails, and where to cut
    #[command(after_long_help = GRAPH_HELP)]
    Graph(Graph),
    /// Tell why something is, or is not, found at a line
    Why(Why),
    /// Print the version
    Version {
        /// The form of the output
        #[arg(long, value_enum, default_value_t = Plain::Text, value_name = "FORMAT")]
        output_format: Plain,
    },
    /// Print the JSON Schema of the settings
    Schema,
    /// Print completions for a shell
    Completions {
        /// The shell to complete for
        shell: clap_complete::Shell,
    },
    /// Print a manual page
    Man {
        /// The command that the page is about; without it, the page of dunderlint itself
        command: Option<String>,
    },
    /// Print help
    Help {
        /// The command to help with
        command: Option<String>,
    },
}

/// For people or for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Plain {
    /// For people.
    Text,
    /// For programs.
    Json,
}

#[derive(Debug, Args)]
pub(super) struct Rule {
    /// The rule's name; without it, all rules are listed
    #[arg(conflicts_with = "all")]
    pub(super) name: Option<String>,
    /// Print the pages of all rules
    #[arg(long)]
    pub(super) all: bool,
    /// The form of the output
    #[arg(long, value_enum, default_value_t = Plain::Text, value_name = "FORMAT")]
    pub(super) output_format: Plain,
}

#[derive(Debug, Args)]
pub(super) struct MinVersion {
    /// Files and folders to look at
    #[arg(default_value = ".", value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(super) paths: Vec<PathBuf>,
    /// List what each file needs, and what is only used where it can be
    #[arg(long)]
    pub(super) explain: bool,
    /// The form of the output
    #[arg(long, value_enum, default_value_t = Plain::Text, value_name = "FORMAT")]
    pub(super) output_format: Plain,
    /// How many threads to use; without it, one for each processor
    #[arg(short = 'j', long, value_name = "N")]
    pub(super) threads: Option<NonZeroUsize>,
}

#[derive(Debug, Args)]
pub(super) struct Mro {
    /// The class: its name with that of its module, `package.module.Class`; or the end of it
    pub(super) class: String,
    /// Files and folders to look at
    #[arg(default_value = ".", value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(super) paths: Vec<PathBuf>,
    /// Show a method only: who defines it, and what `super()` reaches
    #[arg(long, value_name = "NAME")]
    pub(super) method: Option<String>,
    /// The form of the output
    #[arg(long, value_enum, default_value_t = Plain::Text, value_name = "FORMAT")]
    pub(super) output_format: Plain,
    /// How many threads to use; without it, one for each processor
    #[arg(short = 'j', long, value_name = "N")]
    pub(super) threads: Option<NonZeroUsize>,
}

#[derive(Debug, Args)]
pub(super) struct Graph {
    /// Files and folders to look at
    #[arg(default_value = ".", value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(super) paths: Vec<PathBuf>,
    /// The form of the output; `html` is one page that needs no network
    #[arg(
        long,
        alias = "output-format",
        value_enum,
        default_value_t = Drawing::Text,
        value_name = "FORMAT"
    )]
    pub(super) format: Drawing,
    /// Show only modules that import one another
    #[arg(long)]
    pub(super) cycles_only: bool,
    /// Show packages instead of modules: those that hold modules themselves, or those of so many
    /// names at most
    #[arg(long, value_name = "DEPTH", num_args = 0..=1, require_equals = true)]
    pub(super) packages: Option<Option<NonZeroUsize>>,
    /// Show only what a module or package imports, itself or through others; with `--to`, the
    /// shortest ways between the two
    #[arg(long, value_name = "MODULE")]
    pub(super) from: Option<String>,
    /// Show only what imports a module or package, itself or through others
    #[arg(long, value_name = "MODULE")]
    pub(super) to: Option<String>,
    /// Ask the other way: who is imported by whom. `--from` and `--to` change places
    #[arg(long)]
    pub(super) reverse: bool,
    /// Imports to look at, too: those that run when a function is called, and those that only type
    /// checkers see
    #[arg(long, value_enum, value_name = "KIND", value_delimiter = ',')]
    pub(super) include: Vec<Extra>,
    /// Write the output to a file
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) output_file: Option<PathBuf>,
    /// How many threads to use; without it, one for each processor
    #[arg(short = 'j', long, value_name = "N")]
    pub(super) threads: Option<NonZeroUsize>,
}

/// The forms of a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Drawing {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For Graphviz.
    Dot,
    /// For Mermaid, and what shows it in Markdown.
    Mermaid,
    /// A page for browsers.
    Html,
}

/// Imports that do not run when a module is imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Extra {
    /// Those that run when a function is called or a name is used.
    Lazy,
    /// Those that only type checkers see.
    Typing,
}

#[derive(Debug, Args)]
pub(super) struct Why {
    /// The file and its line: `shop/cart.py:12`
    #[arg(value_name = "FILE:LINE")]
    pub(super) place: String,
    /// Files and folders to look at
    #[arg(default_value = ".", value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(super) paths: Vec<PathBuf>,
    /// The form of the output
    #[arg(long, value_enum, default_value_t = Plain::Text, value_name = "FORMAT")]
    pub(super) output_format: Plain,
    /// How many threads to use; without it, one for each processor
    #[arg(short = 'j', long, value_name = "N")]
    pub(super) threads: Option<NonZeroUsize>,
}

#[derive(Debug, Args)]
pub(super) struct Check {
    /// Files and folders to look at; `-` for standard input
    #[arg(default_value = ".", value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) fixing: Fixing,
    #[command(flatten)]
    pub(super) selection: Selection,
    #[command(flatten)]
    pub(super) files: Files,
    #[command(flatten)]
    pub(super) report: Report,
    #[command(flatten)]
    pub(super) other: Other,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Fixing")]
pub(super) struct Fixing {
    /// Apply fixes that keep behaviour
    #[arg(long, overrides_with = "no_fix")]
    pub(super) fix: bool,
    #[arg(long, overrides_with = "fix", hide = true)]
    pub(super) no_fix: bool,
    /// Apply, or count as fixable, also fixes that may change behaviour
    #[arg(long, overrides_with = "no_unsafe_fixes")]
    pub(super) unsafe_fixes: bool,
    /// Leave fixes that may change behaviour alone, whatever the settings say
    #[arg(long, overrides_with = "unsafe_fixes")]
    pub(super) no_unsafe_fixes: bool,
    /// Apply fixes, and say nothing of what is left
    #[arg(long, overrides_with = "no_fix_only")]
    pub(super) fix_only: bool,
    #[arg(long, overrides_with = "fix_only", hide = true)]
    pub(super) no_fix_only: bool,
    /// Print what fixes would change, and change nothing
    #[arg(long)]
    pub(super) diff: bool,
    /// List the fixes that were applied
    #[arg(long, overrides_with = "no_show_fixes")]
    pub(super) show_fixes: bool,
    #[arg(long, overrides_with = "show_fixes", hide = true)]
    pub(super) no_show_fixes: bool,
    /// Add a comment that suppresses it to each finding; the reason is written behind it
    #[arg(
        long,
        value_name = "REASON",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        conflicts_with_all = ["fix", "fix_only", "diff"]
    )]
    pub(super) add_ignore: Option<String>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Rules")]
pub(super) struct Selection {
    /// The rules that are on: names of rules or chapters, or `all`
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(super) select: Vec<String>,
    /// The rules that are off
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(super) ignore: Vec<String>,
    /// Rules that are on in addition
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(super) extend_select: Vec<String>,
    /// The rules whose fixes may be applied
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(super) fixable: Vec<String>,
    /// The rules whose fixes are only shown
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(super) unfixable: Vec<String>,
    /// Rules whose fixes may be applied in addition
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(super) extend_fixable: Vec<String>,
    /// Rules that are off for the files matching a glob
    #[arg(long, value_name = "GLOB:RULE", value_delimiter = ',')]
    pub(super) per_file_ignores: Vec<String>,
    /// Rules that are off for the files matching a glob, in addition
    #[arg(long, value_name = "GLOB:RULE", value_delimiter = ',')]
    pub(super) extend_per_file_ignores: Vec<String>,
    /// The Pythons that the code must run on: `3.10`, `py310` or `>=3.9,<3.14`
    #[arg(long, value_name = "VERSION")]
    pub(super) target_version: Option<String>,
    /// Report findings that comments suppress, too
    #[arg(long)]
    pub(super) ignore_suppressions: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Files")]
pub(super) struct Files {
    /// Files and folders to leave alone
    #[arg(long, value_name = "GLOB", value_delimiter = ',')]
    pub(super) exclude: Vec<String>,
    /// Files and folders to leave alone in addition
    #[arg(long, value_name = "GLOB", value_delimiter = ',')]
    pub(super) extend_exclude: Vec<String>,
    /// Leave excluded files alone also where they are named on the command line
    #[arg(long, overrides_with = "no_force_exclude")]
    pub(super) force_exclude: bool,
    #[arg(long, overrides_with = "force_exclude", hide = true)]
    pub(super) no_force_exclude: bool,
    /// Leave files alone that git ignores
    #[arg(long, overrides_with = "no_respect_gitignore")]
    pub(super) respect_gitignore: bool,
    #[arg(long, overrides_with = "respect_gitignore", hide = true)]
    pub(super) no_respect_gitignore: bool,
    /// The name of the file that comes on standard input
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub(super) stdin_filename: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Report")]
pub(super) struct Report {
    /// The form of the report
    #[arg(
        long,
        value_name = "FORMAT",
        value_parser = PossibleValuesParser::new(Format::NAMES)
            .try_map(|word| Format::parse(&word))
    )]
    pub(super) output_format: Option<Format>,
    /// Write the report to a file
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) output_file: Option<PathBuf>,
    /// Count findings by rule instead of showing them
    #[arg(long)]
    pub(super) statistics: bool,
    /// The mildest severity that makes the run fail: `error`, `warning` or `info`
    #[arg(long, value_name = "SEVERITY")]
    pub(super) fail_on: Option<String>,
    /// Exit with 0 also where something was found
    #[arg(short, long)]
    pub(super) exit_zero: bool,
    /// Exit with 1 also where everything found was fixed
    #[arg(long)]
    pub(super) exit_non_zero_on_fix: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Other")]
pub(super) struct Other {
    /// List the files that would be looked at
    #[arg(long, action = ArgAction::SetTrue, conflicts_with = "show_settings")]
    pub(super) show_files: bool,
    /// Print the settings that govern the first path
    #[arg(long)]
    pub(super) show_settings: bool,
    /// How many threads to use; without it, one for each processor
    #[arg(short = 'j', long, value_name = "N")]
    pub(super) threads: Option<NonZeroUsize>,
}

/// What a pair of flags `--it` and `--no-it` says; `None` if neither was given.
pub(super) fn pair(yes: bool, no: bool) -> Option<bool> {
    match (yes, no) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn check(words: &[&str]) -> Check {
        let all = ["dunderlint", "check"].iter().chain(words);
        match Arguments::try_parse_from(all).expect("valid").command {
            Command::Check(check) => *check,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_definition_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn commas_part_lists_and_the_last_of_a_pair_counts() {
        let check = check(&["--select", "classes,imports", "--select=mro", "--fix", "--no-fix"]);
        assert_eq!(check.selection.select, ["classes", "imports", "mro"]);
        assert_eq!(pair(check.fixing.fix, check.fixing.no_fix), Some(false));
        assert_eq!(check.paths, [PathBuf::from(".")]);
    }

    #[test]
    fn a_reason_is_part_of_the_flag() {
        assert_eq!(check(&["--add-ignore", "a.py"]).fixing.add_ignore.as_deref(), Some(""));
        assert_eq!(check(&["--add-ignore=why", "-"]).fixing.add_ignore.as_deref(), Some("why"));
    }

    #[test]
    fn the_format_is_one_of_those_there_are() {
        assert_eq!(check(&["--output-format=json"]).report.output_format, Some(Format::Json));
        let wrong = ["dunderlint", "check", "--output-format=jsom"];
        let error = Arguments::try_parse_from(wrong).expect_err("no such format").to_string();
        assert!(error.contains("a similar value exists: 'json'"), "{error}");
    }
}

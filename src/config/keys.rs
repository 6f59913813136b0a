//! The table of keys. Everything that is done with each key is derived from it.

use serde_json::Map;
use toml::Spanned;
use toml::de::DeValue;

use super::glob::Glob;
use super::kinds::{List, More, One, Reader, Setting, Table};
use super::rules::RuleTables;
use super::scalars::{Format, Requirement, Text};
use super::select::{Book, Selector};
use super::show::Line;
use super::target::Version;
use crate::diagnostic::Severity;

macro_rules! keys {
    ($($(#[doc = $help:literal])+ $key:ident $name:literal: $Kind:ty,)+) => {
        /// What one source of settings says: a file, or the command line. Values that it does not
        /// set are unset.
        #[derive(Clone, Debug, Default)]
        pub(super) struct Layer {
            $($(#[doc = $help])+ pub(super) $key: $Kind,)+
        }

        /// The keys, as they are spelt in settings.
        pub(super) const NAMES: &[&str] = &[$($name),+];

        impl Layer {
            /// Reads the value of a key into its place; what is wrong with it goes to the reader.
            /// Returns whether there is such a key.
            pub(super) fn read(
                &mut self,
                name: &str,
                value: &Spanned<DeValue<'_>>,
                reader: &mut Reader,
            ) -> bool {
                match name {
                    $($name => self.$key.read($name, value, reader),)+
                    _ => return false,
                }
                true
            }

            /// Puts a stronger source over this one.
            pub(super) fn cover(&mut self, above: Layer) {
                $(self.$key.cover(above.$key);)+
            }

            /// Each key and its value as TOML, with its origin.
            pub(super) fn lines(&self) -> Vec<Line> {
                let mut lines = Vec::new();
                $(self.$key.lines($name, &mut lines);)+
                lines
            }

            /// Each key and what it takes, as JSON Schema properties.
            pub(super) fn properties(book: Book) -> Map<String, serde_json::Value> {
                let mut properties = Map::new();
                $(
                    let help = concat!($($help),+).trim();
                    let schema = super::schema::described(<$Kind>::schema(book), help);
                    properties.insert($name.to_owned(), schema);
                )+
                properties
            }
        }
    };
}

keys! {
    /// A configuration file, or a folder that holds one, whose settings hold where this file sets
    /// none. Relative to this file.
    extend "extend": One<Text>,
    /// The versions of dunderlint that these settings are for, as a PEP 440 specifier.
    required_version "required-version": One<Requirement>,

    /// The rules that are on: names of rules or chapters, or `all`. Unset: each rule that is on
    /// by default.
    select "select": List<Selector>,
    /// The rules that are off. The more specific of `select` and `ignore` wins, and `ignore` if
    /// they are equally so.
    ignore "ignore": List<Selector>,
    /// Rules that are on in addition to `select` or to the default.
    extend_select "extend-select": More<Selector>,

    /// The rules whose fixes may be applied.
    fixable "fixable": List<Selector>,
    /// The rules whose fixes are only shown.
    unfixable "unfixable": List<Selector>,
    /// Rules whose fixes may be applied in addition to `fixable`.
    extend_fixable "extend-fixable": More<Selector>,
    /// Rules whose unsafe fixes are to be treated as safe.
    extend_safe_fixes "extend-safe-fixes": More<Selector>,
    /// Rules whose safe fixes are to be treated as unsafe.
    extend_unsafe_fixes "extend-unsafe-fixes": More<Selector>,

    /// How bad the findings of a rule or chapter are.
    severity "severity": Table<Selector, One<Severity>>,
    /// The mildest severity that makes the run fail.
    fail_on "fail-on": One<Severity>,

    /// The Pythons that the code must run on: `"3.10"`, `"py310"` or `">=3.9,<3.14"`. Unset: what
    /// the project declares in `requires-python`.
    target_version "target-version": One<Version>,
    /// The Pythons that the files matching a glob must run on. The first match counts.
    per_file_target_version "per-file-target-version": Table<Glob, One<Version>>,
    /// Source roots: the folders that imports start from. Globs are expanded.
    src "src": List<Text>,

    /// Names of files to check in the folders that are given.
    include "include": List<Glob>,
    /// Names of files to check in addition to `include`.
    extend_include "extend-include": More<Glob>,
    /// Files and folders to leave alone.
    exclude "exclude": List<Glob>,
    /// Files and folders to leave alone in addition to `exclude`.
    extend_exclude "extend-exclude": More<Glob>,
    /// Whether `exclude` also holds for files that are named on the command line.
    force_exclude "force-exclude": One<bool>,
    /// Whether to leave alone what git ignores.
    respect_gitignore "respect-gitignore": One<bool>,
    /// Rules that are off for the files matching a glob.
    per_file_ignores "per-file-ignores": Table<Glob, List<Selector>>,
    /// Rules that are off for the files matching a glob, in addition to `per-file-ignores`.
    extend_per_file_ignores "extend-per-file-ignores": Table<Glob, More<Selector>>,

    /// Whether to apply fixes.
    fix "fix": One<bool>,
    /// Whether to apply fixes and say nothing of what is left.
    fix_only "fix-only": One<bool>,
    /// Whether to apply fixes that may change behaviour.
    unsafe_fixes "unsafe-fixes": One<bool>,
    /// Whether to list the fixes that were applied.
    show_fixes "show-fixes": One<bool>,
    /// The form of the output.
    output_format "output-format": One<Format>,

    /// The options of each rule, and its severity.
    rules "rules": RuleTables,
}

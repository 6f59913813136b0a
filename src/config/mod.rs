//! Settings: what is on, how strict, for which files.
//!
//! Where a value comes from, mildest first; each covers the one before:
//!
//! 1. `defaults.toml` beside this file;
//! 2. the governing file: the nearest folder upward that holds `.dunderlint.toml`,
//!    `dunderlint.toml`, or a `pyproject.toml` with `[tool.dunderlint]` (in this order), with what
//!    it `extend`s below it;
//! 3. `--config "key = value"`;
//! 4. the other options of the command line.
//!
//! Covering means: a value or a list replaces the one below; a list named `extend-…` is added to
//! the one below; tables are merged by key. `select` and `ignore` are weighed against each other
//! as `select::is_chosen` tells. Globs and paths are relative to the file that wrote them; those of
//! the command line and of a file named by `--config` to the working directory.
//!
//! The keys are one table in `keys`; reading, covering, `--show-settings` and the schema for
//! editors are derived from it.

mod declarations;
mod declared;
mod error;
mod file;
mod glob;
mod ini;
mod keys;
mod kinds;
mod overrides;
mod place;
mod resolve;
mod rules;
mod scalars;
mod schema;
mod scripts;
mod select;
mod settings;
mod shared;
mod show;
mod sources;
mod target;

#[cfg(test)]
mod tests;

pub use declarations::{BESIDE, PROJECT_FILES, WORKFLOWS, declarations};
pub use declared::target_of_script;
pub use error::ConfigError;
pub use overrides::Overrides;
pub use resolve::Resolver;
pub use schema::schema;
pub use scripts::Script;
pub use settings::Settings;

//! dunderlint: a linter and autofixer for the language behind Python.
//!
//! How the bytes of a file become a printed line and a fixed file:
//!
//! 1. [`config`] finds the settings that govern a file; [`engine::walk`] finds the files.
//! 2. [`text`] decodes them; [`syntax`] parses them into a flat tree and [`semantic`] binds names,
//!    in one walk.
//! 3. The rules of the file run: each listens to kinds of nodes ([`rule`], [`rules`]).
//! 4. [`facts`] keep what other files may want to know; the tree is dropped.
//! 5. [`project`] links the facts; the rules of the project run over linked classes, functions and
//!    import cycles, and confirm what was suspected while a file was open.
//! 6. [`suppression`] comments are heard, [`fix`]es applied until nothing is left, and [`output`]
//!    prints the rest.

pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod engine;
pub mod facts;
pub mod fix;
pub mod kept;
pub mod output;
pub mod project;
pub mod rule;
pub mod semantic;
pub mod suppression;
pub mod syntax;
pub mod text;

#[path = "../rules/mod.rs"]
pub mod rules;

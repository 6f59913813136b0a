//! The program: arguments in, exit status out.

use std::process::ExitCode;

#[global_allocator]
static GLOBAL: dunderlint::syntax::arena::TreeAllocator = dunderlint::syntax::arena::TreeAllocator;

#[allow(clippy::disallowed_methods, reason = "the one place that reads the arguments")]
fn main() -> ExitCode {
    dunderlint::cli::run(dunderlint::rules::CHAPTERS, std::env::args_os()).into()
}

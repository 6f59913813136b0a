//! The floor: what any linter must do at the least. It walks as dunderlint walks, reads as it
//! reads, parses as it parses, on as many threads with the same allocator, and throws all away.
//!
//! `cargo run --release --example floor -- [read|parse|visit] [-j THREADS] PATH…`, where each mode
//! does one thing more than the one before; `-` is standard input. Prints the number of files and
//! of bytes; `visit` also that of syntax nodes.

mod walked;

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use dunderlint::engine::disk;
use dunderlint::text::Source;
use rayon::prelude::*;
use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{AnyNodeRef, PySourceType};
use ruff_python_parser::{ParseOptions, parse_unchecked};
use walked::walked;

#[global_allocator]
static GLOBAL: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// That of the product's threads, in bytes.
const STACK: usize = 16 << 20;

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Read,
    Parse,
    Visit,
}

#[derive(Default)]
struct Totals {
    files: AtomicU64,
    bytes: AtomicU64,
    nodes: AtomicU64,
}

impl Totals {
    fn add(total: &AtomicU64, more: usize) {
        total.fetch_add(more as u64, Ordering::Relaxed);
    }
}

#[derive(Default)]
struct Count(usize);

impl<'a> SourceOrderVisitor<'a> for Count {
    fn enter_node(&mut self, _: AnyNodeRef<'a>) -> TraversalSignal {
        self.0 += 1;
        TraversalSignal::Traverse
    }
}

#[allow(clippy::disallowed_methods, reason = "a program of its own: it reads its arguments")]
fn main() -> io::Result<()> {
    let mut mode = Mode::Parse;
    let mut threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut paths = Vec::new();
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "read" => mode = Mode::Read,
            "parse" => mode = Mode::Parse,
            "visit" => mode = Mode::Visit,
            "-j" => threads = words.next().and_then(|it| it.parse().ok()).unwrap_or(threads),
            path => paths.push(PathBuf::from(path)),
        }
    }

    let totals = Totals::default();
    match &paths[..] {
        [path] if path == Path::new("-") => {
            let mut bytes = Vec::new();
            io::stdin().lock().read_to_end(&mut bytes)?;
            if let Ok(source) = Source::decode(bytes) {
                look(Path::new("stdin.py"), &source, mode, &totals);
            }
        }
        [path] if path.is_file() => open(path, mode, &totals),
        _ => {
            let (files, _) = walked(paths, threads)?;
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK);
            let pool = pool.build().map_err(io::Error::other)?;
            pool.install(|| files.par_iter().for_each(|path| open(path, mode, &totals)));
        }
    }
    let [files, bytes, nodes] =
        [&totals.files, &totals.bytes, &totals.nodes].map(|it| it.load(Ordering::Relaxed));
    let nodes = if mode == Mode::Visit { format!(" {nodes} nodes") } else { String::new() };
    writeln!(io::stdout(), "{files} files {bytes} bytes{nodes}")
}

fn open(path: &Path, mode: Mode, totals: &Totals) {
    if let Ok(source) = disk::read(path) {
        look(path, &source, mode, totals);
    }
}

fn look(path: &Path, source: &Source, mode: Mode, totals: &Totals) {
    Totals::add(&totals.files, 1);
    Totals::add(&totals.bytes, source.text().len());
    if mode == Mode::Read {
        return;
    }
    let is_stub = path.extension().is_some_and(|extension| extension == "pyi");
    let kind = if is_stub { PySourceType::Stub } else { PySourceType::Python };
    let parsed = parse_unchecked(source.text(), ParseOptions::from(kind));
    if mode == Mode::Visit
        && let Some(module) = parsed.try_into_module()
    {
        let mut count = Count::default();
        count.visit_body(module.suite());
        Totals::add(&totals.nodes, count.0);
    }
}

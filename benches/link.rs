//! What linking costs beside parsing, how it grows, and what comes of it when one file changes.
//!
//! `cargo run --release --example link -- PATH…`. All on one thread, so that times can be compared:
//! the files are parsed and thrown away, then looked at with every rule on, then the first eighth of
//! them, the first quarter, the first half and all are linked, and the project rules run over all.
//! At last one file gets a name more, and all are linked anew.

mod walked;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use dunderlint::engine::{FileToCheck, Input, Table, check_project, check_source, disk};
use dunderlint::facts::{FileFacts, FileInfo, Standing};
use dunderlint::project::Project;
use dunderlint::rules::CHAPTERS;
use dunderlint::semantic::ModuleName;
use dunderlint::text::Source;
use ruff_python_parser::{ParseOptions, parse_unchecked};
use walked::walked;

#[global_allocator]
static GLOBAL: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Each is linked so often, and the shortest time counts.
const ROUNDS: usize = 3;

fn main() -> io::Result<()> {
    let thread = std::thread::Builder::new().stack_size(dunderlint::engine::stack_size());
    thread.spawn(measure)?.join().expect("the measurement does not panic")
}

#[allow(clippy::disallowed_methods, reason = "a program of its own: it reads its arguments")]
fn measure() -> io::Result<()> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1);
    pool.stack_size(dunderlint::engine::stack_size()).build_global().map_err(io::Error::other)?;
    let files = files(std::env::args().skip(1).map(PathBuf::from).collect())?;
    let mut out = io::stdout().lock();

    let (parsing, bytes) = timed(|| files.iter().map(parse).sum::<usize>());
    let table = Table::new(CHAPTERS, |_| true);
    let (looking, facts) =
        timed(|| files.iter().map(|file| facts(file, &table)).collect::<Vec<FileFacts>>());
    let encoded: usize =
        facts.iter().map(|it| postcard::to_allocvec(it).map_or(0, |it| it.len())).sum();
    writeln!(
        out,
        "{} files of {:.0} MB: parsed in {} ms, looked at in {} ms; facts are {:.1} % of the source",
        files.len(),
        bytes as f64 / 1e6,
        parsing.as_millis(),
        looking.as_millis(),
        100.0 * encoded as f64 / bytes as f64
    )?;
    for parts in [8, 4, 2, 1] {
        let count = facts.len() / parts;
        let time = shortest(|| facts[..count].to_vec(), Project::link);
        let each = time.as_secs_f64() * 1e6 / count as f64;
        writeln!(out, "{count} files are linked in {:.1} ms: {each:.2} µs each", millis(time))?;
    }
    let project = Project::link(facts.clone());
    let (rules, findings) = timed(|| check_project(&project, &[&table], |_| &table).len());
    let links = shortest(|| facts.clone(), Project::link);
    writeln!(
        out,
        "project rules take {:.1} ms and find {findings}; with linking that is {:.3} of parsing",
        millis(rules),
        (rules + links).as_secs_f64() / parsing.as_secs_f64()
    )?;
    let changed = facts.len() / 2;
    let again = |mut facts: Vec<FileFacts>| {
        facts[changed] = added(&files[changed], &table);
        Project::link(facts)
    };
    let time = shortest(|| facts.clone(), again);
    writeln!(out, "with one name more in one file, all are linked anew in {:.1} ms", millis(time))
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let result = work();
    (start.elapsed(), result)
}

fn shortest<T, U>(prepare: impl Fn() -> T, work: impl Fn(T) -> U) -> Duration {
    let times = (0..ROUNDS).map(|_| {
        let given = prepare();
        let (time, result) = timed(|| work(given));
        drop(result);
        time
    });
    times.min().unwrap_or_default()
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

#[allow(clippy::disallowed_methods, reason = "paths are shown from the working directory")]
fn files(paths: Vec<PathBuf>) -> io::Result<Vec<FileToCheck>> {
    let folder = std::env::current_dir()?;
    let (walked, settings) = walked(paths, 1)?;
    let shown =
        |path: &PathBuf| path.strip_prefix(&folder).unwrap_or(path).to_string_lossy().into_owned();
    Ok(walked
        .into_iter()
        .map(|disk| FileToCheck { path: shown(&disk), disk, settings: Arc::clone(&settings) })
        .collect())
}

fn parse(file: &FileToCheck) -> usize {
    let Ok(source) = disk::read(&file.disk) else { return 0 };
    let kind = dunderlint::syntax::source_type(&file.path);
    drop(parse_unchecked(source.text(), ParseOptions::from(kind)));
    source.text().len()
}

fn facts(file: &FileToCheck, table: &Table) -> FileFacts {
    match disk::read(&file.disk) {
        Ok(source) => facts_of(file, &source, table),
        Err(_) => FileFacts::default(),
    }
}

/// The facts of a file that binds a name more.
fn added(file: &FileToCheck, table: &Table) -> FileFacts {
    let text = disk::read(&file.disk).map(|it| it.text().to_owned()).unwrap_or_default();
    facts_of(file, &Source::from_text(text + "\nadded_for_a_measurement = 1\n"), table)
}

fn facts_of(file: &FileToCheck, source: &Source, table: &Table) -> FileFacts {
    let values = file.settings.values_for_text(&file.disk, source.text());
    let info = Arc::new(info(file));
    let input = Input { info: &info, text: source.text(), table, values: &values };
    check_source(&input).facts
}

/// A file's module name counts from the nearest folder that is no package.
fn info(file: &FileToCheck) -> FileInfo {
    let is_package = |folder: &&Path| folder.join("__init__.py").exists();
    let depth = file.disk.ancestors().skip(1).take_while(is_package).count();
    let split = file.path.rmatch_indices('/').nth(depth).map(|(at, _)| at);
    let (root, below) =
        split.map_or(("", &file.path[..]), |at| (&file.path[..at], &file.path[at + 1..]));
    FileInfo {
        path: file.path.clone(),
        root: root.to_owned(),
        module: ModuleName::of_path(below),
        standing: Standing::Checked,
    }
}

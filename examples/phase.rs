#![allow(warnings)]
use std::time::Instant;
#[global_allocator]
static G: mimalloc::MiMalloc = mimalloc::MiMalloc;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let mut files = vec![];
    for e in ignore::Walk::new(&a[2]).flatten() {
        if e.path().extension().is_some_and(|x| x == "py") {
            files.push(e.path().to_owned())
        }
    }
    files.sort();
    let texts: Vec<(String, String)> = files
        .iter()
        .filter_map(|p| Some((p.display().to_string(), std::fs::read_to_string(p).ok()?)))
        .collect();
    let mode = a[1].as_str();
    let run = move || {
        let t = Instant::now();
        let table =
            dunderlint::engine::Table::new(dunderlint::rules::CHAPTERS, |_| mode2(&a[1]) >= 4);
        let values = Default::default();
        let mut nf = 0;
        let mut n = 0;
        let mut facts = vec![];
        let mut bytes = 0;
        let mut buffers = dunderlint::semantic::Buffers::default();
        for (p, t) in &texts {
            let m = mode2(&a[1]);
            let info = dunderlint::facts::FileInfo {
                path: p.clone(),
                root: a[2].clone(),
                module: dunderlint::semantic::ModuleName::of_path(
                    p[a[2].len()..].trim_start_matches('/'),
                ),
            };
            match m {
                0 => {
                    let x = dunderlint::syntax::parse(t, dunderlint::syntax::source_type(p), None);
                    n += x.tokens().len();
                }
                1 | 2 => {
                    let x = dunderlint::syntax::parse(t, dunderlint::syntax::source_type(p), None);
                    let (tree, sem) = dunderlint::semantic::analyze(
                        x.syntax(),
                        t,
                        Default::default(),
                        std::mem::take(&mut buffers),
                    );
                    n += tree.nodes().len();
                    if m == 2 {
                        let f = dunderlint::facts::extract(&info, &tree, &sem, Default::default());
                        nf += f.functions.len();
                    }
                    buffers = dunderlint::semantic::Buffers::recycle(tree, sem);
                }
                _ => {
                    let r = dunderlint::engine::check_source(&dunderlint::engine::Input {
                        info: &info,
                        text: t,
                        table: &table,
                        values: &values,
                    });
                    n += r.diagnostics.len();
                    if m >= 5 {
                        for d in &r.diagnostics {
                            println!("{}:{:?} {} {}", p, d.range, d.rule, d.message);
                        }
                    }
                    bytes += t.len();
                    facts.push(r.facts);
                }
            }
        }
        let t1 = t.elapsed();
        if !facts.is_empty() {
            let enc: usize = facts.iter().map(|f| postcard::to_stdvec(f).unwrap().len()).sum();
            eprintln!("facts {} of {} = {:.3}", enc, bytes, enc as f64 / bytes as f64);
            let t = Instant::now();
            let p = dunderlint::project::Project::link(facts);
            eprintln!("link {:?}", t.elapsed());
            let t = Instant::now();
            let found = dunderlint::engine::check_project(&p, &[&table], |_| &table);
            eprintln!("project rules {:?} found {}", t.elapsed(), found.len());
            let mut k = 0;
            let mut u = 0;
            let mut e = 0;
            for c in p.classes() {
                match p.mro(c) {
                    dunderlint::project::Mro::Known(_) => k += 1,
                    dunderlint::project::Mro::Unknown => u += 1,
                    _ => e += 1,
                }
            }
            eprintln!("mro known {k} unknown {u} error {e}");
            let t = Instant::now();
            let c = p.import_cycles();
            eprintln!("cycles {} {:?}", c.len(), t.elapsed());
        }
        eprintln!("{} n={n} nf={nf} {:?}", a[1], t1);
    };
    std::thread::Builder::new().stack_size(64 << 20).spawn(run).unwrap().join().unwrap();
}
fn mode2(m: &str) -> i32 {
    match m {
        "parse" => 0,
        "bind" => 1,
        "facts" => 2,
        "check" => 4,
        "show" => 5,
        _ => 6,
    }
}

//! The page of `dunderlint graph --format html`: what it holds, and, where there is a Chromium
//! (`$DUNDERLINT_CHROMIUM`, or on the path), how it is used.
#![allow(clippy::disallowed_methods, reason = "tests use the disk and the environment")]

use std::fs;
use std::path::Path;
#[cfg(unix)]
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

/// Names of Chromium on the path.
#[cfg(unix)]
const CHROMIUMS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// Runs `dunderlint graph` and returns what it prints.
fn graph(folder: &Path, arguments: &[&str]) -> String {
    let program = env!("CARGO_BIN_EXE_dunderlint");
    let mut command = Command::new(program);
    let output =
        command.arg("graph").args(arguments).current_dir(folder).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it prints UTF-8")
}

/// Writes the files of a project.
fn project(files: &[(String, String)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }
    folder
}

/// A cycle that fails, one that does not, and a ring that is too big to be drawn.
fn shop() -> tempfile::TempDir {
    let mut files = [
        ("orders.py", "from customers import Customer\n\nclass Order:\n    owner = Customer\n"),
        ("customers.py", "from orders import Order\n\nclass Customer: ...\n"),
        ("cart.py", "import prices\n\ndef later():\n    import orders\n"),
        ("prices.py", "import cart\n"),
    ]
    .map(|(path, text)| (path.to_owned(), text.to_owned()))
    .to_vec();
    files.push(("ring/__init__.py".to_owned(), String::new()));
    for at in 0..60 {
        let next = (at + 1) % 60;
        files.push((format!("ring/m{at}.py"), format!("from ring import m{next}\n")));
    }
    if cfg!(unix) {
        // As a path, it ends the element that holds the data.
        files.push(("ring/</script><b>/x.py".to_owned(), "import prices\n".to_owned()));
    }
    project(&files)
}

/// What a page shows.
fn data(page: &str) -> Value {
    let (_, rest) = page.split_once("id=\"data\">").expect("the page holds data");
    let (data, _) = rest.split_once("</script>").expect("it ends");
    serde_json::from_str(data).expect("it is JSON")
}

#[test]
fn the_page_holds_the_facts() {
    let folder = shop();
    let page = graph(folder.path(), &["--format", "html", "--include", "lazy"]);
    let data = data(&page);
    let views = data["views"].as_array().expect("views");
    assert_eq!(views.len(), 4, "three groups, and all");
    let sizes = views.iter().map(|view| view["nodes"].as_array().map_or(0, Vec::len));
    let all = if cfg!(unix) { 66 } else { 65 };
    assert_eq!(sizes.collect::<Vec<_>>(), [60, 2, 2, all]);
    assert!(views[0]["layout"].is_null(), "too many nodes: a matrix");
    let failing = views.iter().find(|view| !view["failures"][0].is_null()).expect("one fails");
    assert_eq!(failing["layout"]["nodes"].as_array().map(Vec::len), Some(2));
    let links = failing["links"].as_array().expect("links");
    let cut: Vec<&Value> = links.iter().filter(|link| link["cut"] == true).collect();
    assert_eq!(cut.len(), 1);
    let import = &cut[0]["imports"][0];
    assert_eq!((import["row"].as_u64(), import["kind"].as_str()), (Some(1), Some("run-time")));
    let all = &views[3]["links"].as_array().expect("links");
    assert!(all.iter().any(|link| link["kind"] == "lazy"));
}

#[test]
fn a_cycle_is_shown_beyond_what_was_named() {
    let folder = shop();
    let page = graph(folder.path(), &["--format", "html", "orders.py", "ring/m0.py"]);
    let data = data(&page);
    let views = data["views"].as_array().expect("views");
    let named = |view: &Value| {
        let nodes = view["nodes"].as_array().expect("nodes");
        let count = nodes.iter().filter(|node| node["named"] == true).count();
        (count, nodes.len() - count)
    };
    assert_eq!(views.iter().map(named).collect::<Vec<_>>(), [(1, 59), (1, 1), (2, 60)]);
}

#[test]
fn the_page_is_one_file_that_fetches_nothing() {
    let page = graph(shop().path(), &["--format", "html"]);
    let policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
    assert!(page.contains(policy), "browsers are told to fetch nothing");
    for word in ["src=\"", "@import", "url(h", "fetch(", "XMLHttpRequest", "innerHTML"] {
        assert!(!page.contains(word), "{word}");
    }
    let links = page.matches("http").count();
    let names =
        page.matches("http://www.w3.org/2000/svg").count() + page.matches("http-equiv").count();
    assert_eq!(links, names, "the only address is the name of SVG");
    assert_eq!(page.matches("</script>").count(), 2, "names of modules end no element");
}

#[test]
fn threads_and_the_order_of_paths_do_not_show() {
    let folder = shop();
    for format in ["text", "json", "dot", "mermaid", "html"] {
        let one = graph(folder.path(), &["--format", format, "-j1", "ring", "."]);
        let four = graph(folder.path(), &["--format", format, "-j4", ".", "ring", "cart.py"]);
        assert_eq!(one, four, "{format}");
    }
}

#[test]
fn a_report_file_holds_the_page() {
    let folder = shop();
    let printed = graph(folder.path(), &["--format", "html"]);
    assert_eq!(graph(folder.path(), &["--format", "html", "-o", "graph.html"]), "");
    let written = fs::read_to_string(folder.path().join("graph.html")).expect("it is there");
    assert_eq!(written, printed);
}

// Chromium is spoken to through pipes that it inherits.
#[cfg(unix)]
#[test]
fn the_page_works_in_a_browser() {
    let Some(chromium) = chromium() else {
        println!("there is no Chromium: the page is not looked at");
        return;
    };
    let folder = shop();
    let page = folder.path().join("graph.html");
    let name = page.to_string_lossy().into_owned();
    graph(folder.path(), &["--format", "html", "--include", "lazy", "-o", &name]);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/graph/browser.py");
    let mut command = Command::new("python3");
    let output = command.arg(script).arg(chromium).arg(page).output().expect("Python runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

/// The Chromium there is.
#[cfg(unix)]
fn chromium() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("DUNDERLINT_CHROMIUM") {
        return (!named.is_empty()).then(|| PathBuf::from(named));
    }
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let all = CHROMIUMS.iter().flat_map(|name| folders.iter().map(move |it| it.join(name)));
    all.into_iter().find(|program| program.is_file())
}

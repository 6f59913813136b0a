//! What names stand for in small projects, and what classes come to.

use super::import_time::{Entry, Mode, Outcome};
use super::*;
use crate::facts::{FileInfo, Said, extract};
use crate::semantic::{Buffers, ModuleName, Options, analyze};
use crate::syntax::{parse, source_type};

fn facts(path: &str, text: &str) -> FileFacts {
    let parsed = parse(text, source_type(path), None);
    let info = FileInfo {
        path: path.to_owned(),
        root: String::new(),
        module: ModuleName::of_path(path),
        ..FileInfo::default()
    };
    let (tree, semantic) = analyze(parsed.syntax(), text, Options::default(), Buffers::default());
    extract(&info.into(), &tree, &semantic, Said::default())
}

#[test]
fn star_imports_in_circles_come_to_an_end() {
    // Each part asks its package for the name, and the package asks each part.
    let names: Vec<String> = (0..12).map(|part| format!("part{part}")).collect();
    let stars: String = names.iter().map(|it| format!("from .{it} import *\n")).collect();
    let mut files = vec![facts("suite/__init__.py", &stars)];
    for name in &names {
        let text = match name.as_str() {
            "part5" => "from suite import lost\ndef found(): ...\n",
            _ => "from suite import lost, found\n",
        };
        files.push(facts(&format!("suite/{name}.py"), text));
    }
    let project = Project::link(files);
    let file = project.file_at("suite/__init__.py").expect("it is in the project");
    assert_eq!(project.resolve_absolute(file, "suite.lost"), Item::Unknown);
    assert!(matches!(project.resolve_absolute(file, "suite.found"), Item::Function(_)));
}

/// The names of the linearization of `used.C` in a project for Pythons from 3.`first` on, or
/// `None` where it is not known.
fn linearized(first: u8, modules: &[(&str, &str)]) -> Option<Vec<String>> {
    let files = modules.iter().map(|(path, text)| facts(path, text)).collect();
    let project = Draft::new(files).on(Releases::new(first, None)).link();
    let class = project.classes_named("used.C")[0];
    let Mro::Known(mro) = project.mro(class) else { return None };
    let names = mro.iter().map(|it| project.class_name(*it).to_owned());
    Some(names.collect())
}

#[test]
fn what_branches_bind_is_known_where_it_is_decided() {
    let by_version = "import sys\nif sys.version_info >= (3, 11):\n    from enum import StrEnum\n\
        else:\n    from enum import Enum\n    class StrEnum(str, Enum): ...\n";
    let used = ("used.py", "from compat import StrEnum\nclass C(StrEnum): ...\n");
    let mro = |first| linearized(first, &[("compat.py", by_version), used]);
    let new = mro(11).expect("the standard library has it");
    assert_eq!(new, ["C", "StrEnum", "str", "ReprEnum", "Enum", "object"]);
    assert_eq!(mro(10), None);

    let tried = "try:\n    from contextlib import ContextDecorator as Base\n\
        except ImportError:\n    Base = object\nclass C(Base): ...\n";
    let known = linearized(9, &[("used.py", tried)]).expect("it is always there");
    assert_eq!(known, ["C", "ContextDecorator", "object"]);
    let elsewhere = tried.replace("contextlib", "elsewhere");
    assert_eq!(linearized(9, &[("used.py", &elsewhere)]), None);

    let same = "if anything:\n    from one import Base\nelse:\n    from two import Base\n\
        class C(Base): ...\n";
    let one = ("one.py", "class Base: ...\n");
    let known = linearized(9, &[("used.py", same), one, ("two.py", "from one import Base\n")]);
    assert_eq!(known.expect("both are one"), ["C", "Base", "object"]);
    assert_eq!(linearized(9, &[("used.py", same), one, ("two.py", "class Base: ...\n")]), None);
}

#[test]
fn what_never_runs_leaves_a_builtin_what_it_is() {
    let mro = |test: &str| {
        let text = format!(
            "import sys\nif {test}:\n    from java.lang import Exception\n\
            class C(Exception): ...\n"
        );
        linearized(9, &[("used.py", &text)])
    };
    let known = ["C", "Exception", "BaseException", "object"].map(str::to_owned);
    for never in
        ["sys.platform[:4] == 'java'", "sys.platform.startswith('java')", "sys.TYPE_CHECKING"]
    {
        assert_eq!(mro(never).as_deref(), Some(&known[..]), "{never}");
    }
    assert_eq!(mro("sys.platform == 'win32'"), None);
}

#[test]
fn a_test_of_another_file_decides() {
    let used = "from flags import NEW\nif not NEW:\n    Base = object\n\
        else:\n    from enum import Flag as Base\nclass C(Base): ...\n";
    let flags = ("flags.py", "import sys\nNEW = sys.version_info >= (3, 11)\n");
    let mro = |first| linearized(first, &[("used.py", used), flags]);
    assert_eq!(mro(11).expect("it is decided"), ["C", "Flag", "Enum", "object"]);
    assert_eq!(mro(9), None);
}

#[test]
fn what_replaces_a_class_counts_once_the_module_has_run() {
    let text = "class Base: ...\nclass Inner(Base): ...\ntry:\n    import _asyncio\n\
        except ImportError:\n    pass\nelse:\n    Base = _asyncio.Future\n";
    let used = ("used.py", "from made import Base\nclass C(Base): ...\n");
    let mro = linearized(9, &[("made.py", text), used]);
    assert_eq!(mro.expect("it is always there"), ["C", "Future", "object"]);
    let inner = ("used.py", "from made import Inner\nclass C(Inner): ...\n");
    assert_eq!(linearized(9, &[("made.py", text), inner]), None);
}

#[test]
fn aliases_of_typing_are_known_behind_re_exports() {
    let compat = (
        "compat.py",
        "try:\n    from typing import List, Generic, TypeVar\n\
        except ImportError:\n    from typing_extensions import List, Generic, TypeVar\n",
    );
    let used = ("used.py", "from compat import List\nclass C(List[int]): ...\n");
    let mro = linearized(9, &[compat, used]).expect("it is known");
    assert_eq!(mro, ["C", "list", "Generic", "object"]);
}

#[test]
fn choices_in_circles_come_to_an_end() {
    let one = "try:\n    from two import Base\nexcept ImportError:\n    from three import Base\n";
    let two = "try:\n    from one import Base\nexcept ImportError:\n    from three import Base\n";
    let used = ("used.py", "from one import Base\nclass C(Base): ...\n");
    assert_eq!(linearized(9, &[("one.py", one), ("two.py", two), used]), None);
    let own = "if anything:\n    Base = Base\nelse:\n    Base = Other\n\
        if anything:\n    Other = Base\nelse:\n    Other = object\nclass C(Base): ...\n";
    assert_eq!(linearized(9, &[("used.py", own)]), None);
}

#[test]
fn functions_that_may_call_one_another_come_to_an_end() {
    // Each of them calls the others in branches that nobody can decide, with ever new arguments.
    let names = ["first", "second", "third", "fourth"];
    let function = |name: &str| {
        let calls =
            names.map(|other| format!("    if unknown():\n        {other}([depth, {name}])\n"));
        format!("def {name}(depth):\n{}", calls.concat())
    };
    let functions: Vec<String> = names.iter().map(|name| function(name)).collect();
    let text = format!(
        "import b\nfrom elsewhere import unknown\n\n\n{}\n\nif unknown():\n    first([])\n",
        functions.join("\n\n")
    );
    let project = Project::link(vec![facts("a.py", &text), facts("b.py", "import a\n")]);
    let mode = Mode { versions: (13, 13), is_closed: false };
    let file = |path| project.file_at(path).expect("it is in the project");
    let entries = ["a.py", "b.py"].map(|path| Entry::Module(file(path)));
    assert_eq!(project.import_time(mode, &entries), [Outcome::Fine, Outcome::Fine]);
}

#[test]
fn a_folder_has_its_modules_once_they_are_done() {
    let outcome = |text: &str| {
        let files = vec![facts("n/a.py", "import n.b\nclass A: ...\n"), facts("n/b.py", text)];
        let project = Project::link(files);
        let mode = Mode { versions: (11, 11), is_closed: false };
        let entry = Entry::Module(project.file_at("n/a.py").expect("it is in the project"));
        match project.import_time(mode, &[entry]).remove(0) {
            Outcome::Fails(failure) => failure.message,
            other => format!("{other:?}"),
        }
    };
    assert_eq!(outcome("from n import a\ndef late(): return a.A\n"), "Fine");
    assert_eq!(
        outcome("from . import a\ndef at_once(it: a.A): ...\n"),
        "partially initialized module 'n.a' has no attribute 'A' (most likely due to a circular import)"
    );
    assert_eq!(
        outcome("import n.a\nclass B(n.a.A): ...\n"),
        "cannot access submodule 'a' of module 'n' (most likely due to a circular import)"
    );
}

//! On which Pythons names of other files hold, and on which files run at all.

use super::{FileId, Project};
use crate::facts::{Dotted, FileFacts, ImportKind, Premise, TargetKind};
use crate::semantic::pythons::{Answer, Pythons};

/// A name for a name for a test is followed so often.
const MOST_STEPS: usize = 10;

/// How often what is known of files is handed on to those that they import. Stopping early leaves
/// them more Pythons than they have.
const MOST_ROUNDS: usize = 10;

/// That one file imports another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Import {
    to: FileId,
    from: FileId,
}

impl Project {
    /// The Pythons on which something in a file is so, as far as other files tell.
    pub fn comes_to(&self, file: FileId, premise: &Premise) -> Pythons {
        if premise.module.as_ref().is_some_and(|name| self.is_own_module(file, name)) {
            return Pythons::NONE;
        }
        let answer = premise.flag.as_ref().map_or(Answer::UNKNOWN, |name| {
            let known = self.flag(file, name);
            known.unwrap_or_else(|| Answer::of_name(name.rsplit('.').next().unwrap_or(name)))
        });
        let reached = premise.holds.and(answer.holds).or(premise.fails.and(answer.fails));
        reached.and(self.runs_on(file))
    }

    /// Whether a name is that of a module of the project: at the top, or beside a file that is in
    /// no package, which is run as a script.
    fn is_own_module(&self, file: FileId, name: &str) -> bool {
        let is_there = |name: &str| self.module(file, name).is_some();
        let own = self.file(file).module().as_str();
        let is_beside =
            |(folder, _): (&str, &str)| !is_there(folder) && is_there(&format!("{folder}.{name}"));
        is_there(name) || own.rsplit_once('.').is_some_and(is_beside)
    }

    /// Where a name holds that some module of the project binds to what differs from Python to
    /// Python: an absolute dotted name, as a file says it.
    pub fn flag(&self, file: FileId, name: &str) -> Option<Answer> {
        self.flag_by_way_of(file, name, |_| {})
    }

    /// Like [`Project::flag`]; tells each module that is asked.
    pub fn flag_by_way_of(
        &self,
        file: FileId,
        name: &str,
        mut ask: impl FnMut(FileId),
    ) -> Option<Answer> {
        let (mut file, mut name) = (file, name.to_owned());
        for _ in 0..MOST_STEPS {
            let (module, own) = name.rsplit_once('.')?;
            file = self.module(file, module)?;
            ask(file);
            let facts = self.file(file);
            if let Some(flag) = facts.flag(own) {
                return Some(flag.answer());
            }
            let TargetKind::Absolute(next) = facts.binding(own)?.target.kind() else { return None };
            name = facts.dotted_text(next);
        }
        None
    }

    /// The Pythons on which other modules import a file; all, where none does.
    pub fn runs_on(&self, file: FileId) -> Pythons {
        self.runs_on.get_or_init(|| self.find_runs_on())[file.index()]
    }

    /// The module that an import statement names, if it is no package: whatever is imported of it, it
    /// is itself.
    fn plain_module(&self, from: FileId, module: Dotted) -> Option<FileId> {
        let to = self.module_file(from, self.dotted_package(from, module)?)?;
        let facts = self.file(to);
        (to != from && !facts.is_stub() && !facts.module().is_package()).then_some(to)
    }

    /// Of each file, whether others import it, but only in functions, behind tests, or where it may
    /// be missing; in the order of the files.
    pub fn optional_files(&self) -> Vec<bool> {
        let mut imports = self.imports_with(|facts, at| {
            let import = &facts.imports()[at as usize];
            import.kind() == ImportKind::Eager && !import.is_guarded()
        });
        // A module imports the packages around it; who is in none is there for everybody.
        let mut is_optional = vec![true; self.files.len()];
        for (from, _) in self.files() {
            match self.package_around(from) {
                Some(to) => imports.push((Import { to, from }, true)),
                None => is_optional[from.index()] = false,
            }
        }
        let mut is_imported = vec![false; self.files.len()];
        imports.iter().for_each(|(import, _)| is_imported[import.to.index()] = true);
        for (file, _) in self.files() {
            is_optional[file.index()] &= is_imported[file.index()];
        }
        loop {
            let before = imports.len();
            imports.retain(|(Import { to, from }, for_sure)| {
                let is_reached = *for_sure && !is_optional[from.index()];
                is_optional[to.index()] &= !is_reached;
                !is_reached
            });
            if imports.len() == before {
                return is_optional;
            }
        }
    }

    /// The package that a file is in, if that is a file.
    fn package_around(&self, file: FileId) -> Option<FileId> {
        let module = self.file(file).module();
        let package = module.as_str().rsplit_once('.')?.0;
        self.module(file, package).filter(|it| *it != file)
    }

    /// Who imports whom when the program runs, with what is said of each import, by its file and its
    /// place there.
    fn imports_with<T: Copy>(&self, said: impl Fn(&FileFacts, u32) -> T) -> Vec<(Import, T)> {
        let mut imports: Vec<(Import, T)> = Vec::new();
        for (from, facts) in self.files().filter(|(_, facts)| !facts.is_stub()) {
            for (at, import) in (0..).zip(facts.imports()) {
                if import.kind() != ImportKind::Typing {
                    let said = said(facts, at);
                    let mut add = |to| imports.push((Import { to, from }, said));
                    match self.plain_module(from, import.module) {
                        Some(to) => add(to),
                        None => self.imported(from, at, &mut add),
                    }
                }
            }
        }
        imports
    }

    fn find_runs_on(&self) -> Vec<Pythons> {
        let mut found = vec![Pythons::ALL; self.files.len()];
        if self.files.iter().all(|file| file.import_guards().is_empty()) {
            return found;
        }
        let mut imports = self.imports_with(FileFacts::import_guard);
        imports.sort_unstable_by_key(|(import, _)| *import);
        for _ in 0..MOST_ROUNDS {
            let mut is_known = true;
            for importers in imports.chunk_by(|(a, _), (b, _)| a.to == b.to) {
                let on = importers.iter().fold(Pythons::NONE, |on, (import, guard)| {
                    on.or(guard.and(found[import.from.index()]))
                });
                let known = &mut found[importers[0].0.to.index()];
                is_known &= *known == on;
                *known = on;
            }
            if is_known {
                break;
            }
        }
        found
    }
}

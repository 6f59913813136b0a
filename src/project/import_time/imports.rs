//! The import system: `importlib._bootstrap` and the instructions that use it.

use std::rc::Rc;

use super::failure::{Hop, Stop};
use super::interpreter::{Flow, Interpreter, Loaded, Module, Site};
use super::names::Namespace;
use super::symbols::Path;
use super::values::{Known, ModuleId, Symbol, Value};
use crate::facts::Dotted;
use crate::project::FileId;
use crate::project::modules::Package;

/// What a dotted name was imported as.
#[derive(Clone, Copy, Debug)]
pub(super) struct Imported {
    /// Its first part.
    pub(super) top: Target,
    /// All of it.
    pub(super) last: Target,
}

/// A module that was imported, or whatever else stood in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Module(ModuleId),
    Known(Known),
    Foreign,
}

impl Target {
    pub(super) fn value(self) -> Value {
        match self {
            Target::Module(id) => Value::Module(id),
            Target::Known(known) => Value::Known(known),
            Target::Foreign => Value::Unknown,
        }
    }

    pub(super) fn of(loaded: Loaded) -> Target {
        match loaded {
            Loaded::Module(id) => Target::Module(id),
            Loaded::Foreign => Target::Foreign,
        }
    }
}

impl Interpreter<'_> {
    /// `import a.b.c`, by the parts of the name.
    pub(super) fn import(&mut self, path: &Path, site: Site) -> Result<Imported, Stop> {
        let Path { parts, packages } = path;
        let foreign = |interpreter: &Self| {
            let known = Known::module(interpreter.symbols.text(parts[0]));
            let top = known.map_or(Target::Foreign, Target::Known);
            let last = if parts.len() == 1 { top } else { Target::Foreign };
            Imported { top, last }
        };
        let Some(packages) = packages else { return Ok(foreign(self)) };
        // Whoever is there already is not asked for its parents.
        if packages.len() == parts.len()
            && let Some(last) = packages.last()
            && let Some(loaded) = self.world.by_package.get(last)
        {
            let (place, last) = (*last, Target::of(*loaded));
            let top = self.world.by_package.get(&packages[0]).map(|it| Target::of(*it));
            self.look_at_place(place);
            self.look_at_place(packages[0]);
            return Ok(Imported { top: top.unwrap_or(Target::Foreign), last });
        }
        self.effect();
        let mut last = Target::Foreign;
        for (index, _) in parts.iter().enumerate() {
            last = match packages.get(index) {
                Some(package) => match self.import_package(*package, &parts[..=index], site)? {
                    Some(loaded) => Target::of(loaded),
                    None => Target::Foreign,
                },
                None => self.not_there(packages, &parts[..=index], site)?,
            };
            if last == Target::Foreign {
                break;
            }
        }
        let top = self.world.by_package.get(&packages[0]);
        Ok(Imported { top: top.map_or(Target::Foreign, |it| Target::of(*it)), last })
    }

    /// What `import a.b.c` gives: its first part. That is imported once more where it is gone, since it
    /// failed when the module below it was done.
    pub(super) fn import_top(&mut self, path: &Path, site: Site) -> Result<Target, Stop> {
        let imported = self.import(path, site)?;
        match &path.packages {
            Some(packages) if !self.world.by_package.contains_key(&packages[0]) => {
                let top = self.import_package(packages[0], &path.parts[..1], site)?;
                Ok(top.map_or(Target::Foreign, Target::of))
            }
            _ => Ok(imported.top),
        }
    }

    /// The packages of the project that a dotted name names, as many as there are; `None` if it
    /// does not begin in the project.
    fn packages(&self, parts: &[Symbol], file: FileId) -> Option<Box<[Package]>> {
        let modules = &self.project.modules;
        let top = self.symbols.text(parts[0]);
        let first = modules.inside(None, top)?;
        let found = self.project.module_file(file, first);
        let is_hidden =
            found.is_none() && (modules.has_files(first) || crate::project::stdlib::is_module(top));
        if is_hidden || found.is_some_and(|it| self.project.file(it).is_stub()) {
            return None;
        }
        let mut packages = vec![first];
        for part in &parts[1..] {
            let around = packages.last().copied();
            match modules.inside(around, self.symbols.text(*part)) {
                Some(package) => packages.push(package),
                None => break,
            }
        }
        Some(packages.into())
    }

    /// A part of a dotted name that the project does not have.
    fn not_there(
        &mut self,
        packages: &[Package],
        parts: &[Symbol],
        site: Site,
    ) -> Result<Target, Stop> {
        let parent = packages.last().and_then(|it| self.world.by_package.get(it)).copied();
        let Some(Loaded::Module(parent)) = parent else { return Ok(Target::Foreign) };
        if !self.mode.is_closed || self.may_hide_modules(parent) {
            return Ok(Target::Foreign);
        }
        self.no_module(parts, parent, site)
    }

    /// Whether there may be more in a package than its folder has.
    fn may_hide_modules(&self, id: ModuleId) -> bool {
        self.module(id).is_opaque && !self.module(id).is_stand_in
    }

    /// `ModuleNotFoundError`
    pub(super) fn no_module<T>(
        &mut self,
        parts: &[Symbol],
        parent: ModuleId,
        site: Site,
    ) -> Result<T, Stop> {
        let name = self.joined(parts);
        let message = match self.module(parent).is_package {
            true => format!("No module named '{name}'"),
            false => {
                let parent = self.joined(&parts[..parts.len() - 1]);
                format!("No module named '{name}'; '{parent}' is not a package")
            }
        };
        let failed = self.fail("ModuleNotFoundError", message, site, None);
        failed.map_err(|mut stop| {
            if let Stop::Failure(failure) = &mut stop {
                failure.not_found = Some(name);
            }
            stop
        })
    }

    pub(super) fn joined(&self, parts: &[Symbol]) -> String {
        let parts: Vec<&str> = parts.iter().map(|part| self.symbols.text(*part)).collect();
        parts.join(".")
    }

    /// Imports a package or module whose parents have been imported. `None` for one that cannot be
    /// looked at.
    pub(super) fn import_package(
        &mut self,
        package: Package,
        parts: &[Symbol],
        site: Site,
    ) -> Result<Option<Loaded>, Stop> {
        if let Some(loaded) = self.world.by_package.get(&package).copied() {
            self.look_at_place(package);
            return Ok(Some(loaded));
        }
        self.effect();
        let around = self.project.modules.around(package);
        let parent = match around.and_then(|it| self.world.by_package.get(&it)) {
            Some(Loaded::Module(parent)) => Some(*parent),
            Some(Loaded::Foreign) => return Ok(None),
            None => None,
        };
        if let Some(parent) = parent
            && !self.module(parent).is_package
        {
            if !self.mode.is_closed || self.may_hide_modules(parent) {
                return Ok(None);
            }
            return self.no_module(parts, parent, site);
        }
        let file = self.project.module_file(site.file, package);
        let is_visible = match file {
            Some(file) => !self.project.file(file).is_stub() && self.project.is_followed(file),
            None => !self.project.modules.has_files(package),
        };
        let last = parts[parts.len() - 1];
        if !is_visible {
            self.world.by_package.insert(package, Loaded::Foreign);
            return Ok(Some(Loaded::Foreign));
        }
        if self.install_settled(package, file)? {
            let loaded = self.world.by_package[&package];
            return Ok(Some(loaded));
        }
        let name = self.symbols.of_package(package);
        let id = self.add_module(package, file, name);
        let loaded = Loaded::Module(id);
        self.world.by_package.insert(package, loaded);
        self.world.order.push(package);
        if self.may > 0 {
            self.world.is_tainted = true;
        }
        if let Some(file) = file {
            self.world.executed.insert(file);
            self.trail.push(Hop { file: site.file, at: site.at, to: file });
            let done = self.execute(id, file);
            if let Err(stop) = done {
                self.trail.pop();
                // What was seen of it is no more.
                self.module_mut(id);
                self.world.by_package.remove(&package);
                self.world.order.retain(|it| *it != package);
                return Err(stop);
            }
            self.trail.pop();
        }
        self.module_mut(id).is_executing = false;
        // It may have put something else into its place.
        let loaded = *self.world.by_package.entry(package).or_insert(loaded);
        if let Some(parent) = parent {
            let value = Target::of(loaded).value();
            self.set_attribute(parent, last, value);
        }
        Ok(Some(loaded))
    }

    /// Makes a module object that is about to be executed.
    pub(super) fn add_module(
        &mut self,
        package: Package,
        file: Option<FileId>,
        name: Symbol,
    ) -> ModuleId {
        let first = ModuleId(package.index() as u32);
        let id = match self.world.modules.contains_key(&first) {
            true => {
                self.world.extra += 1;
                ModuleId(u32::MAX - self.world.extra)
            }
            false => first,
        };
        let is_package = file.is_none_or(|file| self.project.file(file).module().is_package());
        // A package that makes its own path has modules that cannot be seen.
        let is_opaque = file.is_some_and(|file| self.bound_at(file, Symbol::PATH).is_some());
        let count = file.map_or(0, |file| self.project.file(file).bound().len());
        let module = Module {
            name,
            stamp: self.effect(),
            package,
            file,
            namespace: Namespace::with_room(count),
            is_executing: true,
            is_script: false,
            is_package,
            is_opaque,
            is_stand_in: false,
            partial_stars: Vec::new(),
        };
        self.world.modules.insert(id, Rc::new(module));
        id
    }

    /// Runs the body of a module.
    pub(super) fn execute(&mut self, id: ModuleId, file: FileId) -> Result<Flow, Stop> {
        let mut frame = self.frame(file, id);
        frame.may_run_again = self.replay.is_run_again(file) || !self.is_topmost;
        let running = std::mem::take(&mut self.running);
        let (may, outer) = (self.may, self.begin_inner());
        let end = frame.program.len();
        let done = self.block(&mut frame, 0, end);
        self.end_stretch();
        self.end_inner(outer);
        self.may = may;
        self.running = running;
        done
    }

    /// A dotted name of a file.
    pub(super) fn path(&mut self, file: FileId, dotted: u32) -> Rc<Path> {
        let known = self.symbols.texts.of_file(file);
        if let Some(known) = known.and_then(|it| it.dotted.get(&dotted)) {
            return Rc::clone(known);
        }
        let facts = self.project.file(file);
        let mut parts = Vec::new();
        let mut at = Some(Dotted::new(dotted));
        while let Some(name) = at {
            let own = facts.parts(name);
            parts.push(self.symbols.of_file(file, own.last.index() as u32));
            at = own.before();
        }
        parts.reverse();
        let packages = self.packages(&parts, file);
        let path = Rc::new(Path { parts: parts.into(), packages });
        let of_file = self.symbols.texts.of_file_mut(file);
        of_file.dotted.insert(dotted, Rc::clone(&path));
        path
    }

    /// A dotted name that is computed: `import_module("…")`.
    pub(super) fn import_text(&mut self, name: &str, site: Site) -> Result<Imported, Stop> {
        let path = self.path_of_text(name, site.file);
        self.import(&path, site)
    }

    /// `__import__("…")`
    pub(super) fn import_top_text(&mut self, name: &str, site: Site) -> Result<Target, Stop> {
        let path = self.path_of_text(name, site.file);
        self.import_top(&path, site)
    }

    fn path_of_text(&mut self, name: &str, file: FileId) -> Path {
        let parts: Box<[Symbol]> = name.split('.').map(|part| self.symbols.intern(part)).collect();
        let packages = self.packages(&parts, file);
        Path { parts, packages }
    }
}

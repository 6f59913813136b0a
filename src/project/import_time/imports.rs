//! The import system: `importlib._bootstrap` and the instructions that use it.

use std::rc::Rc;

use super::failure::{Hop, Missing, Stop};
use super::interpreter::{Flow, Frame, Interpreter, Loaded, Module, Path, Settled, Site, World};
use super::values::{Known, Lazy, ModuleId, Namespace, Symbol, Value};
use crate::facts::Dotted;
use crate::facts::program::NOTHING;
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

    fn of(loaded: Loaded) -> Target {
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
        if !self.mode.is_closed || self.module(parent).is_opaque {
            return Ok(Target::Foreign);
        }
        self.no_module(parts, parent, site)
    }

    /// `ModuleNotFoundError`
    fn no_module<T>(&mut self, parts: &[Symbol], parent: ModuleId, site: Site) -> Result<T, Stop> {
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

    fn joined(&self, parts: &[Symbol]) -> String {
        let parts: Vec<&str> = parts.iter().map(|part| self.symbols.text(*part)).collect();
        parts.join(".")
    }

    /// Imports a package or module whose parents have been imported. `None` for one that cannot be
    /// looked at.
    fn import_package(
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
            if !self.mode.is_closed || self.module(parent).is_opaque {
                return Ok(None);
            }
            return self.no_module(parts, parent, site);
        }
        let file = self.project.module_file(site.file, package);
        let is_visible = match file {
            Some(file) => !self.project.file(file).is_stub() && self.project.is_checked(file),
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
        let name = self.joined(parts);
        let name = self.symbols.intern(&name);
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
        let is_opaque = file.is_some_and(|file| {
            let facts = self.project.file(file);
            facts.bound().iter().any(|it| facts.text(it.name) == "__path__")
        });
        let module = Module {
            name,
            stamp: self.effect(),
            package,
            file,
            namespace: Namespace::default(),
            is_executing: true,
            is_script: false,
            is_package,
            is_opaque,
            partial_stars: Vec::new(),
        };
        self.world.modules.insert(id, Rc::new(module));
        id
    }

    /// Runs the body of a module.
    pub(super) fn execute(&mut self, id: ModuleId, file: FileId) -> Result<Flow, Stop> {
        let mut frame = Frame::of_module(self.project, file, id);
        let running = std::mem::take(&mut self.running);
        let (may, outer) = (self.may, self.begin_inner());
        let end = frame.program.len();
        let done = self.block(&mut frame, 0, end);
        self.end_inner(outer);
        self.may = may;
        self.running = running;
        done
    }

    /// Puts a module that cannot reach a cycle into place with all that it imports, as it was when
    /// it was imported for the first time. Whether it is such a module.
    fn install_settled(&mut self, package: Package, file: Option<FileId>) -> Result<bool, Stop> {
        let Some(file) = file else { return Ok(false) };
        if self.graph.reaches_cycle(file) || self.trail.is_empty() {
            return Ok(false);
        }
        let known = self.settled.get(&package).cloned();
        let settled = match known {
            Some(settled) => settled,
            None => {
                let settled = self.settle(package, file)?;
                self.settled.insert(package, settled.clone());
                settled
            }
        };
        let Some(settled) = settled else { return Ok(false) };
        if self.may > 0 {
            self.world.is_tainted = true;
        }
        for (package, id, module) in settled.iter() {
            if self.world.by_package.contains_key(package) {
                continue;
            }
            self.world.by_package.insert(*package, Loaded::Module(*id));
            self.world.order.push(*package);
            module.file.into_iter().for_each(|file| self.world.executed.insert(file));
            self.world.modules.insert(*id, Rc::clone(module));
            let around = self.project.modules.around(*package);
            if let Some(Loaded::Module(parent)) =
                around.and_then(|it| self.world.by_package.get(&it)).copied()
            {
                let name = self.project.modules.last_part(*package).to_owned();
                let name = self.symbols.intern(&name);
                self.set_attribute(parent, name, Value::Module(*id));
            }
        }
        Ok(self.world.by_package.contains_key(&package))
    }

    /// Imports a module in a world of its own, where its parents are there already.
    fn settle(&mut self, package: Package, file: FileId) -> Result<Settled, Stop> {
        let mut world = World::default();
        let mut at = self.project.modules.around(package);
        while let Some(around) = at {
            if let Some(Loaded::Module(id)) = self.world.by_package.get(&around).copied() {
                let mut module = self.module(id).clone();
                module.namespace = Namespace::default();
                module.is_opaque = true;
                world.modules.insert(id, Rc::new(module));
                world.by_package.insert(around, Loaded::Module(id));
            }
            at = self.project.modules.around(around);
        }
        // Known before, so that a circle of settled modules comes to an end.
        self.settled.insert(package, None);
        let outer = std::mem::replace(&mut self.world, world);
        let (may, trail) = (std::mem::take(&mut self.may), std::mem::take(&mut self.trail));
        let running = std::mem::take(&mut self.running);
        let dotted = self.project.file(file).module().as_str().to_owned();
        let parts: Vec<Symbol> = dotted.split('.').map(|part| self.symbols.intern(part)).collect();
        let site = Site { file, at: ruff_text_size::TextSize::new(0) };
        let done = self.import_package(package, &parts, site);
        let world = std::mem::replace(&mut self.world, outer);
        (self.may, self.trail, self.running) = (may, trail, running);
        match done {
            Ok(_) => {}
            Err(Stop::Exhausted) => return Err(Stop::Exhausted),
            Err(Stop::Failure(_)) => return Ok(None),
        }
        let mut modules = Vec::new();
        for package in &world.order {
            match world.by_package.get(package) {
                Some(Loaded::Module(id)) if id.0 == package.index() as u32 => {
                    modules.push((*package, *id, Rc::clone(&world.modules[id])));
                }
                _ => return Ok(None),
            }
        }
        Ok(Some(modules.into()))
    }

    // Instructions.

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

    /// `import a.b.c` or `import a.b.c as name`.
    pub(super) fn import_as(
        &mut self,
        dotted: u32,
        is_bound_whole: bool,
        site: Site,
    ) -> Result<Value, Stop> {
        let path = self.path(site.file, dotted);
        let imported = self.import(&path, site)?;
        if !is_bound_whole {
            return Ok(imported.top.value());
        }
        let mut value = imported.top.value();
        for part in &path.parts[1..] {
            value = self.import_from(&value, *part, site)?;
        }
        Ok(value)
    }

    /// The module of `from module import …`, with the submodules among the names imported.
    pub(super) fn import_for_names(
        &mut self,
        dotted: u32,
        names: &[Symbol],
        site: Site,
    ) -> Result<Value, Stop> {
        let path = self.path(site.file, dotted);
        let imported = self.import(&path, site)?;
        if let Target::Module(id) = imported.last
            && self.has_path(id, site)?
        {
            self.import_submodules(id, names, site, false)?;
        }
        Ok(imported.last.value())
    }

    /// Whether a module has a `__path__`. Its `__getattr__` is asked for it, too.
    fn has_path(&mut self, id: ModuleId, site: Site) -> Result<bool, Stop> {
        if self.module(id).is_package || self.look_up(id, Symbol::GETATTR).is_none() {
            return Ok(self.module(id).is_package);
        }
        Ok(self.module_attribute(id, Symbol::PATH, site, false)?.is_some())
    }

    /// `_handle_fromlist`
    fn import_submodules(
        &mut self,
        id: ModuleId,
        names: &[Symbol],
        site: Site,
        is_all: bool,
    ) -> Result<(), Stop> {
        for name in names {
            if self.symbols.text(*name) == "*" {
                if !is_all && let Some(all) = self.all_of(id, site)?.flatten() {
                    self.import_submodules(id, &all, site, true)?;
                }
                continue;
            }
            let package = self.module(id).package;
            let text = self.symbols.text(*name);
            let inner = self.project.modules.inside(Some(package), text);
            let is_plain_submodule = inner.is_some() && self.has_only_its_own_names(id);
            let is_there = match self.mode.is_closed || !is_plain_submodule {
                true => self.module_attribute(id, *name, site, false)?.is_some(),
                // What may come from elsewhere is not what stands beside the package.
                false => self.look_up(id, *name).is_some(),
            };
            let Some(inner) = inner.filter(|_| !is_there) else { continue };
            let own = self.symbols.text(self.module(id).name).to_owned();
            let mut parts: Vec<Symbol> =
                own.split('.').map(|part| self.symbols.intern(part)).collect();
            parts.push(*name);
            let full = self.joined(&parts);
            match self.import_package(inner, &parts, site) {
                Err(Stop::Failure(failure)) if failure.not_found.as_ref() == Some(&full) => {}
                Err(stop) => return Err(stop),
                Ok(_) => {}
            }
        }
        Ok(())
    }

    /// Whether all names of a module are known: nothing unseen happened to it, and it is not asked.
    fn has_only_its_own_names(&mut self, id: ModuleId) -> bool {
        self.look_at(id);
        !self.module(id).is_opaque && self.module(id).namespace.get(Symbol::GETATTR).is_none()
    }

    /// What `from value import name` takes.
    pub(super) fn import_from(
        &mut self,
        value: &Value,
        name: Symbol,
        site: Site,
    ) -> Result<Value, Stop> {
        let id = match value {
            Value::Module(id) => *id,
            Value::Known(known) => return Ok(known.attribute(self.symbols.text(name))),
            _ => return Ok(Value::Unknown),
        };
        if let Some(value) = self.module_attribute(id, name, site, false)? {
            return match value {
                Value::Lazy(_) => self.force_in(id, name, site),
                value => Ok(value),
            };
        }
        let package = self.module(id).package;
        let text = self.symbols.text(name);
        let inner = self.project.modules.inside(Some(package), text);
        let is_main = self.module(id).is_script;
        if inner.is_some() {
            self.effect();
        }
        if !is_main && let Some(loaded) = inner.and_then(|it| self.world.by_package.get(&it)) {
            return Ok(Target::of(*loaded).value());
        }
        let module = self.module(id);
        let (of, text) = (self.symbols.text(module.name), self.symbols.text(name));
        let place = match module.file {
            Some(file) => self.project.file(file).path(),
            None => "unknown location",
        };
        let is_partial = module.is_executing && !is_main;
        let message = match is_partial {
            true => format!(
                "cannot import name '{text}' from partially initialized module '{of}' (most likely due to a circular import) ({place})"
            ),
            false => format!("cannot import name '{text}' from '{of}' ({place})"),
        };
        let missing = self.missing(id, name);
        self.fail("ImportError", message, site, missing)
    }

    /// What is not there yet in a module that is still executing.
    fn missing(&self, id: ModuleId, name: Symbol) -> Option<Missing> {
        let module = self.module(id);
        let file = module.file?;
        let sources = &module.partial_stars;
        if !module.is_executing && sources.is_empty() {
            return None;
        }
        let bound_at = self.bound_at(file, name);
        let name = self.symbols.text(name).to_owned();
        Some(Missing { module: file, name, bound_at })
    }

    /// An attribute of a module: `None` if it has none of that name. `propagates` tells whether an
    /// `AttributeError` of its `__getattr__` is an exception or means that there is none.
    pub(super) fn module_attribute(
        &mut self,
        id: ModuleId,
        name: Symbol,
        site: Site,
        propagates: bool,
    ) -> Result<Option<Value>, Stop> {
        if let Some(value) = self.look_up(id, name) {
            return Ok(Some(value));
        }
        let text = self.symbols.text(name);
        let is_builtin = match text {
            "__name__" => return Ok(Some(Value::String(self.module(id).name))),
            "__path__" => self.module(id).is_package,
            "__doc__" | "__package__" | "__loader__" | "__spec__" | "__file__" | "__cached__"
            | "__builtins__" | "__dict__" | "__class__" => true,
            _ => false,
        };
        if is_builtin {
            return Ok(Some(Value::Unknown));
        }
        self.look_at(id);
        if self.module(id).is_opaque {
            return Ok(Some(Value::Unknown));
        }
        if let Some(value) = self.module(id).namespace.get(Symbol::GETATTR).cloned() {
            self.effect();
            return match value {
                Value::Function(function) => {
                    let arguments = Some(vec![Value::String(name)]);
                    match self.call_function(&function, arguments, &[], site) {
                        Ok(value) => Ok(Some(value)),
                        Err(Stop::Failure(failure))
                            if failure.exception == "AttributeError" && !propagates =>
                        {
                            Ok(None)
                        }
                        Err(stop) => Err(stop),
                    }
                }
                _ => Ok(Some(Value::Unknown)),
            };
        }
        if !self.mode.is_closed && !self.comes_later(id, name) {
            return Ok(Some(Value::Unknown));
        }
        Ok(None)
    }

    /// Whether a name that a module does not have is certain to be missing only because the module,
    /// or the submodule of that name, is still executing.
    fn comes_later(&mut self, id: ModuleId, name: Symbol) -> bool {
        let module = self.module(id);
        let Some(file) = module.file else { return false };
        let text = self.symbols.text(name);
        if let Some(inner) = self.project.modules.inside(Some(module.package), text) {
            self.effect();
            let module = self.module(id);
            return match self.world.by_package.get(&inner) {
                Some(Loaded::Module(inner)) => self.module(*inner).is_executing,
                // It would be imported.
                _ => module.is_executing && self.bound_at(file, name).is_none(),
            };
        }
        let is_bound = |file: &FileId| self.bound_at(*file, name).is_some();
        module.is_executing && is_bound(&file) || module.partial_stars.iter().any(is_bound)
    }

    /// `AttributeError` of a module.
    pub(super) fn no_attribute(
        &mut self,
        id: ModuleId,
        name: Symbol,
        site: Site,
    ) -> Result<Value, Stop> {
        let module = self.module(id);
        let (of, text) = (self.symbols.text(module.name), self.symbols.text(name));
        let inner = self.project.modules.inside(Some(module.package), text);
        let newest = self.mode.versions.1;
        let message = if module.is_executing && !module.is_script {
            let from = match module.file {
                Some(file) if newest >= 13 => {
                    format!(" from '{}'", self.project.file(file).path())
                }
                _ => String::new(),
            };
            format!(
                "partially initialized module '{of}'{from} has no attribute '{text}' (most likely due to a circular import)"
            )
        } else if newest >= 11 && inner.is_some_and(|it| self.is_executing(it)) {
            format!(
                "cannot access submodule '{text}' of module '{of}' (most likely due to a circular import)"
            )
        } else {
            format!("module '{of}' has no attribute '{text}'")
        };
        let missing = match inner.filter(|it| self.is_executing(*it)) {
            Some(inner) => self.project.module_file(site.file, inner).map(|module| Missing {
                module,
                name: self.symbols.text(name).to_owned(),
                bound_at: None,
            }),
            None => self.missing(id, name),
        };
        self.fail("AttributeError", message, site, missing)
    }

    fn is_executing(&self, package: Package) -> bool {
        match self.world.by_package.get(&package) {
            Some(Loaded::Module(id)) => self.module(*id).is_executing,
            _ => false,
        }
    }

    /// The names in a module's `__all__`: `None` if it has none, `Some(None)` if it is not known.
    fn all_of(&mut self, id: ModuleId, site: Site) -> Result<Option<Option<Vec<Symbol>>>, Stop> {
        let is_plain =
            self.module(id).is_opaque && self.module(id).namespace.get(Symbol::ALL).is_none();
        let file = self.module(id).file;
        // Whoever does not bind it has none, wherever else its names come from.
        if is_plain
            || !self.mode.is_closed
                && file.is_none_or(|it| self.bound_at(it, Symbol::ALL).is_none())
        {
            return Ok(None);
        }
        let Some(value) = self.module_attribute(id, Symbol::ALL, site, false)? else {
            return Ok(None);
        };
        let Value::Sequence(items) = value else { return Ok(Some(None)) };
        let text = |item: &Value| match item {
            Value::String(name) => Some(*name),
            _ => None,
        };
        Ok(Some(items.iter().map(text).collect()))
    }

    /// `from module import *`
    pub(super) fn import_star(
        &mut self,
        frame: &mut Frame<'_>,
        from: &Value,
        site: Site,
    ) -> Result<(), Stop> {
        let into = frame.module;
        let Value::Module(id) = *from else {
            self.module_mut(into).is_opaque = true;
            return Ok(());
        };
        match self.all_of(id, site)? {
            Some(Some(names)) => {
                for name in names {
                    let value = match self.module_attribute(id, name, site, true)? {
                        Some(Value::Lazy(_)) => self.force_in(id, name, site)?,
                        Some(value) => value,
                        None => self.no_attribute(id, name, site)?,
                    };
                    self.bind(frame, name, value);
                }
                return Ok(());
            }
            Some(None) => self.module_mut(into).is_opaque = true,
            None => {}
        }
        let module = Rc::clone(&self.world.modules[&id]);
        for (name, value) in module.namespace.iter() {
            if !self.symbols.text(name).starts_with('_') {
                self.bind(frame, name, value.clone());
            }
        }
        let own = module.file.filter(|_| module.is_executing);
        let into = self.module_mut(into);
        into.is_opaque |= module.is_opaque;
        into.partial_stars.extend(own);
        into.partial_stars.extend(&module.partial_stars);
        Ok(())
    }

    /// Does the import that a lazily imported global name has waited for.
    pub(super) fn force_in(
        &mut self,
        id: ModuleId,
        name: Symbol,
        site: Site,
    ) -> Result<Value, Stop> {
        let Some(Value::Lazy(lazy)) = self.module(id).namespace.get(name).cloned() else {
            return Ok(Value::Unknown);
        };
        let value = self.force(&lazy, site)?;
        self.set_attribute(id, name, value.clone());
        Ok(value)
    }

    fn force(&mut self, lazy: &Lazy, site: Site) -> Result<Value, Stop> {
        if lazy.module == NOTHING {
            return Ok(Value::Unknown);
        }
        let path = self.path(lazy.file, lazy.module);
        let imported = self.import(&path, site)?;
        match lazy.name {
            Some(name) => {
                if let Target::Module(id) = imported.last
                    && self.has_path(id, site)?
                {
                    self.import_submodules(id, &[name], site, false)?;
                }
                self.import_from(&imported.last.value(), name, site)
            }
            None if lazy.binds_top => Ok(imported.top.value()),
            None => Ok(imported.last.value()),
        }
    }

    /// A dotted name that is computed: `import_module("…")`.
    pub(super) fn import_text(&mut self, name: &str, site: Site) -> Result<Imported, Stop> {
        let parts: Box<[Symbol]> = name.split('.').map(|part| self.symbols.intern(part)).collect();
        let packages = self.packages(&parts, site.file);
        self.import(&Path { parts, packages }, site)
    }
}

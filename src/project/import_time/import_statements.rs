//! Import statements: `IMPORT_NAME`, `IMPORT_FROM`, `_handle_fromlist` and what else they do.

use std::rc::Rc;

use super::failure::Stop;
use super::imports::Target;
use super::interpreter::{Frame, Interpreter, Site};
use super::values::{Lazy, ModuleId, Symbol, Value};
use crate::facts::program::{IS_LAZY, Instruction, NOTHING};

impl Interpreter<'_> {
    pub(super) fn import_statement(
        &mut self,
        frame: &mut Frame<'_>,
        at: &mut usize,
        flags: u32,
    ) -> Result<(), Stop> {
        let (dotted, site) = frame.import(at);
        let word = frame.word(at);
        let name = self.symbols.optional(frame, word);
        let bound = match name {
            Some(name) => name,
            None => self.path(frame.file, dotted).parts[0],
        };
        let value = if self.is_taken_out(site) {
            self.effect();
            Value::Unknown
        } else if flags & IS_LAZY != 0 {
            let binds_top = name.is_none();
            Value::Lazy(Rc::new(Lazy { file: frame.file, module: dotted, name: None, binds_top }))
        } else {
            self.import_as(dotted, name.is_some(), site)?
        };
        self.bind(frame, bound, value);
        Ok(())
    }

    pub(super) fn names_statement(
        &mut self,
        frame: &mut Frame<'_>,
        at: &mut usize,
        instruction: Instruction,
        operand: u32,
    ) -> Result<(), Stop> {
        let (count, is_lazy) = (operand >> 2, operand & IS_LAZY != 0);
        let is_relative = operand & crate::facts::program::IS_RELATIVE != 0;
        let (dotted, site) = match instruction {
            Instruction::From => frame.import(at),
            _ => (NOTHING, frame.site(at)),
        };
        let names: Vec<(Symbol, Symbol)> = (0..count)
            .map(|_| {
                let (name, bound) = (frame.word(at), frame.word(at));
                let name = self.symbols.of(frame, name);
                (name, self.symbols.of(frame, bound))
            })
            .collect();
        if self.is_taken_out(site) {
            self.effect();
            names.iter().for_each(|(_, bound)| self.bind(frame, *bound, Value::Unknown));
            return Ok(());
        }
        // `python -m package` tells its `__main__.py` where it lies.
        let is_script = self.module(frame.module).is_script
            && self.project.package_run_by(frame.file).is_none();
        if dotted == NOTHING || is_relative && is_script {
            if !self.mode.is_closed {
                names.iter().for_each(|(_, bound)| self.bind(frame, *bound, Value::Unknown));
                return Ok(());
            }
            let is_top = !self.project.file(frame.file).module().as_str().contains('.')
                && !self.module(frame.module).is_package;
            let message = match is_script || is_top {
                true => "attempted relative import with no known parent package",
                false => "attempted relative import beyond top-level package",
            };
            return self.fail("ImportError", message.to_owned(), site, None);
        }
        if is_lazy {
            for (name, bound) in names {
                let lazy =
                    Lazy { file: frame.file, module: dotted, name: Some(name), binds_top: false };
                self.bind(frame, bound, Value::Lazy(Rc::new(lazy)));
            }
            return Ok(());
        }
        let plain: Vec<Symbol> = names.iter().map(|(name, _)| *name).collect();
        let module = self.import_for_names(dotted, &plain, site)?;
        for (name, bound) in names {
            if self.symbols.text(name) == "*" {
                self.import_star(frame, &module, site)?;
            } else {
                let value = self.import_from(&module, name, site)?;
                self.bind(frame, bound, value);
            }
        }
        Ok(())
    }

    /// Whether an import statement is not to be run.
    pub(super) fn is_taken_out(&self, site: Site) -> bool {
        self.without.iter().any(|(file, at)| *file == site.file && *at == site.at)
    }

    /// `import a.b.c` or `import a.b.c as name`.
    pub(super) fn import_as(
        &mut self,
        dotted: u32,
        is_bound_whole: bool,
        site: Site,
    ) -> Result<Value, Stop> {
        let path = self.path(site.file, dotted);
        let top = self.import_top(&path, site)?;
        let mut value = top.value();
        if !is_bound_whole {
            return Ok(value);
        }
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
                true if inner.is_some() && self.module(id).is_stand_in => {
                    let (project, init) = (self.project, self.module(id).file);
                    let text = self.symbols.text(*name);
                    project.submodule(site.file, init, package, text).is_none()
                }
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

    /// The names in a module's `__all__`: `None` if it has none, `Some(None)` if it is not known.
    fn all_of(&mut self, id: ModuleId, site: Site) -> Result<Option<Option<Vec<Symbol>>>, Stop> {
        let is_plain =
            self.module(id).is_opaque && self.module(id).namespace.get(Symbol::ALL).is_none();
        let file = self.module(id).file;
        self.has_missed |= self.module(id).is_stand_in;
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
        if lazy.name.is_none() && lazy.binds_top {
            return Ok(self.import_top(&path, site)?.value());
        }
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
            None => Ok(imported.last.value()),
        }
    }
}

//! The names of modules, and of those that are still being imported.

use super::failure::{Missing, Stop};
use super::interpreter::{Interpreter, Loaded, Site};
use super::values::{ModuleId, Symbol, Value};
use crate::project::FileId;
use crate::project::modules::Package;

impl Interpreter<'_> {
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
        self.has_missed |= self.module(id).is_stand_in;
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
    pub(super) fn comes_later(&mut self, id: ModuleId, name: Symbol) -> bool {
        let module = self.module(id);
        let (file, package) = (module.file, module.package);
        let text = self.symbols.text(name);
        if let Some(inner) = self.project.modules.inside(Some(package), text) {
            self.effect();
            let module = self.module(id);
            return match (self.world.by_package.get(&inner), file) {
                (Some(Loaded::Module(inner)), _) => self.module(*inner).is_executing,
                // It would be imported.
                (_, Some(file)) => module.is_executing && self.bound_at(file, name).is_none(),
                // A folder binds nothing but its modules.
                (_, None) => false,
            };
        }
        let Some(file) = file else { return false };
        let module = self.module(id);
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

    /// What is not there yet in a module that is still executing.
    pub(super) fn missing(&self, id: ModuleId, name: Symbol) -> Option<Missing> {
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

    pub(super) fn is_executing(&self, package: Package) -> bool {
        match self.world.by_package.get(&package) {
            Some(Loaded::Module(id)) => self.module(*id).is_executing,
            _ => false,
        }
    }
}

//! What is assigned to: names, attributes, subscripts.

use super::failure::Stop;
use super::interpreter::{Frame, Interpreter, Loaded, Site};
use super::values::{Known, Symbol, Value};
use crate::facts::program::Instruction;

impl Interpreter<'_> {
    /// Binds a name in the scope that runs.
    pub(super) fn bind(&mut self, frame: &mut Frame<'_>, name: Symbol, value: Value) {
        if let Some(class) = &mut frame.class {
            class.set(name, value);
        } else if let Some(locals) = &frame.locals {
            let mut at = locals;
            while at.is_comprehension
                && let Some(around) = &at.around
            {
                at = around;
            }
            if at.is_comprehension {
                return self.set_attribute(frame.module, name, value);
            }
            at.set(name, value);
        } else {
            self.set_attribute(frame.module, name, value);
        }
    }

    /// `del name`
    pub(super) fn delete(
        &mut self,
        frame: &mut Frame<'_>,
        name: Symbol,
        site: Site,
    ) -> Result<(), Stop> {
        let is_of_module = frame.locals.is_none() && frame.class.is_none();
        let module = self.module(frame.module);
        let is_bound = module.is_opaque || module.namespace.get(name).is_some();
        if is_of_module && self.mode.is_closed && !is_bound {
            let message = format!("name '{}' is not defined", self.symbols.text(name));
            return self.fail("NameError", message, site, None);
        }
        self.unbind(frame, name);
        Ok(())
    }

    pub(super) fn unbind(&mut self, frame: &mut Frame<'_>, name: Symbol) {
        if let Some(class) = &mut frame.class {
            class.remove(name);
        } else if let Some(locals) = &frame.locals {
            locals.remove(name);
        } else {
            self.module_mut(frame.module).namespace.remove(name);
        }
    }

    /// Assigns to the target that stands here.
    pub(super) fn assign(
        &mut self,
        frame: &mut Frame<'_>,
        at: &mut usize,
        value: Value,
    ) -> Result<(), Stop> {
        let (instruction, operand) = Instruction::of(frame.word(at));
        match instruction {
            Instruction::ToName => {
                let name = self.symbols.of(frame, operand);
                self.bind(frame, name, value);
            }
            Instruction::ToGlobal => {
                let name = self.symbols.of(frame, operand);
                self.set_attribute(frame.module, name, value);
            }
            Instruction::ToAttribute => {
                let name = self.symbols.of(frame, operand);
                match self.expression(frame, at)? {
                    Value::Module(id) => {
                        let is_new = self.look_up(id, name).is_none();
                        if self.may == 0 || is_new {
                            self.set_attribute(id, name, value);
                        }
                    }
                    Value::Class(class) => {
                        self.set_class_attribute(&class, name, value);
                    }
                    _ => {}
                }
            }
            Instruction::ToSubscript => {
                let table = self.expression(frame, at)?;
                let key = self.expression(frame, at)?;
                self.assign_item(&table, &key, value);
            }
            Instruction::ToSequence => {
                let items = match &value {
                    Value::Sequence(items) if items.len() == operand as usize => Some(items),
                    _ => None,
                };
                for index in 0..operand as usize {
                    let item = items.map_or(Value::Unknown, |items| items[index].clone());
                    self.assign(frame, at, item)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn assign_item(&mut self, table: &Value, key: &Value, value: Value) {
        match (table, key) {
            (Value::Known(Known::SysModules), Value::String(name)) => {
                let package = self.project.modules.package(self.symbols.text(*name));
                let Some(package) = package else { return };
                let loaded = match value {
                    Value::Module(id) => Loaded::Module(id),
                    _ => {
                        if let Some(Loaded::Module(id)) = self.world.by_package.get(&package) {
                            let id = *id;
                            self.module_mut(id).is_opaque = true;
                            return;
                        }
                        Loaded::Foreign
                    }
                };
                self.world.by_package.insert(package, loaded);
                self.effect();
            }
            (Value::Known(Known::SysModules), _) => {
                self.effect();
                // Any module may have been replaced: the one that is executing most likely.
                if let Some(hop) = self.trail.last() {
                    let file = hop.to;
                    let name = self.project.file(file).module().as_str();
                    let package = self.project.modules.package(name);
                    if let Some(Loaded::Module(id)) =
                        package.and_then(|it| self.world.by_package.get(&it)).copied()
                    {
                        self.module_mut(id).is_opaque = true;
                    }
                }
            }
            (Value::Known(Known::Globals(id)), Value::String(name)) => {
                self.set_attribute(*id, *name, value);
            }
            (Value::Known(Known::Globals(id)), _) => self.module_mut(*id).is_opaque = true,
            _ => {}
        }
    }

    /// Goes behind a target.
    pub(super) fn skip_target(&self, frame: &Frame<'_>, at: &mut usize) {
        let (instruction, operand) = Instruction::of(frame.word(at));
        match instruction {
            Instruction::ToAttribute => self.skip(frame, at),
            Instruction::ToSubscript => {
                self.skip(frame, at);
                self.skip(frame, at);
            }
            Instruction::ToSequence => {
                for _ in 0..operand {
                    self.skip_target(frame, at);
                }
            }
            _ => {}
        }
    }
}

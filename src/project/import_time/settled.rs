//! Modules that cannot reach a cycle: they are imported once, in a world of their own.

use std::rc::Rc;

use super::failure::Stop;
use super::interpreter::{Interpreter, Loaded, Settled, Site, World};
use super::names::Namespace;
use super::values::{Symbol, Value};
use crate::project::FileId;
use crate::project::modules::Package;

impl Interpreter<'_> {
    /// Puts a module that cannot reach a cycle into place with all that it imports, as it was when
    /// it was imported for the first time. Whether it is such a module.
    pub(super) fn install_settled(
        &mut self,
        package: Package,
        file: Option<FileId>,
    ) -> Result<bool, Stop> {
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
    pub(super) fn settle(&mut self, package: Package, file: FileId) -> Result<Settled, Stop> {
        let mut world = World::default();
        let mut at = self.project.modules.around(package);
        while let Some(around) = at {
            if let Some(Loaded::Module(id)) = self.world.by_package.get(&around).copied() {
                let mut module = self.module(id).clone();
                module.namespace = Namespace::default();
                module.is_stand_in |= !module.is_opaque;
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
        let has_missed = std::mem::take(&mut self.has_missed);
        let dotted = self.project.file(file).module().as_str().to_owned();
        let parts: Vec<Symbol> = dotted.split('.').map(|part| self.symbols.intern(part)).collect();
        let site = Site { file, at: ruff_text_size::TextSize::new(0) };
        let done = self.import_package(package, &parts, site);
        let world = std::mem::replace(&mut self.world, outer);
        (self.may, self.trail, self.running) = (may, trail, running);
        let has_missed = std::mem::replace(&mut self.has_missed, has_missed);
        match done {
            // Where all is known, what it takes from its parents may be missing.
            Ok(_) if has_missed && self.mode.is_closed => return Ok(None),
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
}

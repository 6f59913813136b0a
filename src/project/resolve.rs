//! From dotted names to what they stand for, through imports and re-exports.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use super::modules::{Modules, Package};
use super::way::{Sight, Way};
use super::{ClassId, FileId, FunctionId, Project, StdClass, stdlib};
use crate::facts::{
    Dotted, FileFacts, ImportFacts, MemberKind, Standing, Target, TargetKind, Text,
};

/// What a dotted name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// A class of the project.
    Class(ClassId),
    /// A function of the project.
    Function(FunctionId),
    /// A module of the project.
    Module(FileId),
    /// A class of the standard library.
    Std(StdClass),
    /// Something that neither the project nor the standard library has.
    Outside(Outside),
    /// It cannot be known.
    Unknown,
}

/// A name of another distribution: where it is written in full. Its text is told by
/// [`Project::outside_name`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outside {
    file: FileId,
    name: Dotted,
}

/// What was looked up before, file by file.
#[derive(Default)]
pub(super) struct Lookups {
    /// What dotted names stand for: see [`Item::to_number`].
    items: Vec<Memory<AtomicU64>>,
    /// What those of them are in the environment that the project does not have.
    crossings: Vec<Memory<AtomicU64>>,
    /// The packages that dotted names name: one more than the number of each.
    packages: Vec<Memory<AtomicU32>>,
}

impl Lookups {
    /// Nothing was looked up yet in so many files.
    pub(super) fn of_files(count: usize) -> Lookups {
        let mut lookups = Lookups::default();
        (0..count).for_each(|_| lookups.add_file());
        lookups
    }

    /// One file more.
    pub(super) fn add_file(&mut self) {
        self.items.push(Memory::default());
        self.crossings.push(Memory::default());
        self.packages.push(Memory::default());
    }
}

/// What was found before: one number for each dotted name of a file, 0 where nobody asked yet.
struct Memory<Number> {
    found: std::sync::OnceLock<Box<[Number]>>,
}

impl<Number> Default for Memory<Number> {
    fn default() -> Self {
        Memory { found: std::sync::OnceLock::new() }
    }
}

impl<Number: Default> Memory<Number> {
    fn cell(&self, facts: &FileFacts, name: Dotted) -> &Number {
        let make = || facts.dotted_names().iter().map(|_| Number::default()).collect();
        &self.found.get_or_init(make)[name.index()]
    }
}

impl Item {
    fn to_number(self) -> u64 {
        let (kind, index) = match self {
            Item::Outside(Outside { file, name }) => {
                return u64::from(file.0) << 32 | (name.index() as u64) << 3 | 6;
            }
            Item::Unknown => (1, 0),
            Item::Class(ClassId(id)) => (2, id),
            Item::Function(FunctionId(id)) => (3, id),
            Item::Module(FileId(id)) => (4, id),
            Item::Std(class) => (5, class.number()),
        };
        u64::from(index) << 3 | kind
    }

    fn of_number(number: u64) -> Option<Item> {
        let index = (number >> 3) as u32;
        Some(match number & 7 {
            1 => Item::Unknown,
            2 => Item::Class(ClassId(index)),
            3 => Item::Function(FunctionId(index)),
            4 => Item::Module(FileId(index)),
            5 => Item::Std(StdClass::of_number(index)),
            6 => {
                let file = FileId((number >> 32) as u32);
                let name = Dotted::new((number as u32) >> 3);
                Item::Outside(Outside { file, name })
            }
            _ => return None,
        })
    }
}

/// How far a dotted name has been followed.
#[derive(Clone, Copy)]
enum Reached {
    /// A module or a namespace package, with the file that it is for whoever asks.
    Package(Package, Option<FileId>),
    /// Something in a module.
    Item(Item),
}

impl Reached {
    const LOST: Reached = Reached::Item(Item::Unknown);
}

impl Project {
    /// What a target of a file's facts stands for.
    pub fn resolve(&self, file: FileId, target: Target) -> Item {
        match target.kind() {
            TargetKind::Absolute(name) => self.resolve_dotted(file, name),
            _ => self.resolve_target(file, target, &mut Way::new()),
        }
    }

    /// What a dotted name of a file's facts stands for. It is looked up once.
    pub fn resolve_dotted(&self, file: FileId, name: Dotted) -> Item {
        let cell = self.lookups.items[file.index()].cell(self.file(file), name);
        if let Some(known) = Item::of_number(cell.load(Ordering::Relaxed)) {
            return known;
        }
        let found = self.follow_dotted(file, name, &mut Way::new());
        cell.store(found.to_number(), Ordering::Relaxed);
        found
    }

    /// Like [`Project::resolve`], for a project that is not read yet: what is missing is noted, and
    /// the answer is only kept where nothing was.
    pub(super) fn resolve_noting(&self, file: FileId, target: Target, way: &mut Way) -> Item {
        let TargetKind::Absolute(name) = target.kind() else {
            return self.resolve_target(file, target, way);
        };
        let cell = self.lookups.items[file.index()].cell(self.file(file), name);
        if let Some(known) = Item::of_number(cell.load(Ordering::Relaxed)) {
            return known;
        }
        let found = self.follow_dotted(file, name, way);
        if way.has_all() {
            cell.store(found.to_number(), Ordering::Relaxed);
        }
        found
    }

    /// What an absolute dotted name stands for in a file.
    pub fn resolve_absolute(&self, file: FileId, name: &str) -> Item {
        self.follow_text(file, name, &mut Way::new())
    }

    /// The module of the project that an absolute dotted name names in a file.
    pub fn module(&self, file: FileId, name: &str) -> Option<FileId> {
        self.module_file(file, self.modules.package(name)?)
    }

    /// The module that an import statement of a file names, if the project has it.
    pub fn imported_module(&self, file: FileId, import: &ImportFacts) -> Option<FileId> {
        self.module_file(file, self.dotted_package(file, import.module)?)
    }

    /// What a name outside of the project is, as far as the environment of the project is known:
    /// something in a library that is installed.
    pub fn installed(&self, outside: Outside) -> Item {
        let Outside { file, name } = outside;
        if self.installed.is_empty() {
            return Item::Unknown;
        }
        let cell = self.lookups.crossings[file.index()].cell(self.file(file), name);
        if let Some(known) = Item::of_number(cell.load(Ordering::Relaxed)) {
            return known;
        }
        let found = self.cross(outside, &mut Way::new());
        cell.store(found.to_number(), Ordering::Relaxed);
        found
    }

    /// Follows a name over the border of the project.
    pub(super) fn cross(&self, outside: Outside, way: &mut Way) -> Item {
        let reached = self.reach(Sight::Installed, outside.file, outside.name, way);
        if reached.is_none() {
            way.note_beyond(Sight::Installed, outside.file, outside.name);
        }
        reached.map_or(Item::Unknown, |it| self.arrive(it))
    }

    fn sight(&self, file: FileId) -> Sight<'_> {
        match self.file(file).info.standing {
            Standing::Installed => Sight::Installed,
            _ => Sight::Project(self.file(file).root()),
        }
    }

    fn modules_in(&self, sight: Sight<'_>) -> &Modules {
        match sight {
            Sight::Project(_) => &self.modules,
            Sight::Installed => &self.installed,
        }
    }

    /// The file that a package is, where names are looked up so.
    fn file_in(&self, sight: Sight<'_>, package: Package) -> Option<FileId> {
        match sight {
            Sight::Project(root) => self.modules.file(&self.files, root, package),
            // It was looked for as `importlib` does: there is one.
            Sight::Installed => self.installed.files(package).next(),
        }
    }

    /// Like [`Project::file_in`]; that there is none is noted.
    fn file_noted(
        &self,
        sight: Sight<'_>,
        asker: FileId,
        package: Package,
        way: &mut Way,
    ) -> Option<FileId> {
        let found = self.file_in(sight, package);
        // The file of another root may not be what this one means.
        let is_own = |id: FileId| sight == Sight::Installed || sight == self.sight(id);
        if way.takes_notes() && !found.is_some_and(is_own) {
            let module = self.modules_in(sight).dotted(package);
            way.note(sight, asker, || module);
        }
        found
    }

    /// The package or module of the project that a dotted name of a file's facts names.
    pub(super) fn dotted_package(&self, file: FileId, name: Dotted) -> Option<Package> {
        let facts = self.file(file);
        let modules = self.modules_in(self.sight(file));
        let cell = self.lookups.packages[file.index()].cell(facts, name);
        if let Some(index) = cell.load(Ordering::Relaxed).checked_sub(1) {
            return Some(modules.numbered(index as usize));
        }
        let parts = facts.parts(name);
        let around = match parts.before() {
            Some(before) => Some(self.dotted_package(file, before)?),
            None => None,
        };
        // What is not there may still come.
        let found = modules.inside(around, facts.text(parts.last))?;
        cell.store(found.index() as u32 + 1, Ordering::Relaxed);
        Some(found)
    }

    fn dotted_package_in(&self, sight: Sight<'_>, file: FileId, name: Dotted) -> Option<Package> {
        let facts = self.file(file);
        let parts = facts.parts(name);
        let around = match parts.before() {
            Some(before) => Some(self.dotted_package_in(sight, file, before)?),
            None => None,
        };
        self.modules_in(sight).inside(around, facts.text(parts.last))
    }

    /// What the module binds that a dotted name of a file is in: where it is written, and what it
    /// stands for there.
    pub(super) fn bound_as(&self, file: FileId, name: Dotted) -> Option<(FileId, Target)> {
        let parts = self.file(file).parts(name);
        let module = parts.before()?;
        let found = [self.sight(file), Sight::Installed]
            .into_iter()
            .find_map(|sight| self.file_in(sight, self.dotted_package_in(sight, file, module)?))?;
        let own = self.file(found).binding(self.file(file).text(parts.last))?;
        Some((found, own.target))
    }

    /// The file that a package is for another file.
    pub(super) fn module_file(&self, file: FileId, package: Package) -> Option<FileId> {
        self.file_in(self.sight(file), package)
    }

    /// The file that a package is inside another that has a file: one of the same root.
    fn file_beside(
        &self,
        sight: Sight<'_>,
        around: FileId,
        package: Package,
        way: &mut Way,
    ) -> Option<FileId> {
        let root = self.file(around).root();
        let mut files = self.modules_in(sight).files(package);
        let found = files.find(|id| self.file(*id).root() == root);
        if found.is_none() && way.takes_notes() {
            let module = self.modules_in(sight).dotted(package);
            way.note(sight, around, || module);
        }
        found
    }

    /// Notes which modules of a dotted name are missing, as an import statement asks for them.
    pub(super) fn note_modules(&self, file: FileId, name: Dotted, way: &mut Way) {
        let facts = self.file(file);
        if let Some(before) = facts.parts(name).before() {
            self.note_modules(file, before, way);
        }
        match self.dotted_package(file, name) {
            Some(package) => {
                self.file_noted(self.sight(file), file, package, way);
            }
            None => way.note(self.sight(file), file, || facts.dotted_text(name)),
        }
    }

    fn resolve_target(&self, file: FileId, target: Target, way: &mut Way) -> Item {
        match target.kind() {
            TargetKind::Class(index) => Item::Class(self.class_of(file, index)),
            TargetKind::Function(index) => Item::Function(self.function_of(file, index)),
            TargetKind::Absolute(name) => self.follow_known(file, name, way),
            TargetKind::Builtin(name) => {
                let name = self.file(file).text(name);
                self.std_builtin(name).map_or(Item::Unknown, Item::Std)
            }
            TargetKind::Choice(index) => {
                let resolve = |target| match self.resolve_target(file, target, way) {
                    Item::Unknown => None,
                    item => Some(item),
                };
                self.chosen(file, index, resolve).unwrap_or(Item::Unknown)
            }
            TargetKind::Unknown => Item::Unknown,
        }
    }

    /// Like [`Project::follow_dotted`], on the way from another name: many ways lead through the same
    /// packages. What is not found may only be too far from where this one began.
    fn follow_known(&self, file: FileId, name: Dotted, way: &mut Way) -> Item {
        let cell = self.lookups.items[file.index()].cell(self.file(file), name);
        if let Some(known) = Item::of_number(cell.load(Ordering::Relaxed)) {
            return known;
        }
        let notes = way.note_count();
        let found = self.follow_dotted(file, name, way);
        if found != Item::Unknown && way.note_count() == notes {
            cell.store(found.to_number(), Ordering::Relaxed);
        }
        found
    }

    fn follow_dotted(&self, file: FileId, name: Dotted, way: &mut Way) -> Item {
        match self.reach(self.sight(file), file, name, way) {
            Some(reached) => self.arrive(reached),
            None => {
                way.note_beyond(self.sight(file), file, name);
                self.beyond(file, name)
            }
        }
    }

    /// The class of the standard library that a dotted name of a file names by itself: the project has
    /// no module of that name.
    pub(super) fn standard(&self, file: FileId, name: Dotted) -> Option<StdClass> {
        let facts = self.file(file);
        let mut first = facts.parts(name);
        while let Some(before) = first.before() {
            first = facts.parts(before);
        }
        let top = facts.text(first.last);
        let is_own = self.enter(self.sight(file), file, top, &mut Way::new()).is_some();
        if is_own { None } else { self.std(&facts.dotted_text(name)) }
    }

    /// A name that the project does not have.
    fn beyond(&self, file: FileId, name: Dotted) -> Item {
        let facts = self.file(file);
        if let Some(class) = self.std(&facts.dotted_text(name)) {
            return Item::Std(class);
        }
        let mut first = facts.parts(name);
        while let Some(before) = first.before() {
            first = facts.parts(before);
        }
        match stdlib::is_module(facts.text(first.last)) {
            true => Item::Unknown,
            false => Item::Outside(Outside { file, name }),
        }
    }

    /// The absolute dotted name of something outside of the project.
    pub fn outside_name(&self, outside: Outside) -> String {
        self.file(outside.file).dotted_text(outside.name)
    }

    fn follow_text(&self, file: FileId, name: &str, way: &mut Way) -> Item {
        let mut parts = name.split('.');
        let top = parts.next().unwrap_or(name);
        let sight = self.sight(file);
        let Some(mut reached) = self.enter(sight, file, top, way) else {
            return self.std(name).map_or(Item::Unknown, Item::Std);
        };
        for part in parts {
            reached = self.go_on(sight, file, reached, part, way);
        }
        self.arrive(reached)
    }

    fn arrive(&self, reached: Reached) -> Item {
        match reached {
            Reached::Package(_, Some(file)) => Item::Module(file),
            Reached::Package(_, None) => Item::Unknown,
            Reached::Item(item) => item,
        }
    }

    /// Follows a dotted name of a file's facts part by part: `None` where its first part is no
    /// module that can be seen.
    fn reach(
        &self,
        sight: Sight<'_>,
        file: FileId,
        name: Dotted,
        way: &mut Way,
    ) -> Option<Reached> {
        let facts = self.file(file);
        let parts = facts.parts(name);
        let last = facts.text(parts.last);
        match parts.before() {
            None => self.enter(sight, file, last, way),
            Some(before) => {
                let reached = self.reach(sight, file, before, way)?;
                Some(self.go_on(sight, file, reached, last, way))
            }
        }
    }

    /// The first part of a dotted name.
    fn enter(&self, sight: Sight<'_>, asker: FileId, top: &str, way: &mut Way) -> Option<Reached> {
        let Some(package) = self.modules_in(sight).inside(None, top) else {
            way.note(sight, asker, || top.to_owned());
            return None;
        };
        let found = self.file_noted(sight, asker, package, way);
        // What is not for this file may still be a namespace package, but not of the standard
        // library.
        if found.is_none() && stdlib::is_module(top) {
            return None;
        }
        Some(Reached::Package(package, found))
    }

    /// The next part of a dotted name.
    fn go_on(
        &self,
        sight: Sight<'_>,
        asker: FileId,
        reached: Reached,
        part: &str,
        way: &mut Way,
    ) -> Reached {
        match reached {
            Reached::Package(package, module) => {
                let own = module.map(|module| self.own_name(module, package, part, way));
                match own {
                    Some(Own::Found(reached)) => reached,
                    Some(Own::Hidden) => Reached::LOST,
                    Some(Own::Absent) | None => {
                        match self.modules_in(sight).inside(Some(package), part) {
                            Some(inner) => {
                                let file = match module {
                                    // Its submodules lie beside it, and nowhere else.
                                    Some(module) => self.file_beside(sight, module, inner, way),
                                    None => self.file_noted(sight, asker, inner, way),
                                };
                                Reached::Package(inner, file)
                            }
                            None => {
                                self.note_inner(sight, asker, package, part, way);
                                Reached::LOST
                            }
                        }
                    }
                }
            }
            Reached::Item(Item::Module(module)) => {
                let (sight, package) = (self.sight(module), self.packages[module.index()]);
                self.go_on(sight, module, Reached::Package(package, Some(module)), part, way)
            }
            Reached::Item(Item::Class(class)) => Reached::Item(self.nested(class, part)),
            Reached::Item(_) => Reached::LOST,
        }
    }

    /// What a module itself says of a name.
    fn own_name(&self, module: FileId, package: Package, name: &str, way: &mut Way) -> Own {
        let facts = self.file(module);
        let Some(binding) = facts.binding(name) else {
            return self.starred_name(module, package, name, way);
        };
        if way.step().is_none() || self.may_be_overwritten(module, binding.name) {
            return Own::Hidden;
        }
        // `from . import name` in the package binds its submodule.
        let modules = self.modules_in(self.sight(module));
        if let TargetKind::Absolute(target) = binding.target.kind()
            && self
                .dotted_package(module, target)
                .is_some_and(|it| Some(it) == modules.inside(Some(package), name))
        {
            return Own::Absent;
        }
        // Where a submodule has the name too, what comes last counts. Only what is imported from
        // that submodule comes after it for certain.
        if let Some(inner) = modules.inside(Some(package), name)
            && !self.comes_from(module, binding.target, inner)
        {
            return Own::Hidden;
        }
        Own::Found(Reached::Item(self.resolve_target(module, binding.target, way)))
    }

    /// Notes that the submodule of a name is missing, if it is.
    pub(super) fn note_submodule(&self, file: FileId, package: Package, name: &str, way: &mut Way) {
        let sight = self.sight(file);
        match self.modules_in(sight).inside(Some(package), name) {
            Some(inner) => {
                self.file_noted(sight, file, inner, way);
            }
            None => self.note_inner(sight, file, package, name, way),
        }
    }

    /// Notes that a package has no submodule of a name.
    fn note_inner(
        &self,
        sight: Sight<'_>,
        asker: FileId,
        package: Package,
        part: &str,
        way: &mut Way,
    ) {
        way.note(sight, asker, || {
            let package = self.modules_in(sight).dotted(package);
            format!("{package}.{part}")
        });
    }

    /// Whether a target of a file is something in a module of the project.
    fn comes_from(&self, file: FileId, target: Target, module: Package) -> bool {
        let TargetKind::Absolute(name) = target.kind() else { return false };
        let mut before = self.file(file).parts(name).before();
        while let Some(name) = before {
            if self.dotted_package(file, name) == Some(module) {
                return true;
            }
            before = self.file(file).parts(name).before();
        }
        false
    }

    /// A class or method inside a class.
    fn nested(&self, class: ClassId, name: &str) -> Item {
        let (file, _) = self.class(class);
        match self.member(class, name).map(|it| it.kind()) {
            Some(MemberKind::Class(inner)) => Item::Class(self.class_of(file, inner)),
            Some(MemberKind::Function(index)) => Item::Function(self.function_of(file, index)),
            _ => Item::Unknown,
        }
    }

    /// Whether a star import behind a binding may bind its name anew.
    fn may_be_overwritten(&self, module: FileId, name: Text) -> bool {
        let facts = self.file(module);
        if facts.overwritable().binary_search(&name).is_err() {
            return false;
        }
        let name = facts.text(name);
        !facts.imports().iter().filter(|it| it.is_star()).all(|it| {
            let package = self.dotted_package(module, it.module);
            let from = package.and_then(|it| self.module_file(module, it));
            from.is_some_and(|from| {
                let from = self.file(from);
                from.binding(name).is_none() && !from.is_opaque && !from.has_getattr
            })
        })
    }

    /// A name that a module does not bind itself: a star import may, if there is exactly one that
    /// does.
    fn starred_name(&self, module: FileId, package: Package, name: &str, way: &mut Way) -> Own {
        let facts = self.file(module);
        let sight = self.sight(module);
        let submodule = self.modules_in(sight).inside(Some(package), name);
        let otherwise = match submodule.is_some() {
            true => Own::Absent,
            false => Own::Hidden,
        };
        if submodule.is_none() && facts.module().is_package() {
            self.note_inner(sight, module, package, name, way);
        }
        if !facts.is_opaque || name.starts_with('_') {
            return otherwise;
        }
        // Who comes by again learns nothing new.
        if way.starred.iter().any(|(file, other)| *file == module && other == name) {
            return otherwise;
        }
        way.starred.push((module, name.to_owned()));
        let mut found = Item::Unknown;
        for from in facts.imports().iter().filter(|it| it.is_star()).map(|it| it.module) {
            let package = self.dotted_package(module, from);
            let Some((package, from)) =
                package.and_then(|it| Some((it, self.module_file(module, it)?)))
            else {
                if way.takes_notes() {
                    self.note_modules(module, from, way);
                }
                // One of the standard library is known to have some classes.
                match self.std(&format!("{}.{name}", facts.dotted_text(from))) {
                    Some(class) if package.is_none() => {
                        found = match found {
                            Item::Unknown => Item::Std(class),
                            before if before == Item::Std(class) => before,
                            _ => return Own::Hidden,
                        };
                        continue;
                    }
                    _ => return otherwise, // it may bind the name too
                }
            };
            let item = match self.own_name(from, package, name, way) {
                Own::Found(reached) => self.arrive(reached),
                Own::Absent | Own::Hidden => Item::Unknown,
            };
            match (item, found) {
                (Item::Unknown, _) => {}
                (item, Item::Unknown) => found = item,
                (item, before) if item == before => {}
                _ => return Own::Hidden,
            }
        }
        match found {
            Item::Unknown => otherwise,
            found => Own::Found(Reached::Item(found)),
        }
    }
}

/// What a module says of a name.
enum Own {
    /// It binds it.
    Found(Reached),
    /// It does not; a submodule of that name is meant, if there is one.
    Absent,
    /// It cannot be known.
    Hidden,
}

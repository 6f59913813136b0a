//! From dotted names to what they stand for, through imports and re-exports.

use super::{ClassId, FileId, FunctionId, Project, StdClass, stdlib};
use crate::facts::Target;

/// No way through re-exports in earnest has more steps.
const MOST_STEPS: usize = 100;

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
    /// It cannot be known.
    Unknown,
}

/// The way that a resolution has come.
struct Way {
    /// How many steps it may still take.
    left: usize,
    /// What was looked for behind the star imports of which modules: they may go in circles.
    starred: Vec<(FileId, String)>,
}

impl Way {
    fn new() -> Way {
        Way { left: MOST_STEPS, starred: Vec::new() }
    }
}

impl Project {
    /// What a target of a file's facts stands for.
    pub fn resolve(&self, file: FileId, target: Target) -> Item {
        self.resolve_target(file, target, &mut Way::new())
    }

    fn resolve_target(&self, file: FileId, target: Target, way: &mut Way) -> Item {
        match target {
            Target::Class(index) => Item::Class(self.class_of(file, index)),
            Target::Function(index) => Item::Function(self.function_of(file, index)),
            Target::Absolute(name) => self.resolve_name(file, self.file(file).text(name), way),
            Target::Builtin(name) => {
                let name = self.file(file).text(name);
                stdlib::find_builtin(name).map_or(Item::Unknown, Item::Std)
            }
            Target::Unknown => Item::Unknown,
        }
    }

    /// What an absolute dotted name stands for in a file.
    pub fn resolve_absolute(&self, file: FileId, name: &str) -> Item {
        self.resolve_name(file, name, &mut Way::new())
    }

    /// The module of the project that an absolute dotted name names in a file.
    pub fn module(&self, file: FileId, name: &str) -> Option<FileId> {
        self.modules.find(&self.files, &self.file(file).root, name)
    }

    fn resolve_name(&self, file: FileId, name: &str, way: &mut Way) -> Item {
        let Some(left) = way.left.checked_sub(1) else { return Item::Unknown };
        way.left = left;
        // The longest part of the name that is a module.
        let mut module = name;
        loop {
            if let Some(found) = self.module(file, module) {
                let rest = name[module.len()..].trim_start_matches('.');
                return self.resolve_member(found, rest, way);
            }
            match module.rsplit_once('.') {
                Some((parent, _)) => module = parent,
                None => break,
            }
        }
        stdlib::find(name).map_or(Item::Unknown, Item::Std)
    }

    /// What a dotted path stands for inside a module of the project.
    fn resolve_member(&self, module: FileId, path: &str, way: &mut Way) -> Item {
        if path.is_empty() {
            return Item::Module(module);
        }
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        let facts = self.file(module);
        let Some(binding) = facts.binding(first) else {
            return self.resolve_star(module, path, first, way);
        };
        // What the module is given from outside cannot be seen.
        match (binding.target, rest) {
            (Target::Absolute(name), "") => self.resolve_name(module, facts.text(name), way),
            (Target::Absolute(name), rest) => {
                self.resolve_name(module, &format!("{}.{rest}", facts.text(name)), way)
            }
            (target, "") => self.resolve_target(module, target, way),
            (Target::Class(index), rest) => self.resolve_nested(module, index, rest),
            _ => Item::Unknown,
        }
    }

    /// A class inside a class.
    fn resolve_nested(&self, file: FileId, class: u32, path: &str) -> Item {
        let facts = self.file(file);
        let (mut class, mut path) = (class, path);
        while !path.is_empty() {
            let (first, rest) = path.split_once('.').unwrap_or((path, ""));
            match self.own_member(file, class, first) {
                Some(crate::facts::MemberFacts {
                    kind: crate::facts::MemberKind::Class(inner),
                    ..
                }) => (class, path) = (*inner, rest),
                Some(crate::facts::MemberFacts {
                    kind: crate::facts::MemberKind::Function(function),
                    ..
                }) if rest.is_empty() => {
                    return Item::Function(self.function_of(file, *function));
                }
                _ => return Item::Unknown,
            }
        }
        debug_assert!(facts.classes.len() > class as usize);
        Item::Class(self.class_of(file, class))
    }

    /// What a class's own body binds a name to.
    pub(super) fn own_member(
        &self,
        file: FileId,
        class: u32,
        name: &str,
    ) -> Option<&crate::facts::MemberFacts> {
        let facts = self.file(file);
        let members = facts.classes[class as usize].members.of(&facts.lists.members);
        let at = members.binary_search_by(|it| facts.text(it.name).cmp(name)).ok()?;
        Some(&members[at])
    }

    /// A name that a module does not bind itself: a star import may, if there is exactly one that
    /// does.
    fn resolve_star(&self, module: FileId, path: &str, first: &str, way: &mut Way) -> Item {
        let facts = self.file(module);
        if first.starts_with('_') || facts.has_getattr {
            return Item::Unknown;
        }
        // Who comes by again learns nothing new.
        if way.starred.iter().any(|(file, name)| *file == module && name == path) {
            return Item::Unknown;
        }
        way.starred.push((module, path.to_owned()));
        let mut found = Item::Unknown;
        for import in &facts.imports {
            if import.name.is_none_or(|name| facts.text(name) != "*") {
                continue;
            }
            let Some(from) = self.module(module, facts.text(import.module)) else {
                return Item::Unknown; // it may bind the name too
            };
            match (self.resolve_member(from, path, way), found) {
                (Item::Unknown, _) => {}
                (item, Item::Unknown) => found = item,
                (item, before) if item == before => {}
                _ => return Item::Unknown,
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{FileFacts, FileInfo, extract};
    use crate::semantic::{Buffers, ModuleName, Options, analyze};
    use crate::suppression::Suppressions;
    use crate::syntax::{parse, source_type};

    fn facts(path: &str, text: &str) -> FileFacts {
        let parsed = parse(text, source_type(path), None);
        let info = FileInfo {
            path: path.to_owned(),
            root: String::new(),
            module: ModuleName::of_path(path),
        };
        let (tree, semantic) =
            analyze(parsed.syntax(), text, Options::default(), Buffers::default());
        extract(&info, &tree, &semantic, Suppressions::default())
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
}

//! Classes: their bases as the interpreter sees them, and their linearization.

use super::linearization::merge;
use super::metaclass::is_plain;
use super::{ClassId, FileId, Item, Project, StdClass, stdlib};
use crate::facts::{BaseFacts, FunctionFacts, Holder, MemberFacts, MemberKind, Target, TargetKind};

/// Nobody hands on a name of `typing` through more modules.
const MOST_REEXPORTS: usize = 8;

/// A class of the project or of the standard library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClassRef {
    /// Of the project.
    Project(ClassId),
    /// Of the standard library.
    Std(StdClass),
}

/// The linearization of a class.
#[derive(Clone, Debug, PartialEq)]
pub enum Mro {
    /// The class itself and what follows it.
    Known(Vec<ClassRef>),
    /// A base cannot be seen, or one of its bases, or a base has an error of its own.
    Unknown,
    /// The class statement raises.
    Error(MroError),
}

/// Why a class statement raises `TypeError`.
#[derive(Clone, Debug, PartialEq)]
pub enum MroError {
    /// No order keeps all bases before their own bases: the classes that block one another.
    Inconsistent(Vec<ClassRef>),
    /// The same base twice: its first and second place in the list.
    Duplicate(usize, usize),
}

#[derive(Default)]
pub(super) struct Classes {
    mros: Vec<Mro>,
    /// The direct subclasses of each class, sorted.
    subclasses: Vec<Vec<ClassId>>,
}

impl Classes {
    pub(super) fn link(project: &Project) -> Classes {
        let count = project.class_places.end(project.files.len()) as usize;
        let mut linker = Linker { project, mros: vec![None; count], open: vec![false; count] };
        for class in project.classes() {
            linker.mro(class);
        }
        let mut subclasses = vec![Vec::new(); count];
        for class in project.classes() {
            for (_, base) in project.bases(class) {
                if let Some(ClassRef::Project(base)) = base {
                    subclasses[base.0 as usize].push(class);
                }
            }
        }
        let mros = linker.mros.into_iter().map(|mro| mro.unwrap_or(Mro::Unknown)).collect();
        Classes { mros, subclasses }
    }
}

struct Linker<'p> {
    project: &'p Project,
    mros: Vec<Option<Mro>>,
    /// Classes whose linearization is being made: who asks for one of them is in a circle.
    open: Vec<bool>,
}

impl Linker<'_> {
    fn mro(&mut self, class: ClassId) -> &Mro {
        let index = class.0 as usize;
        if self.mros[index].is_none() && !self.open[index] {
            self.open[index] = true;
            let mro = self.linearize(class);
            self.open[index] = false;
            self.mros[index] = Some(mro);
        }
        self.mros[index].as_ref().unwrap_or(&Mro::Unknown)
    }

    fn linearize(&mut self, class: ClassId) -> Mro {
        // It is asked for the linearization of the metaclass.
        if let Some(Some(ClassRef::Project(metaclass))) = self.project.own_metaclass(class) {
            self.mro(metaclass);
        }
        if !self.project.is_called_as_type_in(class, |it| self.mros[it.0 as usize].as_ref()) {
            return Mro::Unknown;
        }
        let Some(bases) = self.project.run_time_bases(class) else { return Mro::Unknown };
        // Most classes have one: what follows them is its linearization.
        if let [(_, ClassRef::Project(base))] = bases[..] {
            return match self.mro(base) {
                Mro::Known(mro) => {
                    let mut own = Vec::with_capacity(mro.len() + 1);
                    own.push(ClassRef::Project(class));
                    own.extend_from_slice(mro);
                    Mro::Known(own)
                }
                // An error is reported where it starts.
                Mro::Unknown | Mro::Error(_) => Mro::Unknown,
            };
        }
        for (at, (_, base)) in bases.iter().enumerate() {
            if let Some(before) = bases[..at].iter().position(|(_, other)| other == base) {
                if matches!(base, ClassRef::Std(it) if it.is_namedtuple()) {
                    return Mro::Unknown;
                }
                return match (bases[before].0, bases[at].0) {
                    (Some(before), Some(at)) => Mro::Error(MroError::Duplicate(before, at)),
                    _ => Mro::Unknown,
                };
            }
        }
        let mut lists = Vec::with_capacity(bases.len() + 1);
        for (_, base) in &bases {
            match base {
                ClassRef::Project(id) => match self.mro(*id) {
                    Mro::Known(mro) => lists.push(mro.clone()),
                    // An error is reported where it starts.
                    Mro::Unknown | Mro::Error(_) => return Mro::Unknown,
                },
                ClassRef::Std(class) => {
                    let Some(rest) = class.mro() else { return Mro::Unknown };
                    let rest = rest.map(ClassRef::Std);
                    lists.push(std::iter::once(*base).chain(rest).collect());
                }
            }
        }
        lists.push(bases.into_iter().map(|(_, base)| base).collect());
        match merge(lists) {
            Ok(rest) => Mro::Known(std::iter::once(ClassRef::Project(class)).chain(rest).collect()),
            Err(blocked) => Mro::Error(MroError::Inconsistent(blocked)),
        }
    }
}

/// Whether the metaclass of a class of the standard library has no `__call__` of its own.
fn is_called_as_type(class: StdClass) -> bool {
    class.metaclass().is_none_or(is_plain)
}

impl Project {
    /// Whether what a class statement names as its metaclass is called as `type` is: the call of
    /// a function, of an enumeration, or of what has a `__call__` in its own metaclass, may make
    /// anything.
    pub(super) fn is_made_by_type(&self, class: ClassId) -> bool {
        self.is_called_as_type_in(class, |it| Some(self.mro(it)))
    }

    fn is_called_as_type_in<'m>(
        &self,
        class: ClassId,
        mro: impl Fn(ClassId) -> Option<&'m Mro>,
    ) -> bool {
        let (file, facts) = self.class(class);
        let Some(metaclass) = facts.metaclass() else { return true };
        match self.resolve(file, metaclass) {
            Item::Function(_) => false,
            Item::Std(metaclass) => is_called_as_type(metaclass),
            Item::Class(metaclass) => {
                let Some(Mro::Known(mro)) = mro(metaclass) else { return true };
                mro.iter().all(|it| match it {
                    ClassRef::Std(it) => is_called_as_type(*it),
                    ClassRef::Project(id) => match self.own_metaclass(*id) {
                        Some(Some(ClassRef::Std(it))) => is_plain(it),
                        Some(Some(ClassRef::Project(it))) => self.member(it, "__call__").is_none(),
                        Some(None) | None => true,
                    },
                })
            }
            _ => true,
        }
    }

    /// The linearization of a class.
    pub fn mro(&self, class: ClassId) -> &Mro {
        &self.classes.mros[class.0 as usize]
    }

    /// Whether a class could be linearized with other bases, told by their places in the list as
    /// written.
    pub fn could_have(&self, class: ClassId, places: &[usize]) -> bool {
        let Some(known) = self.run_time_bases(class) else { return false };
        let of_place = |at| known.iter().find(|it| it.0 == Some(at)).map(|(_, base)| *base);
        let implied = known.iter().filter(|it| it.0.is_none()).map(|(_, base)| *base);
        let bases: Vec<ClassRef> =
            places.iter().copied().filter_map(of_place).chain(implied).collect();
        let lists: Option<Vec<_>> = bases.iter().map(|base| self.linear(*base)).collect();
        lists.is_some_and(|mut lists| {
            lists.push(bases);
            merge(lists).is_ok()
        })
    }

    /// The classes that name this one as a base.
    pub fn subclasses(&self, class: ClassId) -> &[ClassId] {
        &self.classes.subclasses[class.0 as usize]
    }

    /// The bases as written, each with the class it stands for where that is known.
    pub fn bases(&self, class: ClassId) -> impl Iterator<Item = (&BaseFacts, Option<ClassRef>)> {
        let (file, _) = self.class(class);
        let bases = self.file(file).bases().of(self.index_of(class));
        bases.iter().map(move |base| (base, self.base_class(file, base.target)))
    }

    fn base_class(&self, file: FileId, target: Target) -> Option<ClassRef> {
        if let TargetKind::Choice(index) = target.kind() {
            return self.chosen(file, index, |target| self.base_class(file, target));
        }
        let item = match self.resolve(file, target) {
            Item::Outside(outside) => self.installed(outside),
            item => item,
        };
        match item {
            Item::Class(id) => Some(ClassRef::Project(id)),
            Item::Std(class) => Some(ClassRef::Std(class)),
            _ => None,
        }
    }

    /// The bases that the class is made with, as `__mro_entries__` and PEP 695 have them, each with
    /// its place in the list as written; `object` where there are none. `None` where one is not
    /// known.
    pub(super) fn run_time_bases(&self, class: ClassId) -> Option<Vec<(Option<usize>, ClassRef)>> {
        let (file, facts) = self.class(class);
        if facts.has_hidden_bases() {
            return None;
        }
        // Most classes have one, which is what it says.
        let mut all = self.bases(class);
        if let (Some((_, Some(only @ ClassRef::Project(_)))), None) = (all.next(), all.next())
            && !facts.is_generic()
            && !self.is_typed_dict(class)
        {
            return Some(vec![(Some(0), only)]);
        }
        let written: Vec<(&BaseFacts, ClassRef)> =
            self.bases(class).map(|(base, class)| Some((base, class?))).collect::<Option<_>>()?;
        if self.is_typed_dict(class) {
            return self.typed_dict_bases(&written);
        }
        // Only what is a class of the standard library can be an alias of one.
        let is_alias = |(base, class): &(&BaseFacts, ClassRef)| {
            matches!(class, ClassRef::Std(_)) && self.is_typing_alias(file, base.target)
        };
        let is_generic = |class: ClassRef| is_std(class, "typing.Generic");
        let mut bases: Vec<(Option<usize>, ClassRef)> = Vec::new();
        for (at, pair @ (base, class)) in written.iter().enumerate() {
            let later = &written[at + 1..];
            // Whether a later base is an alias of `typing` or brings `Generic` itself.
            let brings_generic = || {
                later.iter().any(|pair @ (base, class)| {
                    base.is_subscripted() || is_alias(pair) || self.derives_from_generic(*class)
                })
            };
            if is_generic(*class) && base.is_subscripted() {
                let has_protocol = written.iter().any(|(_, it)| is_std(*it, "typing.Protocol"));
                // `Generic[T]` twice is one object: neither makes way for the other.
                let makes_way = |pair: &(&BaseFacts, ClassRef)| {
                    is_alias(pair) || pair.0.is_subscripted() && !is_generic(pair.1)
                };
                if has_protocol || later.iter().any(makes_way) {
                    continue;
                }
            }
            if is_alias(pair) {
                if !written.iter().any(|other| other.1 == *class && !is_alias(other)) {
                    bases.push((Some(at), *class));
                }
                let is_special = matches!(
                    self.resolve_alias_name(file, base.target),
                    Some("NamedTuple" | "TypedDict")
                );
                if !is_special && !brings_generic() {
                    bases.push((None, ClassRef::Std(self.std("typing.Generic")?)));
                }
                continue;
            }
            bases.push((Some(at), *class));
        }
        if facts.is_generic() {
            bases.push((None, ClassRef::Std(self.std("typing.Generic")?)));
        }
        if bases.is_empty() {
            bases.push((None, ClassRef::Std(self.std_builtin("object")?)));
        }
        Some(bases)
    }

    /// Whether a class is made by `NamedTuple` among its bases.
    pub fn is_record(&self, class: ClassId) -> bool {
        let (file, _) = self.class(class);
        let bases = self.file(file).bases().of(self.index_of(class));
        bases.iter().any(|it| self.resolve_alias_name(file, it.target) == Some("NamedTuple"))
    }

    /// Whether a class derives from `TypedDict`, however far.
    pub fn is_typed_dict(&self, class: ClassId) -> bool {
        self.reaches_typed_dict(class, 30)
    }

    fn reaches_typed_dict(&self, class: ClassId, depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        *self.typed_dicts.get_in_circles(self, class, || {
            let (file, _) = self.class(class);
            self.bases(class).any(|(base, class)| match class {
                Some(ClassRef::Project(id)) => self.reaches_typed_dict(id, depth),
                Some(ClassRef::Std(_)) => {
                    self.resolve_alias_name(file, base.target) == Some("TypedDict")
                }
                None => false,
            })
        })
    }

    /// `TypedDict` makes each class below it a mere `dict`.
    fn typed_dict_bases(
        &self,
        written: &[(&BaseFacts, ClassRef)],
    ) -> Option<Vec<(Option<usize>, ClassRef)>> {
        let mut bases = Vec::new();
        if written.iter().any(|(_, class)| self.derives_from_generic(*class)) {
            bases.push((None, ClassRef::Std(self.std("typing.Generic")?)));
        }
        bases.push((None, ClassRef::Std(self.std_builtin("dict")?)));
        Some(bases)
    }

    fn is_typing_alias(&self, file: FileId, target: Target) -> bool {
        self.resolve_alias_name(file, target).is_some()
    }

    /// What `typing` calls the alias of a class that a target of a file is, if it is one.
    fn resolve_alias_name(&self, file: FileId, target: Target) -> Option<&str> {
        self.alias_name(file, target, MOST_REEXPORTS)
    }

    fn alias_name(&self, file: FileId, target: Target, steps: usize) -> Option<&str> {
        let steps = steps.checked_sub(1)?;
        let name = match target.kind() {
            TargetKind::Absolute(name) => name,
            TargetKind::Choice(index) => {
                return self.chosen(file, index, |arm| self.alias_name(file, arm, steps));
            }
            _ => return None,
        };
        let facts = self.file(file);
        let parts = facts.parts(name);
        let first = facts.parts(parts.before()?);
        let module = facts.text(first.last);
        if first.before().is_none() && matches!(module, "typing" | "typing_extensions") {
            return stdlib::generic_alias(module, facts.text(parts.last));
        }
        // Only what is a class of the standard library can be an alias of one.
        let is_std = match self.resolve_dotted(file, name) {
            Item::Outside(outside) => matches!(self.installed(outside), Item::Std(_)),
            item => matches!(item, Item::Std(_)),
        };
        if !is_std {
            return None;
        }
        let (file, target) = self.bound_as(file, name)?;
        self.alias_name(file, target, steps)
    }

    /// Whether `Generic` is among a class's ancestors. Its linearization may not be made yet, so
    /// the bases are followed; a circle of bases ends with the depth.
    fn derives_from_generic(&self, class: ClassRef) -> bool {
        self.reaches_generic(class, 30)
    }

    fn reaches_generic(&self, class: ClassRef, depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        match class {
            ClassRef::Std(_) if is_std(class, "typing.Generic") => true,
            ClassRef::Std(class) => {
                class.mro().is_some_and(|mut mro| mro.any(|it| it.name() == "typing.Generic"))
            }
            ClassRef::Project(id) => *self.generics.get_in_circles(self, id, || {
                let mut bases = self.bases(id).filter_map(|(_, base)| base);
                self.class(id).1.is_generic() || bases.any(|it| self.reaches_generic(it, depth))
            }),
        }
    }

    /// Whether a class of the project or of the standard library is a class of this name.
    pub fn is_named(&self, class: ClassRef, dotted: &str) -> bool {
        match class {
            ClassRef::Std(class) => class.name() == dotted,
            ClassRef::Project(id) => {
                let (file, facts) = self.class(id);
                let file = self.file(file);
                let name = file.text(facts.name);
                facts.holder() == Holder::Module
                    && dotted.strip_suffix(name).and_then(|it| it.strip_suffix('.'))
                        == Some(file.module().as_str())
            }
        }
    }

    /// Whether `class` is `base` or below it: `None` where its linearization is not known.
    pub fn is_subclass(&self, class: ClassId, base: ClassRef) -> Option<bool> {
        match self.mro(class) {
            Mro::Known(mro) => Some(mro.contains(&base)),
            _ => None,
        }
    }

    /// The class that gives a class a member, along its linearization, with the member where it is
    /// the project's: `None` where a class on the way cannot be seen, `Some(None)` for none.
    pub fn lookup(
        &self,
        class: ClassId,
        name: &str,
    ) -> Option<Option<(ClassRef, Option<&MemberFacts>)>> {
        // The class's own body goes before anything unknown.
        if let Some(member) = self.member(class, name) {
            return Some(Some((ClassRef::Project(class), Some(member))));
        }
        let Mro::Known(mro) = self.mro(class) else { return None };
        for entry in &mro[1..] {
            match entry {
                ClassRef::Project(id) => {
                    if let Some(member) = self.member(*id, name) {
                        return Some(Some((*entry, Some(member))));
                    }
                }
                ClassRef::Std(class) => {
                    if class.defines(name) {
                        return Some(Some((*entry, None)));
                    }
                }
            }
        }
        Some(None)
    }

    /// The classes of the files that are looked at whose own bodies bind a name.
    pub fn classes_with<'p>(&'p self, name: &'p str) -> impl Iterator<Item = ClassId> + use<'p> {
        // Most files do not speak of it at all.
        let files = self.files().filter(|(_, facts)| facts.has_text(name));
        files.flat_map(move |(file, facts)| {
            let binds = |class: &u32| facts.member(*class, name).is_some();
            let classes = (0..facts.classes().len() as u32).filter(binds);
            classes.map(move |class| self.class_of(file, class))
        })
    }

    /// What a class's own body binds a name to.
    pub fn member(&self, class: ClassId, name: &str) -> Option<&MemberFacts> {
        let (file, _) = self.class(class);
        self.file(file).member(self.index_of(class), name)
    }

    /// The function that a class's own body binds a name to.
    pub fn own_function(&self, class: ClassId, name: &str) -> Option<&FunctionFacts> {
        let (file, _) = self.class(class);
        match self.member(class, name)?.kind() {
            MemberKind::Function(index) => self.file(file).functions().get(index as usize),
            _ => None,
        }
    }
}

fn is_std(class: ClassRef, name: &str) -> bool {
    matches!(class, ClassRef::Std(class) if class.name() == name)
}

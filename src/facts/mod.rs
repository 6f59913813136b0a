//! What other files may want to know of a file: values, without text, tree or ids of this
//! process. They can be stored, sent to another machine and linked there.
//!
//! They are kept small, since those of a whole project are held at once: texts and dotted names are
//! numbers, places a start and a short length, and what belongs to a class or function stands in
//! lists of the file.

mod calls;
mod choices;
mod classes;
mod costs;
mod dataclass;
mod extract;
mod functions;
mod hashes;
mod imports;
mod lists;
pub mod program;
mod reach;
mod strings;
mod target;
mod versions;

use std::sync::Arc;

use bytemuck::{Pod, Zeroable};
use ruff_text_size::{TextRange, TextSize};
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::kept::Kept;
use crate::semantic::ModuleName;
use crate::semantic::pythons::Pythons;
use crate::suppression::Suppressions;
use crate::text::Digest;

pub use calls::{CallFacts, Callee, CostFacts};
pub use choices::ArmFacts;
pub use costs::{CostLevel, NotedCost, is_known_cost, is_standard_library};
pub use dataclass::{Dataclass, Hashing, Maker};
pub use extract::{Said, extract, extract_imports};
pub use imports::{ImportFacts, ImportKind};
pub use lists::{ByOwner, Records};
pub use strings::{Dotted, DottedParts, Text};
pub use target::{Target, TargetKind};
pub use versions::{FlagFacts, ImportGuard};

use program::{BoundFacts, Program, ProgramPlace, Words};

use lists::{Encoded, Gathered, List, Packed};
use strings::Strings;

/// The hash of a file's text: what is known of a text with the same hash is known of this one.
pub fn content_hash(text: &str) -> u64 {
    Digest::of(text.as_bytes())
}

/// What is known of a file before it is opened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileInfo {
    /// As it is shown: relative to where the run started if it lies below, `/` between the parts.
    pub path: String,
    /// The folder that its module name counts from, in the same form; empty for the start.
    pub root: String,
    /// What it is imported as.
    pub module: ModuleName,
    /// How it takes part in the run.
    pub standing: Standing,
}

/// How a file takes part in a run.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Standing {
    /// It is looked at: findings are about it.
    #[default]
    Checked,
    /// It belongs to the project, but nobody asked for it: others only import it.
    Read,
    /// It is a library's, installed in the environment of the project.
    Installed,
}

/// The facts of one file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FileFacts {
    /// What was known before it was opened.
    pub info: Arc<FileInfo>,
    /// Whether names may come and go unseen in it (star imports, `globals()`, …).
    pub is_opaque: bool,
    /// Whether it has a module-level `__getattr__` (PEP 562).
    pub has_getattr: bool,
    /// Its suppression comments.
    pub suppressions: Kept<Suppressions>,
    packed: Packed,
}

/// Declares the lists of a file's facts: as they are gathered, and as [`FileFacts`] shows them.
macro_rules! lists {
    ($($(#[$doc:meta])* $visibility:vis $name:ident: $list:ty => $view:ty,)*) => {
        /// The lists of [`FileFacts`] while they grow. Used for one file after another.
        #[derive(Default)]
        struct Lists {
            $($name: $list,)*
        }

        #[allow(non_camel_case_types, reason = "the lists, in their order")]
        enum Order {
            $($name,)*
        }

        impl Lists {
            /// Packs the lists and empties them; `words` and `ends` are memory to work with.
            fn pack(&mut self, text: &str, words: &mut Vec<u32>, ends: &mut Vec<u32>) -> Packed {
                words.clear();
                ends.clear();
                $(
                    self.$name.pack(words);
                    self.$name.clear();
                    ends.push(words.len() as u32);
                )*
                Packed::new(words, ends, text)
            }
        }

        impl FileFacts {
            /// Adds all lists to a digest, but for the places in the file.
            fn digest_lists(&self, digest: &mut Digest) {
                $(<$list as List>::digest(self.packed.list(Order::$name as usize), digest);)*
            }

            $(
                $(#[$doc])*
                $visibility fn $name(&self) -> $view {
                    <$list as List>::view(self.packed.list(Order::$name as usize))
                }
            )*
        }
    };
}

lists! {
    text_ends: Vec<u32> => &[u32],
    /// Its dotted names.
    pub dotted_names: Vec<DottedParts> => &[DottedParts],
    /// Its import statements, in source order.
    pub imports: Vec<ImportFacts> => &[ImportFacts],
    /// What each `from module import …` imports, by the index of the statement: `*` for all.
    pub imported: Gathered<Text> => ByOwner<'_, Text>,
    /// The names it binds at module level, sorted by their text.
    pub bindings: Vec<BindingFacts> => &[BindingFacts],
    /// Those of them that a star import behind them may bind anew, sorted.
    pub overwritable: Vec<Text> => &[Text],
    /// The names it binds at module level to what differs from Python to Python, sorted by their
    /// text.
    pub flags: Vec<FlagFacts> => &[FlagFacts],
    /// What the names may stand for that it binds in one of several branches: see
    /// [`TargetKind::Choice`].
    pub choices: Gathered<ArmFacts> => ByOwner<'_, ArmFacts>,
    /// Those of its import statements that only some Pythons come to, in source order.
    pub import_guards: Vec<ImportGuard> => &[ImportGuard],
    /// Its classes, nested ones too, in source order.
    pub classes: Vec<ClassFacts> => &[ClassFacts],
    /// The bases of its classes, as written.
    pub bases: Gathered<BaseFacts> => ByOwner<'_, BaseFacts>,
    /// Names of keyword arguments of its class statements, other than `metaclass`.
    pub class_keywords: Gathered<Text> => ByOwner<'_, Text>,
    /// What decorates its classes, outermost first.
    pub class_decorators: Gathered<Target> => ByOwner<'_, Target>,
    /// The names in the literal `__slots__` of its classes.
    pub slots: Gathered<Text> => ByOwner<'_, Text>,
    /// What the bodies of its classes bind: sorted by the text of the name, each name once.
    pub members: Gathered<MemberFacts> => ByOwner<'_, MemberFacts>,
    /// The attributes that methods assign on their first parameter, by class: sorted by the text of
    /// the name, each once.
    pub attributes: Gathered<AttributeFacts> => ByOwner<'_, AttributeFacts>,
    /// Its functions and methods, nested ones too, in source order.
    pub functions: Vec<FunctionFacts> => &[FunctionFacts],
    /// What decorates its functions, outermost first.
    pub function_decorators: Gathered<Target> => ByOwner<'_, Target>,
    /// The parameters of functions that take part in making instances (`__init__`, `__new__`,
    /// `__post_init__` and its like, `__init_subclass__`) or are abstract, in their order.
    pub parameters: Gathered<ParameterFacts> => ByOwner<'_, ParameterFacts>,
    /// What its functions call that may matter elsewhere, in source order, each callee once.
    /// Nothing in a test.
    pub calls: Gathered<CallFacts> => ByOwner<'_, CallFacts>,
    /// What its functions do that is known to be expensive, in source order. Nothing in a test.
    pub costs: Gathered<CostFacts> => ByOwner<'_, CostFacts>,
    /// What it calls inside a loop, comprehension or generator expression, or hands to `map`, each
    /// once.
    pub loop_calls: Vec<Target> => &[Target],
    /// Where it calls classes of its own or of other files, in source order: not where an error is
    /// awaited. Nothing in a test.
    pub constructions: Vec<ConstructionFacts> => &[ConstructionFacts],
    /// What it uses as a decorator, each once: `@name`.
    pub decorators: Vec<Target> => &[Target],
    /// What it calls for a decorator, each once: `@name(…)`.
    pub decorator_factories: Vec<Target> => &[Target],
    /// Attribute names that are assigned on something else than `self` or `cls`, each once.
    pub foreign_attribute_writes: Vec<Text> => &[Text],
    /// What it does while it is imported: see [`program`].
    pub program: Words => Program<'_>,
    /// The places that its program refers to.
    pub program_places: Vec<ProgramPlace> => &[ProgramPlace],
    /// The names that it binds at run time, in the order of its program; a name may come again.
    pub bound: Vec<BoundFacts> => &[BoundFacts],
    /// Findings that only the project can confirm.
    pub suspicions: Encoded<Suspicion> => Records<'_, Suspicion>,
}

impl FileFacts {
    /// See [`FileInfo::path`].
    pub fn path(&self) -> &str {
        &self.info.path
    }

    /// See [`FileInfo::root`].
    pub fn root(&self) -> &str {
        &self.info.root
    }

    /// See [`FileInfo::module`].
    pub fn module(&self) -> &ModuleName {
        &self.info.module
    }

    /// The hash of what other files may see of it: where things stand in it, its comments and what is
    /// only suspected do not count. Files whose interface is as before need no new link.
    pub fn interface_hash(&self) -> u64 {
        let mut digest = Digest::default();
        digest.write(self.path().as_bytes());
        digest.write(self.root().as_bytes());
        digest.write(self.module().as_str().as_bytes());
        digest.write(&[
            u8::from(self.module().is_package()),
            self.info.standing as u8,
            u8::from(self.is_opaque),
            u8::from(self.has_getattr),
        ]);
        digest.write(self.packed.text().as_bytes());
        self.digest_lists(&mut digest);
        digest.finish()
    }

    /// Whether it is a `.pyi` file.
    pub fn is_stub(&self) -> bool {
        self.info.path.ends_with(".pyi")
    }

    /// A text of these facts.
    pub fn text(&self, text: Text) -> &str {
        self.strings().get(text)
    }

    fn strings(&self) -> Strings<'_> {
        Strings { text: self.packed.text(), ends: self.text_ends() }
    }

    /// Whether a text is among these facts.
    pub fn has_text(&self, text: &str) -> bool {
        self.strings().has(text)
    }

    /// How many texts there are.
    pub fn text_count(&self) -> usize {
        self.text_ends().len()
    }

    /// A text by its number, as [`program`] has it.
    pub fn text_of(&self, number: u32) -> &str {
        self.text(Text(number))
    }

    /// The parts of a dotted name of these facts.
    pub fn parts(&self, name: Dotted) -> DottedParts {
        self.dotted_names()[name.index()]
    }

    /// A dotted name of these facts, written out.
    pub fn dotted_text(&self, name: Dotted) -> String {
        let parts = self.parts(name);
        let last = self.text(parts.last);
        match parts.before() {
            Some(before) => format!("{}.{last}", self.dotted_text(before)),
            None => last.to_owned(),
        }
    }

    /// Whether a dotted name of these facts is written so.
    pub fn is_dotted(&self, name: Dotted, dotted: &str) -> bool {
        let mut wanted = dotted.rsplit('.');
        let mut at = Some(name);
        while let Some(name) = at {
            let parts = self.parts(name);
            if wanted.next() != Some(self.text(parts.last)) {
                return false;
            }
            at = parts.before();
        }
        wanted.next().is_none()
    }

    /// Whether something is the builtin of a name.
    pub fn is_builtin(&self, target: Target, name: &str) -> bool {
        matches!(target.kind(), TargetKind::Builtin(it) if self.text(it) == name)
    }

    /// The `__qualname__` of a class or function with a name and a holder.
    pub fn qualified_name(&self, name: Text, holder: Holder) -> String {
        let around = match holder {
            Holder::Module => return self.text(name).to_owned(),
            Holder::Class(index) => {
                let class = &self.classes()[index as usize];
                self.qualified_name(class.name, class.holder())
            }
            Holder::Function(index) => {
                let function = &self.functions()[index as usize];
                self.qualified_name(function.name, function.holder()) + ".<locals>"
            }
        };
        format!("{around}.{}", self.text(name))
    }

    /// The module-level binding of a name.
    pub fn binding(&self, name: &str) -> Option<&BindingFacts> {
        self.find(self.bindings(), |it| it.name, name)
    }

    /// A name that the module binds to what differs from Python to Python.
    pub fn flag(&self, name: &str) -> Option<&FlagFacts> {
        self.find(self.flags(), |it| it.name, name)
    }

    /// The Pythons that come to an import statement, by its index.
    pub fn import_guard(&self, import: u32) -> Pythons {
        let at = self.import_guards().binary_search_by_key(&import, |it| it.import);
        at.map_or(Pythons::ALL, |at| self.import_guards()[at].pythons())
    }

    /// What the body of a class binds a name to.
    pub fn member(&self, class: u32, name: &str) -> Option<&MemberFacts> {
        self.find(self.members().of(class), |it| it.name, name)
    }

    /// An attribute that methods of a class assign on their first parameter.
    pub fn attribute(&self, class: u32, name: &str) -> Option<&AttributeFacts> {
        self.find(self.attributes().of(class), |it| it.name, name)
    }

    /// An item of a list that is sorted by names.
    fn find<'f, T>(&'f self, list: &'f [T], name_of: fn(&T) -> Text, name: &str) -> Option<&'f T> {
        let strings = self.strings();
        let at = list.binary_search_by(|it| strings.order(name_of(it), name)).ok()?;
        Some(&list[at])
    }
}

/// A name that a module binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct BindingFacts {
    /// The name.
    pub name: Text,
    /// What it stands for whenever the module has run; unknown where that depends.
    pub target: Target,
}

/// A call of what is named as classes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct ConstructionFacts {
    /// What is called.
    pub target: Target,
    place: Place,
}

impl ConstructionFacts {
    fn new(target: Target, range: TextRange) -> ConstructionFacts {
        ConstructionFacts { target, place: Place::new(range, 0) }
    }

    /// Where what is called is written.
    pub fn range(&self) -> TextRange {
        self.place.range()
    }
}

/// A place in a file, in eight bytes with a few flags beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
struct Place {
    start: u32,
    /// Cut where nobody would draw it to its end.
    length: u16,
    flags: u16,
}

impl Place {
    fn new(range: TextRange, flags: u16) -> Place {
        let length = u16::try_from(range.len().to_u32()).unwrap_or(u16::MAX);
        Place { start: range.start().to_u32(), length, flags }
    }

    fn range(self) -> TextRange {
        TextRange::at(TextSize::new(self.start), TextSize::from(u32::from(self.length)))
    }

    fn has(self, flag: u16) -> bool {
        self.flags & flag != 0
    }
}

/// Those flags that are set.
fn flags<const N: usize>(flags: [(bool, u16); N]) -> u16 {
    flags.into_iter().filter(|(is_set, _)| *is_set).fold(0, |all, (_, flag)| all | flag)
}

/// A class statement.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct ClassFacts {
    /// Its name.
    pub name: Text,
    place: Place,
    holder: Target,
    metaclass: Target,
    dataclass: u16,
    slots: u16,
}

impl ClassFacts {
    const IS_CERTAIN: u16 = 1;
    const HAS_HIDDEN_BASES: u16 = 2;
    const IS_GENERIC: u16 = 4;
    const HAS_METACLASS: u16 = 8;
    const AWAITS_ERROR: u16 = 16;

    /// Where its name is written.
    pub fn range(&self) -> TextRange {
        self.place.range()
    }

    /// What it stands in.
    pub fn holder(&self) -> Holder {
        Holder::of(self.holder)
    }

    /// The `metaclass=` argument.
    pub fn metaclass(&self) -> Option<Target> {
        self.place.has(ClassFacts::HAS_METACLASS).then_some(self.metaclass)
    }

    /// What one of its decorators is asked to write into it, if it is of the `dataclass` family.
    pub fn dataclass(&self) -> Option<Dataclass> {
        Dataclass::unpacked(self.dataclass)
    }

    /// Whether an error of the class statement would be caught around it.
    pub fn awaits_error(&self) -> bool {
        self.place.has(ClassFacts::AWAITS_ERROR)
    }

    /// Whether it is defined whenever its scope runs, and only once.
    pub fn is_certain(&self) -> bool {
        self.place.has(ClassFacts::IS_CERTAIN)
    }

    /// Whether a starred base or `**keywords` hide some.
    pub fn has_hidden_bases(&self) -> bool {
        self.place.has(ClassFacts::HAS_HIDDEN_BASES)
    }

    /// Whether it has type parameters (PEP 695), which adds `Generic` to its bases.
    pub fn is_generic(&self) -> bool {
        self.place.has(ClassFacts::IS_GENERIC)
    }

    /// Its `__slots__`.
    pub fn slots(&self) -> Slots {
        match self.slots {
            0 => Slots::Absent,
            1 => Slots::Names,
            _ => Slots::Dynamic,
        }
    }
}

/// The innermost class or function that a class or function stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// None.
    Module,
    /// A class: its index among [`FileFacts::classes`].
    Class(u32),
    /// A function: its index among [`FileFacts::functions`].
    Function(u32),
}

impl Holder {
    fn of(target: Target) -> Holder {
        match target.kind() {
            TargetKind::Class(index) => Holder::Class(index),
            TargetKind::Function(index) => Holder::Function(index),
            _ => Holder::Module,
        }
    }

    /// The class, if it is one.
    pub fn class(self) -> Option<u32> {
        match self {
            Holder::Class(index) => Some(index),
            _ => None,
        }
    }
}

/// A base of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct BaseFacts {
    /// What it stands for, without subscripts.
    pub target: Target,
    place: Place,
}

impl BaseFacts {
    fn new(target: Target, range: TextRange, is_subscripted: bool) -> BaseFacts {
        BaseFacts { target, place: Place::new(range, u16::from(is_subscripted)) }
    }

    /// Where it is written.
    pub fn range(&self) -> TextRange {
        self.place.range()
    }

    /// Whether it is subscripted (`Base[T]`).
    pub fn is_subscripted(&self) -> bool {
        self.place.has(1)
    }
}

/// What a class body says of slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slots {
    /// Nothing.
    Absent,
    /// Exactly the names in [`FileFacts::slots`].
    Names,
    /// Something that is computed.
    Dynamic,
}

/// A name that a class body binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct MemberFacts {
    /// The name, as written.
    pub name: Text,
    /// A class or function, or unknown: then the flags tell.
    target: Target,
    place: Place,
}

/// What a member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberKind {
    /// A function: its index among [`FileFacts::functions`]. Its decorators tell what becomes of it.
    Function(u32),
    /// A nested class.
    Class(u32),
    /// `name: annotation` without a value: binds nothing.
    Annotation,
    /// `name = None`.
    None,
    /// A list, dictionary or set that is made in the class body, and so once for all instances.
    Container,
    /// Any other value.
    Value,
    /// Bound several times, or under a condition.
    Ambiguous,
}

impl MemberFacts {
    /// What flags stand for where no class or function is bound.
    const VALUES: [MemberKind; 5] = [
        MemberKind::Value,
        MemberKind::None,
        MemberKind::Annotation,
        MemberKind::Ambiguous,
        MemberKind::Container,
    ];

    fn new(name: Text, range: TextRange, kind: MemberKind) -> MemberFacts {
        let target = match kind {
            MemberKind::Function(index) => Target::function(index),
            MemberKind::Class(index) => Target::class(index),
            _ => Target::UNKNOWN,
        };
        let value = MemberFacts::VALUES.iter().position(|it| *it == kind).unwrap_or(0);
        MemberFacts { name, target, place: Place::new(range, value as u16) }
    }

    /// What it is bound to at last.
    pub fn kind(&self) -> MemberKind {
        match self.target.kind() {
            TargetKind::Function(index) => MemberKind::Function(index),
            TargetKind::Class(index) => MemberKind::Class(index),
            _ => MemberFacts::VALUES[usize::from(self.place.flags)],
        }
    }

    /// Where.
    pub fn range(&self) -> TextRange {
        self.place.range()
    }
}

/// An attribute that methods of a class assign on their first parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct AttributeFacts {
    /// The name.
    pub name: Text,
    /// The first method, other than those that make the instance, each call of which reads it.
    reader: Target,
    flags: u32,
}

impl AttributeFacts {
    const IS_SET_AT_FIRST: u32 = 1;
    const IS_SET_LATER: u32 = 2;

    /// Whether `__init__`, `__new__` or `__post_init__` assigns it.
    pub fn is_set_at_first(&self) -> bool {
        self.flags & AttributeFacts::IS_SET_AT_FIRST != 0
    }

    /// Whether another method assigns or deletes it.
    pub fn is_set_later(&self) -> bool {
        self.flags & AttributeFacts::IS_SET_LATER != 0
    }

    /// The first method, other than those that make the instance, each call of which reads it: its
    /// index among [`FileFacts::functions`].
    pub fn reader(&self) -> Option<u32> {
        match self.reader.kind() {
            TargetKind::Function(index) => Some(index),
            _ => None,
        }
    }
}

/// A parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct ParameterFacts {
    /// Its name.
    pub name: Text,
    flags: u32,
}

impl ParameterFacts {
    const KIND: u32 = 7;
    const HAS_DEFAULT: u32 = 8;

    fn new(name: Text, kind: ParameterKind, has_default: bool) -> ParameterFacts {
        let default = if has_default { ParameterFacts::HAS_DEFAULT } else { 0 };
        ParameterFacts { name, flags: kind as u32 | default }
    }

    /// How it is passed.
    pub fn kind(&self) -> ParameterKind {
        match self.flags & ParameterFacts::KIND {
            0 => ParameterKind::PositionalOnly,
            1 => ParameterKind::Positional,
            2 => ParameterKind::Rest,
            3 => ParameterKind::KeywordOnly,
            _ => ParameterKind::Keywords,
        }
    }

    /// Whether it has a default.
    pub fn has_default(&self) -> bool {
        self.flags & ParameterFacts::HAS_DEFAULT != 0
    }

    /// Whether a call must pass it.
    pub fn is_required(&self) -> bool {
        !self.has_default() && !matches!(self.kind(), ParameterKind::Rest | ParameterKind::Keywords)
    }
}

/// How a parameter is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// Before a `/`.
    PositionalOnly,
    /// By place or by name.
    Positional,
    /// `*args`.
    Rest,
    /// Behind a `*`.
    KeywordOnly,
    /// `**kwargs`.
    Keywords,
}

/// A function or method.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct FunctionFacts {
    /// Its name.
    pub name: Text,
    place: Place,
    holder: Target,
}

impl FunctionFacts {
    const IS_ASYNC: u16 = 1;
    const IS_GENERATOR: u16 = 2;
    const IS_STUB: u16 = 4;
    const IS_MEMO: u16 = 8;
    const CALLS_NAMESAKE: u16 = 16;
    const USES_SUPER: u16 = 32;
    const SETS_DYNAMICALLY: u16 = 64;
    const ALWAYS_RAISES: u16 = 128;
    const STORES_OWN: u16 = 256;
    const TAKES_ARGUMENTS: u16 = 512;

    /// Where its name is written.
    pub fn range(&self) -> TextRange {
        self.place.range()
    }

    /// What it stands in; a method stands in its class.
    pub fn holder(&self) -> Holder {
        Holder::of(self.holder)
    }

    /// `async def`: calling it runs nothing.
    pub fn is_async(&self) -> bool {
        self.place.has(FunctionFacts::IS_ASYNC)
    }

    /// Has a `yield` of its own: calling it runs nothing.
    pub fn is_generator(&self) -> bool {
        self.place.has(FunctionFacts::IS_GENERATOR)
    }

    /// Whether it does nothing by itself: a docstring, `...`, `pass`, `raise NotImplementedError`.
    pub fn is_stub(&self) -> bool {
        self.place.has(FunctionFacts::IS_STUB)
    }

    /// Whether it calls an attribute of its own name on something: `super().name(…)`,
    /// `Base.name(self, …)`.
    pub fn calls_namesake(&self) -> bool {
        self.place.has(FunctionFacts::CALLS_NAMESAKE)
    }

    /// Whether it speaks of `super`.
    pub fn uses_super(&self) -> bool {
        self.place.has(FunctionFacts::USES_SUPER)
    }

    /// Whether it may set attributes that are not named: through `__dict__`, `setattr`, `vars`.
    pub fn sets_dynamically(&self) -> bool {
        self.place.has(FunctionFacts::SETS_DYNAMICALLY)
    }

    /// Whether a `raise` stands in its body under no condition.
    pub fn always_raises(&self) -> bool {
        self.place.has(FunctionFacts::ALWAYS_RAISES)
    }

    /// Whether it sets an attribute of its first parameter, or may.
    pub fn stores_own(&self) -> bool {
        self.place.has(FunctionFacts::STORES_OWN | FunctionFacts::SETS_DYNAMICALLY)
    }

    /// Whether it has parameters, other than the first one of a method.
    pub fn takes_arguments(&self) -> bool {
        self.place.has(FunctionFacts::TAKES_ARGUMENTS)
    }

    /// Whether it keeps what it computes and gives it again: one of the usual caches.
    pub fn is_memo(&self) -> bool {
        self.place.has(FunctionFacts::IS_MEMO)
    }
}

/// A finding that was made while its file was open, fix and all, and that only the project can
/// confirm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suspicion {
    /// What it is about, in the same file.
    pub subject: Subject,
    /// What else must be looked at: an absolute dotted name.
    pub about: Option<String>,
    /// On which Pythons it is so, where that is what must be asked.
    pub premise: Option<Premise>,
    /// What will be said if it is so.
    pub diagnostic: Diagnostic,
}

/// What a suspicion is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Subject {
    /// The file itself.
    Module,
    /// A class: its index among [`FileFacts::classes`].
    Class(u32),
    /// A function: its index among [`FileFacts::functions`].
    Function(u32),
}

/// The Pythons on which something is so, as far as its file alone can tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Premise {
    /// What a test around the place asks for: the absolute dotted name of something in another
    /// file, which may stand for a test of the version.
    pub flag: Option<String>,
    /// The module of the standard library that it is about: it is about none, if the project has
    /// one of that name.
    pub module: Option<String>,
    /// Where it is so if the flag holds.
    pub holds: Pythons,
    /// Where it is so if it does not.
    pub fails: Pythons,
}

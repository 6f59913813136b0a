//! What a rule sees of the project.

use std::borrow::Cow;

use ruff_python_ast::AnyNodeRef;
use ruff_text_size::{Ranged, TextRange};

use super::Rule;
use super::option::{Opt, Value, Values};
use crate::diagnostic::Diagnostic;
use crate::facts::{
    BaseFacts, ClassFacts, FileFacts, FunctionFacts, MemberFacts, Subject, Suspicion, Text,
};
use crate::fix::Fix;
use crate::project::{ClassId, ClassRef, Cycle, Edge, FileId, FunctionId, Item, Mro, Project};
use crate::semantic::pythons::Pythons;

/// A class of the project, with the project to ask about it.
#[derive(Clone, Copy)]
pub struct Class<'a> {
    /// Its number.
    pub id: ClassId,
    /// The file it is in.
    pub file: FileId,
    /// What its file says of it.
    pub facts: &'a ClassFacts,
    /// The project.
    pub project: &'a Project,
}

impl<'a> Class<'a> {
    pub(crate) fn new(project: &'a Project, id: ClassId) -> Class<'a> {
        let (file, facts) = project.class(id);
        Class { id, file, facts, project }
    }

    /// Its name.
    pub fn name(self) -> &'a str {
        self.text(self.facts.name)
    }

    /// The name of another class that it is spoken of with: with its module's where both are called
    /// alike.
    pub fn name_of(self, other: ClassRef) -> Cow<'a, str> {
        let name = self.project.class_name(other);
        if name != self.name() {
            return Cow::Borrowed(name);
        }
        match other {
            ClassRef::Project(id) => {
                let module = self.project.file(self.project.class(id).0).module().as_str();
                Cow::Owned(format!("{module}.{name}"))
            }
            ClassRef::Std(class) => Cow::Borrowed(class.name()),
        }
    }

    /// A text of its facts.
    pub fn text(self, text: Text) -> &'a str {
        self.project.file(self.file).text(text)
    }

    /// Its bases as written.
    pub fn bases(self) -> &'a [BaseFacts] {
        self.project.file(self.file).bases().of(self.project.index_of(self.id))
    }

    /// What its body binds, sorted by name, each name once.
    pub fn members(self) -> &'a [MemberFacts] {
        self.project.file(self.file).members().of(self.project.index_of(self.id))
    }

    /// The attributes that its methods assign on their first parameter, each once.
    pub fn attributes(self) -> impl Iterator<Item = &'a str> {
        let file = self.project.file(self.file);
        file.attributes().of(self.project.index_of(self.id)).iter().map(|it| file.text(it.name))
    }

    /// The names in its literal `__slots__`.
    pub fn slots(self) -> impl Iterator<Item = &'a str> {
        let file = self.project.file(self.file);
        file.slots().of(self.project.index_of(self.id)).iter().map(|name| file.text(*name))
    }

    /// Points at a place of any file from a finding in the file of the class.
    pub fn point(
        self,
        finding: &mut Diagnostic,
        (file, at): (FileId, TextRange),
        text: impl Into<String>,
    ) {
        match file == self.file {
            true => finding.label(at, text),
            false => finding.label_in(self.project.file(file).path(), at, text),
        };
    }

    /// Its linearization.
    pub fn mro(self) -> &'a Mro {
        self.project.mro(self.id)
    }

    /// The classes after it in its linearization: `None` where it is not known.
    pub fn ancestors(self) -> Option<&'a [ClassRef]> {
        match self.mro() {
            Mro::Known(mro) => Some(&mro[1..]),
            _ => None,
        }
    }
}

/// A function or method of the project, with the project to ask about it.
#[derive(Clone, Copy)]
pub struct Function<'a> {
    /// Its number.
    pub id: FunctionId,
    /// The file it is in.
    pub file: FileId,
    /// What its file says of it.
    pub facts: &'a FunctionFacts,
    /// The project.
    pub project: &'a Project,
}

impl<'a> Function<'a> {
    pub(crate) fn new(project: &'a Project, id: FunctionId) -> Function<'a> {
        let (file, facts) = project.function(id);
        Function { id, file, facts, project }
    }

    /// A text of its facts.
    pub fn text(self, text: Text) -> &'a str {
        self.project.file(self.file).text(text)
    }
}

/// A cycle of run-time imports, with the project to ask about its modules.
#[derive(Clone, Copy)]
pub struct ImportCycle<'a> {
    /// The cycle.
    pub cycle: &'a Cycle,
    /// The project.
    pub project: &'a Project,
}

impl<'a> ImportCycle<'a> {
    /// The facts of a module of it.
    pub fn file(self, id: FileId) -> &'a FileFacts {
        self.project.file(id)
    }
}

/// A suspicion, with the project to ask whether it is so.
#[derive(Clone, Copy)]
pub struct Suspected<'a> {
    /// What was suspected.
    pub suspicion: &'a Suspicion,
    /// The file it is in.
    pub file: FileId,
    /// The project.
    pub project: &'a Project,
}

impl<'a> Suspected<'a> {
    /// The class it is about.
    pub fn class(self) -> Option<Class<'a>> {
        match self.suspicion.subject {
            Subject::Class(index) => {
                Some(Class::new(self.project, self.project.class_of(self.file, index)))
            }
            Subject::Module | Subject::Function(_) => None,
        }
    }

    /// What else it is about, where that can be known.
    pub fn about(self) -> Item {
        let name = self.suspicion.about.as_deref();
        name.map_or(Item::Unknown, |name| self.project.resolve_absolute(self.file, name))
    }

    /// The Pythons on which it is so: all, where that is not what must be asked.
    pub fn pythons(self) -> Pythons {
        let premise = self.suspicion.premise.as_ref();
        premise.map_or(Pythons::ALL, |it| self.project.comes_to(self.file, it))
    }

    /// The function it is about.
    pub fn function(self) -> Option<Function<'a>> {
        match self.suspicion.subject {
            Subject::Function(index) => {
                Some(Function::new(self.project, self.project.function_of(self.file, index)))
            }
            Subject::Module | Subject::Class(_) => None,
        }
    }

    /// The function of the same file whose name is written at a place.
    pub fn function_at(self, name: TextRange) -> Option<Function<'a>> {
        // Names are written in the order in which functions are numbered.
        let functions = self.project.file(self.file).functions();
        let index = functions.binary_search_by_key(&name.start(), |it| it.range().start()).ok()?;
        Some(Function::new(self.project, self.project.function_of(self.file, index as u32)))
    }
}

/// A finding of a project rule.
#[derive(Clone, Debug, PartialEq)]
pub struct ProjectFinding {
    /// The file it is about.
    pub file: FileId,
    /// The finding.
    pub diagnostic: Diagnostic,
    /// What its rule's [`super::On::Mend`] is to look at.
    pub to_mend: Option<ToMend>,
    /// The import cycle that its rule's [`super::On::Cut`] is to look at.
    pub to_cut: Option<Box<Cycle>>,
}

/// What is to be looked at again to mend a finding. A project rule sees no syntax; its findings are
/// few, so their files are opened once more for their fixes. What must be known of syntax for each
/// class or function would be far more to keep than it is to read these files twice.
#[derive(Clone, Debug, PartialEq)]
pub struct ToMend {
    /// What is looked at.
    pub(crate) place: ToOpen,
    /// What the project knows that the fix needs: the rule's own business.
    pub notes: Vec<String>,
}

/// What of a finding's file is opened for its fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ToOpen {
    /// All of it; the fix is about this.
    File(Subject),
    /// The class of this number, if it can be cut out, without its decorators.
    Class(u32),
    /// The same with what stands above all classes and functions of the file, for names that may be
    /// imported there; all of the file, where the rest says one of these.
    ClassAndImports(u32, &'static [&'static str]),
    /// The statement that the finding stands at.
    Statement,
}

/// A finding whose file is open again.
#[derive(Clone, Copy)]
pub struct Mending<'a> {
    /// The finding, without a fix.
    pub diagnostic: &'a Diagnostic,
    /// The class, function or statement that it is about.
    pub subject: AnyNodeRef<'a>,
    /// See [`ToMend::notes`].
    pub notes: &'a [String],
}

/// An import statement that is not to run while its file is imported; the file is open.
#[derive(Clone, Copy)]
pub struct Cutting<'a> {
    /// The statement.
    pub edge: Edge,
    /// The project.
    pub project: &'a Project,
}

/// The ways in which an import statement can be kept from running while its file is imported, or
/// from asking for what is not there yet.
#[derive(Clone, Debug, Default)]
pub struct Cuts {
    /// Each of them would do, as far as the file goes.
    pub ways: Vec<Cut>,
    /// The names that are needed while the file is imported: it cannot do without.
    pub needed: Vec<String>,
}

/// A way to cut.
#[derive(Clone, Debug)]
pub struct Cut {
    /// How much is changed by it: the least is tried first.
    pub cost: u32,
    /// How.
    pub fix: Fix,
    /// The names that the module has no longer once it is imported.
    pub names: Vec<String>,
    /// Whether it is a class of the module that had them.
    pub is_of_class: bool,
    /// Whether the other module is imported as before, and only asked for less, or later: of no use
    /// where the statement asks for nothing that is not ready.
    pub still_imports: bool,
}

/// Where the findings of project rules gather. Knows which rule is speaking.
pub struct ProjectReport<'a> {
    pub(crate) rule: &'static Rule,
    pub(crate) project: &'a Project,
    pub(crate) values_of: &'a dyn Fn(FileId) -> &'a Values,
    pub(crate) found: Vec<ProjectFinding>,
}

impl ProjectReport<'_> {
    /// Reports at a place of a file.
    pub fn at(
        &mut self,
        file: FileId,
        at: impl Ranged,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        let range: TextRange = at.range();
        let diagnostic = Diagnostic::new(self.rule.name, self.rule.severity, range, message);
        self.found.push(ProjectFinding { file, diagnostic, to_mend: None, to_cut: None });
        &mut self.found.last_mut().expect("one was just pushed").diagnostic
    }

    /// Asks for a fix of the finding that was reported last, about a class or function of its file.
    pub fn to_mend(&mut self, subject: Subject, notes: Vec<String>) {
        self.ask(ToOpen::File(subject), notes);
    }

    /// The same, about a class of its file, where the fix looks at nothing around it: then the rest
    /// of the file is not parsed again.
    pub fn to_mend_class(&mut self, class: Class<'_>, notes: Vec<String>) {
        self.ask(ToOpen::Class(class.project.index_of(class.id)), notes);
    }

    /// The same, where the fix needs some names imported, too: they and their module are told.
    pub fn to_mend_class_importing(
        &mut self,
        class: Class<'_>,
        names: &'static [&'static str],
        notes: Vec<String>,
    ) {
        self.ask(ToOpen::ClassAndImports(class.project.index_of(class.id), names), notes);
    }

    /// The same, where the finding stands at a statement, which is all that the fix looks at.
    pub fn to_mend_statement(&mut self, notes: Vec<String>) {
        self.ask(ToOpen::Statement, notes);
    }

    fn ask(&mut self, place: ToOpen, notes: Vec<String>) {
        if let Some(finding) = self.found.last_mut() {
            finding.to_mend = Some(ToMend { place, notes });
        }
    }

    /// Asks for a fix of the finding that was reported last, which is about an import cycle. Once it
    /// is known where the cycle can be cut, the rule is asked for the finding once more.
    pub fn to_cut(&mut self, cycle: &Cycle) {
        if let Some(finding) = self.found.last_mut() {
            finding.to_cut = Some(Box::new(cycle.clone()));
        }
    }

    /// The value of an option of this rule, as the settings of a file have it.
    pub fn get<T: Value>(&self, file: FileId, option: &Opt<T>) -> T::Read {
        (self.values_of)(file).get(self.rule.name, option)
    }

    /// The path of a file, for labels in it.
    pub fn path(&self, file: FileId) -> &str {
        self.project.file(file).path()
    }
}

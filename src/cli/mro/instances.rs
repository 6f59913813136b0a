//! What a class is made by, and what its instances are like.

use super::{Lines, Names, Spot};
use crate::project::{
    ClassId, ClassRef, CreationError, DeclaredSlots, MroError, Project, SlotsError,
};

/// What instances of a class are like. `None` where it is not known.
pub(super) struct Instances {
    pub(super) metaclass: Option<String>,
    /// The class that lays out the most of them.
    pub(super) layout: Option<String>,
    /// The slots that the class itself adds.
    pub(super) slots: DeclaredSlots,
    pub(super) has_dict: Option<bool>,
    pub(super) has_weakref: Option<bool>,
    /// Whether they can be hashed, and the class that decides it.
    pub(super) hashing: Option<(bool, String)>,
    /// The members that are left abstract.
    pub(super) abstracts: Vec<Abstract>,
    /// Whether there are no others.
    pub(super) are_all_abstracts: bool,
    /// Whether calling the class raises `TypeError` for them.
    pub(super) refuses: bool,
}

/// A member that is left abstract.
pub(super) struct Abstract {
    pub(super) name: String,
    /// The class that declares it.
    pub(super) class: String,
    pub(super) spot: Option<Spot>,
}

impl Instances {
    pub(super) fn new(
        project: &Project,
        class: ClassId,
        mro: &[ClassRef],
        names: &Names,
        lines: &mut Lines<'_>,
    ) -> Instances {
        let own = ClassRef::Project(class);
        let name = |class: ClassRef| names.of(project, class);
        let abstracts = project.abstracts(class);
        Instances {
            metaclass: project.metaclass(own).map(name),
            layout: project.layout(own).map(name),
            slots: project.declared_slots(class),
            has_dict: project.has_dict(own),
            has_weakref: project.has_weakref(own),
            hashing: project.hashing(mro).map(|(class, is_hashable)| (is_hashable, name(class))),
            abstracts: abstracts
                .left
                .iter()
                .map(|member| Abstract {
                    name: member.name.to_string(),
                    class: name(member.class),
                    spot: member.function.map(|it| lines.of_function(it)),
                })
                .collect(),
            are_all_abstracts: abstracts.is_complete,
            refuses: project.refuses_instances(class),
        }
    }
}

/// What a class statement raises, as CPython says it.
pub(super) fn raised(project: &Project, class: ClassId, error: &CreationError) -> String {
    let base = |place: usize| project.bases(class).nth(place).and_then(|(_, class)| class);
    let name = |class: Option<ClassRef>| class.map_or("", |it| project.class_name(it));
    match error {
        CreationError::Metaclass(_) => "TypeError: metaclass conflict".to_owned(),
        CreationError::FinalBase(place) => {
            format!("TypeError: type '{}' is not an acceptable base type", name(base(*place)))
        }
        CreationError::Layout { .. } => {
            "TypeError: multiple bases have instance lay-out conflict".to_owned()
        }
        CreationError::Slots(SlotsError::Variable(above)) => {
            format!("TypeError: nonempty __slots__ not supported for subtype of '{}'", name(Some(*above)))
        }
        CreationError::Slots(SlotsError::Dict) => {
            "TypeError: __dict__ slot disallowed: we already got one".to_owned()
        }
        CreationError::Slots(SlotsError::Weakref) => {
            "TypeError: __weakref__ slot disallowed: either we already got one, or __itemsize__ != 0"
                .to_owned()
        }
        CreationError::Slots(SlotsError::Taken(slot)) => {
            let (file, _) = project.class(class);
            let slot = project.file(file).text(*slot);
            format!("ValueError: '{slot}' in __slots__ conflicts with class variable")
        }
        CreationError::Mro(MroError::Duplicate(..)) => "TypeError: duplicate base class".to_owned(),
        CreationError::Mro(MroError::Inconsistent(_)) => {
            "TypeError: Cannot create a consistent method resolution order (MRO)".to_owned()
        }
    }
}

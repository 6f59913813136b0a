//! `dunderlint mro`: how a class is linearized, step by step, and what follows from it.

mod instances;
mod json;
mod text;

use super::arguments::{Global, Mro as Asked, Plain};
use super::exit::Exit;
use super::files::whole;
use super::places::{Lines, Spot};
use super::terminal::Stream;
use super::{Failure, print};
use crate::engine::{Extent, linked};
use crate::project::{
    ClassId, ClassRef, CreationError, Definer, Doubt, MergeStep, Mro, MroError, Next, Project,
    Reason,
};
use crate::rule::Chapter;
use instances::Instances;

/// So many candidates are named where a name means several classes.
const FEW: usize = 5;

/// Runs the command.
///
/// # Errors
/// When the arguments or the settings cannot be used, there is no such class or more than one, or
/// the output cannot be written.
pub(super) fn run(
    chapters: &'static [Chapter],
    global: &Global,
    asked: &Asked,
    stream: Stream,
) -> Result<Exit, Failure> {
    let threads = asked.threads.map(usize::from);
    let (folder, found, libraries) = whole(chapters, global, &asked.paths, threads)?;
    let (project, files) = linked(found.files, &libraries, threads, Extent::Imported);
    let class = the_class(&project, &asked.class)?;
    let mut lines = Lines::new(&project, &files, &folder);
    let explained = Explained::new(&project, class, asked.method.as_deref(), &mut lines);
    if !global.silent {
        let report = match asked.output_format {
            Plain::Text => text::report(&explained),
            Plain::Json => json::report(&explained)?,
        };
        print(stream, &report)?;
    }
    Ok(match explained.error {
        Some(_) => Exit::Findings,
        None => Exit::Clean,
    })
}

/// The only class that a name means.
fn the_class(project: &Project, name: &str) -> Result<ClassId, Failure> {
    match project.classes_named(name)[..] {
        [class] => Ok(class),
        [] => Err(Failure::Usage(format!(
            "there is no class `{name}` in the files that were looked at: write its name with its module, as in `package.module.Class`"
        ))),
        ref several => {
            let named = several.iter().take(FEW).map(|class| {
                let (file, _) = project.class(*class);
                let name = project.full_name(ClassRef::Project(*class));
                format!("\n  {name} ({})", project.file(file).path())
            });
            let more = several.len().checked_sub(FEW).filter(|more| *more > 0);
            let more = more.map_or(String::new(), |more| format!("\n  and {more} more"));
            let named: String = named.collect();
            Err(Failure::Usage(format!("`{name}` may be several classes:{named}{more}")))
        }
    }
}

/// All that is said of a class. Names are short where that is clear.
struct Explained {
    name: String,
    spot: Spot,
    bases: Vec<Base>,
    /// The merge: empty where it is not known.
    steps: Vec<Merge>,
    linearization: Linearization,
    /// What the class statement raises.
    error: Option<String>,
    special: Vec<Special>,
    supers: Vec<Super>,
    /// What its instances are like; `None` where a single method is asked about.
    instances: Option<Instances>,
    /// What is not known, and why.
    unknown: Vec<Unknown>,
}

/// A base as it is written.
struct Base {
    written: String,
    class: Option<String>,
    spot: Option<Spot>,
}

/// A step of the merge.
struct Merge {
    lists: Vec<Vec<String>>,
    /// Who could not come next, the list that has it further back, and who stands before it there.
    refused: Vec<(String, usize, String)>,
    taken: Option<String>,
}

enum Linearization {
    Known(Vec<String>),
    Unknown,
    /// There is none.
    None,
}

/// A special method, and the class whose it is.
struct Special {
    name: String,
    class: String,
    spot: Option<Spot>,
}

/// What `super().method()` comes to in a class of the linearization.
struct Super {
    method: String,
    class: String,
    /// What it reaches, with the classes of whose instances it is so.
    reaches: Vec<(Option<String>, Vec<String>)>,
}

/// Something that is not known.
struct Unknown {
    class: String,
    spot: Spot,
    /// The base as it is written.
    base: Option<String>,
    reason: String,
}

impl Explained {
    fn new(
        project: &Project,
        class: ClassId,
        method: Option<&str>,
        lines: &mut Lines<'_>,
    ) -> Explained {
        let own = ClassRef::Project(class);
        let steps = project.merge_steps(class).unwrap_or_default();
        let names = Names::new(project, class, &steps);
        let linearization = match project.mro(class) {
            Mro::Known(mro) => {
                Linearization::Known(mro.iter().map(|it| names.of(project, *it)).collect())
            }
            Mro::Unknown => Linearization::Unknown,
            Mro::Error(_) => Linearization::None,
        };
        let error = match (project.creation_error(class), project.mro(class)) {
            (Some(error), _) => Some(instances::raised(project, class, &error)),
            (None, Mro::Error(error)) => {
                Some(instances::raised(project, class, &CreationError::Mro(error.clone())))
            }
            (None, _) => None,
        };
        let mro = project.known_mro(class).unwrap_or_default();
        let mut doubts = project.doubts(class);
        if method.is_none() {
            doubts.extend(project.doubts_about_making(class));
        }
        let raises = matches!(project.mro(class), Mro::Error(MroError::Duplicate(..)));
        Explained {
            name: project.full_name(own),
            spot: lines.of_class(class),
            bases: bases(project, class, lines),
            steps: match raises {
                true => Vec::new(),
                false => steps.iter().map(|step| merge(project, step, &names)).collect(),
            },
            linearization,
            special: special(project, mro, method, &names, lines),
            supers: supers(project, mro, method, &names),
            instances: match (mro, method, &error) {
                ([], ..) | (_, Some(_), _) | (.., Some(_)) => None,
                (mro, None, None) => Some(Instances::new(project, class, mro, &names, lines)),
            },
            error,
            unknown: doubts.iter().map(|it| unknown(project, it, lines)).collect(),
        }
    }
}

fn bases(project: &Project, class: ClassId, lines: &mut Lines<'_>) -> Vec<Base> {
    let (file, _) = project.class(class);
    project
        .bases(class)
        .map(|(base, found)| Base {
            written: lines.text(file, base.range()),
            class: found.map(|it| project.full_name(it)),
            spot: match found {
                Some(ClassRef::Project(id)) => Some(lines.of_class(id)),
                _ => None,
            },
        })
        .collect()
}

fn merge(project: &Project, step: &MergeStep<ClassRef>, names: &Names) -> Merge {
    let name = |class: ClassRef| names.of(project, class);
    let before = |class: ClassRef, list: usize| {
        let list = &step.lists[list];
        let at = list.iter().position(|it| *it == class).unwrap_or(1);
        name(list[at.saturating_sub(1)])
    };
    Merge {
        lists: step.lists.iter().map(|list| list.iter().map(|it| name(*it)).collect()).collect(),
        refused: step
            .refused
            .iter()
            .map(|(class, list)| (name(*class), *list, before(*class, *list)))
            .collect(),
        taken: step.taken.map(name),
    }
}

/// The special methods that a class has from a class other than `object`, or the one asked for.
fn special(
    project: &Project,
    mro: &[ClassRef],
    method: Option<&str>,
    names: &Names,
    lines: &mut Lines<'_>,
) -> Vec<Special> {
    let is_asked = method.is_some();
    let mut methods: Vec<String> = Vec::new();
    match method {
        Some(method) => methods.push(method.to_owned()),
        None => {
            for class in mro {
                methods.extend(project.special_names(*class));
            }
            methods.sort_unstable();
            methods.dedup();
        }
    }
    let mut found = Vec::new();
    for method in methods {
        // Only the first counts, unless the question is about it.
        let count = if is_asked { usize::MAX } else { 1 };
        for Definer { class, function } in project.definers(mro, &method).take(count) {
            let spot = function.map(|it| lines.of_function(it));
            found.push(Special { name: method.clone(), class: names.of(project, class), spot });
        }
    }
    found
}

fn supers(project: &Project, mro: &[ClassRef], method: Option<&str>, names: &Names) -> Vec<Super> {
    let mut found = Vec::new();
    for entry in mro {
        let ClassRef::Project(class) = entry else { continue };
        for name in project.super_methods(*class) {
            if method.is_some_and(|method| method != name) {
                continue;
            }
            let reach = |Next { reached, for_instances_of }: Next| {
                let reached = reached.map(|it| names.of(project, it.class));
                let classes = for_instances_of.into_iter().map(ClassRef::Project);
                (reached, classes.map(|it| names.of(project, it)).collect())
            };
            found.push(Super {
                reaches: project.next_of(*class, &name).into_iter().map(reach).collect(),
                class: names.of(project, *entry),
                method: name,
            });
        }
    }
    found
}

fn unknown(project: &Project, doubt: &Doubt, lines: &mut Lines<'_>) -> Unknown {
    let (file, facts) = project.class(doubt.class);
    let base = doubt.base.and_then(|at| project.bases(doubt.class).nth(at)).map(|(base, _)| base);
    let at = base.map_or(facts.range(), |it| it.range());
    Unknown {
        class: project.full_name(ClassRef::Project(doubt.class)),
        spot: lines.spot(file, at),
        base: base.map(|it| lines.text(file, it.range())),
        reason: in_words(&doubt.reason),
    }
}

/// Why something is not known.
pub(super) fn in_words(reason: &Reason) -> String {
    match reason {
        Reason::Hidden => "`*` or `**` hides bases".to_owned(),
        Reason::Outside(name) => {
            format!("`{name}` is not in the project, nor found in an environment")
        }
        Reason::Computed => {
            "what it stands for depends on the run: a value, or several bindings".to_owned()
        }
        Reason::Varies => "the versions of Python differ in what is above it".to_owned(),
        Reason::Raises => "its own class statement raises".to_owned(),
        Reason::Circle => "it stands for the class itself".to_owned(),
        Reason::Metaclass => "what its metaclass is, and so makes, is not known".to_owned(),
        Reason::Maker => "its metaclass may change what the class is made of".to_owned(),
        Reason::Decorated => "a decorator may have made another class of it".to_owned(),
        Reason::Slots => "its `__slots__` are computed".to_owned(),
        Reason::Stub => "only a stub tells of it".to_owned(),
        Reason::Differs(name) => format!("the versions of Python differ in what `{name}` is"),
    }
}

/// How classes are called: by their last name, where no other has it.
struct Names {
    /// Last names that several classes have.
    shared: Vec<String>,
}

impl Names {
    fn new(project: &Project, class: ClassId, steps: &[MergeStep<ClassRef>]) -> Names {
        let own = ClassRef::Project(class);
        let mut all: Vec<ClassRef> = vec![own];
        all.extend(project.known_mro(class).unwrap_or_default());
        all.extend(project.descendants(class).into_iter().map(ClassRef::Project));
        all.extend(steps.iter().flat_map(|step| step.lists.iter().flatten()));
        let mut names: Vec<(String, String)> = all
            .into_iter()
            .map(|it| (project.class_name(it).to_owned(), project.full_name(it)))
            .collect();
        names.sort_unstable();
        names.dedup();
        let shared = names.windows(2).filter(|pair| pair[0].0 == pair[1].0);
        Names { shared: shared.map(|pair| pair[0].0.clone()).collect() }
    }

    fn of(&self, project: &Project, class: ClassRef) -> String {
        let name = project.class_name(class);
        match self.shared.iter().any(|it| it == name) {
            true => project.full_name(class),
            false => name.to_owned(),
        }
    }
}

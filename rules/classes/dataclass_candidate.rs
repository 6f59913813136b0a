mod rewriting;
mod written;

use ruff_python_ast::{
    Expr, Parameter, ParameterWithDefault, Parameters, PythonVersion, Stmt, StmtClassDef,
    StmtFunctionDef,
};

use super::containers;
use super::methods::{attribute_of, is_name, methods, without_docstring};
use crate::diagnostic::{Diagnostic, Severity};
use crate::rule::{Context, Fixable, On, Rule, Suspected};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "dataclass-candidate",
    formerly: &[],
    severity: Severity::Info,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("dataclass_candidate.md"),
    options: &[],
    on: &[On::StmtClassDef(check), On::Suspicion(confirm)],
};

/// The special methods that a dataclass has as well.
const SPECIAL: &[&str] = &["__eq__", "__hash__", "__init__", "__repr__", "__str__"];

/// A class that could be a dataclass.
struct Candidate<'a> {
    class: &'a StmtClassDef,
    init: &'a StmtFunctionDef,
    fields: Vec<Field<'a>>,
}

/// A parameter of `__init__` that is stored under its name.
struct Field<'a> {
    parameter: &'a Parameter,
    annotation: &'a Expr,
    default: Option<&'a Expr>,
    is_keyword_only: bool,
}

impl<'a> Field<'a> {
    fn name(&self) -> &'a str {
        self.parameter.name.as_str()
    }
}

fn check<'a>(class: &'a StmtClassDef, cx: &mut Context<'a>) {
    if cx.is_stub || cx.module.is_test() {
        return;
    }
    let is_old = cx.target().is_some_and(|it| it.lowest < PythonVersion::PY37);
    let Some(candidate) = Candidate::of(class, cx).filter(|_| !is_old) else { return };
    let written: Vec<&str> = ["__init__", "__repr__", "__eq__"]
        .into_iter()
        .filter(|it| candidate.method(it).is_some())
        .collect();
    let written = match &written[..] {
        [one] => format!("`{one}`"),
        [one, other] => format!("`{one}` and `{other}`"),
        _ => "`__init__`, `__repr__` and `__eq__`".to_owned(),
    };
    let message =
        format!("`{}` only keeps what it is given: `@dataclass` writes {written}", class.name);
    let fix = rewriting::fix(&candidate, cx);
    cx.suspect(class, &class.name, message)
        .help("a dataclass names its fields once, and gets a `__repr__` with them")
        .fix(fix);
}

impl<'a> Candidate<'a> {
    fn of(class: &'a StmtClassDef, cx: &Context<'a>) -> Option<Candidate<'a>> {
        let is_alone = class.arguments.as_ref().is_none_or(|it| {
            it.keywords.is_empty() && it.args.iter().all(|base| cx.is(base, "builtins.object"))
        });
        let body = without_docstring(&class.body);
        let init = methods(class).find(|it| it.name.as_str() == "__init__")?;
        if !is_alone || !class.decorator_list.is_empty() {
            return None;
        }
        let fields = fields(init, cx)?;
        let is_free = |name: &str| !fields.iter().any(|it| it.name() == name);
        let is_allowed = |statement: &'a Stmt| match statement {
            Stmt::FunctionDef(it) => {
                let name = it.name.as_str();
                let is_only = cx.members(class, name).len() == 1;
                is_only
                    && is_free(name)
                    && (SPECIAL.contains(&name) && it.decorator_list.is_empty() && !it.is_async
                        || is_simple_property(it, cx))
            }
            _ => false,
        };
        (fields.len() > 1 && body.iter().all(is_allowed)).then_some(Candidate {
            class,
            init,
            fields,
        })
    }

    fn method(&self, name: &str) -> Option<&'a StmtFunctionDef> {
        methods(self.class).find(|it| it.name.as_str() == name)
    }
}

/// A property that only says something of the fields.
fn is_simple_property<'a>(method: &'a StmtFunctionDef, cx: &Context<'a>) -> bool {
    let [decorator] = &method.decorator_list[..] else { return false };
    cx.is(&decorator.expression, "builtins.property")
        && matches!(without_docstring(&method.body), [Stmt::Return(_)])
}

/// The fields, if `__init__` does nothing but to store each of its parameters under its name.
fn fields<'a>(init: &'a StmtFunctionDef, cx: &Context<'a>) -> Option<Vec<Field<'a>>> {
    let Parameters { posonlyargs, args, vararg, kwonlyargs, kwarg, .. } = &*init.parameters;
    let (this, args) = args.split_first()?;
    let is_plain = posonlyargs.is_empty()
        && vararg.is_none()
        && kwarg.is_none()
        && !init.is_async
        && init.decorator_list.is_empty()
        && init.type_params.is_none();
    let field = |it: &'a ParameterWithDefault, is_keyword_only| {
        let annotation = it.annotation()?;
        let default = it.default.as_deref();
        let name = it.parameter.name.as_str();
        // A list would be shared, and a name with two underscores means another in each class.
        let is_plain =
            default.is_none_or(|it| containers::made(it, cx).is_none()) && !name.starts_with("__");
        is_plain.then_some(Field { parameter: &it.parameter, annotation, default, is_keyword_only })
    };
    let positional = args.iter().map(|it| field(it, false));
    let fields: Vec<Field<'a>> =
        positional.chain(kwonlyargs.iter().map(|it| field(it, true))).collect::<Option<_>>()?;
    let this = this.parameter.name.as_str();
    let body = without_docstring(&init.body);
    let mut stored: Vec<&str> = Vec::new();
    for statement in body {
        let (target, value) = match statement {
            Stmt::Assign(it) => match &it.targets[..] {
                [target] => (target, &*it.value),
                _ => return None,
            },
            Stmt::AnnAssign(it) => (&*it.target, it.value.as_deref()?),
            _ => return None,
        };
        let name = attribute_of(target, this).filter(|name| is_name(value, name))?;
        stored.push(name);
    }
    let is_stored = |it: &Field<'a>| stored.contains(&it.name());
    (is_plain && stored.len() == fields.len() && fields.iter().all(is_stored)).then_some(fields)
}

/// Whether nothing derives from the class: what is below calls an `__init__` that it knows.
fn confirm(suspected: Suspected<'_>, _: &mut Diagnostic) -> bool {
    let project = suspected.project;
    suspected.class().is_some_and(|class| {
        project.subclasses(class.id).is_empty() && project.is_plainly_made(class.id)
    })
}

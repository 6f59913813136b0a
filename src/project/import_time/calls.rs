//! Calls, and what decorators make.

use std::rc::Rc;

use super::failure::Stop;
use super::interpreter::{Frame, Interpreter, Running, Site};
use super::names::{Locals, Namespace};
use super::recall::Recalled;
use super::values::{Function, FunctionKind, Known, ModuleId, Symbol, Value};
use crate::facts::program::{FunctionHead, Instruction};

/// How many calls may be under way within the body of one module.
const DEEPEST: usize = 24;

/// How often one function may be under way. Where it is not certain that it runs, both ways of each
/// branch are taken, and functions that call one another would come to no end: there it is once.
const MOST_AT_ONCE: usize = 3;

/// How often the `__getattr__` of a module may be under way: beyond, Python gives up too.
const ENDLESS: usize = 40;

/// How functions are called: arguments by place (`None` where it is not known which is which), and
/// by name.
pub(super) type Arguments = Option<Vec<Value>>;

impl Interpreter<'_> {
    pub(super) fn call_expression(
        &mut self,
        frame: &mut Frame<'_>,
        at: &mut usize,
        count: u32,
        is_starred: bool,
    ) -> Result<Value, Stop> {
        let site = frame.site(at);
        let keywords = frame.word(at);
        let changes_all = self.changes_all(frame, *at);
        let callee = self.expression(frame, at)?;
        let arguments = self.expressions(frame, at, count)?;
        let mut named = Vec::new();
        for _ in 0..keywords {
            let word = frame.word(at);
            let name = self.symbols.optional(frame, word);
            let value = self.expression(frame, at)?;
            named.extend(name.map(|name| (name, value)));
        }
        if let Some(method) = changes_all {
            self.change_all(frame, method, &arguments);
            return Ok(Value::None);
        }
        let arguments = (!is_starred).then_some(arguments);
        self.call(frame, &callee, arguments, &named, site)
    }

    /// Whether the callee that stands here is a method of the module's `__all__`.
    fn changes_all(&mut self, frame: &Frame<'_>, at: usize) -> Option<Symbol> {
        let program = frame.program;
        let (Instruction::Attribute, method) = Instruction::of(program.word(at)) else {
            return None;
        };
        let (Instruction::Name, base) = Instruction::of(program.word(at + 2)) else { return None };
        let base = self.symbols.of(frame, base);
        (self.symbols.text(base) == "__all__").then(|| self.symbols.of(frame, method))
    }

    /// `__all__.append(…)` and its like.
    fn change_all(&mut self, frame: &Frame<'_>, method: Symbol, arguments: &[Value]) {
        let before = self.look_up(frame.module, Symbol::ALL);
        let more = match (self.symbols.text(method), arguments) {
            ("append", [item]) => Some(Value::Sequence([item.clone()].into())),
            ("extend", [items @ Value::Sequence(_)]) => Some(items.clone()),
            _ => None,
        };
        let after = match (before, more) {
            (Some(before), Some(more)) => self.add(&before, &more),
            _ => Value::Unknown,
        };
        self.set_attribute(frame.module, Symbol::ALL, after);
    }

    pub(super) fn call(
        &mut self,
        frame: &Frame<'_>,
        callee: &Value,
        arguments: Arguments,
        named: &[(Symbol, Value)],
        site: Site,
    ) -> Result<Value, Stop> {
        match callee {
            Value::Function(function) => self.call_function(function, arguments, named, site),
            Value::Class(class) => {
                if let Some(metaclass) = &class.metaclass {
                    let Value::Class(metaclass) = metaclass else { return Ok(Value::Unknown) };
                    if let Some((Value::Function(function), is_uncertain)) =
                        self.special(metaclass, Symbol::CALL)
                    {
                        let given = with_first(callee.clone(), arguments.clone());
                        self.call_method(&function, given, named, is_uncertain, site)?;
                        return Ok(Value::Unknown);
                    }
                    if let Some((Value::Opaque(_), _)) = self.special(metaclass, Symbol::CALL) {
                        return Ok(Value::Unknown);
                    }
                }
                let instance = Value::Instance(Rc::clone(class));
                for (method, first) in [(Symbol::NEW, callee), (Symbol::INIT, &instance)] {
                    if let Some((Value::Function(function), is_uncertain)) =
                        self.special(class, method)
                    {
                        let given = with_first(first.clone(), arguments.clone());
                        self.call_method(&function, given, named, is_uncertain, site)?;
                    }
                }
                Ok(instance)
            }
            Value::Instance(class) => {
                if let Some((Value::Function(function), is_uncertain)) =
                    self.special(class, Symbol::CALL)
                {
                    let given = with_first(callee.clone(), arguments);
                    return self.call_method(&function, given, named, is_uncertain, site);
                }
                Ok(Value::Unknown)
            }
            Value::Builtin(name) => {
                let name = self.symbols.text(*name).to_owned();
                self.call_builtin(frame, &name, arguments.unwrap_or_default(), site)
            }
            Value::Known(known) => {
                self.call_known(frame, *known, arguments.unwrap_or_default(), named, site)
            }
            _ => Ok(Value::Unknown),
        }
    }

    /// A method that a base of which nothing is known may hide.
    pub(super) fn call_method(
        &mut self,
        function: &Rc<Function>,
        arguments: Arguments,
        named: &[(Symbol, Value)],
        is_uncertain: bool,
        site: Site,
    ) -> Result<Value, Stop> {
        if is_uncertain {
            let called = self.perhaps(|it| it.call_function(function, arguments, named, site))?;
            return Ok(called.map_or(Value::Unknown, |_| Value::Unknown));
        }
        self.call_function(function, arguments, named, site)
    }

    pub(super) fn call_function(
        &mut self,
        function: &Rc<Function>,
        arguments: Arguments,
        named: &[(Symbol, Value)],
        site: Site,
    ) -> Result<Value, Stop> {
        if function.is_uncertain && self.may == 0 {
            self.perhaps(|it| it.call_function(function, arguments, named, site))?;
            return Ok(Value::Unknown);
        }
        let (file, mut at) = (function.file, function.head);
        let program = self.project.file(file).program();
        let head = FunctionHead::of([program.word(at), program.word(at + 1)]);
        if head.is_opaque {
            return Ok(Value::Unknown);
        }
        let is_same = |it: &Running| it.file == file && it.head == at;
        let first = self.running.iter().position(is_same);
        let at_once = self.running.iter().filter(|it| is_same(it)).count();
        let most = if self.may > 0 { 1 } else { MOST_AT_ONCE };
        let outer = self.recall.looks.begin();
        let is_getattr = self.is_module_getattr(function);
        if is_getattr {
            // It is asked for by what happens to be there.
            self.effect();
            if at_once >= ENDLESS && self.may == 0 {
                self.recall.looks.end(outer);
                let message = "maximum recursion depth exceeded".to_owned();
                return self.fail("RecursionError", message, site, None);
            }
            if at_once >= MOST_AT_ONCE && self.may > 0 {
                self.recall.looks.end(outer);
                return Ok(Value::Unknown);
            }
        } else if at_once >= most || self.running.len() >= DEEPEST + ENDLESS {
            let is_repeated = at_once >= most;
            self.recall.cut_short(first.filter(|_| is_repeated).unwrap_or_default());
            self.recall.looks.end(outer);
            return Ok(Value::Unknown);
        }
        let pending = match self.recall(function, (outer, at_once), &arguments, named) {
            Recalled::Result(known) => return Ok(known),
            Recalled::Nothing(pending) => pending,
        };
        at += 2;
        let mut frame = self.frame(file, function.module);
        let mut parameters = Vec::with_capacity(head.parameters as usize);
        for _ in 0..head.parameters {
            let word = frame.word(&mut at);
            parameters.push((self.symbols.of(&frame, word), Value::Unknown));
        }
        for (index, value) in &function.defaults {
            if let Some((_, known)) = parameters.get_mut(*index as usize) {
                *known = value.clone();
            }
        }
        if let Some(arguments) = arguments {
            let by_place = parameters.iter_mut().take(head.positional as usize);
            let given = function.bound_to.iter().cloned().chain(arguments);
            by_place.zip(given).for_each(|((_, known), value)| *known = value);
        }
        for (name, value) in named {
            if let Some((_, known)) = parameters.iter_mut().find(|(it, _)| it == name) {
                *known = value.clone();
            }
        }
        let names = Namespace::of(parameters);
        frame.locals = Some(Rc::new(Locals::new(names, function.around.clone(), false)));
        // Behind what was evaluated when the function was made.
        let decorators = frame.word(&mut at);
        (0..decorators).for_each(|_| self.skip(&frame, &mut at));
        let defaults = frame.word(&mut at);
        for _ in 0..defaults {
            at += 1;
            self.skip(&frame, &mut at);
        }
        let annotations = frame.word(&mut at);
        (0..annotations).for_each(|_| self.skip(&frame, &mut at));
        let (start, end) = frame.span(&mut at);
        self.running.push(Running { file, head: function.head });
        let may = self.may;
        let done = if function.is_lambda {
            self.expression(&mut frame, &mut start.clone())
        } else {
            self.block(&mut frame, start, end).map(|flow| match flow {
                super::interpreter::Flow::Normal => Value::None,
                super::interpreter::Flow::Return => {
                    std::mem::replace(&mut frame.result, Value::None)
                }
                _ => Value::Unknown,
            })
        };
        self.may = may;
        self.running.pop();
        if let Some(locals) = frame.locals.take().filter(|it| Rc::strong_count(it) > 1) {
            locals.release();
        }
        self.remember(function, pending, self.running.len(), done.as_ref().ok());
        done
    }

    /// Whether a function is the `__getattr__` of its module.
    fn is_module_getattr(&mut self, function: &Rc<Function>) -> bool {
        let Some(module) = self.world.modules.get(&function.module) else { return false };
        let own = module.namespace.get(Symbol::GETATTR);
        self.recall.looks.at_name(function.module, Symbol::GETATTR, own);
        matches!(own, Some(Value::Function(own)) if own.head == function.head)
    }

    fn call_builtin(
        &mut self,
        frame: &Frame<'_>,
        name: &str,
        arguments: Vec<Value>,
        site: Site,
    ) -> Result<Value, Stop> {
        match (name, &arguments[..]) {
            ("getattr" | "hasattr", [Value::Module(id), Value::String(wanted), rest @ ..]) => {
                let catches = name == "hasattr" || !rest.is_empty();
                self.look_at(*id);
                let found = match self.module_attribute(*id, *wanted, site, !catches)? {
                    Some(Value::Lazy(_)) => Some(self.force_in(*id, *wanted, site)?),
                    found => found,
                };
                match (name, found, rest.first()) {
                    ("hasattr", Some(Value::Unknown), _) if self.module(*id).is_opaque => {}
                    ("hasattr", found, _) => return Ok(Value::Boolean(found.is_some())),
                    (_, Some(value), _) => return Ok(value),
                    (_, None, Some(default)) => return Ok(default.clone()),
                    (_, None, None) => return self.no_attribute(*id, *wanted, site),
                }
            }
            (
                "getattr",
                [value @ (Value::Class(_) | Value::Instance(_)), Value::String(wanted)],
            ) => {
                return self.attribute(value, *wanted, site);
            }
            ("setattr", [Value::Module(id), Value::String(name), value]) => {
                self.set_attribute(*id, *name, value.clone());
            }
            ("setattr" | "delattr", [Value::Module(id), ..]) => {
                self.module_mut(*id).is_opaque = true;
            }
            ("globals", _) => return Ok(Value::Known(Known::Globals(frame.module))),
            ("vars" | "locals", []) if frame.locals.is_none() && frame.class.is_none() => {
                return Ok(Value::Known(Known::Globals(frame.module)));
            }
            // Names of their own.
            ("exec" | "eval", [_, Value::Dictionary(_), ..]) => {}
            ("exec" | "eval", _) => {
                self.look_at(frame.module);
                if !self.module(frame.module).is_opaque {
                    self.module_mut(frame.module).is_opaque = true;
                }
            }
            ("list" | "tuple" | "sorted" | "set", [items @ Value::Sequence(_)]) => {
                return Ok(items.clone());
            }
            ("list" | "tuple" | "set", []) => return Ok(Value::Sequence([].into())),
            ("range", [Value::Integer(count)]) if *count <= 64 => {
                return Ok(Value::Sequence((0..*count).map(Value::Integer).collect()));
            }
            ("callable", [Value::Function(_) | Value::Opaque(_) | Value::Class(_)]) => {
                return Ok(Value::Boolean(true));
            }
            (
                "callable",
                [
                    Value::Integer(_)
                    | Value::Some(_)
                    | Value::String(_)
                    | Value::Module(_)
                    | Value::None
                    | Value::Sequence(_)
                    | Value::Boolean(_),
                ],
            ) => return Ok(Value::Boolean(false)),
            ("__import__", [Value::String(name), ..]) => {
                let name = self.symbols.text(*name).to_owned();
                return Ok(self.import_top_text(&name, site)?.value());
            }
            ("property", [function @ (Value::Function(_) | Value::Opaque(_)), ..]) => {
                return Ok(of_kind(function, FunctionKind::Property));
            }
            ("classmethod", [function @ (Value::Function(_) | Value::Opaque(_))]) => {
                return Ok(of_kind(function, FunctionKind::ClassMethod));
            }
            ("staticmethod", [function @ (Value::Function(_) | Value::Opaque(_))]) => {
                return Ok(of_kind(function, FunctionKind::StaticMethod));
            }
            _ => {}
        }
        Ok(Value::Unknown)
    }

    fn call_known(
        &mut self,
        frame: &Frame<'_>,
        known: Known,
        arguments: Vec<Value>,
        named: &[(Symbol, Value)],
        site: Site,
    ) -> Result<Value, Stop> {
        match (known, &arguments[..]) {
            (Known::ImportModule, [Value::String(name), rest @ ..]) => {
                let name = self.symbols.text(*name).to_owned();
                let dots = name.len() - name.trim_start_matches('.').len();
                if dots == 0 {
                    return Ok(self.import_text(&name, site)?.last.value());
                }
                let given = rest.first().or_else(|| named.first().map(|(_, value)| value));
                let package = match given {
                    Some(Value::String(package)) => self.symbols.text(*package).to_owned(),
                    _ => self.package_of(frame.module),
                };
                let kept = package.split('.').count().saturating_sub(dots - 1);
                let around: Vec<&str> = package.split('.').take(kept).collect();
                let full = format!("{}.{}", around.join("."), &name[dots..]);
                Ok(self.import_text(full.trim_end_matches('.'), site)?.last.value())
            }
            (Known::UpdateWrapper, [wrapper, ..]) => Ok(wrapper.clone()),
            (Known::Wraps, _) => Ok(Value::Known(Known::Transparent)),
            // A decorator that is called with settings, or with what it decorates.
            (
                Known::Transparent,
                [value @ (Value::Function(_) | Value::Opaque(_) | Value::Class(_))],
            ) => Ok(value.clone()),
            (Known::Transparent, _) => Ok(Value::Known(Known::Transparent)),
            (Known::CachedProperty, [function @ (Value::Function(_) | Value::Opaque(_))]) => {
                Ok(of_kind(function, FunctionKind::Property))
            }
            (Known::Partial, [Value::Function(function), ..]) => {
                let mut function = (**function).clone();
                function.is_uncertain = true;
                Ok(Value::Function(Rc::new(function)))
            }
            (Known::Partial, [function @ Value::Opaque(_), ..]) => Ok(function.clone()),
            _ => Ok(Value::Unknown),
        }
    }

    /// The `__package__` of a module.
    fn package_of(&self, id: ModuleId) -> String {
        let module = self.module(id);
        let name = self.symbols.text(module.name);
        match module.is_package {
            true => name.to_owned(),
            false => name.rsplit_once('.').map_or("", |it| it.0).to_owned(),
        }
    }

    /// What a decorator makes of a function or class.
    pub(super) fn decorate(
        &mut self,
        frame: &Frame<'_>,
        decorator: &Value,
        value: Value,
        site: Site,
    ) -> Result<Value, Stop> {
        let made = match decorator {
            Value::Function(_) | Value::Class(_) | Value::Instance(_) => {
                self.call(frame, decorator, Some(vec![value.clone()]), &[], site)?
            }
            Value::Builtin(_) | Value::Known(_) => {
                self.call(frame, decorator, Some(vec![value.clone()]), &[], site)?
            }
            _ => Value::Unknown,
        };
        Ok(match (made, value) {
            (Value::Unknown, Value::Function(function)) => {
                let mut function = (*function).clone();
                function.is_uncertain = true;
                Value::Function(Rc::new(function))
            }
            // Most decorators of classes give them back.
            (Value::Unknown, class) => class,
            (made, _) => made,
        })
    }
}

fn with_first(first: Value, arguments: Arguments) -> Arguments {
    arguments.map(|arguments| std::iter::once(first).chain(arguments).collect())
}

fn of_kind(value: &Value, kind: FunctionKind) -> Value {
    match value {
        Value::Function(function) => {
            let mut function = (**function).clone();
            function.kind = kind;
            Value::Function(Rc::new(function))
        }
        Value::Opaque(_) => Value::Opaque(kind),
        other => other.clone(),
    }
}

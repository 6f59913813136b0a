//! Expressions.

use std::rc::Rc;

use super::failure::{Missing, Stop};
use super::interpreter::{Frame, Interpreter, Loaded, Site};
use super::names::{Locals, Namespace};
use super::statements::MOST_ITEMS;
use super::values::{Function, FunctionKind, Known, Symbol, Value};
use crate::facts::program::{Comparison, FunctionHead, Instruction, versions};

impl Interpreter<'_> {
    /// Evaluates the expression that stands here, and goes behind it.
    pub(super) fn expression(
        &mut self,
        frame: &mut Frame<'_>,
        at: &mut usize,
    ) -> Result<Value, Stop> {
        self.step()?;
        let (instruction, operand) = Instruction::of(frame.word(at));
        Ok(match instruction {
            Instruction::None => Value::None,
            Instruction::Boolean => Value::Boolean(operand != 0),
            Instruction::Integer => Value::Integer(operand),
            Instruction::String => Value::String(self.symbols.of(frame, operand)),
            Instruction::SomeString => Value::Some(operand != 0),
            Instruction::Name => {
                let site = frame.site(at);
                let name = self.symbols.of(frame, operand);
                self.load(frame, name, site)?
            }
            Instruction::Local => {
                let name = self.symbols.of(frame, operand);
                let locals = frame.locals.as_ref();
                locals.and_then(|it| it.find(name)).unwrap_or(Value::Unknown)
            }
            Instruction::Attribute => {
                let site = frame.site(at);
                let value = self.expression(frame, at)?;
                let name = self.symbols.of(frame, operand);
                self.attribute(&value, name, site)?
            }
            Instruction::Call => self.call_expression(frame, at, operand, false)?,
            Instruction::StarredCall => self.call_expression(frame, at, operand, true)?,
            Instruction::Sequence => Value::Sequence(self.expressions(frame, at, operand)?.into()),
            Instruction::Effects => {
                for _ in 0..operand {
                    self.expression(frame, at)?;
                }
                Value::Unknown
            }
            Instruction::Add => {
                let left = self.expression(frame, at)?;
                let right = self.expression(frame, at)?;
                self.add(&left, &right)
            }
            Instruction::Subscript => {
                let value = self.expression(frame, at)?;
                let key = self.expression(frame, at)?;
                self.item(&value, &key)
            }
            Instruction::Dictionary => {
                let mut items = Vec::new();
                for _ in 0..operand {
                    let key = self.expression(frame, at)?;
                    items.push((key, self.expression(frame, at)?));
                }
                Value::Dictionary(items.into())
            }
            Instruction::And | Instruction::Or => {
                self.junction(frame, at, operand, instruction == Instruction::And)?
            }
            Instruction::Not => {
                let value = self.expression(frame, at)?;
                self.truth(&value).map_or(Value::Unknown, |it| Value::Boolean(!it))
            }
            Instruction::Conditional => {
                let test = self.expression(frame, at)?;
                let (mut body, _) = frame.span(at);
                let (mut otherwise, _) = frame.span(at);
                match self.truth(&test) {
                    Some(true) => self.expression(frame, &mut body)?,
                    Some(false) => self.expression(frame, &mut otherwise)?,
                    None => {
                        for mut branch in [body, otherwise] {
                            self.perhaps(|it| it.expression(frame, &mut branch))?;
                        }
                        Value::Unknown
                    }
                }
            }
            Instruction::Compare => {
                let left = self.expression(frame, at)?;
                let right = self.expression(frame, at)?;
                compare(Comparison::of(operand), &left, &right)
            }
            Instruction::Lambda => self.function(frame, at, true)?.0,
            Instruction::Walrus => {
                let value = self.expression(frame, at)?;
                let name = self.symbols.of(frame, operand);
                self.bind(frame, name, value.clone());
                value
            }
            Instruction::Comprehension => self.comprehension(frame, at, operand)?,
            Instruction::Version => {
                let (from, below) = versions(operand);
                let (oldest, newest) = self.mode.versions;
                if oldest >= from && newest < below {
                    Value::Boolean(true)
                } else if newest < from || oldest >= below {
                    Value::Boolean(false)
                } else {
                    Value::Unknown
                }
            }
            _ => Value::Unknown,
        })
    }

    pub(super) fn expressions(
        &mut self,
        frame: &mut Frame<'_>,
        at: &mut usize,
        count: u32,
    ) -> Result<Vec<Value>, Stop> {
        let mut values = Vec::with_capacity(count as usize);
        for _ in 0..count {
            values.push(self.expression(frame, at)?);
        }
        Ok(values)
    }

    /// Goes behind an expression.
    pub(super) fn skip(&self, frame: &Frame<'_>, at: &mut usize) {
        let (instruction, operand) = Instruction::of(frame.word(at));
        let mut parts = 0;
        match instruction {
            Instruction::Name => *at += 1,
            Instruction::Attribute => {
                *at += 1;
                parts = 1;
            }
            Instruction::Call | Instruction::StarredCall => {
                *at += 1;
                let keywords = frame.word(at);
                (0..=operand).for_each(|_| self.skip(frame, at));
                for _ in 0..keywords {
                    *at += 1;
                    self.skip(frame, at);
                }
            }
            Instruction::Sequence | Instruction::Effects => parts = operand,
            Instruction::Add | Instruction::Compare | Instruction::Subscript => parts = 2,
            Instruction::Dictionary => parts = 2 * operand,
            Instruction::And | Instruction::Or => {
                for _ in 0..operand {
                    frame.span(at);
                }
            }
            Instruction::Not | Instruction::Walrus => parts = 1,
            Instruction::Conditional => {
                self.skip(frame, at);
                frame.span(at);
                frame.span(at);
            }
            Instruction::Lambda => self.skip_function(frame, at),
            Instruction::Comprehension => {
                self.skip(frame, at);
                *at += 1;
                frame.span(at);
            }
            _ => {}
        }
        (0..parts).for_each(|_| self.skip(frame, at));
    }

    fn skip_function(&self, frame: &Frame<'_>, at: &mut usize) {
        let head = FunctionHead::of([frame.word(at), frame.word(at)]);
        *at += head.parameters as usize;
        let decorators = frame.word(at);
        (0..decorators).for_each(|_| self.skip(frame, at));
        let defaults = frame.word(at);
        for _ in 0..defaults {
            *at += 1;
            self.skip(frame, at);
        }
        let annotations = frame.word(at);
        (0..annotations).for_each(|_| self.skip(frame, at));
        frame.span(at);
    }

    /// A function that begins here behind its name and place, and the values of its decorators.
    pub(super) fn function(
        &mut self,
        frame: &mut Frame<'_>,
        at: &mut usize,
        is_lambda: bool,
    ) -> Result<(Value, Vec<Value>), Stop> {
        let start = *at;
        let head = FunctionHead::of([frame.word(at), frame.word(at)]);
        *at += head.parameters as usize;
        let decorators = frame.word(at);
        let decorators = self.expressions(frame, at, decorators)?;
        let count = frame.word(at);
        let mut defaults = Vec::new();
        for _ in 0..count {
            let parameter = frame.word(at);
            defaults.push((parameter, self.expression(frame, at)?));
        }
        let annotations = frame.word(at);
        for _ in 0..annotations {
            if self.mode.versions.0 < 14 {
                self.expression(frame, at)?;
            } else {
                self.skip(frame, at);
            }
        }
        frame.span(at);
        if let Some(locals) = &frame.locals {
            self.captured.add(locals);
        }
        let function = Function {
            file: frame.file,
            module: frame.module,
            head: start,
            is_lambda,
            around: frame.locals.clone(),
            bound_to: None,
            kind: FunctionKind::Plain,
            is_uncertain: false,
            defaults,
        };
        Ok((Value::Function(Rc::new(function)), decorators))
    }

    /// A global name, or one of a function around.
    pub(super) fn load(
        &mut self,
        frame: &Frame<'_>,
        name: Symbol,
        site: Site,
    ) -> Result<Value, Stop> {
        if let Some(value) = frame.class.as_ref().and_then(|it| it.get(name)) {
            return Ok(value.clone());
        }
        if let Some(value) = frame.locals.as_ref().and_then(|it| it.find(name)) {
            return Ok(value);
        }
        let id = frame.module;
        match self.look_up(id, name) {
            Some(Value::Lazy(_)) => return self.force_in(id, name, site),
            Some(value) => return Ok(value),
            None => {}
        }
        let text = self.symbols.text(name);
        match text {
            "__name__" => return Ok(Value::String(self.module(id).name)),
            "__path__" | "__package__" | "__file__" | "__doc__" | "__spec__" | "__loader__"
            | "__dict__" | "__debug__" | "__builtins__" => return Ok(Value::Unknown),
            _ if crate::semantic::builtins::is_builtin(text) => return Ok(Value::Builtin(name)),
            _ => {}
        }
        let text = text.to_owned();
        self.look_at(id);
        let module = self.module(id);
        if module.is_opaque {
            return Ok(Value::Unknown);
        }
        let in_star =
            module.partial_stars.iter().copied().find(|it| self.bound_at(*it, name).is_some());
        let own = module.file.and_then(|file| self.bound_at(file, name));
        let missing = match (in_star, module.file) {
            (Some(source), _) => Some((source, self.bound_at(source, name))),
            (None, Some(file)) if own.is_some() && module.is_executing => Some((file, own)),
            _ => None,
        };
        if missing.is_some() {
            // Whether that fails depends on who asks.
            self.effect();
        }
        // A module that uses its own name too early does so whoever imports it.
        let is_early = in_star.is_some()
            || missing.is_some() && self.trail.last().is_some_and(|it| it.to != frame.file);
        if !self.mode.is_closed && !is_early {
            return Ok(Value::Unknown);
        }
        let message = format!("name '{text}' is not defined");
        let missing = missing.map(|(module, bound_at)| Missing { module, name: text, bound_at });
        self.fail("NameError", message, site, missing)
    }

    /// `value.name`
    pub(super) fn attribute(
        &mut self,
        value: &Value,
        name: Symbol,
        site: Site,
    ) -> Result<Value, Stop> {
        Ok(match value {
            Value::Module(id) => match self.module_attribute(*id, name, site, true)? {
                Some(Value::Lazy(_)) => self.force_in(*id, name, site)?,
                Some(value) => value,
                None => self.no_attribute(*id, name, site)?,
            },
            Value::Known(known) => {
                if *known == Known::Sys && self.symbols.text(name) == "platform" {
                    return Ok(match self.mode.is_closed {
                        true => Value::String(self.symbols.intern(std::env::consts::OS)),
                        false => Value::Unknown,
                    });
                }
                known.attribute(self.symbols.text(name))
            }
            Value::Class(class) => match class.find(name) {
                Some((Value::Function(function), _))
                    if function.kind == FunctionKind::ClassMethod =>
                {
                    bound(&function, value.clone())
                }
                Some((method @ Value::Opaque(FunctionKind::ClassMethod), _)) => method,
                Some((value, false)) => value,
                _ => Value::Unknown,
            },
            Value::Instance(class) => match class.find(name) {
                Some((Value::Function(function), is_uncertain)) => match function.kind {
                    FunctionKind::Plain => bound(&function, value.clone()),
                    FunctionKind::ClassMethod => bound(&function, Value::Class(Rc::clone(class))),
                    FunctionKind::StaticMethod => Value::Function(function),
                    FunctionKind::Property => {
                        let given = Some(vec![value.clone()]);
                        self.call_method(&function, given, &[], is_uncertain, site)?
                    }
                },
                Some((Value::Opaque(FunctionKind::Property), _)) => Value::Unknown,
                Some((method @ Value::Opaque(_), _)) => method,
                Some((value, false)) => value,
                _ => Value::Unknown,
            },
            _ => Value::Unknown,
        })
    }

    /// `value[key]`
    fn item(&mut self, value: &Value, key: &Value) -> Value {
        match (value, key) {
            (Value::Known(Known::SysModules), Value::String(name)) => {
                self.effect();
                let package = self.project.modules.package(self.symbols.text(*name));
                match package.and_then(|it| self.world.by_package.get(&it)) {
                    Some(Loaded::Module(id)) => Value::Module(*id),
                    _ => Value::Unknown,
                }
            }
            // An alias of a generic class.
            (Value::Class(class), _) => Value::Class(Rc::clone(class)),
            (Value::Sequence(items), Value::Integer(index)) => {
                items.get(*index as usize).cloned().unwrap_or(Value::Unknown)
            }
            (Value::Dictionary(items), Value::String(name)) => {
                let is_it = |key: &Value| matches!(key, Value::String(other) if other == name);
                let found = items.iter().rev().find(|(key, _)| is_it(key));
                found.map_or(Value::Unknown, |(_, value)| value.clone())
            }
            _ => Value::Unknown,
        }
    }

    fn junction(
        &mut self,
        frame: &mut Frame<'_>,
        at: &mut usize,
        count: u32,
        is_and: bool,
    ) -> Result<Value, Stop> {
        let spans: Vec<(usize, usize)> = (0..count).map(|_| frame.span(at)).collect();
        let (mut value, mut is_undecided) = (Value::Unknown, false);
        for (mut start, _) in spans {
            if is_undecided {
                self.perhaps(|it| it.expression(frame, &mut start))?;
                continue;
            }
            value = self.expression(frame, &mut start)?;
            match self.truth(&value) {
                None => is_undecided = true,
                Some(truth) if truth != is_and => return Ok(value),
                Some(_) => {}
            }
        }
        Ok(if is_undecided { Value::Unknown } else { value })
    }

    fn comprehension(
        &mut self,
        frame: &mut Frame<'_>,
        at: &mut usize,
        operand: u32,
    ) -> Result<Value, Stop> {
        let (is_list, is_plain) = (operand & 1 != 0, operand & 2 != 0);
        let iterable = self.expression(frame, at)?;
        let word = frame.word(at);
        let target = self.symbols.optional(frame, word);
        let (start, _) = frame.span(at);
        let locals = Rc::new(Locals::new(Namespace::default(), frame.locals.clone(), true));
        let mut inner = frame.inner(Some(Rc::clone(&locals)));
        let known = match &iterable {
            Value::Sequence(items) if is_plain && items.len() <= MOST_ITEMS => Some(items),
            _ => None,
        };
        let Some(items) = known else {
            self.perhaps(|it| it.expression(&mut inner, &mut start.clone()))?;
            return Ok(Value::Unknown);
        };
        let mut made = Vec::new();
        for item in items.iter() {
            if let Some(target) = target {
                locals.set(target, item.clone());
            }
            made.push(self.expression(&mut inner, &mut start.clone())?);
        }
        Ok(if is_list { Value::Sequence(made.into()) } else { Value::Unknown })
    }

    /// Whether a value is true.
    pub(super) fn truth(&self, value: &Value) -> Option<bool> {
        match value {
            Value::None => Some(false),
            Value::Boolean(it) | Value::Some(it) => Some(*it),
            Value::Integer(it) => Some(*it != 0),
            Value::String(it) => Some(!self.symbols.text(*it).is_empty()),
            Value::Module(_) | Value::Function(_) | Value::Opaque(_) | Value::Builtin(_) => {
                Some(true)
            }
            Value::Class(class) if class.metaclass.is_none() => Some(true),
            Value::Sequence(items) => Some(!items.is_empty()),
            Value::Dictionary(items) => Some(!items.is_empty()),
            _ => None,
        }
    }

    pub(super) fn add(&mut self, left: &Value, right: &Value) -> Value {
        match (left, right) {
            (Value::Sequence(left), Value::Sequence(right)) => {
                Value::Sequence(left.iter().chain(right.iter()).cloned().collect())
            }
            (Value::String(left), Value::String(right)) => {
                let both = format!("{}{}", self.symbols.text(*left), self.symbols.text(*right));
                Value::String(self.symbols.intern(&both))
            }
            _ => Value::Unknown,
        }
    }
}

fn bound(function: &Rc<Function>, to: Value) -> Value {
    let mut function = (**function).clone();
    function.bound_to = Some(to);
    Value::Function(Rc::new(function))
}

fn compare(comparison: Comparison, left: &Value, right: &Value) -> Value {
    let answer = match comparison {
        Comparison::Equal => is_equal(left, right),
        Comparison::NotEqual => is_equal(left, right).map(|it| !it),
        Comparison::In => is_in(left, right),
        Comparison::NotIn => is_in(left, right).map(|it| !it),
        Comparison::Is => is_same(left, right),
        Comparison::IsNot => is_same(left, right).map(|it| !it),
    };
    answer.map_or(Value::Unknown, Value::Boolean)
}

fn is_equal(left: &Value, right: &Value) -> Option<bool> {
    Some(match (left, right) {
        (Value::String(left), Value::String(right)) => left == right,
        (Value::Integer(left), Value::Integer(right)) => left == right,
        (Value::Boolean(left), Value::Boolean(right)) => left == right,
        (Value::None, Value::None) => true,
        (Value::String(_) | Value::Integer(_) | Value::Module(_), Value::None) => false,
        _ => return None,
    })
}

fn is_in(item: &Value, container: &Value) -> Option<bool> {
    match container {
        Value::Sequence(items) => {
            let mut answer = Some(false);
            for other in items.iter() {
                match is_equal(item, other) {
                    Some(true) => return Some(true),
                    Some(false) => {}
                    None => answer = None,
                }
            }
            answer
        }
        Value::Dictionary(items) => {
            let keys: Vec<Value> = items.iter().map(|(key, _)| key.clone()).collect();
            is_in(item, &Value::Sequence(keys.into()))
        }
        _ => None,
    }
}

fn is_same(left: &Value, right: &Value) -> Option<bool> {
    let is_something = |value: &Value| {
        matches!(
            value,
            Value::Module(_)
                | Value::Function(_)
                | Value::Opaque(_)
                | Value::Class(_)
                | Value::Instance(_)
                | Value::Sequence(_)
                | Value::String(_)
                | Value::Integer(_)
        )
    };
    match (left, right) {
        (Value::None, Value::None) => Some(true),
        (Value::Boolean(left), Value::Boolean(right)) => Some(left == right),
        (it, Value::None) | (Value::None, it) if is_something(it) => Some(false),
        _ => None,
    }
}

//! Statements.

use std::rc::Rc;

use super::failure::{Catches, ImportFailure, Stop, catches};
use super::interpreter::{Flow, Frame, Interpreter, Loaded, Site};
use super::values::{Class, Known, Lazy, Namespace, Symbol, Value};
use crate::facts::program::{IS_LAZY, Instruction, NOTHING};

/// So many items of a sequence are gone through one by one.
pub(super) const MOST_ITEMS: usize = 64;

impl Interpreter<'_> {
    /// Runs the statements between two places of a program.
    pub(super) fn block(
        &mut self,
        frame: &mut Frame<'_>,
        start: usize,
        end: usize,
    ) -> Result<Flow, Stop> {
        let (mut at, mut flow, may) = (start, Flow::Normal, self.may);
        let is_of_module = frame.locals.is_none() && frame.class.is_none();
        while at < end {
            let is_doubtful = flow != Flow::Normal;
            let done = match is_of_module {
                true => self.module_statement(frame, &mut at),
                false => self.statement(frame, &mut at),
            };
            match done {
                Ok(Flow::Normal) => {}
                Ok(Flow::MayReturn | Flow::MayJump) if is_doubtful => {}
                Ok(doubtful @ (Flow::MayReturn | Flow::MayJump)) => {
                    flow = doubtful;
                    self.may += 1;
                }
                Ok(ending) => {
                    self.may = may;
                    return Ok(if is_doubtful { flow } else { ending });
                }
                Err(Stop::Failure(_)) if is_doubtful => {
                    self.may = may;
                    return Ok(flow);
                }
                Err(stop) => {
                    self.may = may;
                    return Err(stop);
                }
            }
        }
        self.may = may;
        Ok(flow)
    }

    pub(super) fn statement(
        &mut self,
        frame: &mut Frame<'_>,
        at: &mut usize,
    ) -> Result<Flow, Stop> {
        self.step()?;
        let (instruction, operand) = Instruction::of(frame.word(at));
        match instruction {
            Instruction::Expression => {
                self.expression(frame, at)?;
            }
            Instruction::Assign => {
                let value = self.expression(frame, at)?;
                for _ in 0..operand {
                    self.assign(frame, at, value.clone())?;
                }
            }
            Instruction::Append => self.append(frame, at, operand)?,
            Instruction::Import => self.import_statement(frame, at, operand)?,
            Instruction::From => self.names_statement(frame, at, operand)?,
            Instruction::If => {
                let test = self.expression(frame, at)?;
                let body = frame.span(at);
                let otherwise = frame.span(at);
                return match self.truth(&test) {
                    Some(true) => self.block(frame, body.0, body.1),
                    Some(false) => self.block(frame, otherwise.0, otherwise.1),
                    None => {
                        let first = self.block_perhaps(frame, body)?;
                        let second = self.block_perhaps(frame, otherwise)?;
                        Ok(either(first, second, frame.locals.is_some()))
                    }
                };
            }
            Instruction::For => return self.for_statement(frame, at),
            Instruction::While => {
                let test = self.expression(frame, at)?;
                let body = frame.span(at);
                let otherwise = frame.span(at);
                return match self.truth(&test) {
                    Some(false) => self.block(frame, otherwise.0, otherwise.1),
                    Some(true) => Ok(match self.block(frame, body.0, body.1)? {
                        Flow::Return => Flow::Return,
                        Flow::MayReturn if frame.locals.is_some() => Flow::MayReturn,
                        _ => Flow::Normal,
                    }),
                    None => {
                        let flow = self.block_perhaps(frame, body)?;
                        let returns = matches!(flow, Flow::Return | Flow::MayReturn);
                        Ok(doubtful(returns && frame.locals.is_some()))
                    }
                };
            }
            Instruction::With => {
                for _ in 0..operand {
                    self.expression(frame, at)?;
                    self.assign(frame, at, Value::Unknown)?;
                }
                let (start, end) = frame.span(at);
                return self.block(frame, start, end);
            }
            Instruction::Suppress => {
                let names = *at;
                *at += operand as usize;
                let (start, end) = frame.span(at);
                return match self.block(frame, start, end) {
                    Err(Stop::Failure(failure)) => {
                        match self.catching(frame, names, operand, &failure) {
                            Catches::No => Err(Stop::Failure(failure)),
                            _ => Ok(Flow::Normal),
                        }
                    }
                    done => done,
                };
            }
            Instruction::Try => return self.try_statement(frame, at, operand),
            Instruction::Return => {
                frame.result = self.expression(frame, at)?;
                return Ok(Flow::Return);
            }
            Instruction::Jump => return Ok(Flow::Jump),
            Instruction::Raise => {
                let site = frame.site(at);
                self.expression(frame, at)?;
                if self.may > 0 {
                    return Ok(Flow::Dead);
                }
                let exception = match operand.checked_sub(1) {
                    Some(text) => {
                        let symbol = self.symbols.of_file(frame.file, text);
                        self.symbols.text(symbol).to_owned()
                    }
                    None => String::new(),
                };
                return self.fail(&exception, String::new(), site, None);
            }
            Instruction::Delete => {
                *at += 1;
                if self.may == 0 {
                    let name = self.symbols.of_file(frame.file, operand);
                    self.unbind(frame, name);
                }
            }
            Instruction::Annotation => {
                let (mut start, _) = frame.span(at);
                if self.mode.versions.0 < 14 {
                    self.expression(frame, &mut start)?;
                }
            }
            Instruction::Function => self.function_statement(frame, at, operand)?,
            Instruction::Class => self.class_statement(frame, at, operand)?,
            Instruction::Match => {
                self.expression(frame, at)?;
                for _ in 0..operand {
                    let block = frame.span(at);
                    self.block_perhaps(frame, block)?;
                }
            }
            _ => unreachable!("programs are made of statements"),
        }
        Ok(Flow::Normal)
    }

    /// A block that may run or not; an exception in it may have ended it early.
    fn block_perhaps(
        &mut self,
        frame: &mut Frame<'_>,
        (start, end): (usize, usize),
    ) -> Result<Flow, Stop> {
        let done = self.perhaps(|interpreter| interpreter.block(frame, start, end))?;
        Ok(done.unwrap_or(Flow::Normal))
    }

    fn for_statement(&mut self, frame: &mut Frame<'_>, at: &mut usize) -> Result<Flow, Stop> {
        let iterable = self.expression(frame, at)?;
        let target = *at;
        self.skip_target(frame, at);
        let body = frame.span(at);
        let otherwise = frame.span(at);
        if let Value::Sequence(items) = &iterable
            && items.len() <= MOST_ITEMS
        {
            for item in items.iter() {
                self.assign(frame, &mut target.clone(), item.clone())?;
                match self.block(frame, body.0, body.1)? {
                    Flow::Return => return Ok(Flow::Return),
                    Flow::Jump => return Ok(Flow::Normal),
                    Flow::MayReturn | Flow::MayJump => {
                        return Ok(doubtful(frame.locals.is_some()));
                    }
                    Flow::Normal | Flow::Dead => {}
                }
            }
            return self.block(frame, otherwise.0, otherwise.1);
        }
        self.assign(frame, &mut target.clone(), Value::Unknown)?;
        let flow = self.block_perhaps(frame, body)?;
        let rest = match flow {
            Flow::Normal => self.block(frame, otherwise.0, otherwise.1)?,
            _ => self.block_perhaps(frame, otherwise)?,
        };
        let returns = |flow| matches!(flow, Flow::Return | Flow::MayReturn);
        Ok(doubtful((returns(flow) || returns(rest)) && frame.locals.is_some()))
    }

    fn try_statement(
        &mut self,
        frame: &mut Frame<'_>,
        at: &mut usize,
        handlers: u32,
    ) -> Result<Flow, Stop> {
        let body = frame.span(at);
        let first_handler = *at;
        for _ in 0..handlers {
            let count = frame.word(at);
            *at += if count == NOTHING { 0 } else { count as usize };
            *at += 1;
            frame.span(at);
        }
        let otherwise = frame.span(at);
        let last = frame.span(at);
        let done = match self.block(frame, body.0, body.1) {
            Ok(Flow::Normal) => {
                let done = self.block(frame, otherwise.0, otherwise.1);
                self.learn_from_handlers(frame, first_handler, handlers)?;
                done
            }
            Ok(flow) => {
                self.learn_from_handlers(frame, first_handler, handlers)?;
                Ok(flow)
            }
            Err(Stop::Failure(failure)) => self.handle(frame, first_handler, handlers, failure),
            stop => stop,
        };
        if matches!(done, Err(Stop::Exhausted)) {
            return done;
        }
        match self.block(frame, last.0, last.1)? {
            Flow::Normal => done,
            flow => Ok(flow),
        }
    }

    fn handle(
        &mut self,
        frame: &mut Frame<'_>,
        mut at: usize,
        handlers: u32,
        failure: Box<ImportFailure>,
    ) -> Result<Flow, Stop> {
        for _ in 0..handlers {
            let count = frame.word(&mut at);
            let caught = match count {
                NOTHING => Catches::Yes,
                count => {
                    let names = at;
                    at += count as usize;
                    self.catching(frame, names, count, &failure)
                }
            };
            let word = frame.word(&mut at);
            let name = self.symbols.optional(frame.file, word);
            let block = frame.span(&mut at);
            if caught == Catches::No {
                continue;
            }
            if let Some(name) = name {
                self.bind(frame, name, Value::Unknown);
            }
            let done = match caught {
                Catches::Yes => self.block(frame, block.0, block.1),
                _ => {
                    self.block_perhaps(frame, block)?;
                    Ok(doubtful(frame.locals.is_some()))
                }
            };
            if let Some(name) = name {
                self.unbind(frame, name);
            }
            return match done {
                // A bare `raise`.
                Err(Stop::Failure(again)) if again.exception.is_empty() => {
                    Err(Stop::Failure(failure))
                }
                done => done,
            };
        }
        Err(Stop::Failure(failure))
    }

    /// Whether one of some exception classes catches an exception.
    fn catching(
        &mut self,
        frame: &Frame<'_>,
        names: usize,
        count: u32,
        failure: &ImportFailure,
    ) -> Catches {
        let mut caught = Catches::No;
        for index in 0..count as usize {
            let word = frame.program[names + index];
            let one = match self.symbols.optional(frame.file, word) {
                Some(name) => catches(self.symbols.text(name), &failure.exception),
                None => Catches::Maybe,
            };
            match one {
                Catches::Yes => return Catches::Yes,
                Catches::Maybe => caught = Catches::Maybe,
                Catches::No => {}
            }
        }
        caught
    }

    /// The body of a `try` went well as far as that is known; what its handlers assign may be bound
    /// all the same.
    fn learn_from_handlers(
        &mut self,
        frame: &mut Frame<'_>,
        mut at: usize,
        handlers: u32,
    ) -> Result<(), Stop> {
        if self.mode.is_closed || frame.class.is_some() || frame.locals.is_some() {
            return Ok(());
        }
        for _ in 0..handlers {
            let count = frame.word(&mut at);
            at += if count == NOTHING { 0 } else { count as usize } + 1;
            let (start, end) = frame.span(&mut at);
            let mut at = start;
            while at < end {
                let (instruction, operand) = Instruction::of(frame.program[at]);
                let is_plain = instruction == Instruction::Assign && operand == 1;
                let value = at + 1;
                let is_word = is_plain
                    && matches!(
                        Instruction::of(frame.program[value]).0,
                        Instruction::None | Instruction::Boolean | Instruction::Unknown
                    );
                if !is_word {
                    break;
                }
                let (to, text) = Instruction::of(frame.program[value + 1]);
                if to != Instruction::ToName {
                    break;
                }
                let name = self.symbols.of_file(frame.file, text);
                if self.look_up(frame.module, name).is_none() {
                    self.set_attribute(frame.module, name, Value::Unknown);
                }
                at = value + 3;
            }
        }
        Ok(())
    }

    fn append(&mut self, frame: &mut Frame<'_>, at: &mut usize, text: u32) -> Result<(), Stop> {
        let site = frame.site(at);
        let name = self.symbols.of_file(frame.file, text);
        let before = self.load(frame, name, site)?;
        let value = self.expression(frame, at)?;
        let sum = self.add(&before, &value);
        self.bind(frame, name, sum);
        Ok(())
    }

    fn import_statement(
        &mut self,
        frame: &mut Frame<'_>,
        at: &mut usize,
        flags: u32,
    ) -> Result<(), Stop> {
        let site = frame.site(at);
        let dotted = frame.word(at);
        let word = frame.word(at);
        let name = self.symbols.optional(frame.file, word);
        if dotted == NOTHING {
            return Ok(());
        }
        let bound = match name {
            Some(name) => name,
            None => self.path(frame.file, dotted).parts[0],
        };
        let value = if self.is_taken_out(site) {
            self.effect();
            Value::Unknown
        } else if flags & IS_LAZY != 0 {
            let binds_top = name.is_none();
            Value::Lazy(Rc::new(Lazy { file: frame.file, module: dotted, name: None, binds_top }))
        } else {
            self.import_as(dotted, name.is_some(), site)?
        };
        self.bind(frame, bound, value);
        Ok(())
    }

    fn names_statement(
        &mut self,
        frame: &mut Frame<'_>,
        at: &mut usize,
        operand: u32,
    ) -> Result<(), Stop> {
        let (count, is_lazy) = (operand >> 2, operand & IS_LAZY != 0);
        let is_relative = operand & crate::facts::program::IS_RELATIVE != 0;
        let site = frame.site(at);
        let dotted = frame.word(at);
        let names: Vec<(Symbol, Symbol)> = (0..count)
            .map(|_| {
                let (name, bound) = (frame.word(at), frame.word(at));
                let name = self.symbols.of_file(frame.file, name);
                (name, self.symbols.of_file(frame.file, bound))
            })
            .collect();
        if self.is_taken_out(site) {
            self.effect();
            names.iter().for_each(|(_, bound)| self.bind(frame, *bound, Value::Unknown));
            return Ok(());
        }
        let is_script = self.module(frame.module).is_script;
        if dotted == NOTHING || is_relative && is_script {
            if !self.mode.is_closed {
                names.iter().for_each(|(_, bound)| self.bind(frame, *bound, Value::Unknown));
                return Ok(());
            }
            let is_top = !self.project.file(frame.file).module().as_str().contains('.')
                && !self.module(frame.module).is_package;
            let message = match is_script || is_top {
                true => "attempted relative import with no known parent package",
                false => "attempted relative import beyond top-level package",
            };
            return self.fail("ImportError", message.to_owned(), site, None);
        }
        if is_lazy {
            for (name, bound) in names {
                let lazy =
                    Lazy { file: frame.file, module: dotted, name: Some(name), binds_top: false };
                self.bind(frame, bound, Value::Lazy(Rc::new(lazy)));
            }
            return Ok(());
        }
        let plain: Vec<Symbol> = names.iter().map(|(name, _)| *name).collect();
        let module = self.import_for_names(dotted, &plain, site)?;
        for (name, bound) in names {
            if self.symbols.text(name) == "*" {
                self.import_star(frame, &module, site)?;
            } else {
                let value = self.import_from(&module, name, site)?;
                self.bind(frame, bound, value);
            }
        }
        Ok(())
    }

    /// Whether an import statement is not to be run.
    pub(super) fn is_taken_out(&self, site: Site) -> bool {
        self.without.iter().any(|(file, at)| *file == site.file && *at == site.at)
    }

    // Names.

    /// Binds a name in the scope that runs.
    pub(super) fn bind(&mut self, frame: &mut Frame<'_>, name: Symbol, value: Value) {
        if let Some(class) = &mut frame.class {
            class.set(name, value);
        } else if let Some(locals) = &frame.locals {
            let mut at = locals;
            while at.is_comprehension
                && let Some(around) = &at.around
            {
                at = around;
            }
            if at.is_comprehension {
                return self.set_attribute(frame.module, name, value);
            }
            at.set(name, value);
        } else {
            self.set_attribute(frame.module, name, value);
        }
    }

    fn unbind(&mut self, frame: &mut Frame<'_>, name: Symbol) {
        if let Some(class) = &mut frame.class {
            class.remove(name);
        } else if let Some(locals) = &frame.locals {
            locals.remove(name);
        } else {
            self.module_mut(frame.module).namespace.remove(name);
        }
    }

    /// Assigns to the target that stands here.
    pub(super) fn assign(
        &mut self,
        frame: &mut Frame<'_>,
        at: &mut usize,
        value: Value,
    ) -> Result<(), Stop> {
        let (instruction, operand) = Instruction::of(frame.word(at));
        match instruction {
            Instruction::ToName => {
                *at += 1;
                let name = self.symbols.of_file(frame.file, operand);
                self.bind(frame, name, value);
            }
            Instruction::ToGlobal => {
                *at += 1;
                let name = self.symbols.of_file(frame.file, operand);
                self.set_attribute(frame.module, name, value);
            }
            Instruction::ToAttribute => {
                *at += 1;
                let name = self.symbols.of_file(frame.file, operand);
                match self.expression(frame, at)? {
                    Value::Module(id) => {
                        let is_new = self.look_up(id, name).is_none();
                        if self.may == 0 || is_new {
                            self.set_attribute(id, name, value);
                        }
                    }
                    Value::Class(class) => {
                        self.set_class_attribute(&class, name, value);
                    }
                    _ => {}
                }
            }
            Instruction::ToSubscript => {
                let table = self.expression(frame, at)?;
                let key = self.expression(frame, at)?;
                self.assign_item(&table, &key, value);
            }
            Instruction::ToSequence => {
                let items = match &value {
                    Value::Sequence(items) if items.len() == operand as usize => Some(items),
                    _ => None,
                };
                for index in 0..operand as usize {
                    let item = items.map_or(Value::Unknown, |items| items[index].clone());
                    self.assign(frame, at, item)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn assign_item(&mut self, table: &Value, key: &Value, value: Value) {
        match (table, key) {
            (Value::Known(Known::SysModules), Value::String(name)) => {
                let package = self.project.modules.package(self.symbols.text(*name));
                let Some(package) = package else { return };
                let loaded = match value {
                    Value::Module(id) => Loaded::Module(id),
                    _ => {
                        if let Some(Loaded::Module(id)) = self.world.by_package.get(&package) {
                            let id = *id;
                            self.module_mut(id).is_opaque = true;
                            return;
                        }
                        Loaded::Foreign
                    }
                };
                self.world.by_package.insert(package, loaded);
                self.effect();
            }
            (Value::Known(Known::SysModules), _) => {
                self.effect();
                // Any module may have been replaced: the one that is executing most likely.
                if let Some(hop) = self.trail.last() {
                    let file = hop.to;
                    let name = self.project.file(file).module().as_str();
                    let package = self.project.modules.package(name);
                    if let Some(Loaded::Module(id)) =
                        package.and_then(|it| self.world.by_package.get(&it)).copied()
                    {
                        self.module_mut(id).is_opaque = true;
                    }
                }
            }
            (Value::Known(Known::Globals(id)), Value::String(name)) => {
                self.set_attribute(*id, *name, value);
            }
            (Value::Known(Known::Globals(id)), _) => self.module_mut(*id).is_opaque = true,
            _ => {}
        }
    }

    /// Goes behind a target.
    fn skip_target(&self, frame: &Frame<'_>, at: &mut usize) {
        let (instruction, operand) = Instruction::of(frame.word(at));
        match instruction {
            Instruction::ToName | Instruction::ToGlobal => *at += 1,
            Instruction::ToAttribute => {
                *at += 1;
                self.skip(frame, at);
            }
            Instruction::ToSubscript => {
                self.skip(frame, at);
                self.skip(frame, at);
            }
            Instruction::ToSequence => {
                for _ in 0..operand {
                    self.skip_target(frame, at);
                }
            }
            _ => {}
        }
    }

    // Definitions.

    fn function_statement(
        &mut self,
        frame: &mut Frame<'_>,
        at: &mut usize,
        text: u32,
    ) -> Result<(), Stop> {
        let site = frame.site(at);
        let name = self.symbols.of_file(frame.file, text);
        let (function, decorators) = self.function(frame, at, false)?;
        self.bind_decorated(frame, name, function, decorators, site)
    }

    fn class_statement(
        &mut self,
        frame: &mut Frame<'_>,
        at: &mut usize,
        text: u32,
    ) -> Result<(), Stop> {
        let site = frame.site(at);
        let name = self.symbols.of_file(frame.file, text);
        let counts = [frame.word(at), frame.word(at), frame.word(at)];
        let [decorators, bases, keywords] = counts;
        let decorators = self.expressions(frame, at, decorators)?;
        let bases = self.expressions(frame, at, bases)?;
        let mut given = Vec::new();
        for _ in 0..keywords {
            let word = frame.word(at);
            let key = self.symbols.optional(frame.file, word);
            let value = self.expression(frame, at)?;
            given.extend(key.map(|key| (key, value)));
        }
        let (start, end) = frame.span(at);
        let mut inner = frame.inner(frame.locals.clone());
        inner.class = Some(Namespace::default());
        self.block(&mut inner, start, end)?;
        let own = given.iter().position(|(key, _)| *key == Symbol::METACLASS);
        let meta = own.map(|at| given.remove(at).1);
        let inherited = || {
            bases.iter().find_map(|base| match base {
                Value::Class(base) => base.metaclass.clone(),
                _ => None,
            })
        };
        let (namespace, metaclass) =
            (inner.class.take().unwrap_or_default(), meta.or_else(inherited));
        // Each call that makes a class makes another one.
        let made = self.recall.effect();
        let class = Rc::new(Class::new(name, namespace, bases, metaclass, made));
        self.make_class(&class, name, given, site)?;
        self.bind_decorated(frame, name, Value::Class(class), decorators, site)
    }

    /// Binds what decorators, outermost first, make of a function or class.
    fn bind_decorated(
        &mut self,
        frame: &mut Frame<'_>,
        name: Symbol,
        mut value: Value,
        decorators: Vec<Value>,
        site: Site,
    ) -> Result<(), Stop> {
        for decorator in decorators.into_iter().rev() {
            value = self.decorate(frame, &decorator, value, site)?;
        }
        self.bind(frame, name, value);
        Ok(())
    }

    /// What `type` and its like do when a class statement has run its body.
    fn make_class(
        &mut self,
        class: &Rc<Class>,
        name: Symbol,
        keywords: Vec<(Symbol, Value)>,
        site: Site,
    ) -> Result<(), Stop> {
        let meta = match &class.metaclass {
            Some(Value::Class(meta)) => Some(Rc::clone(meta)),
            _ => None,
        };
        let itself = Value::Class(Rc::clone(class));
        let arguments =
            || vec![itself.clone(), Value::String(name), Value::Unknown, Value::Unknown];
        let call = |interpreter: &mut Self, method: Symbol| {
            let Some(meta) = &meta else { return Ok(()) };
            if let Some((Value::Function(function), is_uncertain)) =
                interpreter.special(meta, method)
            {
                let given = Some(arguments());
                interpreter.call_method(&function, given, &[], is_uncertain, site)?;
            }
            Ok::<(), Stop>(())
        };
        call(self, Symbol::NEW)?;
        let is_told = |value: &Value| match value {
            Value::Instance(of) => self.special(of, Symbol::SET_NAME).is_some(),
            _ => false,
        };
        let names = class.namespace.borrow();
        let told: Vec<(Symbol, Value)> = names
            .iter()
            .filter(|(_, value)| is_told(value))
            .map(|(name, value)| (name, value.clone()))
            .collect();
        drop(names);
        for (own, value) in told {
            if let Value::Instance(of) = &value
                && let Some((Value::Function(function), is_uncertain)) =
                    self.special(of, Symbol::SET_NAME)
            {
                let given = vec![value.clone(), itself.clone(), Value::String(own)];
                let done = self.call_method(&function, Some(given), &[], is_uncertain, site);
                if let (Err(Stop::Failure(failure)), true) = (&done, self.mode.versions.1 < 12) {
                    // Older Pythons say so in words of their own.
                    let text = |symbol| self.symbols.text(symbol).to_owned();
                    let message = format!(
                        "Error calling __set_name__ on '{}' instance '{}' in '{}'",
                        text(of.name),
                        text(own),
                        text(name)
                    );
                    let missing = failure.missing.clone();
                    return self.fail("RuntimeError", message, site, missing);
                }
                done?;
            }
        }
        for base in &class.bases {
            match base {
                Value::Class(base) => {
                    if let Some((Value::Function(function), is_uncertain)) =
                        self.special(base, Symbol::INIT_SUBCLASS)
                    {
                        let given = Some(vec![itself.clone()]);
                        self.call_method(&function, given, &keywords, is_uncertain, site)?;
                        break;
                    }
                }
                _ => break,
            }
        }
        call(self, Symbol::INIT)
    }
}

fn doubtful(is_doubtful: bool) -> Flow {
    if is_doubtful { Flow::MayReturn } else { Flow::Normal }
}

/// What two branches come to of which one runs.
fn either(first: Flow, second: Flow, is_function: bool) -> Flow {
    match (first, second) {
        (Flow::Dead, other) | (other, Flow::Dead) => other,
        (Flow::Return, Flow::Return) => Flow::Return,
        (Flow::Jump, Flow::Jump) => Flow::Jump,
        (Flow::Return | Flow::MayReturn, _) | (_, Flow::Return | Flow::MayReturn)
            if is_function =>
        {
            Flow::MayReturn
        }
        (Flow::Jump | Flow::MayJump, _) | (_, Flow::Jump | Flow::MayJump) => Flow::MayJump,
        _ => Flow::Normal,
    }
}

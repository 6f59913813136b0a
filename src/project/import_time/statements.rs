//! Statements.

use super::failure::{Catches, ImportFailure, Stop, catches};
use super::interpreter::{Flow, Frame, Interpreter};
use super::values::{FunctionKind, Value};
use crate::facts::program::{Instruction, NOTHING};

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
                true => self.module_statement(frame, &mut at, end),
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
            Instruction::From | Instruction::FromBeyond => {
                self.names_statement(frame, at, instruction, operand)?;
            }
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
                        let symbol = self.symbols.of(frame, text);
                        self.symbols.text(symbol).to_owned()
                    }
                    None => String::new(),
                };
                return self.fail(&exception, String::new(), site, None);
            }
            Instruction::Delete => {
                let site = frame.site(at);
                if self.may == 0 {
                    let name = self.symbols.of(frame, operand);
                    self.delete(frame, name, site)?;
                }
            }
            Instruction::Annotation => {
                let (mut start, _) = frame.span(at);
                if self.mode.versions.0 < 14 {
                    self.expression(frame, &mut start)?;
                }
            }
            Instruction::Function => self.function_statement(frame, at, operand)?,
            Instruction::Opaque => {
                let name = self.symbols.of(frame, operand);
                self.bind(frame, name, Value::Opaque(FunctionKind::Plain));
            }
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
            let name = self.symbols.optional(frame, word);
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
            let word = frame.program.word(names + index);
            let one = match self.symbols.optional(frame, word) {
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
                let (instruction, operand) = Instruction::of(frame.program.word(at));
                let is_plain = instruction == Instruction::Assign && operand == 1;
                let value = at + 1;
                let is_word = is_plain
                    && matches!(
                        Instruction::of(frame.program.word(value)).0,
                        Instruction::None | Instruction::Boolean | Instruction::Unknown
                    );
                if !is_word {
                    break;
                }
                let (to, text) = Instruction::of(frame.program.word(value + 1));
                if to != Instruction::ToName {
                    break;
                }
                let name = self.symbols.of(frame, text);
                if self.look_up(frame.module, name).is_none() {
                    self.set_attribute(frame.module, name, Value::Unknown);
                }
                at = value + 2;
            }
        }
        Ok(())
    }

    fn append(&mut self, frame: &mut Frame<'_>, at: &mut usize, text: u32) -> Result<(), Stop> {
        let site = frame.site(at);
        let name = self.symbols.of(frame, text);
        let before = self.load(frame, name, site)?;
        let value = self.expression(frame, at)?;
        let sum = self.add(&before, &value);
        self.bind(frame, name, sum);
        Ok(())
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

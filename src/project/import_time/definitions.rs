//! Functions and classes, as their statements make them.

use std::rc::Rc;

use super::failure::Stop;
use super::interpreter::{Frame, Interpreter, Site};
use super::names::Namespace;
use super::values::{Class, Symbol, Value};

impl Interpreter<'_> {
    pub(super) fn function_statement(
        &mut self,
        frame: &mut Frame<'_>,
        at: &mut usize,
        text: u32,
    ) -> Result<(), Stop> {
        let site = frame.site(at);
        let name = self.symbols.of(frame, text);
        let (function, decorators) = self.function(frame, at, false)?;
        self.bind_decorated(frame, name, function, decorators, site)
    }

    pub(super) fn class_statement(
        &mut self,
        frame: &mut Frame<'_>,
        at: &mut usize,
        text: u32,
    ) -> Result<(), Stop> {
        let site = frame.site(at);
        let name = self.symbols.of(frame, text);
        let counts = [frame.word(at), frame.word(at), frame.word(at)];
        let [decorators, bases, keywords] = counts;
        let decorators = self.expressions(frame, at, decorators)?;
        let bases = self.expressions(frame, at, bases)?;
        let mut given = Vec::new();
        for _ in 0..keywords {
            let word = frame.word(at);
            let key = self.symbols.optional(frame, word);
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
    pub(super) fn bind_decorated(
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
    pub(super) fn make_class(
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
                    if let Some((Value::Opaque(_), _)) = self.special(base, Symbol::INIT_SUBCLASS) {
                        break;
                    }
                }
                _ => break,
            }
        }
        call(self, Symbol::INIT)
    }
}

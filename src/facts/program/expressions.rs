//! Expressions to words.

use ruff_python_ast::{self as ast, CmpOp, Expr, Operator, UnaryOp};
use ruff_text_size::Ranged as _;

use super::write::Writer;
use super::{Comparison, Instruction};
use crate::semantic::{Test, read_test};
use crate::syntax::string_text;

/// A sequence that is longer, and whose items do nothing, is not kept item by item.
const LONGEST_SEQUENCE: usize = 32;

/// Who looks at the strings and numbers that it is called with.
const READS_STRINGS: &[&str] =
    &["__import__", "delattr", "getattr", "hasattr", "import_module", "range", "setattr"];

impl<'a> Writer<'a, '_> {
    pub(super) fn expression(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(it) => self.name(it),
            Expr::Attribute(it) => self.attribute(it, false),
            Expr::Call(it) => self.call(it),
            Expr::StringLiteral(it) => self.string(it),
            Expr::NumberLiteral(it) => match &it.value {
                ast::Number::Int(int) if let Some(small) = int.as_u8() => {
                    self.number(u32::from(small));
                }
                _ => self.put(Instruction::Unknown, 0),
            },
            Expr::BooleanLiteral(it) => self.put(Instruction::Boolean, u32::from(it.value)),
            Expr::NoneLiteral(_) => self.put(Instruction::None, 0),
            Expr::BytesLiteral(_) | Expr::EllipsisLiteral(_) | Expr::IpyEscapeCommand(_) => {
                self.put(Instruction::Unknown, 0);
            }
            Expr::Tuple(it) => self.sequence(&it.elts),
            Expr::List(it) => self.sequence(&it.elts),
            Expr::Set(it) => self.sequence(&it.elts),
            Expr::Dict(it) => self.dictionary(it),
            Expr::BinOp(it) if it.op == Operator::Add => {
                let start = self.words.len();
                self.put(Instruction::Add, 0);
                self.expression(&it.left);
                self.expression(&it.right);
                if self.words.len() == start + 3 && !self.keeps_strings {
                    let is_inert = |at: usize| self.words[at] == Instruction::Unknown.with(0);
                    if is_inert(start + 1) && is_inert(start + 2) {
                        self.words.truncate(start);
                        self.put(Instruction::Unknown, 0);
                    }
                }
            }
            Expr::BinOp(it) => self.effects([&*it.left, &*it.right]),
            Expr::UnaryOp(it) if it.op == UnaryOp::Not => {
                self.put(Instruction::Not, 0);
                self.expression(&it.operand);
            }
            Expr::UnaryOp(it) => self.effects([&*it.operand]),
            Expr::BoolOp(it) => {
                let instruction = match it.op {
                    ast::BoolOp::And => Instruction::And,
                    ast::BoolOp::Or => Instruction::Or,
                };
                self.put(instruction, it.values.len() as u32);
                for value in &it.values {
                    self.measured(|writer| writer.expression(value));
                }
            }
            Expr::If(it) => {
                self.put(Instruction::Conditional, 0);
                self.expression(&it.test);
                self.measured(|writer| writer.expression(&it.body));
                self.measured(|writer| writer.expression(&it.orelse));
            }
            Expr::Compare(it) => self.compare(expression, it),
            Expr::Named(it) => match &*it.target {
                Expr::Name(name) => {
                    let text = self.text(name.id.as_str());
                    self.put(Instruction::Walrus, text);
                    self.expression(&it.value);
                    if self.is_module_level() {
                        self.remember_bound(text, name.range.start());
                    }
                }
                _ => self.expression(&it.value),
            },
            Expr::Subscript(it) => self.subscript(it),
            Expr::Lambda(it) => self.lambda(it),
            Expr::ListComp(it) => self.comprehension(&it.generators, [&*it.elt], true),
            Expr::SetComp(it) => self.comprehension(&it.generators, [&*it.elt], false),
            Expr::DictComp(it) => {
                let key = it.key.as_deref();
                let parts = key.into_iter().chain([&*it.value]);
                self.comprehension(&it.generators, parts, false);
            }
            // Only its first iterable is evaluated.
            Expr::Generator(it) => self.effects(it.generators.first().map(|first| &first.iter)),
            Expr::Await(it) => self.effects([&*it.value]),
            Expr::Yield(it) => self.effects(it.value.as_deref()),
            Expr::YieldFrom(it) => self.effects([&*it.value]),
            Expr::Starred(it) => self.effects([&*it.value]),
            Expr::Slice(it) => {
                let parts = [&it.lower, &it.upper, &it.step];
                self.effects(parts.into_iter().filter_map(|part| part.as_deref()));
            }
            Expr::FString(it) => {
                let elements = it.value.elements().filter_map(|part| part.as_interpolation());
                self.effects(elements.map(|part| &*part.expression));
            }
            Expr::TString(it) => {
                let elements = it.value.elements().filter_map(|part| part.as_interpolation());
                self.effects(elements.map(|part| &*part.expression));
            }
        }
    }

    /// Expressions of whose values nothing is known any more.
    pub(super) fn effects(&mut self, expressions: impl IntoIterator<Item = &'a Expr>) {
        let start = self.words.len();
        self.put(Instruction::Unknown, 0);
        let mut count = 0;
        for expression in expressions {
            count += self.effect(expression);
        }
        if count > 0 {
            self.words[start] = Instruction::Effects.with(count);
        }
    }

    /// Writes an expression if it may have an effect, and tells how many were written.
    pub(super) fn effect(&mut self, expression: &'a Expr) -> u32 {
        let start = self.words.len();
        self.expression(expression);
        if self.is_inert_since(start) {
            self.words.truncate(start);
            return 0;
        }
        1
    }

    fn string(&mut self, string: &ast::ExprStringLiteral) {
        let text = string_text(&string.value);
        if self.keeps_strings {
            let text = self.text(text);
            self.put(Instruction::String, text);
        } else {
            self.put(Instruction::SomeString, u32::from(!text.is_empty()));
        }
    }

    /// A number. Most are of no interest but for being 0 or not.
    fn number(&mut self, number: u32) {
        match self.keeps_strings {
            true => self.put(Instruction::Integer, number),
            false => self.put(Instruction::SomeString, u32::from(number != 0)),
        }
    }

    /// Something whose strings and numbers are kept.
    pub(super) fn with_strings(&mut self, is_kept: bool, write: impl FnOnce(&mut Self)) {
        let before = self.keeps_strings;
        self.keeps_strings |= is_kept;
        write(self);
        self.keeps_strings = before;
    }

    /// An attribute. In functions, those of local values are of no interest, but for methods that
    /// are called on `self` and its like, and for modules that the function imports.
    fn attribute(&mut self, attribute: &'a ast::ExprAttribute, is_called: bool) {
        let start = self.mark();
        self.put(Instruction::Attribute, 0);
        self.put_place(attribute.attr.range.start());
        let base = start.words + 2;
        self.expression(&attribute.value);
        let is_dull = self.is_unknown_since(base)
            || self.is_inert_since(base)
                && match &*attribute.value {
                    Expr::Name(name) => {
                        let is_own = is_called && matches!(name.id.as_str(), "self" | "cls");
                        !(is_own || self.is_imported_locally())
                    }
                    _ => true,
                };
        if is_dull {
            self.take_back(start);
            self.put(Instruction::Unknown, 0);
            return;
        }
        let text = self.text(attribute.attr.as_str());
        self.words[start.words] = Instruction::Attribute.with(text);
    }

    fn call(&mut self, call: &'a ast::ExprCall) {
        let arguments = &call.arguments;
        let is_starred = arguments.args.iter().any(Expr::is_starred_expr);
        let start = self.mark();
        let instruction = if is_starred { Instruction::StarredCall } else { Instruction::Call };
        self.put(instruction, arguments.args.len() as u32);
        self.put_place(call.range().start());
        self.words.push(arguments.keywords.len() as u32);
        let callee = self.words.len();
        match &*call.func {
            Expr::Attribute(it) => self.attribute(it, true),
            func => self.expression(func),
        }
        if self.is_unknown_since(callee) {
            self.take_back(start);
            let keywords = arguments.keywords.iter().map(|it| &it.value);
            return self.effects(arguments.args.iter().chain(keywords));
        }
        let reads_strings = match &*call.func {
            Expr::Name(name) => READS_STRINGS.contains(&name.id.as_str()),
            Expr::Attribute(it) => READS_STRINGS.contains(&it.attr.as_str()) || is_all(&it.value),
            _ => false,
        };
        self.with_strings(reads_strings, |writer| {
            for argument in &arguments.args {
                writer.expression(argument);
            }
            for keyword in &arguments.keywords {
                writer.put_text(keyword.arg.as_ref().map(|it| it.as_str()));
                writer.expression(&keyword.value);
            }
        });
    }

    fn sequence(&mut self, items: &'a [Expr]) {
        if items.iter().any(Expr::is_starred_expr) {
            return self.effects(items);
        }
        let start = self.words.len();
        self.put(Instruction::Sequence, items.len() as u32);
        for item in items {
            self.expression(item);
        }
        let is_long = items.len() > LONGEST_SEQUENCE && !self.keeps_strings;
        if is_long && self.words.len() == start + 1 + items.len() {
            self.words.truncate(start);
            self.put(Instruction::SomeString, 1);
        }
    }

    fn dictionary(&mut self, dictionary: &'a ast::ExprDict) {
        if self.keeps_strings && dictionary.items.iter().all(|it| it.key.is_some()) {
            self.put(Instruction::Dictionary, dictionary.items.len() as u32);
            for item in &dictionary.items {
                item.key.iter().for_each(|key| self.expression(key));
                self.expression(&item.value);
            }
            return;
        }
        let parts =
            dictionary.items.iter().flat_map(|it| it.key.as_ref().into_iter().chain([&it.value]));
        self.effects(parts);
    }

    fn compare(&mut self, expression: &'a Expr, compare: &'a ast::ExprCompare) {
        if let Test::Version(versions) = read_test(expression) {
            let minor = |version: Option<ast::PythonVersion>, open: u32| match version {
                Some(version) if version.major < 3 => 0,
                Some(version) if version.major > 3 => 255,
                Some(version) => u32::from(version.minor),
                None => open,
            };
            let (from, below) = (minor(versions.from, 0), minor(versions.below, 255));
            return self.put(Instruction::Version, from | below << 8);
        }
        let comparison = match compare.ops[..] {
            [CmpOp::Eq] => Comparison::Equal,
            [CmpOp::NotEq] => Comparison::NotEqual,
            [CmpOp::In] => Comparison::In,
            [CmpOp::NotIn] => Comparison::NotIn,
            [CmpOp::Is] => Comparison::Is,
            [CmpOp::IsNot] => Comparison::IsNot,
            _ => return self.effects([&*compare.left].into_iter().chain(&compare.comparators)),
        };
        let start = self.words.len();
        self.put(Instruction::Compare, comparison as u32);
        self.with_strings(true, |writer| {
            writer.expression(&compare.left);
            compare.comparators.iter().for_each(|it| writer.expression(it));
        });
        if self.words.len() == start + 3 && self.words[start + 1] == Instruction::Unknown.with(0) {
            self.words.truncate(start);
            self.put(Instruction::Unknown, 0);
        }
    }

    fn subscript(&mut self, subscript: &'a ast::ExprSubscript) {
        let start = self.words.len();
        self.put(Instruction::Subscript, 0);
        let value = self.words.len();
        self.expression(&subscript.value);
        if self.is_unknown_since(value) {
            self.words.truncate(start);
            return self.effects([&*subscript.slice]);
        }
        let is_table = subscript.slice.is_number_literal_expr()
            || match &*subscript.value {
                Expr::Call(_) => true,
                Expr::Attribute(it) => it.attr.as_str() == "modules",
                _ => false,
            };
        self.with_strings(is_table, |writer| writer.expression(&subscript.slice));
    }

    fn lambda(&mut self, lambda: &'a ast::ExprLambda) {
        self.put(Instruction::Lambda, 0);
        self.parameters(lambda.parameters.as_deref(), false);
        self.words.push(0); // decorators
        self.defaults(lambda.parameters.as_deref(), false);
        self.words.push(0); // annotations
        let is_left_out = self.options.without_functions;
        self.in_function(|writer| {
            if is_left_out {
                return writer.words.push(0);
            }
            writer.measured(|writer| writer.expression(&lambda.body));
        });
    }

    fn comprehension<'e>(
        &mut self,
        generators: &'a [ast::Comprehension],
        parts: impl IntoIterator<Item = &'a Expr>,
        is_list: bool,
    ) where
        'a: 'e,
    {
        let [first, others @ ..] = generators else { return self.put(Instruction::Unknown, 0) };
        let is_plain = others.is_empty() && first.ifs.is_empty();
        let start = self.words.len();
        self.put(Instruction::Comprehension, u32::from(is_list) | u32::from(is_plain) << 1);
        self.expression(&first.iter);
        let iterable_is_inert = self.is_inert_since(start + 1);
        match &first.target {
            Expr::Name(name) => self.put_text(Some(name.id.as_str())),
            _ => self.put_text(None),
        }
        let body = self.words.len();
        self.depth += 1;
        let class = std::mem::replace(&mut self.is_in_class, false);
        self.measured(|writer| {
            writer.put(Instruction::Effects, 0);
            let at = writer.words.len() - 1;
            let mut count = 0;
            for condition in &first.ifs {
                count += writer.effect(condition);
            }
            for generator in others {
                count += writer.effect(&generator.iter);
                for condition in &generator.ifs {
                    count += writer.effect(condition);
                }
            }
            let mut last = writer.words.len();
            for part in parts {
                last = writer.words.len();
                writer.expression(part);
                count += 1;
            }
            if count == 1 && last == at + 1 {
                writer.words.remove(at);
            } else {
                writer.words[at] = Instruction::Effects.with(count);
            }
        });
        self.depth -= 1;
        self.is_in_class = class;
        if iterable_is_inert && !is_plain_list(is_list, is_plain) && self.is_inert_since(body + 1) {
            self.words.truncate(start);
            self.put(Instruction::Unknown, 0);
        }
    }

    /// The head of a function and its parameters.
    pub(super) fn parameters(&mut self, parameters: Option<&'a ast::Parameters>, is_opaque: bool) {
        let positional = parameters.map_or(0, |it| it.posonlyargs.len() + it.args.len()) as u32;
        let head = self.words.len();
        self.words.extend([0, 0]);
        let mut count = 0;
        if !is_opaque && let Some(it) = parameters {
            let named = it.posonlyargs.iter().chain(&it.args).chain(&it.kwonlyargs);
            let rest = it.vararg.iter().chain(&it.kwarg).map(|it| &it.name);
            for name in named.map(|it| &it.parameter.name).chain(rest) {
                self.put_text(Some(name.as_str()));
                count += 1;
            }
        }
        let words = super::FunctionHead { positional, parameters: count, is_opaque }.words();
        self.words[head..head + 2].copy_from_slice(&words);
    }

    /// The defaults of parameters, each behind the index of its parameter. What is not known of them
    /// is left out; nobody wants to know anything of those of a function whose calls run nothing.
    pub(super) fn defaults(&mut self, parameters: Option<&'a ast::Parameters>, is_opaque: bool) {
        let at = self.words.len();
        self.words.push(0);
        let Some(it) = parameters else { return };
        let named = it.posonlyargs.iter().chain(&it.args).chain(&it.kwonlyargs);
        let mut count = 0;
        for (index, parameter) in named.enumerate() {
            let Some(default) = parameter.default() else { continue };
            let start = self.words.len();
            self.words.push(index as u32);
            self.expression(default);
            if self.is_unknown_since(start + 1) || is_opaque && self.is_inert_since(start + 1) {
                self.words.truncate(start);
            } else {
                count += 1;
            }
        }
        self.words[at] = count;
    }

    /// What belongs to the body of a function.
    pub(super) fn in_function(&mut self, write: impl FnOnce(&mut Self)) {
        let class = std::mem::replace(&mut self.is_in_class, false);
        let globals = std::mem::take(&mut self.global_names);
        self.depth += 1;
        write(self);
        self.depth -= 1;
        self.global_names = globals;
        self.is_in_class = class;
    }
}

fn is_plain_list(is_list: bool, is_plain: bool) -> bool {
    is_list && is_plain
}

/// Whether an expression is the name `__all__`.
pub(super) fn is_all(expression: &Expr) -> bool {
    matches!(expression, Expr::Name(name) if name.id.as_str() == "__all__")
}

//! Names that a module binds in one of several branches: `try` an import and else fall back, or
//! what the version of Python decides.

use bytemuck::{Pod, Zeroable};
use ruff_python_ast::{self as ast, AnyNodeRef, Expr, UnaryOp};
use ruff_text_size::Ranged;

use super::extract::Extractor;
use super::{Dotted, Target, TargetKind};
use crate::semantic::builtins::is_builtin;
use crate::semantic::pythons::Pythons;
use crate::semantic::{
    Binding, BindingKind, Condition, ConditionId, ScopeId, Semantic, SymbolId, Test,
};
use crate::syntax::NodeId;

/// Nobody writes more branches.
const MOST_ARMS: usize = 4;

/// One of the things that a name may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct ArmFacts {
    /// What that is.
    pub target: Target,
    /// What decides, where that is the name of a test that is written in another file.
    flag: Target,
    pythons: [u32; 2],
    flags: u32,
}

impl ArmFacts {
    const IS_TRIED: u32 = 1;
    const IF_FLAG_FAILS: u32 = 2;

    /// The Pythons that may come to it.
    pub fn pythons(&self) -> Pythons {
        Pythons::of_words(self.pythons)
    }

    /// The absolute dotted name of the test that decides, and what it must give.
    pub fn flag(&self) -> Option<(Dotted, bool)> {
        match self.flag.kind() {
            TargetKind::Absolute(name) => Some((name, self.flags & Self::IF_FLAG_FAILS == 0)),
            _ => None,
        }
    }

    /// Whether it is what a `try` does first, and does alone: if that succeeds, nothing else comes.
    pub fn is_tried(&self) -> bool {
        self.flags & ArmFacts::IS_TRIED != 0
    }
}

/// The statement whose branches bind a name.
#[derive(Clone, Copy)]
struct Branching<'a> {
    node: NodeId,
    statement: AnyNodeRef<'a>,
    around: ConditionId,
}

impl<'a> Extractor<'a, '_> {
    /// What a name of the module stands for that is bound in several branches of one statement, or
    /// once before it and then in some of them. The latter is only so when the module has run.
    pub(super) fn choice(&mut self, symbol: SymbolId, has_run: bool) -> Option<Target> {
        let branching = self.branching(symbol, has_run)?;
        let semantic = self.semantic;
        let mut arms = [ArmFacts::zeroed(); MOST_ARMS];
        let mut count = 0;
        let mut others = Pythons::ALL;
        let mut first = None;
        for binding in counting(semantic, symbol) {
            let target = self.arm_target(binding);
            if binding.condition == branching.around {
                first = Some(target);
                continue;
            }
            arms[count] = self.arm(branching, binding, target);
            // What is tried may fail, and who asks for a flag does not say what it is.
            if arms[count].flag().is_none() && branching.statement.is_stmt_if() {
                others = others.without(arms[count].pythons());
            }
            count += 1;
        }
        if let Some(target) = first {
            let pythons = others.to_words();
            arms[count] = ArmFacts { target, flag: Target::UNKNOWN, pythons, flags: 0 };
            count += 1;
        }
        let arms = &arms[..count];
        // What stands for anything in any run leaves nothing to decide, but behind what is tried.
        let is_lost = |it: &ArmFacts| {
            it.target.is_unknown() && it.flag().is_none() && it.pythons() == Pythons::ALL
        };
        let is_tried = |it: &ArmFacts| it.is_tried() && !it.target.is_unknown();
        if arms.iter().any(is_lost) && !arms.iter().any(is_tried) {
            return None;
        }
        let index = self.lists.choices.next_owner();
        arms.iter().for_each(|arm| self.lists.choices.push(index, *arm));
        Some(Target::choice(index))
    }

    /// The statement that all bindings of a name are branches of.
    fn branching(&self, symbol: SymbolId, has_run: bool) -> Option<Branching<'a>> {
        let (semantic, tree) = (self.semantic, self.tree);
        if semantic.scope_of_symbol(symbol) != ScopeId::MODULE {
            return None;
        }
        let mut bindings = counting(semantic, symbol);
        let innermost = bindings.find_map(|it| semantic.conditions(it.condition).next())?;
        let (node, around) = (innermost.statement, innermost.parent);
        let statement = tree.node(node);
        let is_it = matches!(statement, AnyNodeRef::StmtIf(_) | AnyNodeRef::StmtTry(_));
        // A function that declares the name `global` may bind it at any time.
        let is_of_module =
            !tree.ancestors(node).any(|(_, it)| matches!(it, AnyNodeRef::StmtFunctionDef(_)));
        if !is_it || !is_of_module || around != ConditionId::ALWAYS && has_run {
            return None;
        }
        let (mut seen, mut count) = (0_u64, 0);
        for binding in counting(semantic, symbol) {
            count += 1;
            if binding.condition == around {
                let is_first = count == 1 && has_run && tree.parent(binding.node) == NodeId::ROOT;
                if !is_first {
                    return None;
                }
                continue;
            }
            let condition = semantic.conditions(binding.condition).next()?;
            let arm = 1_u64.checked_shl(u32::from(condition.arm))?;
            let is_arm = condition.statement == node
                && condition.parent == around
                && condition.test != Test::Finally;
            if !is_arm || seen & arm != 0 {
                return None;
            }
            seen |= arm;
        }
        (2..=MOST_ARMS).contains(&count).then_some(Branching { node, statement, around })
    }

    fn arm_target(&mut self, binding: &Binding<'a>) -> Target {
        let target = match binding.kind {
            BindingKind::Class(class) => self.class_index(self.tree.id(class)).map(Target::class),
            BindingKind::Function(function) => {
                self.function_index(self.tree.id(function)).map(Target::function)
            }
            BindingKind::Assignment(Expr::Call(call)) => Some(self.made_by(call)),
            BindingKind::Assignment(value @ (Expr::Name(_) | Expr::Attribute(_))) => {
                Some(self.target(value))
            }
            BindingKind::Import(..) | BindingKind::FromImport(..) => {
                Some(self.binding_target(binding))
            }
            _ => None,
        };
        // Of what is itself one of several things, nobody asks which.
        target.filter(|it| !matches!(it.kind(), TargetKind::Choice(_))).unwrap_or(Target::UNKNOWN)
    }

    fn arm(&mut self, branching: Branching<'a>, binding: &Binding<'a>, target: Target) -> ArmFacts {
        let Branching { statement, node, .. } = branching;
        let mut arm =
            ArmFacts { target, flag: Target::UNKNOWN, pythons: Pythons::ALL.to_words(), flags: 0 };
        match statement {
            AnyNodeRef::StmtIf(it) => {
                if let Some((flag, holds)) = self.asked_flag(it) {
                    let body_end = it.body.last().map(Ranged::end);
                    let is_body = body_end.is_some_and(|end| binding.range.end() <= end);
                    arm.flag = flag;
                    arm.flags = if is_body == holds { 0 } else { ArmFacts::IF_FLAG_FAILS };
                } else {
                    let pythons = self.reached(it, binding.range);
                    // Nothing is said of tests that cannot be read.
                    if !pythons.is_empty() {
                        arm.pythons = pythons.to_words();
                    }
                }
            }
            AnyNodeRef::StmtTry(it) => {
                let is_alone = it.body.len() == 1 && self.tree.parent(binding.node) == node;
                let condition = self.semantic.conditions(binding.condition).next();
                if is_alone && condition.is_some_and(|it| it.test == Test::Try) {
                    arm.flags = ArmFacts::IS_TRIED;
                }
            }
            _ => {}
        }
        arm
    }

    /// The name of another file that an `if` asks, and what it must give for the body to run.
    fn asked_flag(&mut self, statement: &'a ast::StmtIf) -> Option<(Target, bool)> {
        let is_plain = statement.elif_else_clauses.iter().all(|it| it.test.is_none());
        let (test, holds) = match &*statement.test {
            Expr::UnaryOp(ast::ExprUnaryOp { op: UnaryOp::Not, operand, .. }) => {
                (&**operand, false)
            }
            test => (test, true),
        };
        let is_name = matches!(test, Expr::Name(_) | Expr::Attribute(_));
        let target = if is_plain && is_name { self.target(test) } else { Target::UNKNOWN };
        matches!(target.kind(), TargetKind::Absolute(_)).then_some((target, holds))
    }
}

impl<'a> Extractor<'a, '_> {
    /// The builtin that a name of the module means all the same, where what would bind it never runs:
    /// it is for type checkers, or for Jython, of which there is none that is Python 3.
    pub(super) fn untouched_builtin(
        &mut self,
        binding: &Binding<'a>,
        symbol: SymbolId,
    ) -> Option<Target> {
        let (semantic, tree) = (self.semantic, self.tree);
        let is_for_jython = |it: &Condition| {
            it.arm == 0
                && matches!(tree.node(it.statement), AnyNodeRef::StmtIf(it) if is_jython(&it.test))
        };
        let never_runs = || {
            semantic.is_for_type_checkers(binding.condition)
                || semantic.conditions(binding.condition).any(is_for_jython)
        };
        let name = semantic.text(symbol);
        let is_untouched = binding.condition != ConditionId::ALWAYS
            && semantic.scope_of_symbol(symbol) == ScopeId::MODULE
            && is_builtin(name)
            && never_runs();
        is_untouched.then(|| Target::builtin(self.interner.text(name)))
    }

    /// The builtin that a name of the module means again, where a branch that binds it deletes it, too.
    pub(super) fn restored_builtin(&mut self, symbol: SymbolId) -> Option<Target> {
        let semantic = self.semantic;
        let last = semantic.bindings(symbol).last()?;
        let name = semantic.text(symbol);
        let is_left = matches!(last.kind, BindingKind::Deletion)
            && !semantic.is_unconditional(last.condition)
            && semantic.scope_of_symbol(symbol) == ScopeId::MODULE
            && semantic.bindings(symbol).all(|it| it.condition == last.condition);
        (is_left && is_builtin(name)).then(|| Target::builtin(self.interner.text(name)))
    }
}

/// Whether a test asks for Jython: `sys.platform.startswith("java")`, `sys.platform[:4] == "java"`.
fn is_jython(test: &Expr) -> bool {
    let is_java = |it: Option<&Expr>| {
        it.and_then(Expr::as_string_literal_expr).is_some_and(|it| &it.value == "java")
    };
    let is_platform = |it: &Expr| {
        let plain = match it {
            Expr::Subscript(it) => &*it.value,
            plain => plain,
        };
        plain.as_attribute_expr().is_some_and(|it| it.attr.as_str() == "platform")
    };
    match test {
        Expr::Compare(it) => {
            *it.ops == [ast::CmpOp::Eq] && is_platform(&it.left) && is_java(it.comparators.first())
        }
        Expr::Call(it) => {
            let asked = it.func.as_attribute_expr();
            is_java(it.arguments.args.first())
                && asked.is_some_and(|it| &it.attr == "startswith" && is_platform(&it.value))
        }
        _ => false,
    }
}

/// Those of the bindings of a name that anybody who derives from it, or calls it, may mean.
fn counting<'s, 'a>(
    semantic: &'s Semantic<'a>,
    symbol: SymbolId,
) -> impl Iterator<Item = &'s Binding<'a>> {
    semantic.bindings(symbol).filter(|it| {
        let is_value = !matches!(
            it.kind,
            BindingKind::Declaration | BindingKind::Assignment(Expr::NoneLiteral(_))
        );
        is_value && !semantic.is_for_type_checkers(it.condition)
    })
}

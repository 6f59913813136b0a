//! What a statement after a `yield` does: does it undo what was done before?

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, ExprYield, Operator, Stmt, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::rule::Context;
use crate::semantic::{BindingKind, ScopeId};

/// Methods that give something back wherever they stand.
const RELEASING: &[&str] = &[
    "close",
    "aclose",
    "release",
    "unlock",
    "disconnect",
    "shutdown",
    "terminate",
    "kill",
    "unlink",
    "rmdir",
    "rmtree",
    "cleanup",
    "clean_up",
    "restore",
    "unregister",
    "uninstall",
    "teardown",
    "tear_down",
    "__exit__",
    "__aexit__",
];

/// Functions that give something back.
const RELEASERS: &[&str] = &[
    "os.close",
    "os.remove",
    "os.unlink",
    "os.rmdir",
    "os.removedirs",
    "os.killpg",
    "os.kill",
    "shutil.rmtree",
    "gc.enable",
    "gc.unfreeze",
    "sqlalchemy.event.remove",
];

/// Functions that set what holds for the whole process.
const SETTERS: &[&str] = &[
    "os.chdir",
    "os.fchdir",
    "os.umask",
    "signal.signal",
    "builtins.setattr",
    "locale.setlocale",
    "sys.settrace",
    "sys.setprofile",
    "sys.setrecursionlimit",
    "socket.setdefaulttimeout",
    "threading.settrace",
    "threading.setprofile",
    "asyncio.set_event_loop",
];

/// What a call undoes that was made before on the same thing.
const OPPOSITES: &[(&str, &str)] = &[
    ("append", "pop"),
    ("appendleft", "popleft"),
    ("push", "pop"),
    ("add", "remove"),
    ("add", "discard"),
    ("add", "pop"),
    ("append", "remove"),
    ("insert", "remove"),
    ("insert", "pop"),
    ("set", "reset"),
    ("set", "clear"),
    ("update", "clear"),
    ("enable", "disable"),
    ("disable", "enable"),
    ("start", "stop"),
    ("acquire", "release"),
    ("lock", "unlock"),
    ("register", "unregister"),
    ("install", "uninstall"),
    ("attach", "detach"),
    ("subscribe", "unsubscribe"),
    ("pause", "resume"),
    ("connect", "disconnect"),
    ("setup", "teardown"),
    ("activate", "deactivate"),
    ("freeze", "unfreeze"),
];

/// What is known of a generator before its `yield`.
pub(super) struct CleanUp<'c, 'a> {
    cx: &'c Context<'a>,
    scope: Option<ScopeId>,
    at: TextSize,
    /// Everything that runs before.
    before: Vec<AnyNodeRef<'a>>,
    /// The names that `with` statements around the `yield` bind.
    held: Vec<&'a str>,
}

impl<'c, 'a> CleanUp<'c, 'a> {
    pub(super) fn new(
        function: &'a StmtFunctionDef,
        yielded: &'a ExprYield,
        cx: &'c Context<'a>,
    ) -> CleanUp<'c, 'a> {
        let at = yielded.start();
        let before = cx.own(function).filter(|it| it.end() <= at).collect();
        let held = cx
            .ancestors(yielded)
            .take_while(|it| !matches!(it, AnyNodeRef::StmtFunctionDef(_)))
            .filter_map(|it| match it {
                AnyNodeRef::StmtWith(with) => Some(with),
                _ => None,
            })
            .flat_map(|it| &it.items)
            .filter_map(|it| Some(it.optional_vars.as_deref()?.as_name_expr()?.id.as_str()))
            .collect();
        let scope = cx.semantic.scope_of(cx.id(function));
        CleanUp { cx, scope, at, before, held }
    }

    /// Where a statement, or one in its blocks, undoes what was done before the `yield`.
    pub(super) fn find_in(&self, statement: &'a Stmt) -> Option<TextRange> {
        let block = |body: &'a [Stmt]| body.iter().find_map(|it| self.find_in(it));
        match statement {
            Stmt::If(it) => block(&it.body)
                .or_else(|| it.elif_else_clauses.iter().find_map(|it| block(&it.body))),
            Stmt::For(it) => block(&it.body),
            Stmt::With(it) => block(&it.body),
            Stmt::Try(it) => block(&it.body).or_else(|| block(&it.finalbody)),
            _ => self.is_clean_up(statement).then(|| statement.range()),
        }
    }

    /// Whether a statement may also run after an exception, as far as can be told: it cleans up, or
    /// gives a value to what had been given another.
    pub(super) fn may_always_run(&self, statement: &'a Stmt) -> bool {
        let block = |body: &'a [Stmt]| body.iter().all(|it| self.may_always_run(it));
        match statement {
            Stmt::If(it) => {
                block(&it.body) && it.elif_else_clauses.iter().all(|it| block(&it.body))
            }
            Stmt::For(it) => block(&it.body) && it.orelse.is_empty(),
            Stmt::With(it) => block(&it.body),
            Stmt::Assign(it) => {
                self.is_clean_up(statement)
                    || it.targets.iter().all(|it| self.was_assigned(it)) && is_plain(&it.value)
            }
            Stmt::Pass(_) => true,
            _ => self.is_clean_up(statement),
        }
    }

    fn is_clean_up(&self, statement: &'a Stmt) -> bool {
        match statement {
            Stmt::Assign(it) => it.targets.iter().any(|target| self.gives_back(target, &it.value)),
            Stmt::AugAssign(it) => self.takes_back(&it.target, it.op),
            Stmt::Delete(it) => {
                it.targets.iter().any(|it| self.is_shared(it) && self.was_assigned(it))
            }
            Stmt::Expr(it) => match &*it.value {
                Expr::Await(it) => it.value.as_call_expr().is_some_and(|it| self.releases(it)),
                Expr::Call(it) => self.releases(it),
                _ => false,
            },
            _ => false,
        }
    }

    /// `thing.attribute = saved`, or a flag that is taken down again.
    fn gives_back(&self, target: &'a Expr, value: &'a Expr) -> bool {
        if let Expr::Tuple(targets) = target {
            return match value {
                Expr::Tuple(values) if values.elts.len() == targets.elts.len() => {
                    targets.elts.iter().zip(&values.elts).any(|(t, v)| self.gives_back(t, v))
                }
                _ => targets.elts.iter().any(|it| self.gives_back(it, value)),
            };
        }
        if !self.is_shared(target) {
            return false;
        }
        let lowers = |before: &Expr| match value {
            Expr::BooleanLiteral(it) => {
                !it.value && before.as_boolean_literal_expr().is_some_and(|it| it.value)
            }
            Expr::NoneLiteral(_) => !before.is_none_literal_expr(),
            _ => false,
        };
        if self.values_given(target).any(lowers) {
            return true;
        }
        let text = self.cx.slice(target);
        self.saved_names(value).any(|saved| {
            self.was_assigned(target)
                || saved.is_some_and(|from| self.cx.slice(from).contains(text))
        })
    }

    /// `self.depth -= 1` after `self.depth += 1`; not the indentation of a printer, which an
    /// exception ends.
    fn takes_back(&self, target: &'a Expr, operator: Operator) -> bool {
        let text = self.cx.slice(target);
        let opposite = match operator {
            Operator::Sub => Operator::Add,
            Operator::Add => Operator::Sub,
            _ => return false,
        };
        self.is_shared(target)
            && !text.contains("indent")
            && !self.calls_before().any(|it| it.contains("indent"))
            && self.before.iter().any(|it| {
                matches!(it, AnyNodeRef::StmtAugAssign(it)
                    if it.op == opposite && self.cx.slice(&*it.target) == text)
            })
    }

    fn releases(&self, call: &'a ExprCall) -> bool {
        let callee = self.cx.slice(&*call.func);
        let (receiver, name) = callee.rsplit_once('.').unwrap_or(("", callee));
        let root = receiver.split(['.', '[', '(']).next().unwrap_or_default();
        if self.held.contains(&root) && !root.is_empty() {
            return false; // the `with` statement that holds it sees to it
        }
        let gets_saved = || {
            let keywords = call.arguments.keywords.iter().map(|it| &it.value);
            call.arguments
                .args
                .iter()
                .chain(keywords)
                .any(|it| self.saved_names(it).next().is_some())
        };
        (RELEASING.contains(&name) && !receiver.is_empty())
            || self.cx.is_any(&call.func, RELEASERS)
            || gets_saved() && self.cx.is_any(&call.func, SETTERS)
            || gets_saved() && is_setter(name) && self.calls_before().any(|it| it == callee)
            || self.undoes(receiver, name)
    }

    /// Whether the opposite was called before, or an item set that is taken out.
    fn undoes(&self, receiver: &str, name: &str) -> bool {
        let is_item = |it: &Expr| {
            it.as_subscript_expr().is_some_and(|it| self.cx.slice(&*it.value) == receiver)
        };
        if matches!(name, "pop" | "clear") && self.targets().any(|(it, _)| is_item(it)) {
            return true;
        }
        let split = |callee: &'a str| callee.rsplit_once('.').unwrap_or(("", callee));
        let mut same = self.calls_before().map(split).filter(|it| it.0 == receiver);
        same.any(|(_, earlier)| {
            OPPOSITES.iter().any(|(one, other)| replaces_word(earlier, one, name, other))
        })
    }

    /// Whether others see what is assigned: not a local name.
    fn is_shared(&self, target: &'a Expr) -> bool {
        match target {
            Expr::Attribute(_) | Expr::Subscript(_) => true,
            Expr::Name(name) => self
                .cx
                .symbol(name)
                .is_some_and(|symbol| Some(self.cx.semantic.scope_of_symbol(symbol)) != self.scope),
            _ => false,
        }
    }

    /// The local names in an expression that got their values before the `yield`, each with the
    /// value if it is known.
    fn saved_names(&self, value: &'a Expr) -> impl Iterator<Item = Option<&'a Expr>> + '_ {
        let inner = self.cx.descendants(value).iter().filter_map(|it| match it {
            AnyNodeRef::ExprName(name) => Some(*name),
            _ => None,
        });
        value.as_name_expr().into_iter().chain(inner).filter_map(|name| {
            let semantic = self.cx.semantic;
            let symbol = self.cx.symbol(name)?;
            if Some(semantic.scope_of_symbol(symbol)) != self.scope {
                return None;
            }
            let mut value = None;
            for binding in semantic.bindings(symbol) {
                match binding.kind {
                    _ if binding.range.start() > self.at => return None,
                    BindingKind::Assignment(it) => value = Some(it),
                    BindingKind::Unpacking | BindingKind::Declaration => {}
                    _ => return None,
                }
            }
            Some(value)
        })
    }

    fn was_assigned(&self, target: &Expr) -> bool {
        self.values_given(target).next().is_some()
    }

    /// What the same target was given before the `yield`.
    fn values_given<'s>(
        &'s self,
        target: &Expr,
    ) -> impl Iterator<Item = &'a Expr> + use<'s, 'c, 'a> {
        let text = self.cx.slice(target);
        self.targets().filter(move |it| self.cx.slice(it.0) == text).map(|it| it.1)
    }

    /// What is assigned before the `yield`, with the values.
    fn targets(&self) -> impl Iterator<Item = (&'a Expr, &'a Expr)> + '_ {
        self.before.iter().filter_map(|it| it.as_stmt_assign()).flat_map(|it| {
            it.targets.iter().flat_map(move |target| {
                let parts = match target {
                    Expr::Tuple(tuple) => &tuple.elts[..],
                    _ => std::slice::from_ref(target),
                };
                parts.iter().map(move |part| (part, &*it.value))
            })
        })
    }

    /// What is called before the `yield`, as it is written.
    fn calls_before(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.before.iter().filter_map(|it| it.as_expr_call()).map(|it| self.cx.slice(&*it.func))
    }
}

/// A value that is only named.
fn is_plain(value: &Expr) -> bool {
    value.is_name_expr() || value.is_attribute_expr() || value.is_literal_expr()
}

/// `set_timeout`, `_set_default`, `setLevel`.
fn is_setter(name: &str) -> bool {
    name.trim_start_matches('_').starts_with("set") || name.contains("_set_")
}

/// Whether `later` is `earlier` with the word `other` in the place of `one`: `enable_custom_ops`
/// and `disable_custom_ops`.
fn replaces_word(earlier: &str, one: &str, later: &str, other: &str) -> bool {
    let words = |name: &'_ str| name.split('_').map(str::to_owned).collect::<Vec<_>>();
    let (earlier, later) = (words(earlier), words(later));
    earlier.len() == later.len()
        && earlier.iter().any(|it| it == one)
        && earlier.iter().zip(&later).all(|(a, b)| a == b && a != one || a == one && b == other)
}

//! Where an import statement stands, and what that means to it.

use ruff_python_ast::{self as ast, AnyNodeRef, ExceptHandler, Expr, Stmt};

use crate::rule::Context;
use crate::semantic::{ScopeId, Test, read_else, read_test};
use crate::syntax::NodeId;

/// The place of an import statement that runs while its module is imported.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) statement: &'a Stmt,
    /// The statements it stands among.
    pub(super) block: &'a [Stmt],
    /// Where it binds its names.
    pub(super) scope: ScopeId,
    pub(super) around: Around,
}

/// What stands around an import statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Around {
    /// Nothing but the module.
    Module,
    /// Something that does not keep it from running.
    Always,
    /// Something that decides whether, how often or in which surroundings it runs: elsewhere, it
    /// would not be the same.
    Conditions,
    /// A plain class, which has the names as attributes.
    Class,
}

impl<'a> Place<'a> {
    /// The place of a statement. `None` in a function, and where it is somebody's business that the
    /// import may fail.
    pub(super) fn new(cx: &Context<'a>, import: NodeId) -> Option<Place<'a>> {
        let (mut found, mut around) = (None, Around::Module);
        let mut inner = import;
        for (id, node) in cx.tree.ancestors(import) {
            let Some(block) = block_with(cx, node, inner) else {
                // A clause or handler has blocks of its own.
                inner = id;
                continue;
            };
            let first = block.first().map(|it| cx.id(it));
            around = around.max(match node {
                AnyNodeRef::ModModule(_) => Around::Module,
                AnyNodeRef::StmtClassDef(it) if is_plain(cx, it) => Around::Class,
                AnyNodeRef::StmtTry(it) if first.is_some() && is_within(&it.body, block) => {
                    let is_guarded = it.handlers.iter().any(catches_import_errors);
                    match first == Some(inner) || it.handlers.is_empty() {
                        _ if is_guarded => return None,
                        true => Around::Always,
                        false => Around::Conditions,
                    }
                }
                AnyNodeRef::StmtTry(it) if is_within(&it.finalbody, block) => Around::Always,
                AnyNodeRef::StmtIf(it) if read_test(&it.test) == Test::TypeChecking(false) => {
                    Around::Always
                }
                AnyNodeRef::ElifElseClause(it) if is_for_run_time(cx, it) => Around::Always,
                AnyNodeRef::StmtWith(it) if !it.items.iter().all(lets_errors_pass) => return None,
                AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::StmtClassDef(_) => return None,
                _ => Around::Conditions,
            });
            found = found.or_else(|| block.iter().find(|it| cx.id(*it) == import).zip(Some(block)));
            inner = id;
        }
        let (statement, block) = found?;
        Some(Place { statement, block, scope: cx.semantic.scope_at(cx.tree, import), around })
    }

    /// Whether nothing else stands in its block.
    pub(super) fn is_alone(&self) -> bool {
        self.around != Around::Module && self.block.len() == 1
    }
}

/// The block of a node that a node lies in.
fn block_with<'a>(cx: &Context<'a>, around: AnyNodeRef<'a>, inner: NodeId) -> Option<&'a [Stmt]> {
    let blocks: [&'a [Stmt]; 3] = match around {
        AnyNodeRef::ModModule(it) => [&it.body, &[], &[]],
        AnyNodeRef::StmtFunctionDef(it) => [&it.body, &[], &[]],
        AnyNodeRef::StmtClassDef(it) => [&it.body, &[], &[]],
        AnyNodeRef::StmtIf(it) => [&it.body, &[], &[]],
        AnyNodeRef::ElifElseClause(it) => [&it.body, &[], &[]],
        AnyNodeRef::StmtWith(it) => [&it.body, &[], &[]],
        AnyNodeRef::StmtFor(it) => [&it.body, &it.orelse, &[]],
        AnyNodeRef::StmtWhile(it) => [&it.body, &it.orelse, &[]],
        AnyNodeRef::StmtTry(it) => [&it.body, &it.orelse, &it.finalbody],
        AnyNodeRef::ExceptHandlerExceptHandler(it) => [&it.body, &[], &[]],
        AnyNodeRef::MatchCase(it) => [&it.body, &[], &[]],
        _ => return None,
    };
    blocks.into_iter().find(|block| block.iter().any(|it| cx.id(it) == inner))
}

fn is_within(body: &[Stmt], block: &[Stmt]) -> bool {
    std::ptr::eq(body, block)
}

/// Whether a clause is the `else` of `if TYPE_CHECKING:`.
fn is_for_run_time(cx: &Context<'_>, clause: &ast::ElifElseClause) -> bool {
    let AnyNodeRef::StmtIf(whole) = cx.parent(clause) else { return false };
    whole.elif_else_clauses.len() == 1
        && clause.test.is_none()
        && read_else(&whole.test) == Test::TypeChecking(false)
}

/// Whether nobody but who takes attributes of a class looks at them.
fn is_plain<'a>(cx: &Context<'a>, class: &'a ast::StmtClassDef) -> bool {
    let arguments = class.arguments.as_deref();
    let has_bases = arguments.is_some_and(|it| {
        !it.keywords.is_empty() || it.args.iter().any(|base| !cx.is_any(base, &["object"]))
    });
    class.decorator_list.is_empty() && !has_bases
}

/// Whether a handler may get what an import raises that does not succeed.
fn catches_import_errors(ExceptHandler::ExceptHandler(handler): &ExceptHandler) -> bool {
    /// What neither is an `ImportError` nor is one.
    const OTHERS: &[&str] = &[
        "ArithmeticError",
        "IndexError",
        "KeyError",
        "LookupError",
        "NameError",
        "NotImplementedError",
        "OSError",
        "RuntimeError",
        "TypeError",
        "UnicodeError",
        "ValueError",
        "ZeroDivisionError",
    ];
    let is_other = |it: &Expr| it.as_name_expr().is_some_and(|it| OTHERS.contains(&it.id.as_str()));
    match handler.type_.as_deref() {
        None => true,
        Some(Expr::Tuple(several)) => !several.elts.iter().all(is_other),
        Some(one) => !is_other(one),
    }
}

/// Whether a context manager is known not to wait for an error: others may swallow it, or ask for it.
fn lets_errors_pass(item: &ast::WithItem) -> bool {
    let Expr::Call(call) = &item.context_expr else { return false };
    let name = match &*call.func {
        Expr::Name(it) => it.id.as_str(),
        Expr::Attribute(it) => it.attr.as_str(),
        _ => return false,
    };
    matches!(name, "catch_warnings" | "nullcontext")
}

//! What a rule listens to. The subscription is the dispatch: one line per kind of node.

use ruff_python_ast::{self as ast, AnyNodeRef};

use super::{
    Class, Context, Cuts, Cutting, DeclarationReport, Declarations, Function, ImportCycle, Mending,
    ProjectReport, Suspected,
};
use crate::diagnostic::Diagnostic;
use crate::fix::Fix;

macro_rules! nodes {
    ($($Node:ident),* $(,)?) => {
        /// What a rule listens to: a kind of syntax node, or a kind of linked item. The handler's
        /// parameter type is the filter: a handler for another kind does not compile.
        #[derive(Clone, Copy)]
        pub enum On {
            $(
                #[doc = concat!("Each `", stringify!($Node), "` of a file.")]
                $Node(for<'a> fn(&'a ast::$Node, &mut Context<'a>)),
            )*
            /// Each function of a file that has decorators: few do.
            Decorated(for<'a> fn(&'a ast::StmtFunctionDef, &mut Context<'a>)),
            /// Each function of a file with a name that the language keeps for itself: `__name__`.
            Special(for<'a> fn(&'a ast::StmtFunctionDef, &mut Context<'a>)),
            /// Once for each class of the project, linked.
            Class(for<'a> fn(Class<'a>, &mut ProjectReport<'a>)),
            /// Once for each function and method of the project, linked.
            Function(for<'a> fn(Function<'a>, &mut ProjectReport<'a>)),
            /// Once for each strongly connected component of the run-time import graph.
            ImportCycle(for<'a> fn(ImportCycle<'a>, &mut ProjectReport<'a>)),
            /// Once for each folder with a `pyproject.toml` or `setup.cfg`: what its files say of
            /// the Pythons that the project is for.
            Declarations(for<'a> fn(Declarations<'a>, &mut DeclarationReport)),
            /// Once for each finding of this rule that asked for it by [`ProjectReport::to_mend`],
            /// with its file open again: how to mend it.
            Mend(for<'a> fn(Mending<'a>, &Context<'a>) -> Option<Fix>),
            /// For each finding of this rule that asked for it by [`ProjectReport::to_cut`], and each
            /// import statement where the cycle may be cut, with its file open again: how it can.
            Cut(for<'a> fn(Cutting<'a>, &Context<'a>) -> Cuts),
            /// Once for each suspicion this rule raised while a file was open: is it so? It may
            /// complete the finding with what the project knows.
            Suspicion(for<'a> fn(Suspected<'a>, &mut Diagnostic) -> bool),
        }

        impl On {
            /// The kind of syntax listened to; `None` for linked items.
            pub fn kind(self) -> Option<ast::NodeKind> {
                match self {
                    $(On::$Node(_) => Some(ast::NodeKind::$Node),)*
                    On::Decorated(_) | On::Special(_) => Some(ast::NodeKind::StmtFunctionDef),
                    On::Class(_)
                    | On::Function(_)
                    | On::ImportCycle(_)
                    | On::Declarations(_)
                    | On::Mend(_)
                    | On::Cut(_)
                    | On::Suspicion(_) => None,
                }
            }

            /// Whether functions are listened to that have decorators, or special names, or not.
            pub(crate) fn hears(self, FunctionTraits { is_decorated, is_special }: FunctionTraits) -> bool {
                match self {
                    On::Decorated(_) => is_decorated,
                    On::Special(_) => is_special,
                    _ => true,
                }
            }

            /// Calls the handler if the node is of its kind.
            pub(crate) fn call<'a>(self, node: AnyNodeRef<'a>, cx: &mut Context<'a>) {
                match (self, node) {
                    $((On::$Node(check), AnyNodeRef::$Node(node)) => check(node, cx),)*
                    (
                        On::Decorated(check) | On::Special(check),
                        AnyNodeRef::StmtFunctionDef(node),
                    ) => check(node, cx),
                    _ => {}
                }
            }
        }
    };
}

/// What most rules that listen to functions want to know of one first.
#[derive(Clone, Copy)]
pub(crate) struct FunctionTraits {
    is_decorated: bool,
    is_special: bool,
}

impl FunctionTraits {
    /// How many different ones there are.
    pub(crate) const COUNT: usize = 4;

    /// Those of a number.
    pub(crate) fn numbered(number: usize) -> FunctionTraits {
        FunctionTraits { is_decorated: number & 1 != 0, is_special: number & 2 != 0 }
    }

    /// The number of those that a function has.
    pub(crate) fn number_of(function: &ast::StmtFunctionDef) -> usize {
        let is_special = is_special(&function.name);
        usize::from(!function.decorator_list.is_empty()) | usize::from(is_special) << 1
    }
}

/// Whether a name is one that the language keeps for itself: `__name__`.
pub fn is_special(name: &str) -> bool {
    name.len() > 4 && name.starts_with("__") && name.ends_with("__")
}

nodes! {
    ModModule,
    StmtAnnAssign, StmtAssert, StmtAssign, StmtAugAssign, StmtClassDef, StmtDelete, StmtExpr,
    StmtFor, StmtFunctionDef, StmtGlobal, StmtIf, StmtImport, StmtImportFrom, StmtMatch,
    StmtNonlocal, StmtRaise, StmtReturn, StmtTry, StmtTypeAlias, StmtWhile, StmtWith,
    ExceptHandlerExceptHandler,
    ExprAttribute, ExprAwait, ExprBinOp, ExprBoolOp, ExprBytesLiteral, ExprCall, ExprCompare,
    ExprDict, ExprDictComp, ExprFString, ExprGenerator, ExprIf, ExprLambda, ExprList, ExprListComp,
    ExprName, ExprNamed, ExprSet, ExprSetComp, ExprStarred, ExprStringLiteral, ExprSubscript,
    ExprTString, ExprTuple, ExprUnaryOp, ExprYield, ExprYieldFrom,
}

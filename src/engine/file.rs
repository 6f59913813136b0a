//! Phase 1: a file by itself. A pure function of its text, its settings and the rules.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use ruff_python_ast::{AnyNodeRef, ModModule, PythonVersion, Stmt};
use ruff_python_parser::Parsed;
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::excerpt::Excerpt;
use super::table::{Heard, Table};
use crate::diagnostic::{Diagnostic, Severity, builtin};
use crate::facts::{self, FileFacts, FileInfo, Subject, Suspicion};
use crate::fix::{Applicability, Fix};
use crate::project::{Edge, Project};
use crate::rule::{
    Context, Cuts, Cutting, Mending, Need, On, ProjectFinding, Rule, Suspect, ToMend, ToOpen,
    Values,
};
use crate::semantic::{self, Buffers, Semantic};
use crate::suppression::{self, Suppressions};
use crate::syntax::{self, Held, NodeId, Tree, nesting};

/// A file to be looked at by itself.
pub struct Input<'a> {
    /// What is known of it before it is opened.
    pub info: &'a Arc<FileInfo>,
    /// Its decoded text.
    pub text: &'a str,
    /// The rules to run.
    pub table: &'a Table,
    /// What they may read of the settings.
    pub values: &'a Values,
}

/// What was found in a file by itself.
#[derive(Clone, Debug)]
pub struct FileReport {
    /// What other files may want to know of it, suspicions and suppressions among them.
    pub facts: FileFacts,
    /// What its own rules found, sorted by place; suppressions are not applied yet.
    pub diagnostics: Vec<Diagnostic>,
    /// What the code needs of a Python, where that was asked for.
    pub needs: Vec<Need>,
    /// Whether the text is not Python: then no rule was run and no fix may be applied.
    pub is_broken: bool,
}

thread_local! {
    /// The memory of the last file's tree and model.
    static BUFFERS: RefCell<Buffers> = RefCell::default();
}

/// Looks at a file by itself. A rule that panics is left out and reported as a bug.
pub fn check_source(input: &Input<'_>) -> FileReport {
    if let Some(problem) = nesting::too_deep(input.text) {
        return unparsed(input, problem.offset, problem.message);
    }
    let mut panicked: Vec<&'static str> = Vec::new();
    loop {
        let in_charge = Cell::new("");
        let attempt = AssertUnwindSafe(|| check(input, &panicked, &in_charge));
        match catch_unwind(attempt) {
            Ok(mut report) => {
                let bugs = panicked.iter().map(|rule| internal_error(rule));
                report.diagnostics.extend(bugs);
                return report;
            }
            // Without a rule in charge the machine itself is at fault: nothing more to try.
            Err(_) if in_charge.get().is_empty() => {
                let mut report = unparsed(input, TextSize::new(0), String::new());
                report.diagnostics = vec![internal_error("the analysis")];
                return report;
            }
            Err(_) => panicked.push(in_charge.get()),
        }
    }
}

/// The report of a file that could not be read: nothing but why.
pub(super) fn unreadable(info: &Arc<FileInfo>, message: String) -> FileReport {
    let at = TextRange::default();
    let problem = Diagnostic::new(builtin::UNREADABLE_FILE, Severity::Error, at, message);
    FileReport {
        facts: no_facts(info),
        diagnostics: vec![problem],
        needs: Vec::new(),
        is_broken: true,
    }
}

fn internal_error(rule: &str) -> Diagnostic {
    let message = format!("`{rule}` panicked on this file: a bug in dunderlint, please report it");
    Diagnostic::new(builtin::INTERNAL_ERROR, Severity::Error, TextRange::default(), message)
}

fn unparsed(input: &Input<'_>, at: TextSize, message: String) -> FileReport {
    let problem =
        Diagnostic::new(builtin::SYNTAX_ERROR, Severity::Error, TextRange::empty(at), message);
    FileReport {
        facts: no_facts(input.info),
        diagnostics: vec![problem],
        needs: Vec::new(),
        is_broken: true,
    }
}

/// The facts of an empty file.
fn no_facts(info: &Arc<FileInfo>) -> FileFacts {
    let parsed = syntax::parse("", syntax::source_type(&info.path), None);
    let (tree, semantic) =
        semantic::analyze(parsed.syntax(), "", semantic::Options::default(), Buffers::default());
    let mut facts = facts::extract(info, &tree, &semantic, facts::Said::default());
    facts.is_opaque = true;
    facts
}

fn check(
    input: &Input<'_>,
    without: &[&'static str],
    in_charge: &Cell<&'static str>,
) -> FileReport {
    let Input { info, text, table, values } = *input;
    let parsed = parse(input);
    let suppressions = match values.is_census {
        true => Suppressions::default(),
        false => suppression::parse(text, parsed.tokens()),
    };
    let (tree, semantic) = analyze(input, &parsed);
    let is_broken = !parsed.errors().is_empty();
    let mut cx = context(input, &parsed, &tree, &semantic);
    if !is_broken {
        let mut heard = Heard::default();
        for nodes in tree.nodes().chunks(Heard::MOST) {
            for node in heard.among(nodes, table) {
                for (rule, on) in table.of(node) {
                    if without.is_empty() || !without.contains(&rule.name) {
                        cx.rule = rule;
                        in_charge.set(rule.name);
                        on.call(node, &mut cx);
                    }
                }
            }
        }
        in_charge.set("");
    }
    let (mut diagnostics, suspected, needs) = (cx.found, cx.suspected, cx.needs);
    let costs = cx.costs;
    let mut suspicions = suspicions(suspected, &semantic);
    let with_fixes =
        diagnostics.iter_mut().chain(suspicions.iter_mut().map(|it| &mut it.diagnostic));
    keep_comments(with_fixes, text, &parsed);
    let facts = match values.is_census {
        // Nobody asks for more.
        true => facts::extract_imports(info, &tree, &semantic),
        false => {
            let said = facts::Said { suppressions, suspicions: &suspicions, costs: &costs };
            facts::extract(info, &tree, &semantic, said)
        }
    };
    diagnostics.extend(syntax_errors(&parsed));
    diagnostics.sort_by(|a, b| a.order().cmp(&b.order()));
    give_back(tree, semantic);
    FileReport { facts, diagnostics, needs, is_broken }
}

/// Looks again at a file for the fixes of its project findings. What is not as it was when the
/// facts were taken gets none.
pub(super) fn mend(input: &Input<'_>, facts: &FileFacts, findings: &mut [ProjectFinding]) {
    let mut is_left = false;
    for finding in findings.iter_mut() {
        let ProjectFinding { diagnostic, to_mend: Some(to_mend), .. } = finding else { continue };
        match mend_excerpt(input, facts, diagnostic, to_mend) {
            Some(fix) => (diagnostic.fix, finding.to_mend) = (fix, None),
            None => is_left = true,
        }
    }
    if is_left {
        mend_open(input, facts, findings);
    }
}

/// The fix of a finding, if any, that looks at a piece of the file alone; `None` where that cannot be
/// cut out.
fn mend_excerpt(
    input: &Input<'_>,
    facts: &FileFacts,
    diagnostic: &Diagnostic,
    to_mend: &ToMend,
) -> Option<Option<Fix>> {
    let (excerpt, range, is_class) = match to_mend.place {
        ToOpen::File(_) => return None,
        ToOpen::Class(index) => {
            let name = facts.classes().get(index as usize)?.range();
            (Excerpt::of_class(input.text, name)?, name, true)
        }
        ToOpen::ClassAndImports(index, names) => {
            let name = facts.classes().get(index as usize)?.range();
            (Excerpt::of_class_and_imports(input.text, name, names)?, name, true)
        }
        ToOpen::Statement => {
            (Excerpt::of_statement(input.text, diagnostic.range)?, diagnostic.range, false)
        }
    };
    let input = &Input { text: &excerpt.text, ..*input };
    let parsed = parse(input);
    let range = excerpt.inside(range)?;
    let subject = match excerpt.statements(parsed.syntax()) {
        _ if !parsed.errors().is_empty() => None,
        [.., Stmt::ClassDef(class)] if is_class => {
            (class.name.range == range).then_some(AnyNodeRef::StmtClassDef(class))
        }
        _ if is_class => None,
        statements => statements.iter().find(|it| it.range() == range).map(AnyNodeRef::from),
    }?;
    let (tree, semantic) = analyze(input, &parsed);
    let cx = context(input, &parsed, &tree, &semantic);
    let mut inside = Diagnostic { range: excerpt.inside(diagnostic.range)?, ..diagnostic.clone() };
    let mending = Mending { diagnostic: &inside, subject, notes: &to_mend.notes };
    inside.fix = fix_of(mending, &cx, input.table);
    keep_comments(std::iter::once(&mut inside), input.text, &parsed);
    drop(cx);
    give_back(tree, semantic);
    Some(inside.fix.map(|fix| excerpt.outside(fix)))
}

/// What the rule of a finding says of how to mend it. A fix that panics is none; the finding is true
/// all the same.
fn fix_of<'a>(mending: Mending<'a>, cx: &Context<'a>, table: &Table) -> Option<Fix> {
    table.linked().iter().find_map(|(rule, on)| match on {
        On::Mend(mend) if rule.name == mending.diagnostic.rule => {
            catch_unwind(AssertUnwindSafe(|| mend(mending, cx))).ok().flatten()
        }
        _ => None,
    })
}

fn mend_open(input: &Input<'_>, facts: &FileFacts, findings: &mut [ProjectFinding]) {
    let parsed = parse(input);
    let (tree, semantic) = analyze(input, &parsed);
    let cx = context(input, &parsed, &tree, &semantic);
    for finding in findings.iter_mut() {
        let ProjectFinding { diagnostic, to_mend: Some(ToMend { place, notes }), .. } = finding
        else {
            continue;
        };
        let subject = match *place {
            ToOpen::File(subject) => subject_node(subject, facts, &tree, &semantic),
            ToOpen::Class(index) | ToOpen::ClassAndImports(index, _) => {
                subject_node(Subject::Class(index), facts, &tree, &semantic)
            }
            ToOpen::Statement => {
                let is_it =
                    |it: &&AnyNodeRef<'_>| it.is_statement() && it.range() == diagnostic.range;
                tree.nodes().iter().find(is_it).copied()
            }
        };
        let Some(subject) = subject else { continue };
        diagnostic.fix = fix_of(Mending { diagnostic, subject, notes }, &cx, input.table);
    }
    keep_comments(findings.iter_mut().map(|it| &mut it.diagnostic), input.text, &parsed);
    give_back(tree, semantic);
}

/// Looks again at a file for the ways to cut an import cycle at one of its statements.
pub(super) fn cuts(
    input: &Input<'_>,
    look: for<'a> fn(Cutting<'a>, &Context<'a>) -> Cuts,
    edge: Edge,
    project: &Project,
) -> Cuts {
    let parsed = parse(input);
    let (tree, semantic) = analyze(input, &parsed);
    let cx = context(input, &parsed, &tree, &semantic);
    let attempt = AssertUnwindSafe(|| look(Cutting { edge, project }, &cx));
    let cuts = catch_unwind(attempt).unwrap_or_default();
    give_back(tree, semantic);
    cuts
}

/// The statement of a class or function of the facts, if it stands where it stood.
fn subject_node<'a>(
    subject: Subject,
    facts: &FileFacts,
    tree: &Tree<'a>,
    semantic: &Semantic<'a>,
) -> Option<AnyNodeRef<'a>> {
    let sites = semantic.sites();
    match subject {
        Subject::Module => Some(tree.node(NodeId::ROOT)),
        Subject::Class(index) => {
            let node = tree.node(*sites.classes.get(index as usize)?);
            let range = facts.classes().get(index as usize)?.range();
            let is_same = node.as_stmt_class_def()?.name.range() == range;
            is_same.then_some(node)
        }
        Subject::Function(index) => {
            let node = tree.node(sites.functions.get(index as usize)?.node);
            let range = facts.functions().get(index as usize)?.range();
            let is_same = node.as_stmt_function_def()?.name.range() == range;
            is_same.then_some(node)
        }
    }
}

// How a file is opened.

fn parse(input: &Input<'_>) -> Held<Parsed<ModModule>> {
    let lowest = input.values.target.map(|target| target.lowest);
    syntax::parse(input.text, syntax::source_type(&input.info.path), lowest)
}

/// Tree and model, in the memory of the last file's.
fn analyze<'a>(input: &Input<'a>, parsed: &'a Parsed<ModModule>) -> (Tree<'a>, Semantic<'a>) {
    let lowest = input.values.target.map(|target| target.lowest);
    let options = semantic::Options {
        is_stub: syntax::source_type(&input.info.path).is_stub(),
        annotations_are_deferred: lowest.is_some_and(|it| it >= PythonVersion::PY314),
    };
    let buffers = BUFFERS.with_borrow_mut(std::mem::take);
    semantic::analyze(parsed.syntax(), input.text, options, buffers)
}

fn give_back(tree: Tree<'_>, semantic: Semantic<'_>) {
    let memory = Buffers::recycle(tree, semantic);
    BUFFERS.with_borrow_mut(|buffers| *buffers = memory);
}

fn context<'a>(
    input: &Input<'a>,
    parsed: &'a Parsed<ModModule>,
    tree: &'a Tree<'a>,
    semantic: &'a Semantic<'a>,
) -> Context<'a> {
    Context {
        text: input.text,
        tree,
        semantic,
        module: &input.info.module,
        is_stub: syntax::source_type(&input.info.path).is_stub(),
        unsupported_syntax: parsed.unsupported_syntax_errors(),
        root: parsed.syntax(),
        values: input.values,
        rule: &NOBODY,
        found: Vec::new(),
        suspected: Vec::new(),
        needs: Vec::new(),
        costs: Vec::new(),
        known: RefCell::default(),
    }
}

/// Says of suspicions which class or function of the facts they are about, if not the file: facts number them as
/// the model does.
fn suspicions(suspected: Vec<Suspect>, semantic: &Semantic<'_>) -> Vec<Suspicion> {
    let sites = semantic.sites();
    let subject = |node: NodeId| {
        if node == NodeId::ROOT {
            return Ok(Subject::Module);
        }
        let class = sites.classes.binary_search(&node).map(|at| Subject::Class(at as u32));
        class.or_else(|_| {
            let at = sites.functions.binary_search_by_key(&node, |it| it.node)?;
            Ok::<_, usize>(Subject::Function(at as u32))
        })
    };
    suspected
        .into_iter()
        .filter_map(|Suspect { subject: node, about, premise, diagnostic }| {
            Some(Suspicion { subject: subject(node).ok()?, about, premise, diagnostic })
        })
        .collect()
}

/// A fix that would drop a comment is not safe, whatever its rule thinks.
fn keep_comments<'d>(
    diagnostics: impl Iterator<Item = &'d mut Diagnostic>,
    text: &str,
    parsed: &Parsed<ModModule>,
) {
    for fix in diagnostics.filter_map(|it| it.fix.as_mut()) {
        let drops_comment = fix.edits.iter().any(|edit| {
            text[edit.range].contains('#')
                && parsed.tokens().in_range(whole_tokens(parsed, edit.range)).iter().any(|token| {
                    token.kind().is_comment()
                        && edit.range.contains_range(token.range())
                        && !edit.text.contains(&text[token.range()])
                })
        });
        if drops_comment {
            fix.applicability = fix.applicability.min(Applicability::Unsafe);
        }
    }
}

/// The range widened to whole tokens, as the token list wants to be asked.
fn whole_tokens(parsed: &Parsed<ModModule>, range: TextRange) -> TextRange {
    let tokens = parsed.tokens();
    let first = tokens.partition_point(|token| token.end() <= range.start());
    let last = tokens.partition_point(|token| token.start() < range.end());
    match (tokens.get(first), last.checked_sub(1).and_then(|it| tokens.get(it))) {
        (Some(first), Some(last)) if first.start() <= last.end() => {
            TextRange::new(first.start(), last.end())
        }
        _ => TextRange::empty(range.start()),
    }
}

/// What the parser has to say; of errors on one line only the first, since the others follow from
/// it.
fn syntax_errors(parsed: &Parsed<ModModule>) -> Vec<Diagnostic> {
    let mut last_end = None;
    let mut found = Vec::new();
    for error in parsed.errors() {
        let at = error.range();
        if last_end.is_some_and(|end| at.start() <= end) {
            continue;
        }
        last_end = Some(at.end());
        let message = lower_first(&error.error.to_string());
        found.push(Diagnostic::new(builtin::SYNTAX_ERROR, Severity::Error, at, message));
    }
    found
}

/// Messages begin in lower case; names in capitals stay as they are.
fn lower_first(message: &str) -> String {
    let mut characters = message.chars();
    match (characters.next(), characters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(characters).collect()
        }
        _ => message.to_owned(),
    }
}

static NOBODY: Rule = Rule {
    name: "nobody",
    formerly: &[],
    severity: Severity::Info,
    default: false,
    fixable: crate::rule::Fixable::Never,
    since: "",
    page: "",
    options: &[],
    on: &[],
};

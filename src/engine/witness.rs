//! Which rules look at a line of a file, whatever they find there.

use std::sync::Arc;

use ruff_python_ast::NodeKind;
use ruff_text_size::{Ranged, TextRange};

use super::disk;
use crate::facts::FileInfo;
use crate::project::{ClassId, FileId, Project};
use crate::rule::{Chapter, On, Rule};
use crate::semantic::{Buffers, Options, analyze};
use crate::syntax::{nesting, parse, source_type};
use crate::text::LineIndex;

/// What there is at a line.
#[derive(Default)]
pub struct Witness {
    /// The rules that look at something which begins there, in the order of the catalogue.
    pub rules: Vec<&'static Rule>,
    /// The classes that are named there.
    pub classes: Vec<ClassId>,
    /// Where it is in the text; `None` if the file has no such line.
    pub range: Option<TextRange>,
}

/// Looks at a line (1-based) of a file of a project.
///
/// # Errors
/// When the file cannot be read.
pub fn witness(
    chapters: &'static [Chapter],
    project: &Project,
    file: FileId,
    path: &std::path::Path,
    line: usize,
) -> Result<Witness, disk::ReadError> {
    let source = disk::read(path)?;
    let text = source.text();
    let lines = LineIndex::new(text);
    if line == 0 || line > lines.len() || nesting::too_deep(text).is_some() {
        return Ok(Witness::default());
    }
    let range = lines.full_range(line - 1, text);
    let begins = |it: TextRange| range.contains(it.start());
    let info: &Arc<FileInfo> = &project.file(file).info;
    let parsed = parse(text, source_type(&info.path), None);
    let options = Options { is_stub: project.file(file).is_stub(), ..Options::default() };
    let (tree, _) = analyze(parsed.syntax(), text, options, Buffers::default());
    let kinds: Vec<NodeKind> =
        tree.nodes().iter().filter(|it| begins(it.range())).map(|it| it.kind()).collect();
    let facts = project.file(file);
    let mut classes = Vec::new();
    for (index, class) in facts.classes().iter().enumerate() {
        if begins(class.range()) {
            classes.push(project.class_of(file, index as u32));
        }
    }
    let has_function = facts.functions().iter().any(|it| begins(it.range()));
    let has_import = facts.imports().iter().any(|it| begins(it.range()));
    let looks = |on: &On| match on {
        On::Class(_) => !classes.is_empty(),
        On::Function(_) => has_function,
        On::ImportCycle(_) => has_import,
        On::Mend(_) | On::Cut(_) | On::Suspicion(_) => false,
        on => on.kind().is_some_and(|kind| kinds.contains(&kind)),
    };
    let rules = chapters.iter().flat_map(|chapter| chapter.rules);
    let rules = rules.filter(|rule| rule.on.iter().any(looks)).collect();
    Ok(Witness { rules, classes, range: Some(range) })
}

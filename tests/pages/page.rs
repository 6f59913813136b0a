//! Reading a rule's page: prose in which every fenced block is a test.

/// An example of a page: its files, and what is to come of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Example {
    /// In the order of the page.
    pub(crate) files: Vec<Block>,
    /// The settings before it.
    pub(crate) settings: String,
    /// What fixes make of its files.
    pub(crate) fixed: Vec<Block>,
}

/// A fenced block.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    /// The file it stands for.
    pub(crate) path: String,
    /// Whether it has a title, or the path is made up.
    pub has_title: bool,
    /// `bad`, `good`, `fixed` or nothing.
    pub(crate) kind: String,
    /// The lines between the fences, markers included.
    pub(crate) text: String,
    /// Where they stand in the page: the 0-based lines after the opening fence and of the closing
    /// one.
    pub(crate) lines: (usize, usize),
}

/// A finding that a marker asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    /// 0-based, among the lines without markers.
    pub(crate) line: usize,
    /// 0-based, in characters; with the width, for a marker with carets.
    pub(crate) columns: Option<(usize, usize)>,
    /// What the message begins with.
    pub(crate) message: String,
}

impl Example {
    /// Whether findings are expected.
    pub(crate) fn is_bad(&self) -> bool {
        self.files.iter().any(|file| file.kind == "bad")
    }
}

/// The examples of a page.
pub(crate) fn examples(page: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut open = Example::default();
    let mut lines = page.lines().enumerate();
    while let Some((_, line)) = lines.next() {
        let Some(info) = line.strip_prefix("```") else {
            // Prose ends an example that has its verdict.
            if !line.trim().is_empty() && open.files.iter().any(|file| !file.kind.is_empty()) {
                examples.push(std::mem::take(&mut open));
            }
            continue;
        };
        let mut block = Block { path: "example.py".to_owned(), ..Block::default() };
        for (at, line) in lines.by_ref() {
            if block.lines.0 == 0 {
                block.lines.0 = at;
            }
            block.lines.1 = at;
            if line == "```" {
                break;
            }
            block.text.push_str(line);
            block.text.push('\n');
        }
        let mut words = info.split_whitespace();
        match words.next() {
            Some("toml") if !info.contains("title=") => open.settings = block.text,
            Some("python" | "toml" | "ini" | "yaml" | "text") => {
                for word in words {
                    match word.strip_prefix("title=") {
                        Some(title) => {
                            block.path = title.trim_matches('"').to_owned();
                            block.has_title = true;
                        }
                        None => block.kind = word.to_owned(),
                    }
                }
                match (block.kind.as_str(), block.has_title) {
                    ("fixed", _) => {
                        let example = match open.files.is_empty() {
                            true => examples.last_mut().expect("`fixed` follows `bad`"),
                            false => &mut open,
                        };
                        if !block.has_title {
                            let bad = example.files.iter().rfind(|file| file.kind == "bad");
                            block.path = bad.expect("`fixed` follows `bad`").path.clone();
                        }
                        example.fixed.push(block);
                    }
                    ("bad" | "good", false) => {
                        open.files.push(block);
                        examples.push(std::mem::take(&mut open));
                    }
                    (_, true) => open.files.push(block),
                    _ => {} // an illustration
                }
            }
            _ => {}
        }
    }
    if open.files.iter().any(|file| !file.kind.is_empty()) {
        examples.push(open);
    }
    examples
}

/// Takes the markers out of a block: the code, and what they ask for.
pub(crate) fn unmark(text: &str) -> (String, Vec<Mark>) {
    let (mut code, mut marks, mut line) = (String::new(), Vec::new(), 0usize);
    for raw in text.lines() {
        let comment = raw.trim_start().strip_prefix('#').map(str::trim_start);
        if let Some(carets) = comment.filter(|it| it.starts_with('^')) {
            let message = carets.trim_start_matches('^');
            let column = raw.chars().take_while(|it| *it != '^').count();
            let width = carets.len() - message.len();
            marks.push(Mark {
                line: line.saturating_sub(1),
                columns: Some((column, width)),
                message: message.trim().to_owned(),
            });
            continue;
        }
        let code_line = match raw.split_once("# <-") {
            Some((code, message)) => {
                let message = message.trim().to_owned();
                marks.push(Mark { line, columns: None, message });
                code.trim_end()
            }
            None => raw,
        };
        code.push_str(code_line);
        code.push('\n');
        line += 1;
    }
    (code, marks)
}

/// Puts markers into code.
pub(crate) fn mark(code: &str, marks: &[Mark]) -> String {
    let mut marked = String::new();
    for (number, line) in code.lines().enumerate() {
        marked.push_str(line);
        let here = || marks.iter().filter(|mark| mark.line == number);
        for mark in here().filter(|mark| !fits_below(mark)) {
            marked.push_str(&format!("  # <- {}", mark.message));
        }
        marked.push('\n');
        for mark in here().filter(|mark| fits_below(mark)) {
            let (column, width) = mark.columns.unwrap_or_default();
            let (space, carets) = (" ".repeat(column.saturating_sub(1)), "^".repeat(width.max(1)));
            // As much indent as the code has keeps the comment out of its way.
            let indent: String = line.chars().take_while(|it| it.is_whitespace()).collect();
            let depth = indent.chars().count().min(column.saturating_sub(2));
            let indent: String = indent.chars().take(depth).collect();
            marked.push_str(&format!("{indent}#{}{carets} {}\n", &space[depth..], mark.message));
        }
    }
    marked
}

/// Whether there is room for a `#` before the carets.
fn fits_below(mark: &Mark) -> bool {
    mark.columns.is_some_and(|(column, _)| column >= 2)
}

//! Suppressions that suppress nothing, and comments that fail to be suppressions.

use ruff_text_size::TextRange;

use super::parse::nearest;
use super::{Kind, Mistake, Name, Pragma, Suppressions, UsedSuppressions};
use crate::diagnostic::{Diagnostic, Severity, builtin};
use crate::fix::Fix;

impl Suppressions {
    /// What is to be said of the comments themselves, in the order of the text: those that cannot
    /// be understood, names that no rule has, and names that suppressed nothing in any phase.
    ///
    /// A name is only called unused if `is_enabled` says that its rule had a chance to report.
    /// `known` are the names to propose for unknown ones. A bare `# noqa` is never unused, since
    /// it may be meant for another tool.
    pub fn unused(
        &self,
        used: &UsedSuppressions,
        is_known: &dyn Fn(&str) -> bool,
        is_enabled: &dyn Fn(&str) -> bool,
        known: &[&str],
    ) -> Vec<Diagnostic> {
        let names_itself = |it: &Pragma| it.names.iter().any(is_itself);
        let in_file = |it: &Pragma| it.kind == Kind::FileIgnore && names_itself(it);
        if self.pragmas.iter().any(in_file) {
            return Vec::new();
        }
        let mut found: Vec<Diagnostic> = self.mistakes.iter().map(explained).collect();
        for pragma in &self.pragmas {
            if matches!(pragma.kind, Kind::Noqa | Kind::Enable) || names_itself(pragma) {
                continue;
            }
            let is_used = |index: usize| used.0.contains(&(pragma.first_index + index));
            let mut unused = Vec::new();
            for (index, name) in pragma.names.iter().enumerate() {
                if !is_known(&name.text) {
                    found.push(unknown(pragma, index, known));
                } else if !is_used(index) && is_enabled(&name.text) {
                    unused.push(index);
                }
            }
            if !unused.is_empty() || pragma.names.is_empty() && !is_used(0) {
                found.push(idle(pragma, &unused));
            }
        }
        found.sort_by_key(|it| (it.range.start(), it.range.end()));
        found
    }
}

fn is_itself(name: &Name) -> bool {
    name.text == builtin::UNUSED_SUPPRESSION
}

fn finding(range: TextRange, message: String) -> Diagnostic {
    Diagnostic::new(builtin::UNUSED_SUPPRESSION, Severity::Warning, range, message)
}

fn explained(mistake: &Mistake) -> Diagnostic {
    let mut found = finding(mistake.range, mistake.message.clone());
    if let Some((range, text)) = &mistake.correction {
        found.fix(Fix::unsafe_(format!("Write `{text}`")).replace(*range, text.clone()));
    }
    found
}

/// A name that no rule has.
fn unknown(pragma: &Pragma, index: usize, known: &[&str]) -> Diagnostic {
    let name = &pragma.names[index];
    match nearest(&name.text, known) {
        Some(meant) => {
            let message = format!("unknown rule `{}`; did you mean `{meant}`?", name.text);
            let mut found = finding(name.range, message);
            found.fix(Fix::unsafe_(format!("Write `{meant}`")).replace(name.range, meant));
            found
        }
        None => {
            let mut found = finding(name.range, format!("unknown rule `{}`", name.text));
            found.fix(without(pragma, &[index]));
            found
        }
    }
}

/// A suppression, or some names in one, that suppressed nothing.
fn idle(pragma: &Pragma, unused: &[usize]) -> Diagnostic {
    let is_all = unused.len() == pragma.names.len();
    let range = match unused {
        [only] if !is_all => pragma.names[*only].range,
        _ => pragma.range,
    };
    let quoted: Vec<String> =
        unused.iter().map(|index| format!("`{}`", pragma.names[*index].text)).collect();
    let word = pragma.word();
    let message = match quoted.split_last() {
        None => format!("this `{word}` suppresses nothing"),
        Some((only, [])) => format!("this `{word}` of {only} suppresses nothing"),
        Some((last, others)) => {
            format!("this `{word}` of {} and {last} suppresses nothing", others.join(", "))
        }
    };
    let mut found = finding(range, message);
    found.fix(without(pragma, unused));
    found
}

/// Takes names out of a suppression, or the whole of it if none is left.
fn without(pragma: &Pragma, indices: &[usize]) -> Fix {
    if indices.len() == pragma.names.len() {
        return Fix::safe("Remove the comment").delete(pragma.removal);
    }
    let kept = pragma.names.iter().enumerate().filter(|(index, _)| !indices.contains(index));
    let kept: Vec<&str> = kept.map(|(_, name)| name.text.as_str()).collect();
    let title = if indices.len() == 1 { "Remove the name" } else { "Remove the names" };
    Fix::safe(title).replace(pragma.list, kept.join(", "))
}

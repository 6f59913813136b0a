//! What fixes of several chapters write into dataclasses.

use ruff_python_ast::{Decorator, Expr};
use ruff_text_size::{Ranged as _, TextSize};

use crate::fix::Fix;
use crate::rule::Context;

/// Asks the decorator of a dataclass for something more: `@dataclass` → `@dataclass(slots=True)`.
pub(super) fn asking(
    decorator: &Decorator,
    setting: &str,
    fix: Fix,
    cx: &Context<'_>,
) -> Option<Fix> {
    let Expr::Call(call) = &decorator.expression else {
        return Some(fix.insert(decorator.expression.end(), format!("({setting})")));
    };
    let last = call.arguments.iter_source_order().map(|it| it.end()).max();
    Some(match last {
        None => fix.insert(call.arguments.end() - TextSize::new(1), setting),
        Some(last) => {
            let first = call.arguments.iter_source_order().map(|it| it.start()).min()?;
            let indent = cx.indent_at(first);
            match cx.begins_line(first) {
                true => fix.insert(last, format!(",\n{indent}{setting}")),
                false => fix.insert(last, format!(", {setting}")),
            }
        }
    })
}

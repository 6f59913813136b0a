//! Files as `configparser` reads them: sections, keys, and values that indented lines continue.

use std::ops::Range;

/// A key with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry<'t> {
    pub(super) section: &'t str,
    pub(super) key: &'t str,
    /// Where the value stands in the text, without the white space around it.
    pub(super) value: Range<usize>,
}

/// The entries of a text, in its order.
pub(super) fn entries(text: &str) -> Vec<Entry<'_>> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    let (mut section, mut start, mut is_open) = ("", 0, false);
    for line in text.split_inclusive('\n') {
        let end = start + line.trim_end().len();
        let content = line.trim();
        if content.is_empty() || content.starts_with(['#', ';']) {
            // Neither ends a value.
        } else if line.starts_with([' ', '\t']) {
            if let Some(entry) = entries.last_mut().filter(|_| is_open) {
                entry.value.end = end;
            }
        } else if let Some(name) = content.strip_prefix('[') {
            section = name.split(']').next().unwrap_or(name);
            is_open = false;
        } else if let Some((key, value)) = line.split_once(['=', ':']) {
            let value = start + line.len() - value.trim_start().len();
            entries.push(Entry { section, key: key.trim(), value: value.min(end)..end });
            is_open = true;
        }
        start += line.len();
    }
    for Entry { value, .. } in &mut entries {
        let trimmed = text[value.clone()].trim_start();
        value.start = value.end - trimmed.len();
    }
    entries
}

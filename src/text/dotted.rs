//! Dotted names as they are written.

/// The parts of a dotted name, outermost first. Names are short: looking at each byte is faster than
/// what finds a byte in long texts.
pub fn dotted_parts(dotted: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(dotted);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = text.bytes().position(|byte| byte == b'.');
        let (part, after) = match end {
            Some(end) => (&text[..end], Some(&text[end + 1..])),
            None => (text, None),
        };
        rest = after;
        Some(part)
    })
}

/// What stands before the last part of a dotted name: `None` for a name of one part.
pub fn before_last_part(dotted: &str) -> Option<&str> {
    dotted.bytes().rposition(|byte| byte == b'.').map(|end| &dotted[..end])
}

#[cfg(test)]
mod tests {
    #[test]
    fn parts_are_those_of_a_split() {
        for dotted in ["", "a", "a.b", "a..b", ".a", "a.", "collections.abc.Mapping"] {
            assert!(super::dotted_parts(dotted).eq(dotted.split('.')), "{dotted}");
            let before = dotted.rsplit_once('.').map(|(before, _)| before);
            assert_eq!(super::before_last_part(dotted), before, "{dotted}");
        }
    }
}

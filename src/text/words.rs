//! Names in a text that is not parsed.

/// Where a name stands by itself in a text, and is no part of a longer one: byte offsets.
pub fn places_of<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = usize> + 't {
    let is_part = |it: char| it.is_alphanumeric() || it == '_';
    text.match_indices(name).map(|(at, _)| at).filter(move |at| {
        !text[..*at].ends_with(is_part) && !text[at + name.len()..].starts_with(is_part)
    })
}

#[cfg(test)]
mod tests {
    use super::places_of;

    #[test]
    fn names_stand_by_themselves() {
        let places = |text| places_of(text, "a.b").collect::<Vec<_>>();
        assert_eq!(places("a.b, (a.b) a.b"), [0, 6, 11]);
        assert_eq!(places("xa.b a.bc _a.b a.b_ \u{e9}a.b a.b\u{e9}"), [0; 0]);
    }
}

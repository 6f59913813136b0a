//! Every rule, chapter by chapter of the article.

pub mod classes;
pub mod context_managers;
pub mod data_model;
mod dataclasses;
pub mod decorators;
mod failures;
pub mod generators;
pub mod imports;
mod libraries;
pub mod versions;

use crate::rule::Chapter;

/// The rule book.
pub const CHAPTERS: &[Chapter] = &[
    data_model::CHAPTER,
    classes::CHAPTER,
    decorators::CHAPTER,
    generators::CHAPTER,
    context_managers::CHAPTER,
    imports::CHAPTER,
    versions::CHAPTER,
];

const _: () = well_formed(CHAPTERS);

/// Names are kebab-case, and each page opens with its rule's name: checked by the compiler.
const fn well_formed(chapters: &[Chapter]) {
    let mut c = 0;
    while c < chapters.len() {
        let mut r = 0;
        while r < chapters[c].rules.len() {
            let rule = &chapters[c].rules[r];
            let (name, page) = (rule.name.as_bytes(), rule.page.as_bytes());
            assert!(page.len() > name.len() + 3 && page[0] == b'#' && page[1] == b' ');
            let mut i = 0;
            while i < name.len() {
                assert!(
                    name[i].is_ascii_lowercase() || name[i].is_ascii_digit() || name[i] == b'-',
                    "a rule's name is in kebab-case"
                );
                assert!(page[i + 2] == name[i], "a page's title is its rule's name");
                i += 1;
            }
            assert!(page[name.len() + 2] == b'\n', "a page's title is its rule's name");
            r += 1;
        }
        c += 1;
    }
}

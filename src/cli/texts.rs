//! The texts that a report shows: read anew, since a run does not keep them.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::rc::Rc;

use crate::engine::disk;
use crate::output::{Text, Texts};

/// How many files are kept: that of a finding and those of its labels.
const KEPT: usize = 8;

/// Files on disk.
pub(super) struct Disk {
    folder: PathBuf,
    kept: VecDeque<(String, Option<Rc<Text>>)>,
}

impl Disk {
    /// Paths are relative to `folder` unless they are absolute.
    pub(super) fn new(folder: PathBuf) -> Disk {
        Disk { folder, kept: VecDeque::new() }
    }
}

impl Texts for Disk {
    fn text(&mut self, path: &str) -> Option<Rc<Text>> {
        if let Some((_, text)) = self.kept.iter().find(|(kept, _)| kept == path) {
            return text.clone();
        }
        let source = disk::read(&self.folder.join(path)).ok();
        let text = source.map(|source| Rc::new(Text::new(source.into_text())));
        self.kept.truncate(KEPT - 1);
        self.kept.push_front((path.to_owned(), text.clone()));
        text
    }
}

/// A file that came on standard input, and those on disk.
pub(super) struct Given {
    /// What the file is called.
    pub(super) path: String,
    /// Its text; `None` if it is not text.
    pub(super) text: Option<Rc<Text>>,
    /// All others.
    pub(super) others: Disk,
}

impl Texts for Given {
    fn text(&mut self, path: &str) -> Option<Rc<Text>> {
        if path == self.path { self.text.clone() } else { self.others.text(path) }
    }
}

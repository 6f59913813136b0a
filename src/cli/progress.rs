//! A bar on standard error, for runs that take long.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::output::counted;

/// Runs shorter than this show nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often the bar moves: 10 times a second.
const RATE: u8 = 10;

/// A bar that appears when a run turns out to take long.
pub(super) struct Progress {
    /// `None` where nobody would see it.
    total: Option<usize>,
    start: Instant,
    bar: OnceLock<ProgressBar>,
}

impl Progress {
    /// For a run over `total` files; never shown unless `visible`.
    pub(super) fn new(total: usize, visible: bool) -> Progress {
        Progress { total: visible.then_some(total), start: Instant::now(), bar: OnceLock::new() }
    }

    /// Says how many files are done.
    pub(super) fn done(&self, files: usize) {
        let Some(total) = self.total else { return };
        if self.bar.get().is_none() && self.start.elapsed() < PATIENCE {
            return;
        }
        self.bar.get_or_init(|| bar(total)).set_position(files as u64);
    }

    /// Takes the bar away.
    pub(super) fn finish(self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

fn bar(total: usize) -> ProgressBar {
    let target = ProgressDrawTarget::stderr_with_hz(RATE);
    let template = format!("{{bar:40}} {{pos}} of {}", counted(total, "file"));
    let style = ProgressStyle::with_template(&template);
    ProgressBar::with_draw_target(Some(total as u64), target)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

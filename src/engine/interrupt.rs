//! Ctrl-C: the first asks the run to end after what it is at, the second ends the process.

use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};
use std::thread;
use std::time::{Duration, Instant};

/// What a shell reports for a command that Ctrl-C ended: 128 + SIGINT.
const EXIT_INTERRUPTED: i32 = 130;
/// How long a second Ctrl-C waits for files that are being replaced.
const PATIENCE: Duration = Duration::from_secs(2);

static REQUESTED: AtomicBool = AtomicBool::new(false);
static REPLACING: RwLock<()> = RwLock::new(());

/// From now on Ctrl-C sets the flag that [`requested`] reads, and a second Ctrl-C ends the process
/// with exit status 130. Where no handler can be installed, Ctrl-C keeps ending the process at
/// once, which loses nothing either.
pub fn install() {
    let handler = || {
        if REQUESTED.swap(true, Ordering::SeqCst) {
            wait_for_replacements();
            process::exit(EXIT_INTERRUPTED);
        }
    };
    let _already_installed = ctrlc::set_handler(handler);
}

/// Whether Ctrl-C was pressed: take up no new file.
pub fn requested() -> bool {
    REQUESTED.load(Ordering::Relaxed)
}

/// While the answer lives, a second Ctrl-C waits (not for ever): a file is being replaced, and
/// neither half of it nor a temporary file shall be left.
pub(super) fn hold() -> RwLockReadGuard<'static, ()> {
    REPLACING.read().unwrap_or_else(PoisonError::into_inner)
}

/// Returns when no file is being replaced; from then on none can begin to be.
fn wait_for_replacements() {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if let Ok(guard) = REPLACING.try_write() {
            std::mem::forget(guard);
            return;
        }
        thread::sleep(Duration::from_millis(5));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_can_be_replaced_side_by_side() {
        let first = hold();
        let second = hold();
        assert!(REPLACING.try_write().is_err());
        drop((first, second));
        assert!(!requested());
    }
}

//! What code asks of the Python that runs it, whatever the project declares.

use std::borrow::Cow;

use ruff_text_size::TextRange;

use crate::facts::Premise;

pub use crate::semantic::pythons::Pythons;

/// A place that not every Python can run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The place.
    pub range: TextRange,
    /// What is used there, as messages call it.
    pub what: Cow<'static, str>,
    /// The Pythons that have it.
    pub there: Pythons,
    /// The Pythons on which the place is reached, and what it raises is not caught.
    pub reached: Pythons,
    /// Of these, the Pythons on which whoever imports the file comes to it for sure: it is in no
    /// function, and behind no test that cannot be decided.
    pub surely: Pythons,
    /// What other files may say about that.
    pub premise: Premise,
}

impl Need {
    /// The Pythons on which it is reached and fails.
    pub fn fails(&self) -> Pythons {
        self.reached.without(self.there).without(Pythons::TWO)
    }

    /// The Pythons on which the file cannot be imported for it.
    pub fn fails_at_import(&self) -> Pythons {
        self.fails().and(self.surely)
    }
}

//! Settings: what is on, how strict, for which files.

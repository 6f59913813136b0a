//! What a module is called, and what relative imports mean in it.

use serde::{Deserialize, Serialize};

use crate::text::before_last_part;

/// The dotted name of a module, and whether it is a package's `__init__`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ModuleName {
    dotted: String,
    is_package: bool,
    is_test: bool,
}

impl ModuleName {
    /// A module, or with `is_package` a package's `__init__`.
    pub fn new(dotted: impl Into<String>, is_package: bool) -> ModuleName {
        let dotted = dotted.into();
        let is_test = dotted.split('.').any(|part| {
            matches!(part, "test" | "tests" | "conftest")
                || part.starts_with("test_")
                || part.ends_with("_test")
        });
        ModuleName { dotted, is_package, is_test }
    }

    /// The name of the file at `path` below its source root: `/` between the parts, and an ending
    /// after the last dot. `pkg/__init__.py` is `pkg`, `pkg/mod.py` is `pkg.mod`.
    pub fn of_path(path: &str) -> ModuleName {
        let stem = match path.rfind('.') {
            Some(dot) if !path[dot..].contains('/') => &path[..dot],
            _ => path,
        };
        let dotted = stem.replace('/', ".");
        match dotted.strip_suffix(".__init__") {
            Some(package) => ModuleName::new(package, true),
            None => ModuleName::new(dotted, false),
        }
    }

    /// The dotted name.
    pub fn as_str(&self) -> &str {
        &self.dotted
    }

    /// Whether it is a package's `__init__`.
    pub fn is_package(&self) -> bool {
        self.is_package
    }

    /// Whether it holds tests, by what test runners and their users call such modules.
    pub fn is_test(&self) -> bool {
        self.is_test
    }

    /// What one leading dot means in it: itself for a package, else its parent; empty at the top.
    pub fn package(&self) -> &str {
        if self.is_package {
            return &self.dotted;
        }
        before_last_part(&self.dotted).unwrap_or("")
    }

    /// What `level` leading dots mean in it. `None` for none, and for more dots than there are
    /// packages ("attempted relative import beyond top-level package").
    pub fn ancestor(&self, level: u32) -> Option<&str> {
        let mut package = self.package();
        for _ in 1..level {
            package = before_last_part(package)?;
        }
        (level > 0 && !package.is_empty()).then_some(package)
    }

    /// The absolute name of what `from {dots}{module}` names.
    pub fn absolute(&self, level: u32, module: Option<&str>) -> Option<String> {
        match (level, module) {
            (0, module) => module.map(str::to_owned),
            (level, None) => self.ancestor(level).map(str::to_owned),
            (level, Some(module)) => Some(format!("{}.{module}", self.ancestor(level)?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_dot_is_the_package_itself_in_an_init() {
        let init = ModuleName::of_path("pkg/sub/__init__.py");
        assert_eq!(init.absolute(1, Some("mod")).as_deref(), Some("pkg.sub.mod"));
        assert_eq!(init.absolute(2, None).as_deref(), Some("pkg"));
        assert_eq!(init.absolute(3, None), None);
        let module = ModuleName::of_path("pkg/sub/mod.py");
        assert_eq!(module.absolute(1, None).as_deref(), Some("pkg.sub"));
        assert_eq!(ModuleName::of_path("top.py").absolute(1, Some("x")), None);
    }

    #[test]
    fn tests_are_known_by_their_names() {
        for path in ["tests/base.py", "pkg/test_mod.py", "pkg/mod_test.py", "conftest.py"] {
            assert!(ModuleName::of_path(path).is_test(), "{path}");
        }
        assert!(!ModuleName::of_path("pkg/latest/testing.py").is_test());
    }
}

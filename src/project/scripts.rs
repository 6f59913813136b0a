//! The scripts and plugins of a project, and the modules that they begin with.

use super::{FileId, Project};

/// A script or plugin of a project.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Script {
    /// The dotted name of the module that it begins with.
    pub module: String,
    /// What is typed to run it; a plugin is run by others.
    pub command: Option<String>,
}

impl Project {
    /// The files that a script may begin with.
    pub(super) fn begun_by(&self, script: &Script) -> impl Iterator<Item = FileId> + '_ {
        let package = self.modules.package(&script.module);
        package.into_iter().flat_map(|it| self.modules.files(it))
    }

    /// The commands that begin with importing a module, sorted.
    pub fn commands(&self, module: FileId) -> Vec<&str> {
        let own = self.scripts.iter().filter(|it| self.begun_by(it).any(|file| file == module));
        let mut commands: Vec<&str> = own.filter_map(|it| it.command.as_deref()).collect();
        commands.sort_unstable();
        commands.dedup();
        commands
    }

    /// The package that `python -m` runs by a module: `shop`, for `shop.__main__`.
    pub fn package_run_by(&self, module: FileId) -> Option<&str> {
        self.file(module).module().as_str().strip_suffix(".__main__")
    }
}

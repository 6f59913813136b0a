//! The options of rules: name, default, type and meaning in one constant.

use std::collections::BTreeMap;

use ruff_python_ast::PythonVersion;

/// An option of a rule, read with its own type: `cx.get(&MIN_FIELDS)`.
pub struct Opt<T: 'static> {
    /// Its key under `[tool.dunderlint.rules.NAME]`, in kebab-case.
    pub name: &'static str,
    /// What holds when it is not set.
    pub default: T,
    /// One sentence for the page, the schema and the hover.
    pub help: &'static str,
}

/// A type that an option may have.
pub trait Value: Clone + Send + Sync {
    /// What [`Value::read`] returns: lists are constants of `&str` but read as owned strings.
    type Read;
    /// The kind of value in the words of an error message: `an integer`.
    const KIND: &'static str;
    /// Reads it from TOML; `None` for a value of another kind.
    fn read(value: &toml::Value) -> Option<Self::Read>;
    /// The default as it is read.
    fn as_read(&self) -> Self::Read;
    /// The default as it would be written in TOML.
    fn as_toml(&self) -> toml::Value;
}

impl Value for i64 {
    type Read = i64;
    const KIND: &'static str = "an integer";
    fn read(value: &toml::Value) -> Option<i64> {
        value.as_integer()
    }
    fn as_read(&self) -> i64 {
        *self
    }
    fn as_toml(&self) -> toml::Value {
        toml::Value::Integer(*self)
    }
}

impl Value for bool {
    type Read = bool;
    const KIND: &'static str = "`true` or `false`";
    fn read(value: &toml::Value) -> Option<bool> {
        value.as_bool()
    }
    fn as_read(&self) -> bool {
        *self
    }
    fn as_toml(&self) -> toml::Value {
        toml::Value::Boolean(*self)
    }
}

impl Value for &'static [&'static str] {
    type Read = Vec<String>;
    const KIND: &'static str = "a list of strings";
    fn read(value: &toml::Value) -> Option<Vec<String>> {
        value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
    }
    fn as_read(&self) -> Vec<String> {
        self.iter().map(|item| (*item).to_owned()).collect()
    }
    fn as_toml(&self) -> toml::Value {
        self.iter().map(|item| toml::Value::from(*item)).collect::<Vec<_>>().into()
    }
}

/// An option with its type forgotten: for pages, the schema and the checking of settings.
pub trait Described: Sync {
    /// Its key.
    fn name(&self) -> &'static str;
    /// One sentence.
    fn help(&self) -> &'static str;
    /// The kind of value it takes, in the words of an error message.
    fn kind(&self) -> &'static str;
    /// Its default as it would be written in TOML.
    fn default(&self) -> toml::Value;
    /// Whether the value is of its kind.
    fn accepts(&self, value: &toml::Value) -> bool;
}

impl<T: Value> Described for Opt<T> {
    fn name(&self) -> &'static str {
        self.name
    }
    fn help(&self) -> &'static str {
        self.help
    }
    fn kind(&self) -> &'static str {
        T::KIND
    }
    fn default(&self) -> toml::Value {
        self.default.as_toml()
    }
    fn accepts(&self, value: &toml::Value) -> bool {
        T::read(value).is_some()
    }
}

/// The Pythons that code must run on, as far as it is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// The oldest.
    pub lowest: PythonVersion,
    /// The newest, where an upper bound is declared.
    pub highest: Option<PythonVersion>,
}

/// What a rule may read of the settings. Filled by `config`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values {
    /// The declared Pythons; `None` keeps the version rules silent.
    pub target: Option<Target>,
    /// Rules are asked what the code needs of a Python, guarded uses included.
    pub is_census: bool,
    /// Rule name and option name to value; checked against [`Described::accepts`] when set.
    pub options: BTreeMap<(String, String), toml::Value>,
}

impl Values {
    /// The value of a rule's option: what was set, else its default.
    pub fn get<T: Value>(&self, rule: &str, option: &Opt<T>) -> T::Read {
        if self.options.is_empty() {
            return option.default.as_read();
        }
        self.options
            .get(&(rule.to_owned(), option.name.to_owned()))
            .and_then(T::read)
            .unwrap_or_else(|| option.default.as_read())
    }
}

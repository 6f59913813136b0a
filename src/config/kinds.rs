//! The shapes a value may have (one, a list, a list to be added, a table) and how each is read,
//! covered and shown.

use std::sync::Arc;

use serde_json::json;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::Problem;
use super::keys::{Layer, NAMES};
use super::place::{Place, Placed, Written};
use super::select::Book;
use super::show::Line;

/// Reads one text: knows the names that may stand in it, and gathers what is wrong.
pub(super) struct Reader {
    pub(super) book: Book,
    pub(super) written: Arc<Written>,
    pub(super) problems: Vec<Problem>,
}

impl Reader {
    pub(super) fn new(book: Book, written: Arc<Written>) -> Reader {
        Reader { book, written, problems: Vec::new() }
    }

    /// Reads a whole table of settings.
    pub(super) fn layer(&mut self, table: &DeTable<'_>) -> Layer {
        let mut layer = Layer::default();
        for (key, value) in in_order(table) {
            if !layer.read(key.get_ref(), value, self) {
                self.unknown_key(key);
            }
        }
        layer
    }

    fn unknown_key(&mut self, key: &Spanned<impl AsRef<str>>) {
        let word = key.get_ref().as_ref();
        let message = format!("unknown key `{word}` in `{}`", self.written.table());
        let label = match word {
            "extend-ignore" => "write it in `ignore`".to_owned(),
            "extend-unfixable" => "write it in `unfixable`".to_owned(),
            "lint" => format!("write its keys in `{}` itself", self.written.table()),
            _ => super::error::did_you_mean(word, NAMES.iter().copied(), "there is no such key"),
        };
        self.problem(key, message, label);
    }

    /// Notes that something is wrong at a key or value.
    pub(super) fn problem<T>(&mut self, at: &Spanned<T>, message: String, label: String) {
        let place = self.place(at);
        self.problems.push(Problem::at(place, message, label));
    }

    /// Notes that a value is of another kind than `name` takes.
    pub(super) fn wrong_kind(&mut self, name: &str, value: &Spanned<DeValue<'_>>, kind: &str) {
        let found = match value.get_ref() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "an integer",
            DeValue::Float(_) => "a float",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.problem(value, format!("`{name}` takes {kind}"), format!("this is {found}"));
    }

    /// Where a key or value stands.
    pub(super) fn place<T>(&self, at: &Spanned<T>) -> Place {
        Place { written: Arc::clone(&self.written), range: at.span() }
    }
}

/// The entries of a table in the order in which they are written.
pub(super) fn in_order<'t, 'i>(
    table: &'t DeTable<'i>,
) -> Vec<(&'t Spanned<std::borrow::Cow<'i, str>>, &'t Spanned<DeValue<'i>>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

/// A kind of single value: a boolean, a rule's name, a glob.
pub(super) trait Scalar: Clone {
    /// In the words of an error message: `a rule or chapter`.
    const KIND: &'static str;
    /// Several of them: `rules and chapters`.
    const KINDS: &'static str;
    /// Reads it; what is wrong goes to the reader, with `None`.
    fn parse(name: &str, value: &Spanned<DeValue<'_>>, reader: &mut Reader) -> Option<Self>;
    /// What it takes, as JSON Schema.
    fn schema(book: Book) -> serde_json::Value;
    /// As it is written in TOML.
    fn toml(&self) -> toml::Value;
}

/// What a key holds.
pub(super) trait Setting: Default {
    /// Reads the value of the key `name`; what is wrong goes to the reader.
    fn read(&mut self, name: &str, value: &Spanned<DeValue<'_>>, reader: &mut Reader);
    /// Puts what a stronger source says over this.
    fn cover(&mut self, above: Self);
    /// Writes `name = value`, with its origin.
    fn lines(&self, name: &str, lines: &mut Vec<Line>);
    /// What it takes, as JSON Schema.
    fn schema(book: Book) -> serde_json::Value;
}

/// A single value: the stronger source replaces it.
#[derive(Clone, Debug)]
pub(super) struct One<T>(pub(super) Option<Placed<T>>);

/// A list: the stronger source replaces it.
#[derive(Clone, Debug)]
pub(super) struct List<T>(pub(super) Option<Placed<Vec<Placed<T>>>>);

/// A list: the stronger source adds to it.
#[derive(Clone, Debug)]
pub(super) struct More<T>(pub(super) Vec<Placed<T>>);

/// A table: the stronger source covers it key by key. Its entries come in the order in which they
/// are written, those of the stronger source first.
#[derive(Clone, Debug)]
pub(super) struct Table<K, V>(pub(super) Vec<(Placed<K>, V)>);

impl<T> One<T> {
    pub(super) fn get(&self) -> Option<&T> {
        self.0.as_ref().map(|it| &it.value)
    }
}

impl One<bool> {
    /// Whether it is set, and to `true`.
    pub(super) fn is_on(&self) -> bool {
        self.get().is_some_and(|on| *on)
    }
}

impl<T> List<T> {
    /// Its items; none if it is unset.
    pub(super) fn items(&self) -> &[Placed<T>] {
        self.0.as_ref().map_or(&[], |list| &list.value)
    }
}

impl<T> Default for One<T> {
    fn default() -> Self {
        One(None)
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        List(None)
    }
}

impl<T> Default for More<T> {
    fn default() -> Self {
        More(Vec::new())
    }
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Table(Vec::new())
    }
}

fn placed<T: Scalar>(
    name: &str,
    value: &Spanned<DeValue<'_>>,
    reader: &mut Reader,
) -> Option<Placed<T>> {
    let place = reader.place(value);
    T::parse(name, value, reader).map(|value| Placed { value, place })
}

fn items<T: Scalar>(
    name: &str,
    value: &Spanned<DeValue<'_>>,
    reader: &mut Reader,
) -> Option<Vec<Placed<T>>> {
    let Some(array) = value.get_ref().as_array() else {
        reader.wrong_kind(name, value, &format!("a list of {}", T::KINDS));
        return None;
    };
    Some(array.iter().filter_map(|item| placed(name, item, reader)).collect())
}

impl<T: Scalar> Setting for One<T> {
    fn read(&mut self, name: &str, value: &Spanned<DeValue<'_>>, reader: &mut Reader) {
        self.0 = placed(name, value, reader);
    }

    fn cover(&mut self, above: Self) {
        if above.0.is_some() {
            *self = above;
        }
    }

    fn lines(&self, name: &str, lines: &mut Vec<Line>) {
        lines.push(match &self.0 {
            Some(it) => Line::new(name, &it.value.toml().to_string(), it.place.origin()),
            None => Line::unset(name),
        });
    }

    fn schema(book: Book) -> serde_json::Value {
        T::schema(book)
    }
}

impl<T: Scalar> Setting for List<T> {
    fn read(&mut self, name: &str, value: &Spanned<DeValue<'_>>, reader: &mut Reader) {
        let place = reader.place(value);
        self.0 = items(name, value, reader).map(|value| Placed { value, place });
    }

    fn cover(&mut self, above: Self) {
        if above.0.is_some() {
            *self = above;
        }
    }

    fn lines(&self, name: &str, lines: &mut Vec<Line>) {
        match &self.0 {
            Some(list) => Line::list(name, &list.value, list.place.origin(), lines),
            None => lines.push(Line::unset(name)),
        }
    }

    fn schema(book: Book) -> serde_json::Value {
        json!({ "type": "array", "items": T::schema(book) })
    }
}

impl<T: Scalar> Setting for More<T> {
    fn read(&mut self, name: &str, value: &Spanned<DeValue<'_>>, reader: &mut Reader) {
        self.0 = items(name, value, reader).unwrap_or_default();
    }

    fn cover(&mut self, above: Self) {
        self.0.extend(above.0);
    }

    fn lines(&self, name: &str, lines: &mut Vec<Line>) {
        Line::list(name, &self.0, "default".to_owned(), lines);
    }

    fn schema(book: Book) -> serde_json::Value {
        List::<T>::schema(book)
    }
}

impl<K: Scalar + PartialEq, V: Setting> Setting for Table<K, V> {
    fn read(&mut self, name: &str, value: &Spanned<DeValue<'_>>, reader: &mut Reader) {
        let Some(table) = value.get_ref().as_table() else {
            return reader.wrong_kind(name, value, &format!("a table whose keys are {}", K::KINDS));
        };
        for (key, value) in in_order(table) {
            let word = Spanned::new(key.span(), DeValue::String(key.get_ref().clone()));
            if let Some(key) = placed(name, &word, reader) {
                let mut inner = V::default();
                inner.read(name, value, reader);
                self.0.push((key, inner));
            }
        }
    }

    fn cover(&mut self, above: Self) {
        let below = std::mem::replace(&mut self.0, above.0);
        let stronger = self.0.len();
        for (key, mut value) in below {
            match self.0[..stronger].iter_mut().find(|(other, _)| other.value == key.value) {
                Some((_, over)) => {
                    value.cover(std::mem::take(over));
                    *over = value;
                }
                None => self.0.push((key, value)),
            }
        }
    }

    fn lines(&self, name: &str, lines: &mut Vec<Line>) {
        if self.0.is_empty() {
            lines.push(Line::new(name, "{}", "default".to_owned()));
        }
        for (key, value) in &self.0 {
            let key = super::show::key(&key.value.toml());
            value.lines(&format!("{name}.{key}"), lines);
        }
    }

    fn schema(book: Book) -> serde_json::Value {
        json!({
            "type": "object",
            "propertyNames": K::schema(book),
            "additionalProperties": V::schema(book),
        })
    }
}

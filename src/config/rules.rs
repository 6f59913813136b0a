//! `[tool.dunderlint.rules.NAME]`: the options of each rule, and its severity.

use serde_json::{Map, json};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::did_you_mean;
use super::kinds::{Reader, Scalar, Setting, in_order};
use super::place::Placed;
use super::select::Book;
use super::show::{Line, key};
use crate::diagnostic::Severity;
use crate::rule::Rule;

/// The key of a rule's table that is no option.
const SEVERITY: &str = "severity";

/// What is set of the options of rules. A stronger source covers it option by option.
#[derive(Clone, Debug, Default)]
pub(super) struct RuleTables(pub(super) Vec<RuleOption>);

/// One option of one rule, checked; or its severity.
#[derive(Clone, Debug)]
pub(super) struct RuleOption {
    pub(super) rule: &'static str,
    pub(super) name: &'static str,
    pub(super) set: Placed<toml::Value>,
}

impl RuleTables {
    /// The severity that a rule's table sets.
    pub(super) fn severity(&self, rule: &str) -> Option<Severity> {
        let is_it = |it: &&RuleOption| it.rule == rule && it.name == SEVERITY;
        self.0.iter().find(is_it)?.set.value.as_str().and_then(Severity::parse)
    }

    /// The options, without the severities.
    pub(super) fn options(&self) -> impl Iterator<Item = &RuleOption> {
        self.0.iter().filter(|it| it.name != SEVERITY)
    }

    fn read_rule(&mut self, rule: &'static Rule, table: &DeTable<'_>, reader: &mut Reader) {
        for (key, value) in in_order(table) {
            let word = key.get_ref().as_ref();
            let place = reader.place(value);
            if word == SEVERITY {
                let name = format!("rules.{}.{SEVERITY}", rule.name);
                if let Some(severity) = <Severity as Scalar>::parse(&name, value, reader) {
                    let set = Placed { value: severity.toml(), place };
                    self.0.push(RuleOption { rule: rule.name, name: SEVERITY, set });
                }
                continue;
            }
            let Some(option) = rule.options.iter().find(|option| option.name() == word) else {
                let message = format!("unknown option `{word}` of `{}`", rule.name);
                let names = rule.options.iter().map(|option| option.name()).chain([SEVERITY]);
                let label = did_you_mean(word, names, "the rule has no such option");
                reader.problem(key, message, label);
                continue;
            };
            match owned(value.get_ref()) {
                Some(owned) if option.accepts(&owned) => {
                    let set = Placed { value: owned, place };
                    self.0.push(RuleOption { rule: rule.name, name: option.name(), set });
                }
                _ => reader.wrong_kind(word, value, option.kind()),
            }
        }
    }
}

impl Setting for RuleTables {
    fn read(&mut self, name: &str, value: &Spanned<DeValue<'_>>, reader: &mut Reader) {
        let Some(table) = value.get_ref().as_table() else {
            return reader.wrong_kind(name, value, "a table whose keys are rules");
        };
        for (key, value) in in_order(table) {
            let word = key.get_ref().as_ref();
            match (reader.book.rule(word), value.get_ref()) {
                (None, _) => {
                    let message = format!("unknown rule `{word}` in `{name}`");
                    let names = reader.book.rules().map(|(_, rule)| rule.name);
                    let label = did_you_mean(word, names, "there is no such rule");
                    reader.problem(key, message, label);
                }
                (Some(rule), DeValue::Table(table)) => self.read_rule(rule, table, reader),
                (Some(_), _) => {
                    reader.wrong_kind(&format!("{name}.{word}"), value, "a table of options");
                }
            }
        }
    }

    fn cover(&mut self, above: Self) {
        self.0.retain(|below| {
            !above.0.iter().any(|it| it.rule == below.rule && it.name == below.name)
        });
        self.0.extend(above.0);
    }

    fn lines(&self, name: &str, lines: &mut Vec<Line>) {
        for it in &self.0 {
            let key = format!("{name}.{}.{}", key(&it.rule.into()), key(&it.name.into()));
            lines.push(Line::new(&key, &it.set.value.to_string(), it.set.place.origin()));
        }
    }

    fn schema(book: Book) -> serde_json::Value {
        let mut rules = Map::new();
        for (_, rule) in book.rules() {
            let mut properties = Map::new();
            let severity = super::schema::described(Severity::schema(book), "How bad it is.");
            properties.insert(SEVERITY.to_owned(), severity);
            for option in rule.options {
                let mut schema = kind_of(&option.default());
                schema["description"] = option.help().into();
                schema["default"] = json!(option.default());
                properties.insert(option.name().to_owned(), schema);
            }
            let schema = json!({
                "type": "object",
                "description": rule.summary(),
                "properties": properties,
                "additionalProperties": false,
            });
            rules.insert(rule.name.to_owned(), schema);
        }
        json!({ "type": "object", "properties": rules, "additionalProperties": false })
    }
}

/// The JSON Schema of what an option takes, told from its default. Lists are of strings.
fn kind_of(default: &toml::Value) -> serde_json::Value {
    match default {
        toml::Value::Boolean(_) => json!({ "type": "boolean" }),
        toml::Value::Integer(_) => json!({ "type": "integer" }),
        toml::Value::Array(_) => json!({ "type": "array", "items": { "type": "string" } }),
        _ => json!({}),
    }
}

/// A value without its places; `None` for a number that is too large.
fn owned(value: &DeValue<'_>) -> Option<toml::Value> {
    Some(match value {
        DeValue::String(it) => it.as_ref().into(),
        DeValue::Boolean(it) => (*it).into(),
        DeValue::Integer(it) => i64::from_str_radix(it.as_str(), it.radix()).ok()?.into(),
        DeValue::Float(it) => it.as_str().parse::<f64>().ok()?.into(),
        DeValue::Datetime(it) => (*it).into(),
        DeValue::Array(items) => {
            let items: Option<Vec<_>> = items.iter().map(|item| owned(item.get_ref())).collect();
            items?.into()
        }
        DeValue::Table(table) => {
            let owned = |(key, value): (&Spanned<_>, &Spanned<_>)| {
                let key: &std::borrow::Cow<'_, str> = key.get_ref();
                Some((key.clone().into_owned(), owned(value.get_ref())?))
            };
            toml::Value::Table(table.iter().map(owned).collect::<Option<_>>()?)
        }
    })
}

//! `dunderlint rule`: the page of a rule, or the list of all.

use std::io::{self, Write};

use annotate_snippets::renderer as default;
use anstyle::Style;
use serde_json::{Value, json};

use super::Failure;
use super::arguments::{Plain, Rule as Asked};
use super::catalogue::{Catalogue, url};
use super::terminal::{self, Stream};
use crate::rule::{Chapter, Fixable, Rule};

/// Prints what was asked for.
///
/// # Errors
/// When there is no such rule, and those of the writer.
pub(super) fn run(asked: &Asked, catalogue: Catalogue, stream: Stream) -> Result<(), Failure> {
    let mut out = terminal::stdout(stream);
    let rules: Vec<_> = match &asked.name {
        Some(name) => vec![catalogue.find(name).ok_or_else(|| unknown(name, catalogue))?],
        None => catalogue.all().collect(),
    };
    match asked.output_format {
        Plain::Json => {
            let described: Vec<Value> =
                rules.iter().map(|(chapter, rule)| describe(chapter, rule)).collect();
            match (&asked.name, described.as_slice()) {
                (Some(_), [one]) => serde_json::to_writer_pretty(&mut out, one)?,
                _ => serde_json::to_writer_pretty(&mut out, &described)?,
            }
            writeln!(out)?;
        }
        Plain::Text if asked.name.is_none() && !asked.all => {
            list(catalogue, stream.colour, &mut out)?;
        }
        Plain::Text => {
            for (index, (chapter, rule)) in rules.iter().enumerate() {
                if index > 0 {
                    writeln!(out)?;
                }
                write_page(&page(chapter, rule), stream.colour, &mut out)?;
            }
        }
    }
    Ok(out.flush()?)
}

fn unknown(name: &str, catalogue: Catalogue) -> Failure {
    let near: Vec<String> =
        catalogue.nearest(name).into_iter().map(|name| format!("`{name}`")).collect();
    Failure::Usage(match near.is_empty() {
        true => format!("there is no rule `{name}`; `dunderlint rule` lists all"),
        false => format!("there is no rule `{name}`; did you mean {}?", near.join(" or ")),
    })
}

/// Whether its findings can be fixed, as the lists of findings mark it.
fn mark(rule: &Rule) -> &'static str {
    match rule.fixable {
        Fixable::Never => "[ ]",
        Fixable::Sometimes => "[-]",
        Fixable::Always => "[*]",
    }
}

/// Writes the rules by chapter with their summaries.
fn list(catalogue: Catalogue, colour: bool, out: &mut dyn Write) -> io::Result<()> {
    let letters = catalogue.all().map(|(_, rule)| rule.name.len()).max().unwrap_or(0);
    let bold = style(colour, Style::new().bold());
    for (index, chapter) in catalogue.0.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{bold}{}{bold:#} ({})", chapter.title, chapter.name)?;
        for rule in chapter.rules {
            let summary = rule.summary().split_whitespace().collect::<Vec<_>>().join(" ");
            writeln!(out, "  {} {:letters$}  {summary}", mark(rule), rule.name)?;
        }
    }
    writeln!(out, "\n[*] fixable, [-] sometimes fixable; `dunderlint rule NAME` explains a rule")
}

/// The page as Markdown, with what the settings can say of the rule.
fn page(chapter: &Chapter, rule: &Rule) -> String {
    let (title, body) = rule.page.split_once('\n').unwrap_or((rule.page, ""));
    let fixes = match rule.fixable {
        Fixable::Never => "no fix",
        Fixable::Sometimes => "sometimes fixable",
        Fixable::Always => "fixable",
    };
    let default = if rule.default { "on by default" } else { "off by default" };
    let scope = if rule.needs_project() { "looks at the project" } else { "looks at one file" };
    let (severity, since) = (rule.severity, rule.since);
    let chapter = chapter.name;
    let mut page = format!(
        "{title}\n\n{severity}, {default}, {fixes}, {scope}; chapter `{chapter}`, since {since}\n\n{}\n",
        body.trim()
    );
    if !rule.formerly.is_empty() {
        let names: Vec<String> = rule.formerly.iter().map(|name| format!("`{name}`")).collect();
        page += &format!("\nFormerly {}.\n", names.join(", "));
    }
    if !rule.options.is_empty() {
        if !rule.page.contains("\n## Options\n") {
            page += "\n## Options\n";
        }
        page += &format!("\nIn `[tool.dunderlint.rules.{}]`:\n\n", rule.name);
        for option in rule.options {
            let (name, kind, default) = (option.name(), option.kind(), option.default());
            let kind = kind.replace('`', "");
            page += &format!("* `{name}` ({kind}, by default `{default}`): {}\n", option.help());
        }
    }
    page
}

/// Writes Markdown for a terminal: headings are bold, code is set off. Without colours it is the
/// Markdown itself.
fn write_page(page: &str, colour: bool, out: &mut dyn Write) -> io::Result<()> {
    let bold = style(colour, Style::new().bold());
    let code = style(colour, default::DEFAULT_HELP_STYLE);
    let faint = style(colour, Style::new().dimmed());
    let mut fenced = false;
    for line in page.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
            writeln!(out, "{faint}{line}{faint:#}")?;
        } else if fenced || !colour {
            writeln!(out, "{line}")?;
        } else if let Some(heading) = line.strip_prefix('#') {
            writeln!(out, "{bold}{}{bold:#}", heading.trim_start_matches('#').trim())?;
        } else {
            // Between the first and second backtick, the third and fourth, and so on.
            for (index, part) in line.split('`').enumerate() {
                match index % 2 {
                    0 => write!(out, "{part}")?,
                    _ => write!(out, "{code}{part}{code:#}")?,
                }
            }
            writeln!(out)?;
        }
    }
    Ok(())
}

/// What programs are told of a rule.
fn describe(chapter: &Chapter, rule: &Rule) -> Value {
    let options: Vec<Value> = rule
        .options
        .iter()
        .map(|option| {
            json!({
                "name": option.name(),
                "help": option.help(),
                "kind": option.kind(),
                "default": option.default(),
            })
        })
        .collect();
    json!({
        "name": rule.name,
        "chapter": chapter.name,
        "formerly": rule.formerly,
        "summary": rule.summary(),
        "severity": rule.severity,
        "default": rule.default,
        "fixable": match rule.fixable {
            Fixable::Never => "never",
            Fixable::Sometimes => "sometimes",
            Fixable::Always => "always",
        },
        "scope": if rule.needs_project() { "project" } else { "file" },
        "since": rule.since,
        "options": options,
        "page": rule.page,
        "url": url(chapter, rule),
    })
}

fn style(colour: bool, style: Style) -> Style {
    if colour { style } else { Style::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Severity;
    use crate::rule::Opt;

    const DEPTH: Opt<i64> = Opt { name: "depth", default: 3, help: "How deep it looks." };

    static CHAPTERS: [Chapter; 1] = [Chapter {
        name: "classes",
        title: "Classes",
        rules: &[Rule {
            name: "broken-order",
            formerly: &["bad-order"],
            severity: Severity::Error,
            default: true,
            fixable: Fixable::Sometimes,
            since: "0.1.0",
            page: "# broken-order\n\nThe order of `bases`\nis broken.\n\n## Examples\n\n\
                   ```python bad\n# not a `heading`\n```\n",
            options: &[&DEPTH],
            on: &[],
        }],
    }];

    fn print(colour: bool) -> String {
        let (chapter, rule) = Catalogue(&CHAPTERS).find("bad-order").expect("by its old name");
        let mut out = Vec::new();
        write_page(&page(chapter, rule), colour, &mut out).expect("memory");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn without_colours_a_page_is_markdown() {
        let expected = "\
# broken-order

error, on by default, sometimes fixable, looks at one file; chapter `classes`, since 0.1.0

The order of `bases`
is broken.

## Examples

```python bad
# not a `heading`
```

Formerly `bad-order`.

## Options

In `[tool.dunderlint.rules.broken-order]`:

* `depth` (an integer, by default `3`): How deep it looks.
";
        assert_eq!(print(false), expected);
    }

    #[test]
    fn with_colours_headings_and_code_stand_out() {
        let page = print(true);
        assert!(page.starts_with("\u{1b}[1mbroken-order\u{1b}[0m\n"), "{page:?}");
        assert!(page.contains("\n# not a `heading`\n"), "{page:?}");
        assert!(
            page.contains("\u{1b}[96m\u{1b}[1mbases") || page.contains("\u{1b}[1m\u{1b}[96mbases")
        );
    }

    #[test]
    fn the_list_has_a_line_for_each_rule() {
        let mut out = Vec::new();
        list(Catalogue(&CHAPTERS), false, &mut out).expect("memory");
        let list = String::from_utf8(out).expect("UTF-8");
        let expected = "Classes (classes)\n  [-] broken-order  The order of `bases` is broken.\n\n";
        assert!(list.starts_with(expected), "{list}");
    }

    #[test]
    fn an_unknown_name_gets_the_nearest() {
        let message = |name| match unknown(name, Catalogue(&CHAPTERS)) {
            Failure::Usage(message) => message,
            other => panic!("{other:?}"),
        };
        let near = "there is no rule `broken_odrer`; did you mean `broken-order`?";
        assert_eq!(message("broken_odrer"), near);
        assert_eq!(message("zzz"), "there is no rule `zzz`; `dunderlint rule` lists all");
    }

    #[test]
    fn programs_are_told_everything() {
        let (chapter, rule) = Catalogue(&CHAPTERS).find("broken-order").expect("by its name");
        let described = describe(chapter, rule);
        assert_eq!(described["scope"], "file");
        assert_eq!(described["options"][0]["default"], 3);
        assert_eq!(described["summary"], "The order of `bases`\nis broken.");
    }
}

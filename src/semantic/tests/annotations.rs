//! How names in annotations are read.

use super::super::{Options, Reading};
use super::{look, look_with};

#[test]
fn annotations_are_told_from_what_runs() {
    let text = "\
class C:
    field: field_t = value_v
def f(a: parameter_t = default_v, *rest: rest_t) -> result_t:
    local: local_t = 1
    self.attribute: attribute_t = 1
cast('cast_t', value_w)
";
    look(text, |model| {
        let reading = |piece: &str| model.read(piece).reading;
        for piece in ["field_t", "parameter_t", "rest_t", "result_t"] {
            assert_eq!(reading(piece), Reading::Annotation, "{piece}");
        }
        for piece in ["value_v", "default_v", "value_w"] {
            assert_eq!(reading(piece), Reading::Runtime, "{piece}");
        }
        assert_eq!(reading("local_t"), Reading::DeferredAnnotation, "PEP 526");
        assert_eq!(reading("cast_t"), Reading::Quoted);
    });
}

#[test]
fn annotations_may_be_deferred() {
    let later = |text: &str, options| {
        look_with(text, options, |model| {
            assert_eq!(model.read("int").reading, Reading::DeferredAnnotation);
            assert_eq!(model.read("default").reading, Reading::Runtime);
        });
    };
    let text = "def f(a: int = default): ...\n";
    later(text, Options { is_stub: true, ..Options::default() });
    later(text, Options { annotations_are_deferred: true, ..Options::default() });
    let future = format!("'''Doc.'''\nfrom __future__ import division, annotations\n{text}");
    later(&future, Options::default());
    // Only at the top of the file does it mean anything.
    look(&format!("x = 1\nfrom __future__ import annotations\n{text}"), |model| {
        assert_eq!(model.read("int").reading, Reading::Annotation);
    });
}

#[test]
fn quoted_names_have_their_own_places() {
    let text = "\
x: 'list[Inner]' = 1
y: dict[str, 'Other | None']
z: \"'Twice'\"
é: '''
    Lines
''' = 2
";
    look(text, |model| {
        for name in ["Inner", "Other", "Twice", "Lines", "list"] {
            let read = model.read(name);
            assert_eq!(read.reading, Reading::Quoted);
            assert_eq!(model.semantic.name_read(read), name);
        }
    });
}

#[test]
fn strings_that_are_no_types_are_left_alone() {
    let text = "\
a: Literal['one'] = 'two'
b: Annotated['Type', 'three', f('four')]
c: typing.Literal[typing.Literal['five']]
d: 'not python at all'
e: Annotated[list[int], Field(default='six')]
f: f'{seven}'
";
    look(text, |model| {
        let quoted = model.semantic.all_references().iter();
        let quoted: Vec<&str> = quoted
            .filter(|read| read.reading == Reading::Quoted)
            .map(|read| model.semantic.name_read(read))
            .collect();
        assert_eq!(quoted, ["Type"]);
    });
}

#[test]
fn quoted_names_are_resolved_where_they_stand() {
    let text = "\
class Node:
    parent: 'Node'
    def link(self, to: 'Node', kind: 'Kind'): ...
    class Kind: ...
def f(Kind):
    local: 'Kind | None' = 1
";
    look(text, |model| {
        assert_eq!(model.owner("Node'\n"), "module");
        assert_eq!(model.owner("Node', "), "module");
        assert_eq!(model.owner("Kind'):"), "class Node");
        assert_eq!(model.owner("Kind | "), "function f");
    });
}

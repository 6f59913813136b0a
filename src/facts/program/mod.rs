//! What a module does while it is imported, as words that can be interpreted without its text.
//!
//! The program is the syntax tree in source order, without what can neither import, nor fail for
//! want of a name, nor decide whether something else runs: each instruction is a word, its number
//! in the low bits, an operand in the others, and its parts follow it. Parts that may be left out
//! when it runs are preceded by their length in words. Bodies of functions are part of it, since a
//! function may be called while its module is imported.

mod expressions;
mod statements;
mod words;
mod write;

use bytemuck::{Pod, Zeroable};
use ruff_text_size::TextSize;

use super::strings::Text;

pub use words::Program;
pub(super) use words::Words;
pub(super) use write::{ImportSite, Imports, Options, Scratch, write};

/// How many of the low bits of a word are the number of the instruction.
const BITS: u32 = 6;

/// Stands for a name, module or text that is not there.
pub const NOTHING: u32 = u32::MAX;

macro_rules! instructions {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// An instruction. *Block*: a length in words, and statements. *Text*, *dotted*: numbers
        /// among those of the file, [`NOTHING`] for none. *Place*: a number among the program's places.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Instruction {
            $($(#[$doc])* $name,)*
        }

        const ALL: &[Instruction] = &[$(Instruction::$name,)*];
    };
}

instructions! {
    // Expressions.
    /// A value of which nothing is known, without effect.
    Unknown,
    /// `None`.
    None,
    /// `True` or `False`: the operand.
    Boolean,
    /// A small integer: the operand.
    Integer,
    /// A string: text in the operand.
    String,
    /// A string, number or long sequence that is not kept: the operand tells whether it is true.
    SomeString,
    /// A name: text in the operand; place.
    Name,
    /// A name that the function, lambda or comprehension around it binds: text in the operand.
    Local,
    /// An attribute: text in the operand; place of its name; expression.
    Attribute,
    /// A call with as many positional arguments as the operand tells: place, number of keyword
    /// arguments, callee, arguments, and for each keyword its text (none for `**`) and expression.
    Call,
    /// The same, but some are starred: which argument goes where is not known.
    StarredCall,
    /// A tuple, list or set of as many expressions as the operand tells.
    Sequence,
    /// As many expressions as the operand tells, whose values make something unknown.
    Effects,
    /// `left + right`.
    Add,
    /// `value[key]`: value, key.
    Subscript,
    /// A dictionary of as many pairs as the operand tells: key, value.
    Dictionary,
    /// `and`, of as many expressions as the operand tells; length before each.
    And,
    /// `or`; likewise.
    Or,
    /// `not expression`.
    Not,
    /// `body if test else otherwise`: test, length, body, length, otherwise.
    Conditional,
    /// One comparison; the operand is its [`Comparison`]: left, right.
    Compare,
    /// A function without a name: [`Instruction::Function`] without name, place, decorators and
    /// annotations; the body is an expression.
    Lambda,
    /// `name := value`: text in the operand, value.
    Walrus,
    /// A comprehension. The operand: whether it makes a list, and whether each item of the iterable
    /// makes exactly one. Iterable, text of the target (none for several), length, and what is
    /// evaluated for each item: the last is the item.
    Comprehension,
    /// Whether the Python that runs is in a range: see [`versions`].
    Version,

    // What is assigned to.
    /// A name: text in the operand.
    ToName,
    /// A name that is declared `global`: likewise.
    ToGlobal,
    /// An attribute: text in the operand; expression.
    ToAttribute,
    /// A subscript: value, key.
    ToSubscript,
    /// As many targets as the operand tells.
    ToSequence,
    /// A starred target, or one of which nothing is known.
    ToUnknown,

    // Statements.
    /// An expression.
    Expression,
    /// Value, and as many targets as the operand tells.
    Assign,
    /// `name += value`: text in the operand; place, value.
    Append,
    /// `import module [as name]`. The operand: [`IS_LAZY`]. Its number among the imports of the file,
    /// text.
    Import,
    /// `from module import …` of as many names as the operand tells, above its flags [`IS_LAZY`] and
    /// [`IS_RELATIVE`]. Its number among the imports of the file, and for each name its text and the
    /// text that it is bound to.
    From,
    /// The same, from beyond the topmost package: it is no import of the file, and has a place instead
    /// of a number.
    FromBeyond,
    /// Test, block, block.
    If,
    /// Iterable, target, block, block of `else`.
    For,
    /// Test, block, block of `else`.
    While,
    /// As many items as the operand tells: expression, target. Block.
    With,
    /// `with suppress(…)` of as many exceptions as the operand tells: texts. Block.
    Suppress,
    /// As many handlers as the operand tells: block; for each handler the number of its exceptions
    /// (none for a bare one), their texts, the text it binds, block; block of `else`, block of
    /// `finally`.
    Try,
    /// Expression.
    Return,
    /// `break` or `continue`.
    Jump,
    /// The text of the exception's class in the operand, one more than that; 0 for a bare `raise`.
    /// Place, expression.
    Raise,
    /// `del name`: text in the operand; place.
    Delete,
    /// An annotation that is evaluated on Pythons before 3.14: length, expression.
    Annotation,
    /// A function: text in the operand; place, [`FunctionHead`] in two words, texts of its
    /// parameters, number of decorators, decorators, number of defaults, for each the index of its
    /// parameter and its value, number of annotations, annotations, block.
    Function,
    /// A function whose calls run nothing that is known, and which is made without doing anything:
    /// text in the operand.
    Opaque,
    /// A class: text in the operand; place, number of decorators, bases and keywords, decorators,
    /// bases, text and value of each keyword, block.
    Class,
    /// `match`: as many cases as the operand tells: subject, and for each a block that begins by
    /// binding its names.
    Match,
}

/// An import that waits until its name is used (PEP 810).
pub const IS_LAZY: u32 = 1;

/// An import that begins with dots.
pub const IS_RELATIVE: u32 = 2;

impl Instruction {
    /// The word of the instruction with an operand.
    pub(super) fn with(self, operand: u32) -> u32 {
        self as u32 | operand << BITS
    }

    /// Whether a word is of this instruction.
    pub(super) fn is(self, word: u32) -> bool {
        word & ((1 << BITS) - 1) == self as u32
    }

    /// The instruction of a word, and its operand.
    pub fn of(word: u32) -> (Instruction, u32) {
        let number = (word & ((1 << BITS) - 1)) as usize;
        (ALL[number], word >> BITS)
    }
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `in`
    In,
    /// `not in`
    NotIn,
    /// `is`
    Is,
    /// `is not`
    IsNot,
}

impl Comparison {
    /// The comparison of an operand.
    pub fn of(operand: u32) -> Comparison {
        use Comparison::{Equal, In, Is, IsNot, NotEqual, NotIn};
        [Equal, NotEqual, In, NotIn, Is, IsNot][operand as usize]
    }
}

/// What is said of a function before its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FunctionHead {
    /// How many parameters can be passed by place.
    pub positional: u32,
    /// How many parameters there are in all.
    pub parameters: u32,
    /// Calling it does not run its body (a generator, `async`), or its body is not known.
    pub is_opaque: bool,
}

impl FunctionHead {
    fn words(self) -> [u32; 2] {
        [self.positional << 1 | u32::from(self.is_opaque), self.parameters]
    }

    /// The head in two words.
    pub fn of(words: [u32; 2]) -> FunctionHead {
        FunctionHead {
            positional: words[0] >> 1,
            parameters: words[1],
            is_opaque: words[0] & 1 != 0,
        }
    }
}

/// The range of minor versions of Python 3, from the first (inclusive) to the last (exclusive), of
/// an operand of [`Instruction::Version`].
pub fn versions(operand: u32) -> (u8, u8) {
    (operand as u8, (operand >> 8) as u8)
}

/// A byte offset in the file's text that instructions refer to by its number: so a program is the
/// same wherever its file's lines are moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(transparent)]
pub struct ProgramPlace(u32);

impl ProgramPlace {
    pub(super) fn nowhere() -> ProgramPlace {
        ProgramPlace(0)
    }

    /// The offset.
    pub fn start(self) -> TextSize {
        TextSize::new(self.0)
    }
}

/// A name that a module binds at run time, in the order of its program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct BoundFacts {
    /// The name.
    pub name: Text,
    start: u32,
}

impl BoundFacts {
    fn new(name: Text, start: TextSize) -> BoundFacts {
        BoundFacts { name, start: start.to_u32() }
    }

    pub(super) fn without_place(self) -> BoundFacts {
        BoundFacts { start: 0, ..self }
    }

    /// Where.
    pub fn start(&self) -> TextSize {
        TextSize::new(self.start)
    }
}

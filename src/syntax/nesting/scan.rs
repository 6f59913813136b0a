//! The exact look at a suspicious text: strings, comments, brackets, links.

use memchr::{memchr2, memchr3};
use ruff_text_size::TextSize;

use super::{MOST_BLOCKS, MOST_LAMBDAS, MOST_LEVELS, TooDeep};

/// The first place of the text that is too deep.
pub(super) fn scan(bytes: &[u8]) -> Option<TooDeep> {
    let mut scan = Scan {
        bytes,
        at: 0,
        frames: vec![Frame::new(Kind::Line)],
        enclosing: 0,
        lambdas: 0,
        levels: 0,
        indents: vec![0],
        after_operand: false,
    };
    scan.begin_line();
    while scan.at < bytes.len() {
        let start = scan.at;
        match scan.top().kind {
            Kind::Text { quote, is_triple } => scan.format_text(quote, is_triple, false),
            Kind::Specifier { quote, is_triple } => scan.format_text(quote, is_triple, true),
            _ => scan.token(),
        }
        if let Some(message) = scan.is_too_deep() {
            let offset = TextSize::try_from(start).unwrap_or_default();
            return Some(TooDeep { offset, message });
        }
    }
    None
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    /// What is open, outermost first; the logical line itself is the first.
    frames: Vec<Frame>,
    /// How many open frames let a logical line go on over a line end.
    enclosing: usize,
    /// How many lambdas have open parameter lists.
    lambdas: u32,
    /// The sum of the levels of all frames.
    levels: u32,
    /// The widths of the indents of the open blocks.
    indents: Vec<usize>,
    /// Whether the last token ends an operand: then a bracket calls or subscribes it.
    after_operand: bool,
}

/// Something open, and the levels that hang on one another directly in it.
#[derive(Clone, Copy)]
struct Frame {
    kind: Kind,
    /// Levels that `and` and `or` end, too: attributes, calls, arithmetic, `not`.
    tight: u32,
    /// Levels that only a comma ends: conditional expressions, lambdas, `yield`.
    loose: u32,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// The logical line.
    Line,
    /// A bracket, and whether it leaves a call or subscript behind.
    Bracket { is_link: bool },
    /// The parameters of a lambda, closed by its colon.
    Lambda,
    /// The literal text of an f-string.
    Text { quote: u8, is_triple: bool },
    /// The format specifier of a replacement field of an f-string.
    Specifier { quote: u8, is_triple: bool },
    /// A replacement field of an f-string.
    Field { quote: u8, is_triple: bool },
}

impl Kind {
    /// Whether a line end in it is not the end of the logical line.
    fn encloses(self) -> bool {
        !matches!(self, Kind::Line | Kind::Lambda)
    }
}

impl Frame {
    fn new(kind: Kind) -> Frame {
        Frame { kind, tight: 0, loose: 0 }
    }
}

impl Scan<'_> {
    fn is_too_deep(&self) -> Option<String> {
        let open = self.frames.len();
        let what = if self.lambdas > MOST_LAMBDAS {
            "1,000 lambdas are in the default values of others"
        } else if self.indents.len() > MOST_BLOCKS {
            "1,000 blocks are open"
        } else if self.levels + open as u32 <= MOST_LEVELS {
            return None;
        } else if open > MOST_LEVELS as usize / 2 {
            "5,000 brackets are open"
        } else {
            "10,000 operators, calls and attributes hang on one another"
        };
        Some(format!("nested too deeply to be parsed: more than {what}"))
    }

    fn top(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("the line is never closed")
    }

    fn open(&mut self, kind: Kind) {
        self.enclosing += usize::from(kind.encloses());
        self.lambdas += u32::from(kind == Kind::Lambda);
        self.frames.push(Frame::new(kind));
        self.after_operand = false;
    }

    /// Closes the innermost frame, and says what it was.
    fn close(&mut self) -> Option<Kind> {
        let frame = self.frames.pop_if(|frame| frame.kind != Kind::Line)?;
        self.levels -= frame.tight + frame.loose;
        self.enclosing -= usize::from(frame.kind.encloses());
        self.lambdas -= u32::from(frame.kind == Kind::Lambda);
        Some(frame.kind)
    }

    fn tighten(&mut self) {
        self.top().tight += 1;
        self.levels += 1;
    }

    fn loosen(&mut self) {
        self.top().loose += 1;
        self.levels += 1;
    }

    /// After `and` and `or` operands stand beside one another, not in one another.
    fn forget_tight(&mut self) {
        self.levels -= std::mem::take(&mut self.top().tight);
    }

    fn forget(&mut self) {
        self.forget_tight();
        self.levels -= std::mem::take(&mut self.top().loose);
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or_default()
    }

    fn token(&mut self) {
        let byte = self.bytes[self.at];
        match byte {
            b' ' | b'\t' | b'\x0c' => self.at += 1,
            b'#' => self.at = self.line_end(),
            b'\n' | b'\r' => self.newline(),
            b'\\' => self.at += if self.bytes[self.at..].starts_with(b"\\\r\n") { 3 } else { 2 },
            b'\'' | b'"' => self.string(byte, false),
            b'(' | b'[' | b'{' => {
                let is_link = self.after_operand;
                self.at += 1;
                self.open(Kind::Bracket { is_link });
            }
            b')' | b']' | b'}' => self.closing(byte),
            b',' | b';' => {
                self.at += 1;
                self.forget();
                self.after_operand = false;
            }
            b':' => self.colon(),
            b'.' if !self.after_operand && self.peek(1).is_ascii_digit() => self.word(),
            b'+' | b'-' | b'*' | b'/' | b'%' | b'@' | b'&' | b'|' | b'^' | b'~' | b'.' | b'<'
            | b'>' => self.operator(byte),
            _ if byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii() => self.word(),
            _ => {
                self.at += 1;
                self.after_operand = false;
            }
        }
    }

    fn operator(&mut self, byte: u8) {
        let is_double = self.peek(1) == byte;
        self.at += if is_double && byte != b'.' { 2 } else { 1 };
        match byte {
            // Comparisons stand beside one another, shifts do not.
            b'<' | b'>' if !is_double => {}
            b'*' if !self.after_operand => self.loosen(),
            _ => self.tighten(),
        }
        self.after_operand = false;
    }

    fn colon(&mut self) {
        self.at += 1;
        match self.top().kind {
            Kind::Lambda => {
                self.close();
                self.loosen();
            }
            Kind::Field { quote, is_triple } => self.open(Kind::Specifier { quote, is_triple }),
            _ => {}
        }
        self.after_operand = false;
    }

    fn closing(&mut self, byte: u8) {
        self.at += 1;
        while self.top().kind == Kind::Lambda {
            self.close();
        }
        let is_field = matches!(self.top().kind, Kind::Field { .. });
        if !is_field || byte == b'}' {
            let closed = self.close();
            if closed == Some(Kind::Bracket { is_link: true }) {
                self.tighten();
            }
        }
        self.after_operand = true;
    }

    /// A name, keyword, number, or the prefix of a string.
    fn word(&mut self) {
        let start = self.at;
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii();
        let length = |bytes: &[u8]| bytes.iter().take_while(|byte| is_word(byte)).count();
        self.at += length(&self.bytes[self.at..]);
        let word = &self.bytes[start..self.at];
        if matches!(self.peek(0), b'\'' | b'"') && word.len() <= 2 && word.is_ascii() {
            let is_format = word.iter().any(|byte| matches!(byte, b'f' | b'F' | b't' | b'T'));
            return self.string(self.peek(0), is_format);
        }
        if word.first().is_none_or(u8::is_ascii_digit) {
            // A number: its point is no attribute.
            if self.peek(0) == b'.' {
                self.at += 1;
                self.at +=
                    self.bytes[self.at..].iter().take_while(|it| it.is_ascii_digit()).count();
            }
            self.after_operand = true;
            return;
        }
        self.after_operand = false;
        match word {
            b"not" | b"await" => self.tighten(),
            b"else" | b"yield" => self.loosen(),
            b"and" | b"or" => self.forget_tight(),
            b"lambda" => self.open(Kind::Lambda),
            b"if" | b"in" | b"is" | b"for" | b"return" => {}
            _ => self.after_operand = true,
        }
    }

    fn string(&mut self, quote: u8, is_format: bool) {
        let is_triple = self.bytes[self.at..].starts_with(&[quote; 3]);
        self.at += if is_triple { 3 } else { 1 };
        if is_format {
            self.open(Kind::Text { quote, is_triple });
            return;
        }
        loop {
            let Some(found) = memchr3(quote, b'\\', b'\n', &self.bytes[self.at..]) else {
                self.at = self.bytes.len();
                break;
            };
            self.at += found;
            let rest = &self.bytes[self.at..];
            let (length, is_end) = match rest[0] {
                b'\\' => (rest.len().min(2), false),
                b'\n' if !is_triple => (0, true),
                byte if byte == quote && !is_triple => (1, true),
                _ if rest.starts_with(&[quote; 3]) => (3, true),
                _ => (1, false),
            };
            self.at += length;
            if is_end {
                break;
            }
        }
        self.after_operand = true;
    }

    /// A byte of the literal text of an f-string or of a format specifier.
    fn format_text(&mut self, quote: u8, is_triple: bool, is_specifier: bool) {
        let byte = self.bytes[self.at];
        match byte {
            b'\\' => self.at += 2,
            b'{' if !is_specifier && self.peek(1) == b'{' => self.at += 2,
            b'{' => {
                self.at += 1;
                self.open(Kind::Field { quote, is_triple });
            }
            b'}' if is_specifier => {
                self.at += 1;
                self.close();
                self.close(); // its field
            }
            b'\n' if !is_triple => self.end_format(),
            _ if byte == quote && !is_triple => {
                self.at += 1;
                self.end_format();
            }
            _ if byte == quote && self.bytes[self.at..].starts_with(&[quote; 3]) => {
                self.at += 3;
                self.end_format();
            }
            _ => self.at += 1,
        }
    }

    /// The end of an f-string, also out of the middle of a format specifier.
    fn end_format(&mut self) {
        while self.close().is_some_and(|kind| !matches!(kind, Kind::Text { .. })) {}
        self.after_operand = true;
    }

    fn line_end(&self) -> usize {
        memchr2(b'\n', b'\r', &self.bytes[self.at..]).map_or(self.bytes.len(), |end| self.at + end)
    }

    fn newline(&mut self) {
        self.at += 1;
        if self.enclosing == 0 {
            while self.close().is_some() {}
            self.forget();
            self.after_operand = false;
            self.begin_line();
        }
    }

    /// Opens and closes blocks by the indent of a logical line.
    fn begin_line(&mut self) {
        let rest = &self.bytes[self.at..];
        let width = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\x0c')).count();
        if matches!(rest.get(width), None | Some(b'\n' | b'\r' | b'#')) {
            return; // blank
        }
        while self.indents.pop_if(|indent| *indent > width).is_some() {}
        if self.indents.last().is_none_or(|indent| *indent < width) {
            self.indents.push(width);
        }
        self.at += width;
    }
}

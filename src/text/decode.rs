//! PEP 263: which characters the bytes of a file are, by the rules of CPython's tokenizer.

mod charset;

use std::fmt;

use encoding_rs::mem::{decode_latin1, encode_latin1_lossy, is_str_latin1};
use encoding_rs::{DecoderResult, EncoderResult};
use memchr::{memchr2, memmem};

pub use charset::Charset;

/// The UTF-8 byte order mark.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// How a file's bytes were read, and are to be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Encoding {
    /// Whether the file began with a UTF-8 byte order mark.
    pub byte_order_mark: bool,
    /// What the bytes after it mean: UTF-8 unless a coding line says otherwise.
    pub charset: Charset,
}

/// Why bytes are not text, or text is not bytes. Its message is for users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// A byte means nothing in the encoding.
    Invalid {
        /// The encoding's name.
        encoding: &'static str,
        /// Whether the file names that encoding itself.
        declared: bool,
        /// The first byte that is wrong.
        byte: u8,
        /// Its offset in the file, from 0.
        offset: usize,
        /// The line it is on, from 1.
        line: usize,
    },
    /// A coding line names an encoding that Python does not know, or in which ASCII is not ASCII.
    Unknown {
        /// The name as the file spells it.
        name: String,
        /// The line that names it, from 1.
        line: usize,
    },
    /// The file begins with a UTF-8 byte order mark and names another encoding.
    Contradiction {
        /// The name as the file spells it.
        name: String,
        /// The line that names it, from 1.
        line: usize,
    },
    /// The text has a character that the encoding lacks.
    Unencodable {
        /// The encoding's name.
        encoding: &'static str,
        /// The first character that it lacks.
        character: char,
        /// The line it is on, from 1.
        line: usize,
    },
    /// The file is 4 GiB or more.
    TooLarge,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecodeError::Invalid { encoding, declared, byte, line, .. } => {
                write!(f, "not valid {encoding}: byte {byte:#04x} on line {line}")?;
                if *declared { Ok(()) } else { f.write_str(", and no encoding is declared") }
            }
            DecodeError::Unknown { name, line } => {
                write!(f, "unknown encoding `{name}` on line {line}; save the file as UTF-8")
            }
            DecodeError::Contradiction { name, line } => {
                write!(f, "line {line} declares `{name}`, but the byte order mark says UTF-8")
            }
            DecodeError::Unencodable { encoding, character, line } => {
                write!(f, "`{character}` on line {line} cannot be written in {encoding}")
            }
            DecodeError::TooLarge => f.write_str("the file has 4 GiB or more"),
        }
    }
}

impl std::error::Error for DecodeError {}

/// Turns bytes into text: line ends, form feeds and NUL bytes stay as they are.
pub(super) fn decode(mut bytes: Vec<u8>) -> Result<(String, Encoding), DecodeError> {
    if u32::try_from(bytes.len()).is_err() {
        return Err(DecodeError::TooLarge);
    }
    let byte_order_mark = bytes.starts_with(BYTE_ORDER_MARK);
    if byte_order_mark {
        bytes.drain(..BYTE_ORDER_MARK.len());
    }
    let (charset, declared) = match declaration(&bytes) {
        None => (Charset::Utf8, false),
        Some((name, line)) if byte_order_mark && !charset::is_plain_utf8(name) => {
            return Err(DecodeError::Contradiction { name: name.to_owned(), line });
        }
        Some((name, line)) => match Charset::named(name) {
            Some(charset) => (charset, true),
            None => return Err(DecodeError::Unknown { name: name.to_owned(), line }),
        },
    };
    let invalid = |bytes: &[u8], at: usize| DecodeError::Invalid {
        encoding: charset.name(),
        declared,
        byte: bytes.get(at).copied().unwrap_or_default(),
        offset: if byte_order_mark { at + BYTE_ORDER_MARK.len() } else { at },
        line: line_at(bytes, at),
    };
    let text = match charset {
        Charset::Ascii if !bytes.is_ascii() => {
            let at = bytes.iter().position(|byte| !byte.is_ascii());
            return Err(invalid(&bytes, at.unwrap_or_default()));
        }
        Charset::Utf8 | Charset::Ascii => String::from_utf8(bytes)
            .map_err(|error| invalid(error.as_bytes(), error.utf8_error().valid_up_to()))?,
        Charset::Latin1 => decode_latin1(&bytes).into_owned(),
        Charset::Regional(encoding) => {
            decode_regional(&bytes, encoding).map_err(|at| invalid(&bytes, at))?
        }
    };
    Ok((text, Encoding { byte_order_mark, charset }))
}

/// The text of bytes in a regional encoding, or the offset of the first byte that is wrong.
fn decode_regional(
    bytes: &[u8],
    encoding: &'static encoding_rs::Encoding,
) -> Result<String, usize> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let size = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
    let mut text = String::with_capacity(size.unwrap_or(bytes.len()));
    let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    if let DecoderResult::Malformed(length, after) = result {
        return Err(read.saturating_sub(usize::from(length) + usize::from(after)));
    }
    // Where a Windows code page has nothing, the web reads a control character and Python nothing.
    if encoding.name().starts_with("windows-") && encoding.is_single_byte() {
        let control = |it: char| ('\u{80}'..='\u{9f}').contains(&it);
        if let Some(at) = text.chars().position(control) {
            return Err(at);
        }
    }
    text.shrink_to_fit();
    Ok(text)
}

/// Turns text back into bytes.
pub(super) fn encode(text: &str, encoding: Encoding) -> Result<Vec<u8>, DecodeError> {
    let charset = encoding.charset;
    let unencodable = |at: usize| DecodeError::Unencodable {
        encoding: charset.name(),
        character: text[at..].chars().next().unwrap_or_default(),
        line: line_at(text.as_bytes(), at),
    };
    let first = |lacks: fn(char) -> bool| text.find(lacks).map(unencodable);
    match charset {
        Charset::Utf8 if encoding.byte_order_mark => {
            Ok([BYTE_ORDER_MARK, text.as_bytes()].concat())
        }
        Charset::Utf8 => Ok(text.as_bytes().to_vec()),
        Charset::Ascii => match first(|it| !it.is_ascii()) {
            Some(error) => Err(error),
            None => Ok(text.as_bytes().to_vec()),
        },
        Charset::Latin1 if is_str_latin1(text) => Ok(encode_latin1_lossy(text).into_owned()),
        Charset::Latin1 => Err(first(|it| it > '\u{ff}').unwrap_or(DecodeError::TooLarge)),
        Charset::Regional(regional) => encode_regional(text, regional).map_err(unencodable),
    }
}

/// The bytes of a text in a regional encoding, or the offset of the first character it lacks.
fn encode_regional(text: &str, encoding: &'static encoding_rs::Encoding) -> Result<Vec<u8>, usize> {
    let mut encoder = encoding.new_encoder();
    let size = encoder.max_buffer_length_from_utf8_without_replacement(text.len());
    let mut bytes = Vec::with_capacity(size.unwrap_or(text.len()));
    match encoder.encode_from_utf8_to_vec_without_replacement(text, &mut bytes, true) {
        (EncoderResult::Unmappable(character), read) => Err(read - character.len_utf8()),
        _ => Ok(bytes),
    }
}

/// What the first line, or the second after one that is blank or a comment, declares:
/// `^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)`, with the line from 1.
fn declaration(bytes: &[u8]) -> Option<(&str, usize)> {
    let mut rest = bytes;
    for line in 1..=2 {
        let comment = skip(rest, b" \t\x0c");
        if !matches!(comment.first(), Some(b'#' | b'\n' | b'\r')) {
            return None;
        }
        let end = memchr2(b'\n', b'\r', comment).unwrap_or(comment.len());
        if let Some(name) = coding(&comment[..end]) {
            return Some((name, line));
        }
        let newline = if comment[end..].starts_with(b"\r\n") { 2 } else { 1 };
        rest = comment.get(end + newline..)?;
    }
    None
}

/// The name that a comment declares.
fn coding(comment: &[u8]) -> Option<&str> {
    memmem::find_iter(comment, b"coding").find_map(|at| {
        let name = comment[at + 6..].strip_prefix(b":").or(comment[at + 6..].strip_prefix(b"="))?;
        let name = skip(name, b" \t");
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
        let end = name.iter().position(|byte| !is_name(byte)).unwrap_or(name.len());
        std::str::from_utf8(&name[..end]).ok().filter(|name| !name.is_empty())
    })
}

/// The line that an offset is on, from 1.
fn line_at(bytes: &[u8], offset: usize) -> usize {
    let before = &bytes[..offset.min(bytes.len())];
    let ends = memchr::memchr2_iter(b'\n', b'\r', before);
    1 + ends.filter(|at| before[*at] == b'\n' || bytes.get(at + 1) != Some(&b'\n')).count()
}

/// The bytes without the blanks at their start.
fn skip<'a>(bytes: &'a [u8], blanks: &[u8]) -> &'a [u8] {
    let start = bytes.iter().position(|byte| !blanks.contains(byte)).unwrap_or(bytes.len());
    &bytes[start..]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<String, String> {
        let (text, encoding) = decode(bytes.to_vec()).map_err(|error| error.to_string())?;
        assert_eq!(encode(&text, encoding).as_deref(), Ok(bytes), "the way back");
        Ok(text)
    }

    fn declared(bytes: &[u8]) -> Option<(&str, usize)> {
        declaration(bytes)
    }

    #[test]
    fn plain_text_is_utf8_and_stays_as_it_is() {
        for text in ["", "x = 'é'\r\ny\rz\n", "\u{c}import a\0", "\r\n", "#", "# coding"] {
            assert_eq!(read(text.as_bytes()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn a_byte_order_mark_is_kept_for_the_way_back() {
        assert_eq!(read(b"\xef\xbb\xbfx = 1\n").as_deref(), Ok("x = 1\n"));
        assert_eq!(read(b"\xef\xbb\xbf#coding:utf-8\n").as_deref(), Ok("#coding:utf-8\n"));
        let error = read(b"\xef\xbb\xbf# coding: latin-1\n").unwrap_err();
        assert_eq!(error, "line 1 declares `latin-1`, but the byte order mark says UTF-8");
        // CPython compares the names, not the codecs.
        assert!(read(b"\xef\xbb\xbf# coding: utf8\n").is_err());
    }

    #[test]
    fn the_coding_line_is_the_first_or_the_second() {
        assert_eq!(declared(b"# coding: latin-1\n"), Some(("latin-1", 1)));
        assert_eq!(declared(b"#!/bin/x\r\n# -*- coding=cp1252 -*-"), Some(("cp1252", 2)));
        assert_eq!(declared(b" \t\x0c\n\x0c#vim: fileencoding:\t koi8_r"), Some(("koi8_r", 2)));
        assert_eq!(declared(b"\r#coding:a.b"), Some(("a.b", 2)));
        assert_eq!(declared(b"# coding coding:x"), Some(("x", 1)));
        assert_eq!(declared(b"# coding : x coding=\n"), None);
        assert_eq!(declared(b"\n\n# coding: x"), None);
        assert_eq!(declared(b"import a\n# coding: x"), None);
        assert_eq!(declared(b"import a # coding: x"), None);
        assert_eq!(declared(b"\\\n# coding: x"), None);
    }

    #[test]
    fn latin_1_is_not_windows_1252() {
        let text = read(b"# coding: latin-1\nx = '\xe9\x80'\n").unwrap_or_default();
        assert_eq!(text, "# coding: latin-1\nx = 'é\u{80}'\n");
        let text = read(b"# coding: cp1252\nx = '\xe9\x80'\n").unwrap_or_default();
        assert_eq!(text, "# coding: cp1252\nx = 'é€'\n");
    }

    #[test]
    fn regional_encodings_go_there_and_back() {
        for (name, bytes, text) in [
            ("euc_jp", &b"\xa4\xa2"[..], "あ"),
            ("shift_jis", b"\x82\xa0", "あ"),
            ("gbk", b"\xc4\xe3", "你"),
            ("koi8-r", b"\xd0", "п"),
            ("iso-8859-15", b"\xa4", "€"),
        ] {
            let head = format!("# coding: {name}\n");
            let all = [head.as_bytes(), bytes].concat();
            assert_eq!(read(&all), Ok(format!("{head}{text}")));
        }
    }

    #[test]
    fn errors_name_the_encoding_and_the_line() {
        let message = |bytes: &[u8]| read(bytes).unwrap_err();
        assert_eq!(
            message(b"a\r\nb\n'\xe9'"),
            "not valid UTF-8: byte 0xe9 on line 3, and no encoding is declared"
        );
        assert_eq!(message(b"# coding: utf8\n\xff"), "not valid UTF-8: byte 0xff on line 2");
        assert_eq!(message(b"# coding: ascii\n\xff"), "not valid ASCII: byte 0xff on line 2");
        let cp1252 = message(b"# coding: cp1252\n\n\x81");
        assert_eq!(cp1252, "not valid windows-1252: byte 0x81 on line 3");
        let euc = message(b"# coding: euc-jp\n\xa4\xa2\n\xa4\n");
        assert_eq!(euc, "not valid EUC-JP: byte 0xa4 on line 3");
        assert_eq!(
            message(b"\n# coding: utf-16\n"),
            "unknown encoding `utf-16` on line 2; save the file as UTF-8"
        );
    }

    #[test]
    fn a_character_that_the_encoding_lacks_is_an_error() {
        for (name, lacks) in [("ascii", 'é'), ("latin-1", '€'), ("cp1252", 'π'), ("gbk", '😀')]
        {
            let (text, encoding) = decode(format!("# coding: {name}\n").into()).unwrap();
            let error = encode(&format!("{text}{lacks}"), encoding).unwrap_err().to_string();
            assert!(error.starts_with(&format!("`{lacks}` on line 2 cannot be")), "{error}");
        }
    }
}

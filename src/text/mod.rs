//! Bytes and places: the decoded text of a file, and what must survive when it is written back.

mod decode;
mod digest;
mod distinct;
mod dotted;
mod key;
mod lines;
pub(crate) mod packed;
mod table;
mod words;

pub use decode::{Charset, DecodeError, Encoding};
pub use digest::Digest;
pub use distinct::DistinctTexts;
pub use dotted::{before_last_part, dotted_parts};
pub use key::TextKey;
pub use lines::{LineIndex, Lines, Position};
pub use table::NumberTable;
pub use words::places_of;

use ruff_text_size::TextSize;

/// The text of one file as the parser sees it, and how to turn it back into bytes.
///
/// Offsets everywhere are byte offsets into [`Source::text`], which is UTF-8 without a byte order
/// mark and with the line ends that the file has.
#[derive(Clone, Debug)]
pub struct Source {
    text: String,
    encoding: Encoding,
}

impl Source {
    /// Decodes a file: byte order mark, PEP 263 coding line, else UTF-8.
    ///
    /// # Errors
    /// When the bytes are not text in the encoding that the file declares, or the declared
    /// encoding is unknown.
    pub fn decode(bytes: Vec<u8>) -> Result<Source, DecodeError> {
        let (text, encoding) = decode::decode(bytes)?;
        Ok(Source { text, encoding })
    }

    /// A source that is text already, to be written as UTF-8.
    pub fn from_text(text: impl Into<String>) -> Source {
        Source { text: text.into(), encoding: Encoding::default() }
    }

    /// The decoded text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The decoded text alone.
    pub fn into_text(self) -> String {
        self.text
    }

    /// How the bytes were read, and are to be written.
    pub fn encoding(&self) -> &Encoding {
        &self.encoding
    }

    /// The same file with other text.
    pub fn with_text(&self, text: String) -> Source {
        Source { text, encoding: self.encoding }
    }

    /// The bytes to write.
    ///
    /// # Errors
    /// When the text has a character that the file's encoding lacks.
    pub fn encode(&self) -> Result<Vec<u8>, DecodeError> {
        decode::encode(&self.text, self.encoding)
    }

    /// The line end of the file: that of its first line, `\n` for a file without any.
    pub fn newline(&self) -> &'static str {
        newline_of(&self.text)
    }
}

/// The line end of a text: that of its first line, `\n` for a text without any.
pub fn newline_of(text: &str) -> &'static str {
    match memchr::memchr2(b'\n', b'\r', text.as_bytes()) {
        Some(at) if text[at..].starts_with("\r\n") => "\r\n",
        Some(at) if text[at..].starts_with('\r') => "\r",
        _ => "\n",
    }
}

/// Where the next line begins, given the offset at which a line end stands.
pub fn after_newline(text: &str, at: TextSize) -> TextSize {
    let is_wide = text[at.to_usize()..].starts_with("\r\n");
    at + TextSize::new(if is_wide { 2 } else { 1 })
}

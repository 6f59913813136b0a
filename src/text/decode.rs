//! PEP 263: which characters the bytes of a file are.

use std::fmt;

/// How a file's bytes were read, and are to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encoding {
    /// Whether the file began with a UTF-8 byte order mark.
    pub byte_order_mark: bool,
    /// The encoding that a coding line names; `None` for UTF-8.
    pub declared: Option<&'static encoding_rs::Encoding>,
}

/// Why bytes are not text, or text is not bytes. Its message is for users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// The bytes are not valid in the encoding: which one, and at what byte offset.
    Invalid {
        /// The encoding's name.
        encoding: String,
        /// The byte offset of the first byte that is wrong.
        offset: usize,
    },
    /// A coding line names an encoding that nobody knows.
    Unknown(String),
    /// The text has a character that the encoding lacks.
    Unencodable(String),
    /// The file is 4 GiB or more.
    TooLarge,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecodeError::Invalid { encoding, offset } => {
                write!(f, "not valid {encoding}: the byte at offset {offset} is wrong")
            }
            DecodeError::Unknown(name) => write!(f, "unknown encoding `{name}`"),
            DecodeError::Unencodable(name) => {
                write!(f, "the text has a character that {name} lacks")
            }
            DecodeError::TooLarge => write!(f, "the file has 4 GiB or more"),
        }
    }
}

impl std::error::Error for DecodeError {}

/// Turns bytes into text.
pub(super) fn decode(bytes: Vec<u8>) -> Result<(String, Encoding), DecodeError> {
    if u32::try_from(bytes.len()).is_err() {
        return Err(DecodeError::TooLarge);
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok((text, Encoding::default())),
        Err(error) => Err(DecodeError::Invalid {
            encoding: "UTF-8".to_owned(),
            offset: error.utf8_error().valid_up_to(),
        }),
    }
}

/// Turns text back into bytes.
pub(super) fn encode(text: &str, _encoding: &Encoding) -> Result<Vec<u8>, DecodeError> {
    Ok(text.as_bytes().to_vec())
}

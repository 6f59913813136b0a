//! The encodings that a coding line can name, under the names that Python gives them.

use encoding_rs as whatwg;

/// Which characters bytes stand for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Charset {
    /// What Python assumes where nothing is declared.
    #[default]
    Utf8,
    /// Bytes below 0x80 only.
    Ascii,
    /// ISO 8859-1: each byte is the character of that number. The web's `latin1` is windows-1252,
    /// which is why this one is not left to `encoding_rs`.
    Latin1,
    /// An older encoding of a region. Where the web's reading knows more characters than Python's,
    /// they are accepted.
    Regional(&'static whatwg::Encoding),
}

impl Charset {
    /// The charset that a coding line's name stands for, by the aliases of CPython's `encodings`
    /// package; `None` for a name that Python does not know or that is not a superset of ASCII
    /// (UTF-16, UTF-7, EBCDIC, escape sequences).
    pub(super) fn named(name: &str) -> Option<Charset> {
        let name = normalized(name);
        match name.as_str() {
            "utf-8" | "utf8" | "u8" | "utf" | "utf8-ucs2" | "utf8-ucs4" | "cp65001" => {
                return Some(Charset::Utf8);
            }
            "ascii" | "us-ascii" | "us" | "646" | "iso646-us" | "iso-ir-6" | "cp367" | "ibm367"
            | "csascii" | "ansi-x3.4-1968" | "ansi-x3-4-1968" | "ansi-x3.4-1986"
            | "iso-646.irv-1991" => return Some(Charset::Ascii),
            "latin-1" | "latin1" | "latin" | "l1" | "iso-8859-1" | "iso8859-1" | "iso8859"
            | "8859" | "cp819" | "ibm819" | "csisolatin1" | "iso-8859-1-1987" | "iso-ir-100" => {
                return Some(Charset::Latin1);
            }
            _ => {}
        }
        let knows = |names: &str| names.split(' ').any(|other| other == name);
        let regional = REGIONAL.iter().find(|(names, _)| knows(names));
        regional.map(|(_, encoding)| Charset::Regional(encoding))
    }

    /// The name for messages.
    pub fn name(self) -> &'static str {
        match self {
            Charset::Utf8 => "UTF-8",
            Charset::Ascii => "ASCII",
            Charset::Latin1 => "ISO-8859-1",
            Charset::Regional(encoding) => encoding.name(),
        }
    }
}

/// Whether CPython's tokenizer itself takes the name for UTF-8, without asking its codecs: the
/// only names that may follow a byte order mark.
pub(super) fn is_plain_utf8(name: &str) -> bool {
    let name = normalized(name);
    name == "utf-8"
}

/// Names differ in case and in `_` for `-`; Emacs appends the line end to the names of UTF-8 and
/// Latin-1 (`latin-1-unix`), which CPython's tokenizer takes off (`get_normal_name`).
fn normalized(name: &str) -> String {
    let name = name.to_ascii_lowercase().replace('_', "-");
    // The tokenizer compares no more than the first twelve characters.
    let start = name.get(..12).unwrap_or(&name);
    let begins = |word: &str| start == word || start.starts_with(&format!("{word}-"));
    if begins("utf-8") {
        return "utf-8".to_owned();
    }
    if ["latin-1", "iso-8859-1", "iso-latin-1"].into_iter().any(begins) {
        return "latin-1".to_owned();
    }
    name
}

/// Python's names, separated by blanks, and the encoding that reads them.
const REGIONAL: &[(&str, &whatwg::Encoding)] = &[
    ("cp1250 1250 windows-1250", whatwg::WINDOWS_1250),
    ("cp1251 1251 windows-1251", whatwg::WINDOWS_1251),
    ("cp1252 1252 windows-1252", whatwg::WINDOWS_1252),
    ("cp1253 1253 windows-1253", whatwg::WINDOWS_1253),
    ("cp1254 1254 windows-1254", whatwg::WINDOWS_1254),
    ("cp1255 1255 windows-1255", whatwg::WINDOWS_1255),
    ("cp1256 1256 windows-1256", whatwg::WINDOWS_1256),
    ("cp1257 1257 windows-1257", whatwg::WINDOWS_1257),
    ("cp1258 1258 windows-1258", whatwg::WINDOWS_1258),
    ("cp866 866 ibm866 csibm866", whatwg::IBM866),
    ("koi8-r cskoi8r", whatwg::KOI8_R),
    ("koi8-u", whatwg::KOI8_U),
    ("mac-roman macroman macintosh", whatwg::MACINTOSH),
    ("mac-cyrillic maccyrillic", whatwg::X_MAC_CYRILLIC),
    ("cp874 tis-620 tis620 iso8859-11 iso-8859-11 thai", whatwg::WINDOWS_874),
    ("iso8859-2 iso-8859-2 latin2 l2 csisolatin2", whatwg::ISO_8859_2),
    ("iso8859-3 iso-8859-3 latin3 l3 csisolatin3", whatwg::ISO_8859_3),
    ("iso8859-4 iso-8859-4 latin4 l4 csisolatin4", whatwg::ISO_8859_4),
    ("iso8859-5 iso-8859-5 cyrillic csisolatincyrillic", whatwg::ISO_8859_5),
    ("iso8859-6 iso-8859-6 arabic csisolatinarabic", whatwg::ISO_8859_6),
    ("iso8859-7 iso-8859-7 greek greek8 csisolatingreek", whatwg::ISO_8859_7),
    ("iso8859-8 iso-8859-8 hebrew csisolatinhebrew", whatwg::ISO_8859_8),
    ("iso8859-9 iso-8859-9 latin5 l5 csisolatin5", whatwg::WINDOWS_1254),
    ("iso8859-10 iso-8859-10 latin6 l6 csisolatin6", whatwg::ISO_8859_10),
    ("iso8859-13 iso-8859-13 latin7 l7", whatwg::ISO_8859_13),
    ("iso8859-14 iso-8859-14 latin8 l8 iso-celtic", whatwg::ISO_8859_14),
    ("iso8859-15 iso-8859-15 latin9 l9", whatwg::ISO_8859_15),
    ("iso8859-16 iso-8859-16 latin10 l10", whatwg::ISO_8859_16),
    ("gbk cp936 936 ms936", whatwg::GBK),
    ("gb2312 gb2312-80 gb2312-1980 euc-cn euccn eucgb2312-cn chinese", whatwg::GBK),
    ("gb18030 gb18030-2000", whatwg::GB18030),
    ("big5 big5-tw csbig5 cp950 950 ms950 big5hkscs big5-hkscs hkscs", whatwg::BIG5),
    ("euc-jp eucjp ujis u-jis", whatwg::EUC_JP),
    ("shift-jis shiftjis sjis s-jis csshiftjis", whatwg::SHIFT_JIS),
    ("cp932 932 ms932 mskanji ms-kanji", whatwg::SHIFT_JIS),
    ("euc-kr euckr korean ksc5601 ks-c-5601 ksx1001 ks-x-1001", whatwg::EUC_KR),
    ("cp949 949 ms949 uhc", whatwg::EUC_KR),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_pythons() {
        let named = |name| Charset::named(name).map(Charset::name);
        for name in ["utf-8", "UTF8", "U8", "utf_8", "utf-8-unix", "utf-8-sig", "cp65001"] {
            assert_eq!(named(name), Some("UTF-8"), "{name}");
        }
        for name in ["latin-1", "Latin1", "ISO-8859-1", "iso_8859_1", "iso-latin-1-unix", "l1"] {
            assert_eq!(named(name), Some("ISO-8859-1"), "{name}");
        }
        assert_eq!(named("us-ascii"), Some("ASCII"));
        assert_eq!(named("cp1252"), Some("windows-1252"));
        assert_eq!(named("iso-8859-15"), Some("ISO-8859-15"));
        assert_eq!(named("euc_jp"), Some("EUC-JP"));
        assert_eq!(named("KOI8-R"), Some("KOI8-R"));
        for name in ["utf-16", "utf-7", "utf_32", "rot13", "iso2022_jp", "cp437", "x", "utf-8x"] {
            assert_eq!(named(name), None, "{name}");
        }
    }

    #[test]
    fn every_name_is_spelled_as_it_is_compared() {
        for (names, encoding) in REGIONAL {
            for name in names.split(' ') {
                assert_eq!(normalized(name), name);
                assert!(Charset::named(name).is_some());
            }
            assert!(encoding.is_ascii_compatible());
        }
    }
}

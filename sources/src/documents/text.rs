//! From bytes to text: byte order marks, UTF-16 as PowerShell writes it, and what is no text.

use super::error::{Fault, Unusable};
use std::borrow::Cow;

/// The text of a document, to which the places of errors refer, without its byte order mark.
///
/// # Errors
/// What the bytes are instead.
pub fn text(bytes: &[u8]) -> Result<Cow<'_, str>, Unusable> {
    let text = decoded(bytes)?;
    if let Some(at) = text.find('\0') {
        let fault = Fault::new(format!("this is no text: letter {at} is zero"));
        return Err(fault.help("give a text file, in UTF-8").unlocated());
    }
    if text.trim().is_empty() {
        let fault = Fault::new("the file is empty");
        let help = "give start_to_close_timeout or schedule_to_close_timeout";
        return Err(fault.help(help).unlocated());
    }
    Ok(text)
}

fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, Unusable> {
    if bytes.starts_with(b"\x1f\x8b") {
        let fault = Fault::new("this is compressed with gzip").help("decompress it first");
        return Err(fault.unlocated());
    }
    if let Some((order, units)) = utf16(bytes) {
        let (pairs, rest) = units.as_chunks::<2>();
        let units = pairs.iter().map(|pair| match order {
            Order::Little => u16::from_le_bytes(*pair),
            Order::Big => u16::from_be_bytes(*pair),
        });
        let text: Result<String, _> = char::decode_utf16(units).collect();
        return match text {
            Ok(text) if rest.is_empty() => Ok(Cow::Owned(text)),
            Ok(_) | Err(_) => Err(Fault::new("this begins as UTF-16 text and is damaged")
                .help("save it anew, as UTF-8 if there is the choice")
                .unlocated()),
        };
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(error) => {
            let before = &bytes[..error.valid_up_to()];
            let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
            let message = format!("this is not UTF-8 text, from byte {} on", error.valid_up_to());
            let fault = Fault::new(message).help("give a text file, in UTF-8");
            Err(Fault { line: Some(line), ..fault }.unlocated())
        }
    }
}

/// Which byte of a unit comes first.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Order {
    Little,
    Big,
}

/// The units of UTF-16 text: after a mark, or where the text begins with a letter of Latin.
fn utf16(bytes: &[u8]) -> Option<(Order, &[u8])> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => Some((Order::Little, rest)),
        [0xfe, 0xff, rest @ ..] => Some((Order::Big, rest)),
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => Some((Order::Little, bytes)),
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => Some((Order::Big, bytes)),
        _ => None,
    }
}

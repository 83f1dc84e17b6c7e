//! A filter on the bytes of a JSON text: what strings and numbers have beyond the length of any that a
//! server writes is dropped as it comes, so that nobody has to keep it. Does not know what is a key.

use std::io::{self, Read};

/// JSON whose strings and numbers are cut where they are longer than any that is read.
#[derive(Debug)]
pub(super) struct Shortened<R> {
    bytes: R,
    place: Place,
    // How long the string or the number is that goes on, and whether the rest of it is dropped.
    length: usize,
    is_cut: bool,
    // Whether the first half of a character in UTF-16 was escaped last.
    is_half: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Place {
    Outside,
    Text,
    /// After a backslash.
    Escape,
    /// After `\u` and so many digits less than four, which are this number.
    Unicode(u8, u32),
}

impl<R> Shortened<R> {
    pub(super) fn new(bytes: R) -> Self {
        Shortened { bytes, place: Place::Outside, length: 0, is_cut: false, is_half: false }
    }

    /// Keeps of these bytes what is not dropped, in front; says how many those are.
    fn shorten(&mut self, bytes: &mut [u8]) -> usize {
        let (mut read, mut kept) = (0, 0);
        while read < bytes.len() {
            let run = self.run(&bytes[read..]);
            if run > 0 && !self.is_cut {
                bytes.copy_within(read..read + run, kept);
                kept += run;
                self.length += run;
            } else if run > 0 {
                // A line ends, and what a string cannot have is a fault, where it is dropped too.
                for at in read..read + run {
                    if bytes[at] < b' ' {
                        bytes[kept] = bytes[at];
                        kept += 1;
                    }
                }
            } else {
                let byte = bytes[read];
                if self.takes(byte) {
                    bytes[kept] = byte;
                    kept += 1;
                }
            }
            read += run.max(1);
        }
        kept
    }

    /// How many bytes follow that are all kept, or all dropped, and lead nowhere else.
    fn run(&mut self, bytes: &[u8]) -> usize {
        if self.place != Place::Text {
            return 0;
        }
        let plain = memchr::memchr2(b'"', b'\\', bytes).unwrap_or(bytes.len());
        if self.is_cut {
            return plain;
        }
        // The byte that goes over the limit is looked at by itself.
        let run = plain.min(LONGEST_TEXT.saturating_sub(self.length));
        self.is_half &= run == 0;
        run
    }

    /// Whether the next byte is kept; remembers where that leads.
    fn takes(&mut self, byte: u8) -> bool {
        match self.place {
            Place::Outside => return self.takes_outside(byte),
            Place::Text if byte == b'"' => {
                (self.place, self.length, self.is_cut) = (Place::Outside, 0, false);
                return true;
            }
            Place::Text => {
                // Nothing is cut within a character.
                let is_begun = byte & 0xc0 == 0x80 || self.is_half;
                self.is_cut |= self.length >= LONGEST_TEXT && !is_begun;
                if byte == b'\\' {
                    self.place = Place::Escape;
                } else {
                    self.is_half = false;
                }
            }
            Place::Escape => {
                self.place = if byte == b'u' { Place::Unicode(4, 0) } else { Place::Text };
                self.is_half = false;
            }
            Place::Unicode(left, number) => {
                let digit = char::from(byte).to_digit(16).unwrap_or(0);
                let number = number << 4 | digit;
                self.is_half = left == 1 && (0xd800..0xdc00).contains(&number);
                self.place = if left == 1 { Place::Text } else { Place::Unicode(left - 1, number) };
            }
        }
        self.length += usize::from(!self.is_cut);
        !self.is_cut || byte < b' '
    }

    fn takes_outside(&mut self, byte: u8) -> bool {
        let is_of_a_number = byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.');
        if is_of_a_number {
            self.length += 1;
            return self.length <= LONGEST_NUMBER;
        }
        self.length = 0;
        if byte == b'"' {
            self.place = Place::Text;
        }
        true
    }
}

impl<R: Read> Read for Shortened<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.bytes.read(buffer)?;
            let kept = self.shorten(&mut buffer[..read]);
            if kept > 0 || read == 0 {
                return Ok(kept);
            }
        }
    }
}

/// No server takes a message that is longer, in bytes, unless it is told to.
const LONGEST_TEXT: usize = 1 << 22;
/// No number that anybody reads has more digits.
const LONGEST_NUMBER: usize = 1 << 12;

#[cfg(test)]
mod tests {
    use super::{LONGEST_NUMBER, LONGEST_TEXT, Shortened};
    use std::io::Read;

    /// A text as it is read through the filter, in pieces of some length.
    fn shortened(text: &str, piece: usize) -> String {
        let mut read = Vec::new();
        let mut filter = Shortened::new(text.as_bytes());
        let mut buffer = vec![0; piece];
        loop {
            match filter.read(&mut buffer).expect("it is in memory") {
                0 => return String::from_utf8(read).expect("it is cut between characters"),
                many => read.extend_from_slice(&buffer[..many]),
            }
        }
    }

    #[test]
    fn what_is_short_stays_as_it_is() {
        let text =
            "{\"a\\\"b\": [1.5e-7, \"\\ud83d\\ude00 ä\\\\\", null, true], \"\": \"\\u0041\"}\n";
        for piece in 1..9 {
            assert_eq!(shortened(text, piece), text);
        }
    }

    #[test]
    fn a_string_that_is_too_long_ends_between_characters() {
        let limit = LONGEST_TEXT;
        for unit in ["a", "ä", "€", "😀", "\\n", "\\u00e4", "\\ud83d\\ude00", "a\\\\"] {
            let text = format!("[\"{}\", \"{unit}\"]", unit.repeat(limit / unit.len() + 40));
            for piece in [1 << 16, 4_099] {
                let short = shortened(&text, piece);
                let read: Vec<String> = serde_json::from_str(&short).expect("it is still JSON");
                assert!(
                    short.len() >= limit && short.len() < limit + 40,
                    "{unit}: {}",
                    short.len()
                );
                assert_eq!(
                    read[1],
                    serde_json::from_str::<String>(&format!("\"{unit}\"")).unwrap()
                );
            }
        }
    }

    #[test]
    fn a_line_that_ends_within_a_string_is_still_seen() {
        let text = format!("[\"{}\n\"]", "a".repeat(LONGEST_TEXT + 9));
        assert!(serde_json::from_str::<Vec<String>>(&shortened(&text, 1 << 16)).is_err());
    }

    #[test]
    fn a_number_of_too_many_digits_is_cut() {
        let text = format!("[{}, 12]", "7".repeat(2 * LONGEST_NUMBER));
        assert_eq!(shortened(&text, 100), format!("[{}, 12]", "7".repeat(LONGEST_NUMBER)));
    }
}

//! Words, strings and brackets of one line, and a cursor that takes them one by one.

use super::error::{ScriptError, nearest};
use super::units::parse_span;
use activity_execution::vocabulary::Span;

/// What a line is made of.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Kind {
    /// Letters, digits and `_-.:`, as they stand.
    Word(String),
    /// What stands in double quotes.
    Text(String),
    /// `(`
    Open,
    /// `)`
    Close,
    /// `,`
    Comma,
}

#[derive(Clone, Debug)]
struct Token {
    kind: Kind,
    column: usize,
    width: usize,
}

/// The tokens of one line that are still to be taken. What takes one says where it is missing.
#[derive(Debug)]
pub struct Cursor<'a> {
    line: usize,
    text: &'a str,
    tokens: Vec<Token>,
    next: usize,
}

type Result<T> = core::result::Result<T, ScriptError>;

impl<'a> Cursor<'a> {
    /// Cuts a whole line into tokens; `#` begins a comment.
    ///
    /// # Errors
    /// What cannot be a token.
    pub fn of_line(line: usize, text: &'a str) -> Result<Self> {
        Cursor::new(line, text, 0)
    }

    /// Cuts `text` from column `from` on into tokens; `#` begins a comment.
    pub(super) fn new(line: usize, text: &'a str, from: usize) -> Result<Self> {
        let mut cursor = Cursor { line, text, tokens: Vec::new(), next: 0 };
        let chars: Vec<char> = text.chars().collect();
        let mut at = from;
        while at < chars.len() && chars[at] != '#' {
            let begin = at;
            let kind = match chars[at] {
                c if c.is_whitespace() => {
                    at += 1;
                    continue;
                }
                '(' => Kind::Open,
                ')' => Kind::Close,
                ',' => Kind::Comma,
                '"' => cursor.string(&chars, &mut at)?,
                c if is_word(c) => {
                    let word: String = chars[at..].iter().take_while(|c| is_word(**c)).collect();
                    at += word.chars().count() - 1;
                    Kind::Word(word)
                }
                c => {
                    let problem = format!("`{c}` means nothing here");
                    let help = "write text that is not a single word in double quotes";
                    return Err(cursor.error_at(at + 1, 1, problem, help));
                }
            };
            at += 1;
            cursor.tokens.push(Token { kind, column: begin + 1, width: at - begin });
        }
        Ok(cursor)
    }

    /// Reads a string from its opening quote; leaves `at` on the closing one.
    fn string(&self, chars: &[char], at: &mut usize) -> Result<Kind> {
        let begin = *at;
        let mut text = String::new();
        loop {
            *at += 1;
            match chars.get(*at) {
                Some('"') => return Ok(Kind::Text(text)),
                Some('\\') => {
                    *at += 1;
                    text.push(self.escaped(chars, at)?);
                }
                Some(c) => text.push(*c),
                None => {
                    let width = chars.len() - begin;
                    let problem = "this text does not end".into();
                    let help = "close it with a double quote on the same line";
                    return Err(self.error_at(begin + 1, width, problem, help));
                }
            }
        }
    }

    /// Reads what follows a backslash; leaves `at` on its last character.
    fn escaped(&self, chars: &[char], at: &mut usize) -> Result<char> {
        let begin = *at;
        match chars.get(begin) {
            Some('n') => return Ok('\n'),
            Some(c @ ('"' | '\\')) => return Ok(*c),
            Some('u') => {
                let rest = &chars[begin + 1..];
                let end = rest.iter().position(|c| *c == '}');
                if let (Some('{'), Some(end)) = (rest.first(), end) {
                    let digits: String = rest[1..end].iter().collect();
                    let code = u32::from_str_radix(&digits, 16).ok();
                    if let Some(c) = code.and_then(char::from_u32) {
                        *at = begin + 1 + end;
                        return Ok(c);
                    }
                }
            }
            Some(_) | None => {}
        }
        let help = r#"after a backslash comes one of \ " n or u{...}"#;
        Err(self.error_at(begin, 2, "this escape is unknown".into(), help))
    }

    fn error_at(&self, column: usize, width: usize, problem: String, help: &str) -> ScriptError {
        ScriptError {
            line: self.line,
            column,
            width,
            text: self.text.into(),
            problem,
            help: help.into(),
        }
    }

    /// An error about the token that was taken last.
    #[must_use]
    pub fn error(&self, problem: impl Into<String>, help: &str) -> ScriptError {
        self.error_about(self.next.saturating_sub(1), problem.into(), help)
    }

    /// An error about the token that comes next, or the end of the line.
    #[must_use]
    pub fn error_ahead(&self, problem: impl Into<String>, help: &str) -> ScriptError {
        self.error_about(self.next, problem.into(), help)
    }

    /// An error about the whole line.
    #[must_use]
    pub fn error_of_line(&self, problem: impl Into<String>, help: &str) -> ScriptError {
        self.error_at(1, self.text.chars().count(), problem.into(), help)
    }

    fn error_about(&self, index: usize, problem: String, help: &str) -> ScriptError {
        match self.tokens.get(index) {
            Some(token) => self.error_at(token.column, token.width, problem, help),
            None => self.error_at(self.text.trim_end().chars().count() + 1, 1, problem, help),
        }
    }

    /// The next token.
    #[must_use]
    pub fn peek(&self) -> Option<&Kind> {
        self.tokens.get(self.next).map(|token| &token.kind)
    }

    /// Takes the next token.
    pub fn take(&mut self) -> Option<Kind> {
        let kind = self.peek().cloned();
        self.next += 1;
        kind
    }

    /// Takes the next token if it is this one.
    pub fn accept(&mut self, kind: &Kind) -> bool {
        let is_next = self.peek() == Some(kind);
        self.next += usize::from(is_next);
        is_next
    }

    /// Takes the next token if it is this word.
    pub fn accept_word(&mut self, word: &str) -> bool {
        let is_next = matches!(self.peek(), Some(Kind::Word(next)) if next == word);
        self.next += usize::from(is_next);
        is_next
    }

    /// Takes a word.
    ///
    /// # Errors
    /// If something else follows.
    pub fn word(&mut self, what: &str) -> Result<String> {
        match self.take() {
            Some(Kind::Word(word)) => Ok(word),
            Some(Kind::Text(_) | Kind::Open | Kind::Close | Kind::Comma) | None => {
                Err(self.error(format!("{what} is missing here"), ""))
            }
        }
    }

    /// Takes a whole number.
    ///
    /// # Errors
    /// If something else follows.
    pub fn number(&mut self, what: &str) -> Result<i64> {
        let word = self.word(what)?;
        let help = "a whole number, 3 for one";
        word.parse().map_err(|_| self.error(format!("`{word}` is not {what}"), help))
    }

    /// Takes a duration that is not negative.
    ///
    /// # Errors
    /// If something else follows.
    pub fn span(&mut self, what: &str) -> Result<Span> {
        let word = self.word(what)?;
        self.span_of(&word, what)
    }

    /// Takes a duration that may be negative, as -250ms.
    ///
    /// # Errors
    /// If something else follows.
    pub fn signed_span(&mut self, what: &str) -> Result<Span> {
        let word = self.word(what)?;
        match word.strip_prefix('-') {
            None => self.span_of(&word, what),
            Some(rest) => Ok(Span(-self.span_of(rest, what)?.0)),
        }
    }

    fn span_of(&self, word: &str, what: &str) -> Result<Span> {
        let help = "a number with its unit, as 10s, 1m30s or 250ms; units are y d h m s ms, \
                    and the longest is 1000y";
        parse_span(word).ok_or_else(|| self.error(format!("`{word}` is not {what}"), help))
    }

    /// Refuses whatever is left on the line.
    ///
    /// # Errors
    /// If anything is left.
    pub fn end(&self, known: &[&str]) -> Result<()> {
        let what = match self.peek() {
            None => return Ok(()),
            Some(Kind::Word(word) | Kind::Text(word)) => word.clone(),
            Some(Kind::Open) => "(".into(),
            Some(Kind::Close) => ")".into(),
            Some(Kind::Comma) => ",".into(),
        };
        let help = match (nearest(&what, known), known) {
            (Some(meant), _) => format!("did you mean `{meant}`?"),
            (None, []) => "nothing more is expected on this line".into(),
            (None, known) => format!("what may follow here: {}", known.join(", ")),
        };
        Err(self.error_ahead(format!("`{what}` does not belong here"), &help))
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || "_-.:".contains(c)
}

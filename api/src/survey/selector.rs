//! Check of CSS selectors.
//!
//! The collector has no DOM, and a browser throws on a selector that it cannot parse. This check
//! follows the grammar of Selectors Level 4 over the tokens of CSS Syntax Level 3 closely enough to
//! find what no browser accepts: an id that begins with a digit, a combinator without an element, a
//! bracket or quote without its end. CSS closes the last at the end of the text; here it is an
//! error. Where the grammar leaves room (names of pseudo-classes, arguments of unknown functions)
//! everything is accepted, so that no selector of a newer browser is refused.
//!
//! It works on bytes: every byte with a meaning is ASCII, and every other one is part of a name.

/// Argument of a pseudo-class.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Argument {
    /// Any text that closes its brackets and quotes: a forgiving list, or an unknown one.
    Any,
    /// A list of selectors.
    Selectors,
    /// A list of selectors that may begin with a combinator.
    Relative,
    /// A number of places such as `2n+1`.
    Nth,
    /// Number of places that may be followed by `of` and a list of selectors.
    NthOf,
}

/// Pseudo-classes that need parentheses.
const FUNCTIONS: [(&str, Argument); 9] = [
    ("is", Argument::Any),
    ("where", Argument::Any),
    ("not", Argument::Selectors),
    ("has", Argument::Relative),
    ("nth-child", Argument::NthOf),
    ("nth-last-child", Argument::NthOf),
    ("nth-of-type", Argument::Nth),
    ("nth-last-of-type", Argument::Nth),
    ("lang", Argument::Any),
];

const MISPLACED: &str = "there is a character that cannot stand where it does";
const OPEN: &str = "a bracket, quote or comment has no end";
const CLOSED: &str = "a bracket closes that was not opened";
const NO_ELEMENT: &str = "there is nothing to select before or after a comma or a combinator";
const NO_NAME: &str = "a name is missing after `#`, `.`, `:` or `[`";
const NO_TYPE: &str = "the name of an element stands before its ids, classes, attributes and states";
const NO_VALUE: &str = "a value is missing after `=`; quote what is no name";
const NO_PLACES: &str = "`:nth-child` and its like take numbers such as `2n+1`, `even` or `3`";
const NO_PARENTHESES: &str = "`:is`, `:not`, `:has`, `:nth-child` and their like need parentheses";
const DIGIT: &str = "a name cannot begin with a digit. Write `[id=\"2024-x\"]` for an id `2024-x`, or \
                     escape the digit: `#\\32 024-x`";

type Parsed<T> = Result<T, &'static str>;

/// Returns the error of a selector as the end of a sentence; `None` if it is valid.
pub(super) fn problem(text: &str) -> Option<&'static str> {
    let mut parser = Parser { text: text.as_bytes(), at: 0 };
    match (parser.list(false), parser.peek()) {
        (Err(problem), _) => Some(problem),
        (Ok(()), 0) => None,
        (Ok(()), b')') => Some(CLOSED),
        (Ok(()), _) => Some(MISPLACED),
    }
}

/// A selector that is being read.
struct Parser<'a> {
    text: &'a [u8],
    at: usize,
}

impl Parser<'_> {
    /// Selectors with commas between, to the end or to a bracket that closes.
    fn list(&mut self, relative: bool) -> Parsed<()> {
        loop {
            self.complex(relative)?;
            if !self.eat(b',') {
                return Ok(());
            }
        }
    }

    /// Compound selectors with combinators between.
    fn complex(&mut self, relative: bool) -> Parsed<()> {
        self.blanks()?;
        if relative && self.combinator() {
            self.blanks()?;
        }
        loop {
            self.compound()?;
            let blanks = self.blanks()?;
            if self.combinator() {
                self.blanks()?;
            } else if !blanks || matches!(self.peek(), 0 | b',' | b')') {
                return Ok(());
            }
        }
    }

    fn combinator(&mut self) -> bool {
        self.eat(b'>') || self.eat(b'+') || self.eat(b'~')
    }

    /// The name of an element and what is true of it.
    fn compound(&mut self) -> Parsed<()> {
        let mut empty = !self.type_name()?;
        loop {
            self.comments()?;
            match self.peek() {
                b'#' | b'.' => {
                    self.at += 1;
                    self.needed_name()?;
                }
                b'[' => {
                    self.at += 1;
                    self.attribute()?;
                }
                b':' => {
                    self.at += 1;
                    self.pseudo()?;
                }
                // The parent of a nested rule; outside of one, the root.
                b'&' => self.at += 1,
                b'"' | b'\'' | b'{' | b'}' | b'(' | b']' => return Err(MISPLACED),
                byte if !empty => {
                    let named = is_name(byte) || matches!(byte, b'*' | b'\\' | b'|');
                    return if named { Err(NO_TYPE) } else { Ok(()) };
                }
                b'0'..=b'9' => return Err(DIGIT),
                0 | b',' | b')' | b'>' | b'+' | b'~' => return Err(NO_ELEMENT),
                _ => return Err(MISPLACED),
            }
            empty = false;
        }
    }

    /// `div`, `*`, `svg|a`, `*|*` or `|a`.
    fn type_name(&mut self) -> Parsed<bool> {
        let first = self.eat(b'*') || self.name();
        // `||` would be a combinator, which no browser knows.
        if self.peek() == b'|' && self.ahead(1) != b'|' {
            self.at += 1;
            return if self.eat(b'*') || self.name() { Ok(true) } else { Err(NO_NAME) };
        }
        Ok(first)
    }

    /// Parses an attribute selector up to its closing bracket.
    fn attribute(&mut self) -> Parsed<()> {
        self.blanks()?;
        let named = self.eat(b'*') || self.name();
        if self.peek() == b'|' && self.ahead(1) != b'=' {
            self.at += 1;
            self.needed_name()?;
        } else if !named {
            return Err(self.open_or(NO_NAME));
        }
        self.blanks()?;
        if self.eat(b']') {
            return Ok(());
        }
        if matches!(self.peek(), b'~' | b'|' | b'^' | b'$' | b'*') {
            self.at += 1;
        }
        if !self.eat(b'=') {
            return Err(self.open_or(MISPLACED));
        }
        self.blanks()?;
        if !self.string()? && !self.name() {
            return Err(self.open_or(NO_VALUE));
        }
        self.blanks()?;
        // The flag `i` or `s`.
        self.name();
        self.close(b']')
    }

    /// Parses a pseudo-class, or after a second colon a pseudo-element.
    fn pseudo(&mut self) -> Parsed<()> {
        let element = self.eat(b':');
        let begin = self.at;
        self.needed_name()?;
        let name = self.text.get(begin..self.at).unwrap_or_default();
        let known = FUNCTIONS.iter().find(|(own, _)| !element && name.eq_ignore_ascii_case(own.as_bytes()));
        match (self.eat(b'('), known) {
            (false, None) => return Ok(()),
            (false, Some(_)) => return Err(NO_PARENTHESES),
            (true, None | Some((_, Argument::Any))) => self.anything()?,
            (true, Some((_, Argument::Selectors))) => self.list(false)?,
            (true, Some((_, Argument::Relative))) => self.list(true)?,
            (true, Some((_, places))) => {
                self.places()?;
                let begin = self.at;
                if *places == Argument::NthOf && self.name() {
                    if !self.text.get(begin..self.at).is_some_and(|word| word.eq_ignore_ascii_case(b"of")) {
                        return Err(MISPLACED);
                    }
                    self.list(false)?;
                }
            }
        }
        self.close(b')')
    }

    /// `even`, `odd`, `5`, `-n+3`, `2n + 1`: An+B of CSS Syntax, section 6.
    fn places(&mut self) -> Parsed<()> {
        self.blanks()?;
        let begin = self.at;
        while self.peek().is_ascii_alphabetic() {
            self.at += 1;
        }
        let word = self.text.get(begin..self.at).unwrap_or_default();
        if word.eq_ignore_ascii_case(b"even") || word.eq_ignore_ascii_case(b"odd") {
            return self.blanks().map(drop);
        }
        self.at = begin;
        self.sign();
        let times = self.digits();
        // Written in a way that is right and not worth knowing here.
        if matches!(self.peek(), b'\\' | b'/') {
            return self.anything();
        }
        if !matches!(self.peek(), b'n' | b'N') {
            self.blanks()?;
            return if times { Ok(()) } else { Err(NO_PLACES) };
        }
        self.at += 1;
        self.blanks()?;
        if self.sign() {
            self.blanks()?;
            if !self.digits() {
                return Err(NO_PLACES);
            }
        }
        self.blanks()?;
        // What follows is a bracket or `of`.
        if matches!(self.peek(), b'0'..=b'9' | b'+' | b'-') { Err(NO_PLACES) } else { Ok(()) }
    }

    fn sign(&mut self) -> bool {
        self.eat(b'+') || self.eat(b'-')
    }

    fn digits(&mut self) -> bool {
        let begin = self.at;
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
        self.at > begin
    }

    /// Whatever there is up to the bracket that closes, if what opens in it closes too.
    fn anything(&mut self) -> Parsed<()> {
        let mut open = Vec::new();
        loop {
            self.comments()?;
            if self.string()? || self.escape() {
                continue;
            }
            match self.peek() {
                0 => return Err(OPEN),
                b')' if open.is_empty() => return Ok(()),
                b'(' => open.push(b')'),
                b'[' => open.push(b']'),
                b'{' => open.push(b'}'),
                close @ (b')' | b']' | b'}') if open.pop() != Some(close) => return Err(MISPLACED),
                _ => {}
            }
            self.at += 1;
        }
    }

    /// Text in quotes, if there is any.
    fn string(&mut self) -> Parsed<bool> {
        let quote = self.peek();
        if !matches!(quote, b'"' | b'\'') {
            return Ok(false);
        }
        self.at += 1;
        while !self.eat(quote) {
            if self.peek() == 0 {
                return Err(OPEN);
            }
            if !self.escape() {
                self.at += 1;
            }
        }
        Ok(true)
    }

    /// A name that must be there.
    fn needed_name(&mut self) -> Parsed<()> {
        if self.name() {
            return Ok(());
        }
        let first = if self.peek() == b'-' { self.ahead(1) } else { self.peek() };
        Err(if first.is_ascii_digit() { DIGIT } else { NO_NAME })
    }

    /// A name, if there is one: an identifier of CSS Syntax, section 4.3.9.
    fn name(&mut self) -> bool {
        let first = if self.peek() == b'-' { self.ahead(1) } else { self.peek() };
        let begins = first == b'\\'
            || (first == b'-' && self.peek() == b'-' && self.ahead(1) == b'-')
            || (is_name(first) && first != b'-' && !first.is_ascii_digit());
        if begins {
            while self.escape() || is_name(self.peek()) {
                if is_name(self.peek()) {
                    self.at += 1;
                }
            }
        }
        begins
    }

    /// A backslash with what it escapes: up to six hexadecimal digits and a blank, or any other
    /// character.
    fn escape(&mut self) -> bool {
        if !self.eat(b'\\') {
            return false;
        }
        let begin = self.at;
        while self.at < begin + 6 && self.peek().is_ascii_hexdigit() {
            self.at += 1;
        }
        if self.at == begin {
            // The rest of a character of several bytes is as good as the whole.
            self.at += usize::from(self.peek() != 0);
        } else if is_blank(self.peek()) {
            self.at += 1;
        }
        true
    }

    /// Passes over blanks and comments; whether there were blanks.
    fn blanks(&mut self) -> Parsed<bool> {
        let mut any = false;
        loop {
            self.comments()?;
            if !is_blank(self.peek()) {
                return Ok(any);
            }
            self.at += 1;
            any = true;
        }
    }

    fn comments(&mut self) -> Parsed<()> {
        while self.peek() == b'/' && self.ahead(1) == b'*' {
            self.at += 2;
            while !(self.peek() == b'*' && self.ahead(1) == b'/') {
                if self.peek() == 0 {
                    return Err(OPEN);
                }
                self.at += 1;
            }
            self.at += 2;
        }
        Ok(())
    }

    /// The bracket that ends what was read.
    fn close(&mut self, bracket: u8) -> Parsed<()> {
        self.blanks()?;
        if self.eat(bracket) { Ok(()) } else { Err(self.open_or(MISPLACED)) }
    }

    /// The problem, unless it is that the text ends here.
    fn open_or(&self, problem: &'static str) -> &'static str {
        if self.peek() == 0 { OPEN } else { problem }
    }

    fn eat(&mut self, wanted: u8) -> bool {
        let found = self.peek() == wanted;
        self.at += usize::from(found);
        found
    }

    /// The next byte, 0 at the end. Settings hold no control characters, so none is 0.
    fn peek(&self) -> u8 {
        self.ahead(0)
    }

    fn ahead(&self, by: usize) -> u8 {
        self.text.get(self.at + by).copied().unwrap_or(0)
    }
}

/// Whether a byte can be part of a name.
fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | 0x80..)
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c)
}

#[cfg(test)]
mod tests;

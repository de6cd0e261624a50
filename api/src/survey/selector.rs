//! Whether text can be a CSS selector.
//!
//! The collector has no DOM, and a browser throws where it cannot parse a selector. This follows the grammar of Selectors Level 4 over
//! the tokens of CSS Syntax Level 3 closely enough to find what no browser takes: an id that begins with a digit, a combinator
//! without an element, a bracket or quote without its end. Where the grammar leaves room (names of pseudo-classes, arguments of
//! functions that are not known here) it takes everything, so that no selector of a newer browser is refused.
//!
//! CSS closes at the end of the text what was left open. That is refused all the same: it is a slip, and easily mended.

/// Pseudo-classes that are functions, with what stands between their parentheses.
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

/// What stands between the parentheses of a function.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Argument {
    /// Whatever closes its brackets and quotes: a list that forgives, or one that is not known here.
    Any,
    /// A list of selectors.
    Selectors,
    /// A list of selectors that may begin with a combinator.
    Relative,
    /// A number of places such as `2n+1`.
    Nth,
    /// The same, which may be followed by `of` and a list of selectors.
    NthOf,
}

/// Returns what keeps text from being a selector, as the end of a sentence; `None` where nothing does.
pub(super) fn problem(text: &str) -> Option<&'static str> {
    let mut parser = Parser { rest: text };
    match parser.list(false) {
        Err(problem) => Some(problem),
        Ok(()) if parser.rest.is_empty() => None,
        Ok(()) if parser.rest.starts_with(')') => Some("a bracket closes that was not opened"),
        Ok(()) => Some(MISPLACED),
    }
}

const MISPLACED: &str = "there is a character that cannot stand where it does";
const OPEN: &str = "a bracket or quote has no end";
const NO_ELEMENT: &str = "there is nothing to select before or after a comma or a combinator";
const DIGIT: &str = "a name cannot begin with a digit. Write `[id=\"2024-x\"]` for an id `2024-x`, or escape the digit: `#\\32 024-x`";
const NO_NAME: &str = "a name is missing after `#`, `.`, `:` or `[`";
const NO_TYPE: &str = "the name of an element stands before its ids, classes, attributes and states";

type Parsed<T> = Result<T, &'static str>;

/// A selector that is being read.
struct Parser<'a> {
    rest: &'a str,
}

impl Parser<'_> {
    /// Selectors with commas between, to the end or to a bracket that closes.
    fn list(&mut self, relative: bool) -> Parsed<()> {
        loop {
            self.complex(relative)?;
            if !self.eat(',') {
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
            } else if !blanks || self.rest.is_empty() || self.rest.starts_with([',', ')']) {
                return Ok(());
            }
        }
    }

    fn combinator(&mut self) -> bool {
        self.eat('>') || self.eat('+') || self.eat('~')
    }

    /// The name of an element and what is true of it.
    fn compound(&mut self) -> Parsed<()> {
        let mut parts = usize::from(self.type_name()?);
        loop {
            self.comments()?;
            let mut chars = self.rest.chars();
            match chars.next() {
                Some('#' | '.') => {
                    self.rest = chars.as_str();
                    self.needed_name()?;
                }
                Some('[') => {
                    self.rest = chars.as_str();
                    self.attribute()?;
                }
                Some(':') => {
                    self.rest = chars.as_str();
                    self.pseudo()?;
                }
                // The parent of a nested rule; outside of one, the root.
                Some('&') => self.rest = chars.as_str(),
                Some(other) if parts > 0 && (is_name(other) || matches!(other, '*' | '\\' | '|')) => {
                    return Err(NO_TYPE);
                }
                Some(other) if parts == 0 && other.is_ascii_digit() => return Err(DIGIT),
                Some('"' | '\'' | '{' | '}' | '(' | ']') => return Err(MISPLACED),
                None | Some(',' | ')' | '>' | '+' | '~') if parts == 0 => return Err(NO_ELEMENT),
                _ if parts == 0 => return Err(MISPLACED),
                _ => return Ok(()),
            }
            parts += 1;
        }
    }

    /// `div`, `*`, `svg|a`, `*|*` or `|a`.
    fn type_name(&mut self) -> Parsed<bool> {
        let first = self.eat('*') || self.name();
        // `||` would be a combinator, which no browser knows, and `|=` stands in attributes.
        if self.rest.starts_with('|') && !self.rest.starts_with("||") {
            self.eat('|');
            return if self.eat('*') || self.name() { Ok(true) } else { Err(NO_NAME) };
        }
        Ok(first)
    }

    /// What stands in `[…]`, and the bracket that closes.
    fn attribute(&mut self) -> Parsed<()> {
        self.blanks()?;
        let named = self.eat('*') || self.name();
        if self.rest.starts_with('|') && !self.rest.starts_with("|=") {
            self.eat('|');
            self.needed_name()?;
        } else if !named {
            return Err(if self.rest.is_empty() { OPEN } else { NO_NAME });
        }
        self.blanks()?;
        if self.eat(']') {
            return Ok(());
        }
        if self.rest.starts_with(['~', '|', '^', '$', '*']) {
            self.rest = self.rest.get(1..).unwrap_or_default();
        }
        if !self.eat('=') {
            return Err(if self.rest.is_empty() { OPEN } else { MISPLACED });
        }
        self.blanks()?;
        if !self.string()? && !self.name() {
            return Err(if self.rest.is_empty() {
                OPEN
            } else {
                "a value is missing after `=`; quote what is no name"
            });
        }
        self.blanks()?;
        // The flag `i` or `s`.
        self.name();
        self.blanks()?;
        match self.eat(']') {
            true => Ok(()),
            false if self.rest.is_empty() => Err(OPEN),
            false => Err(MISPLACED),
        }
    }

    /// What stands after a colon: a pseudo-class, or after another colon a pseudo-element.
    fn pseudo(&mut self) -> Parsed<()> {
        let element = self.eat(':');
        let before = self.rest;
        self.needed_name()?;
        let name = before.strip_suffix(self.rest).unwrap_or_default().to_ascii_lowercase();
        let known = FUNCTIONS.iter().find(|(own, _)| !element && *own == name).map(|(_, argument)| *argument);
        if !self.eat('(') {
            return if known.is_none() {
                Ok(())
            } else {
                Err("`:is`, `:not`, `:has`, `:nth-child` and their like need parentheses")
            };
        }
        match known.unwrap_or(Argument::Any) {
            Argument::Any => self.anything()?,
            Argument::Selectors => self.list(false)?,
            Argument::Relative => self.list(true)?,
            Argument::Nth => self.places()?,
            Argument::NthOf => {
                self.places()?;
                let before = self.rest;
                if self.name() {
                    let of =
                        before.strip_suffix(self.rest).is_some_and(|word| word.eq_ignore_ascii_case("of"));
                    if !of {
                        return Err(MISPLACED);
                    }
                    self.list(false)?;
                }
            }
        }
        self.blanks()?;
        match self.eat(')') {
            true => Ok(()),
            false if self.rest.is_empty() => Err(OPEN),
            false => Err(MISPLACED),
        }
    }

    /// `even`, `odd`, `5`, `-n+3`, `2n + 1`: An+B of CSS Syntax, section 6.
    fn places(&mut self) -> Parsed<()> {
        const WRONG: &str = "`:nth-child` and its like take numbers such as `2n+1`, `even` or `3`";
        self.blanks()?;
        let end = self
            .rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-')))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end).ok_or(WRONG)?;
        // Written in a way that is right and not worth knowing here.
        if rest.starts_with(['\\', '/']) {
            return self.anything();
        }
        self.rest = rest;
        let word = word.to_ascii_lowercase();
        let unsigned = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = word.strip_prefix(['+', '-']).unwrap_or(&word);
        if matches!(word.as_str(), "even" | "odd") || unsigned(number) {
            self.blanks()?;
            return Ok(());
        }
        let Some((_, offset)) =
            number.split_once('n').filter(|(times, _)| times.is_empty() || unsigned(times))
        else {
            return Err(WRONG);
        };
        self.blanks()?;
        let written = match offset {
            "" if self.eat('+') || self.eat('-') => {
                self.blanks()?;
                self.digits()
            }
            // `2n +1`: the sign belongs to the number.
            "" => true,
            "+" | "-" => self.digits(),
            signed => signed.strip_prefix(['+', '-']).is_some_and(unsigned),
        };
        self.blanks()?;
        if written { Ok(()) } else { Err(WRONG) }
    }

    fn digits(&mut self) -> bool {
        let rest = self.rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let some = rest.len() < self.rest.len();
        self.rest = rest;
        some
    }

    /// Whatever there is up to the bracket that closes, if what opens in it closes too.
    fn anything(&mut self) -> Parsed<()> {
        let mut open = Vec::new();
        loop {
            self.comments()?;
            if self.string()? || self.escape() {
                continue;
            }
            let mut chars = self.rest.chars();
            match chars.next() {
                None => return Err(OPEN),
                Some(')') if open.is_empty() => return Ok(()),
                Some('(') => open.push(')'),
                Some('[') => open.push(']'),
                Some('{') => open.push('}'),
                Some(close @ (')' | ']' | '}')) if open.pop() != Some(close) => return Err(MISPLACED),
                Some(_) => {}
            }
            self.rest = chars.as_str();
        }
    }

    /// Text in quotes, if there is any.
    fn string(&mut self) -> Parsed<bool> {
        let Some(quote) = self.rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
            return Ok(false);
        };
        self.eat(quote);
        while !self.eat(quote) {
            if self.escape() {
                continue;
            }
            let mut chars = self.rest.chars();
            if chars.next().is_none() {
                return Err(OPEN);
            }
            self.rest = chars.as_str();
        }
        Ok(true)
    }

    /// A name that must be there.
    fn needed_name(&mut self) -> Parsed<()> {
        if self.name() {
            return Ok(());
        }
        let unsigned = self.rest.strip_prefix('-').unwrap_or(self.rest);
        Err(if unsigned.starts_with(|c: char| c.is_ascii_digit()) { DIGIT } else { NO_NAME })
    }

    /// A name, if there is one: an identifier of CSS Syntax, section 4.3.9.
    fn name(&mut self) -> bool {
        let after_hyphen = self.rest.strip_prefix('-').unwrap_or(self.rest);
        let begins = self.rest.starts_with("--")
            || after_hyphen
                .starts_with(|c: char| c == '\\' || (is_name(c) && c != '-' && !c.is_ascii_digit()));
        if !begins {
            return false;
        }
        loop {
            self.rest = self.rest.trim_start_matches(is_name);
            if !self.escape() {
                return true;
            }
        }
    }

    /// A backslash with what it escapes: up to six hexadecimal digits and a blank, or any other character.
    fn escape(&mut self) -> bool {
        let Some(rest) = self.rest.strip_prefix('\\') else { return false };
        let digits = rest.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
        self.rest = match digits {
            0 => {
                let mut chars = rest.chars();
                chars.next();
                chars.as_str()
            }
            _ => {
                let rest = rest.get(digits..).unwrap_or_default();
                rest.strip_prefix([' ', '\t']).unwrap_or(rest)
            }
        };
        true
    }

    /// Passes over blanks and comments; whether there were blanks.
    fn blanks(&mut self) -> Parsed<bool> {
        let mut any = false;
        loop {
            self.comments()?;
            let rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r', '\x0c']);
            if rest.len() == self.rest.len() {
                return Ok(any);
            }
            (self.rest, any) = (rest, true);
        }
    }

    fn comments(&mut self) -> Parsed<()> {
        while let Some(rest) = self.rest.strip_prefix("/*") {
            self.rest = rest.split_once("*/").ok_or("a comment has no end")?.1;
        }
        Ok(())
    }

    fn eat(&mut self, wanted: char) -> bool {
        let rest = self.rest.strip_prefix(wanted);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }
}

/// Whether a character can be part of a name.
fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_') || !c.is_ascii()
}

#[cfg(test)]
mod tests;

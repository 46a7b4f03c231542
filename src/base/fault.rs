//! What is wrong with one value, whoever finds it: the type of a body's field, of a question's
//! parameter, of a cell or of an argument on the command line.

use super::error::ApiError;

/// A stable code and plain words. It passes through the framework as a marked text, because that
/// carries nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub code: String,
    pub message: String,
}

const MARK: char = '\u{2}';

impl Fault {
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into() }
    }

    pub fn too_long(longest: usize, length: usize) -> Self {
        Self::new("too_long", format!("Use at most {longest} characters here; this has {length}."))
    }

    /// At its field, as an answer.
    pub fn at(self, field: &str) -> ApiError {
        ApiError::field(field, &self.code, self.message)
    }

    /// As the framework carries it; [`Fault::marked`] finds it again.
    pub fn mark(&self) -> String {
        format!("{MARK}{}{MARK}{}{MARK}", self.code, self.message)
    }

    /// The fault inside a text of the framework.
    pub fn marked(text: &str) -> Option<Self> {
        let mut parts = text.split(MARK);
        let (_, code, message, _) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        Some(Self::new(code, message))
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_survives_the_words_around_it() {
        let fault = Fault::too_long(5, 6);
        let carried = format!("failed to parse \"x\": {} (occurred while parsing \"y\")", fault.mark());
        assert_eq!(Fault::marked(&carried), Some(fault));
        assert_eq!(Fault::marked("failed to parse"), None);
    }
}

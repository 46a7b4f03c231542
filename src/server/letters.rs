//! What no address holds: control characters, which databases refuse each in their own way. The
//! types of parameters say the rest.

use poem::Request;

use crate::base::error::ApiError;
use crate::base::fault::Fault;
use crate::base::text;

/// Longest value of a parameter; those that have a type have less.
const LONGEST: usize = 40_000;

/// Refuses a path or a question that holds a control character, at its field.
pub fn check(request: &Request) -> Result<(), ApiError> {
    let path = decoded(request.uri().path());
    if path.chars().any(char::is_control) {
        return Err(ApiError::not_found("anything at this address"));
    }
    for pair in request.uri().query().unwrap_or_default().split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        // a cursor is ours: whatever is wrong with it is one answer, given where it is read
        if name == "cursor" {
            continue;
        }
        let name: String = text::tidy(&decoded(name)).chars().take(60).collect();
        if value.len() > LONGEST {
            return Err(Fault::too_long(LONGEST, value.len()).at(&name));
        }
        // words to look for are taken as they are, and looked for
        if name == "q" {
            continue;
        }
        text::lines(&decoded(&value.replace('+', " "))).map_err(|fault| fault.at(&name))?;
    }
    Ok(())
}

/// `%41` is `A`; what is no such code stays as it is.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let code = bytes.get(at + 1..at + 3).filter(|_| *byte == b'%').and_then(|pair| std::str::from_utf8(pair).ok());
        match code.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(code) => {
                plain.push(code);
                at += 3;
            }
            None => {
                plain.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_refused_wherever_they_stand() {
        let asked = |uri: &str| check(&Request::builder().uri_str(uri).finish());
        for fine in [
            "/api/x?q=a+b%C3%A9&kind=a&kind=b",
            "/api/x",
            "/api/x?q=two%0Alines%09",
            "/api/x?cursor=%00&q=%00",
            "/api/x?q=100%",
        ] {
            assert!(asked(fine).is_ok(), "{fine}");
        }
        let fault = asked("/api/x?a=1&kind=a%00b").unwrap_err();
        assert_eq!((fault.status().as_u16(), fault.problem().fields[0].field.as_str()), (422, "kind"));
        assert_eq!(asked("/api/x/%00").unwrap_err().status().as_u16(), 404);
        assert_eq!(asked(&format!("/api/x?q={}", "x".repeat(60_000))).unwrap_err().status().as_u16(), 422);
    }
}

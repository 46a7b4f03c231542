//! A limit on request bodies that also holds for bodies without a declared length.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use futures_util::StreamExt;
use poem::http::header;
use poem::{Body, Request};

/// JSON and forms.
const ORDINARY: u64 = 2 * 1024 * 1024;
/// Files in multipart forms: 10 MB and their envelope.
const FILES: u64 = 11 * 1024 * 1024;

/// Tells after the request whether its body ran over.
#[derive(Clone, Debug, Default)]
pub struct Overrun(Arc<AtomicBool>);

impl Overrun {
    pub fn happened(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Puts the counter around the body; `None` when the declared length is already too great.
pub fn count(request: &mut Request) -> Option<Overrun> {
    let multipart = request.content_type().is_some_and(|kind| kind.starts_with("multipart/form-data"));
    let most = if multipart { FILES } else { ORDINARY };
    let declared = request.header(header::CONTENT_LENGTH).and_then(|text| text.parse::<u64>().ok());
    if declared.is_some_and(|length| length > most) {
        return None;
    }
    let overrun = Overrun::default();
    if declared == Some(0) {
        return Some(overrun);
    }
    let (flag, seen) = (overrun.clone(), AtomicU64::new(0));
    let body = request.take_body().into_bytes_stream().map(move |chunk| {
        let chunk = chunk?;
        let length = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        if seen.fetch_add(length, Ordering::Relaxed) + length > most {
            flag.0.store(true, Ordering::Relaxed);
            return Err(io::Error::other("body over the limit"));
        }
        Ok(chunk)
    });
    request.set_body(Body::from_bytes_stream(body));
    Some(overrun)
}

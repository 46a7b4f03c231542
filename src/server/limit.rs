//! Limits on request bodies: how much (also without a declared length), and how long we wait for it.
//! What a handler left unread is read to its end if it is little, so that the connection can go on.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{Stream, StreamExt, stream};
use hyper::body::Bytes;
use poem::http::header;
use poem::{Body, Request};
use tokio::sync::Mutex;

use crate::base::config::Config;

/// JSON and forms.
const ORDINARY: u64 = 2 * 1024 * 1024;
/// Files in multipart forms: 10 MB and their envelope.
const FILES: u64 = 11 * 1024 * 1024;
/// What is read for nobody, so that the connection can be kept.
const SPARE: u64 = 2 * 1024 * 1024;
const SPARE_TIME: Duration = Duration::from_secs(2);

/// How a body ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Nobody has read all of it
    Open,
    Whole,
    TooLarge,
    TooSlow,
    Broken,
}

type Chunks = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

struct Inner {
    stream: Chunks,
    end: End,
    seen: u64,
    most: u64,
    /// Longest silence, and the moment at which all must have come
    pause: Duration,
    until: Instant,
}

/// A body on its way, watched from outside while somebody reads it.
#[derive(Clone)]
pub struct Watched {
    inner: Arc<Mutex<Inner>>,
    /// The client waits for a word from us before it sends
    expects: bool,
}

impl Inner {
    async fn next(&mut self) -> Option<io::Result<Bytes>> {
        if self.end != End::Open {
            return None;
        }
        let within = self.pause.min(self.until.saturating_duration_since(Instant::now()));
        let (end, said) = match tokio::time::timeout(within, self.stream.next()).await {
            Ok(Some(Ok(chunk))) => {
                self.seen = self.seen.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
                if self.seen <= self.most {
                    return Some(Ok(chunk));
                }
                (End::TooLarge, Some(Err(io::Error::other("body over the limit"))))
            }
            Ok(None) => (End::Whole, None),
            Ok(Some(Err(error))) => (End::Broken, Some(Err(error))),
            Err(_) => (End::TooSlow, Some(Err(io::ErrorKind::TimedOut.into()))),
        };
        self.end = end;
        said
    }
}

/// Puts the watch around the body.
pub fn watch(request: &mut Request, config: &Config) -> Watched {
    let multipart = request.content_type().is_some_and(|kind| kind.starts_with("multipart/form-data"));
    let most = if multipart { FILES } else { ORDINARY };
    let declared = request.header(header::CONTENT_LENGTH).and_then(|text| text.parse::<u64>().ok());
    let end = match declared {
        Some(0) => End::Whole,
        Some(length) if length > most => End::TooLarge,
        _ => End::Open,
    };
    let stream = request.take_body().into_bytes_stream().boxed();
    let pause = Duration::from_secs(config.idle_seconds.into());
    let until = Instant::now() + Duration::from_secs(config.body_seconds.into());
    let inner = Arc::new(Mutex::new(Inner { stream, end, seen: 0, most, pause, until }));
    if end == End::Open {
        let body = stream::unfold(Arc::clone(&inner), |inner| async move {
            let chunk = inner.lock().await.next().await;
            chunk.map(|chunk| (chunk, inner))
        });
        request.set_body(Body::from_bytes_stream(body));
    }
    Watched { inner, expects: request.header(header::EXPECT).is_some() }
}

impl Watched {
    pub async fn end(&self) -> End {
        self.inner.lock().await.end
    }

    /// Whether the connection can be used again: all of the body has come, if need be now.
    pub async fn settle(&self) -> bool {
        let mut inner = self.inner.lock().await;
        if inner.end == End::Open && !self.expects {
            inner.most = inner.most.min(inner.seen.saturating_add(SPARE));
            inner.until = inner.until.min(Instant::now() + SPARE_TIME);
            while inner.next().await.is_some() {}
        }
        inner.end == End::Whole
    }
}

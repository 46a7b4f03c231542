//! Taking connections. HTTP/1.1, with an end to everything that somebody outside can draw out: how many
//! connections there are in all and from one client, how long one may send nothing or take nothing.
//! (poem's own server opens HTTP/2 to anybody, waits for ever, and asks again at once when the process
//! has no descriptor left.)

use std::collections::HashMap;
use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use poem::endpoint::BoxEndpoint;
use poem::http::uri::Scheme;
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Endpoint, Request};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

use crate::base::config::Config;
use crate::base::network::{self, Network};

/// How long running requests may take to end once asked to stop.
const GRACE: Duration = Duration::from_secs(10);
/// Rest after the system refused us a connection (no descriptors, no memory), so as not to spin.
const REST: Duration = Duration::from_millis(200);

#[derive(Clone, Debug)]
pub struct Limits {
    /// For the headers of a request, from their first byte
    pub headers: Duration,
    /// Without a byte in either direction while nothing is being worked on
    pub idle: Duration,
    pub connections: usize,
    pub per_client: usize,
    /// These stand for many clients and have no limit of their own
    pub trusted: Vec<Network>,
}

impl Limits {
    pub fn of(config: &Config) -> Self {
        Self {
            headers: Duration::from_secs(config.header_seconds.into()),
            idle: Duration::from_secs(config.idle_seconds.into()),
            connections: config.connections,
            per_client: config.connections_per_client,
            trusted: config.trusted_proxies.clone(),
        }
    }
}

/// Serves until `stop`, then lets running requests end.
pub async fn serve(
    listener: TcpListener,
    endpoint: BoxEndpoint<'static>,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let (endpoint, limits) = (Arc::new(endpoint), Arc::new(limits));
    let (room, crowd) = (Arc::new(Semaphore::new(limits.connections)), Arc::new(Crowd::default()));
    let (stopping, stopped) = watch::channel(false);
    tokio::pin!(stop);
    loop {
        let next = async {
            let place = Arc::clone(&room).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            () = &mut stop => break,
            next = next => next,
        };
        let (socket, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                if !is_of_one_connection(&error) {
                    tracing::warn!(%error, "no connection can be taken");
                    tokio::time::sleep(REST).await;
                }
                continue;
            }
        };
        let Some(seat) = crowd.enter(peer.ip(), &limits) else {
            tracing::debug!(%peer, "too many connections from one client");
            continue; // dropping the socket closes it
        };
        let (endpoint, limits, stopped) = (Arc::clone(&endpoint), Arc::clone(&limits), stopped.clone());
        tokio::spawn(async move {
            let _held = (place, seat);
            connection(socket, peer, endpoint, &limits, stopped).await;
        });
    }
    drop(listener);
    // nobody listens: there were no connections
    let _ = stopping.send(true);
    let all = u32::try_from(limits.connections).unwrap_or(u32::MAX);
    if tokio::time::timeout(GRACE, room.acquire_many(all)).await.is_err() {
        tracing::warn!("some requests had not ended when the time was over");
    }
}

/// Faults of the one connection that was about to be taken; any other is ours.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn connection(
    socket: TcpStream,
    peer: SocketAddr,
    endpoint: Arc<BoxEndpoint<'static>>,
    limits: &Limits,
    mut stopped: watch::Receiver<bool>,
) {
    // an answer is written whole: waiting to fill packets only delays its end
    let _ = socket.set_nodelay(true);
    let Ok(local) = socket.local_addr() else { return };
    let activity = Arc::new(Activity::new());
    let service = service_fn(|request: hyper::Request<Incoming>| {
        let (endpoint, working) = (Arc::clone(&endpoint), Working::begin(&activity));
        async move {
            let addresses = (LocalAddr(local.into()), RemoteAddr(peer.into()));
            let request = Request::from((request, addresses.0, addresses.1, Scheme::HTTP));
            let response: hyper::Response<_> = endpoint.get_response(request).await.into();
            drop(working);
            Ok::<_, Infallible>(response)
        }
    });
    let io = TokioIo::new(Observed { socket, activity: Arc::clone(&activity) });
    let connection = http1::Builder::new().header_read_timeout(None).serve_connection(io, service);
    tokio::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        () = activity.overdue(limits) => return,
        _ = stopped.wait_for(|stopped| *stopped) => connection.as_mut().graceful_shutdown(),
    }
    tokio::select! {
        _ = connection.as_mut() => {}
        () = activity.overdue(limits) => {}
    }
}

/// How many connections each client has.
#[derive(Debug, Default)]
struct Crowd(Mutex<HashMap<IpAddr, usize>>);

/// One connection among those of its client.
struct Seat {
    crowd: Arc<Crowd>,
    client: IpAddr,
}

impl Crowd {
    fn enter(self: &Arc<Self>, peer: IpAddr, limits: &Limits) -> Option<Seat> {
        let client = network::client(peer);
        let proxy = limits.trusted.iter().any(|network| network.contains(peer));
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(client).or_default();
        if *count >= limits.per_client && !proxy {
            return None;
        }
        *count += 1;
        drop(counts);
        Some(Seat { crowd: Arc::clone(self), client })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut counts = self.crowd.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.client) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.client);
            }
        }
    }
}

/// What a connection has done lately, in milliseconds since it began.
#[derive(Debug)]
struct Activity {
    began: Instant,
    moved: AtomicU64,
    /// When the headers that are being waited for began, plus one; nought when there are none
    headers: AtomicU64,
    working: AtomicUsize,
}

impl Activity {
    /// A new connection owes us headers from its first moment.
    fn new() -> Self {
        let (moved, headers, working) = (AtomicU64::new(0), AtomicU64::new(1), AtomicUsize::new(0));
        Self { began: Instant::now(), moved, headers, working }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn moved(&self) {
        self.moved.store(self.now(), Ordering::Relaxed);
    }

    fn received(&self) {
        self.moved();
        if self.working.load(Ordering::Relaxed) == 0 {
            let begun = self.now() + 1;
            let _ = self.headers.compare_exchange(0, begun, Ordering::Relaxed, Ordering::Relaxed);
        }
    }

    fn is_overdue(&self, limits: &Limits) -> bool {
        if self.working.load(Ordering::Relaxed) > 0 {
            return false; // requests have limits of their own
        }
        let since = |then: u64| Duration::from_millis(self.now().saturating_sub(then));
        let headers = self.headers.load(Ordering::Relaxed);
        (headers > 0 && since(headers - 1) > limits.headers) || since(self.moved.load(Ordering::Relaxed)) > limits.idle
    }

    /// Returns when the other side has kept us waiting for too long.
    async fn overdue(&self, limits: &Limits) {
        let every = (limits.headers.min(limits.idle) / 4).clamp(Duration::from_millis(20), Duration::from_secs(1));
        while !self.is_overdue(limits) {
            tokio::time::sleep(every).await;
        }
    }
}

/// A request that is being worked on.
struct Working(Arc<Activity>);

impl Working {
    fn begin(activity: &Arc<Activity>) -> Self {
        activity.working.fetch_add(1, Ordering::Relaxed);
        activity.headers.store(0, Ordering::Relaxed);
        Self(Arc::clone(activity))
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.0.moved();
        self.0.working.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A socket whose bytes are noticed.
struct Observed {
    socket: TcpStream,
    activity: Arc<Activity>,
}

impl Observed {
    fn noticed(&self, done: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if matches!(done, Poll::Ready(Ok(1..))) {
            self.activity.moved();
        }
        done
    }
}

impl AsyncRead for Observed {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let done = Pin::new(&mut self.socket).poll_read(cx, buf);
        if buf.filled().len() > before {
            self.activity.received();
        }
        done
    }
}

impl AsyncWrite for Observed {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.socket).poll_write(cx, bytes);
        self.noticed(done)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.socket).poll_write_vectored(cx, bytes);
        self.noticed(done)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}

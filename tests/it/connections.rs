//! Real sockets: whoever sends half of something is hung up on, and everybody else is served meanwhile.

use std::time::{Duration, Instant};

use cairn::server::listen::{self, Limits};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::support::TestApp;

struct Server {
    address: std::net::SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<()>,
}

impl Server {
    /// The whole program behind a socket, with little patience.
    async fn start(test: TestApp, change: impl FnOnce(&mut Limits)) -> (Self, TestApp) {
        let test = test.with_config(|config| {
            (config.header_seconds, config.idle_seconds, config.body_seconds) = (1, 2, 3);
        });
        let mut limits = Limits::of(&test.app.config);
        limits.connections = 2000;
        limits.per_client = 1000;
        change(&mut limits);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let routes = cairn::server::routes(&test.app);
        let running = tokio::spawn(listen::serve(listener, routes, limits, async {
            let _ = stopped.await;
        }));
        (Self { address, stop: Some(stop), running }, test)
    }

    async fn open(&self, begin: &[u8]) -> TcpStream {
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        socket.write_all(begin).await.unwrap();
        socket
    }

    /// One whole request on a connection of its own.
    async fn ask(&self, request: &str) -> String {
        read(&mut self.open(request.as_bytes()).await).await
    }
}

/// All that comes until the other side hangs up.
async fn read(socket: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let _ =
        tokio::time::timeout(Duration::from_secs(20), socket.read_to_end(&mut text)).await.expect("hung up in time");
    String::from_utf8_lossy(&text).into_owned()
}

const HEALTHZ: &str = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

async fn many(server: &Server, begin: &[u8]) {
    let mut sockets = Vec::new();
    for _ in 0..300 {
        sockets.push(server.open(begin).await);
    }
    let asked = Instant::now();
    assert!(server.ask(HEALTHZ).await.ends_with("ok"));
    assert!(asked.elapsed() < Duration::from_secs(1), "others are served meanwhile");
    let began = Instant::now();
    for socket in &mut sockets {
        read(socket).await;
    }
    assert!(began.elapsed() < Duration::from_secs(6), "all are hung up on: {:?}", began.elapsed());
    assert!(server.ask(HEALTHZ).await.ends_with("ok"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_sent_headers_are_hung_up_on() {
    let (server, _test) = Server::start(TestApp::sqlite().await, |_| {}).await;
    many(&server, b"GET /api/me HTTP/1.1\r\nHost: x\r\nX-Slow: ").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_sent_bodies_are_hung_up_on() {
    let (server, _test) = Server::start(TestApp::sqlite().await, |_| {}).await;
    let half =
        b"POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
    many(&server, half).await;
    let said = server.ask(std::str::from_utf8(half).unwrap()).await;
    assert!(said.starts_with("HTTP/1.1 408") && said.contains("too_slow"), "{said}");
    assert!(said.to_lowercase().contains("connection: close"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drop_at_a_time_does_not_buy_more_time() {
    let (server, _test) = Server::start(TestApp::sqlite().await, |_| {}).await;
    for begin in [
        &b"GET /healthz HTTP/1.1\r\nX-Slow: "[..],
        b"POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n",
    ] {
        let socket = server.open(begin).await;
        let (mut reader, mut writer) = socket.into_split();
        let drip = tokio::spawn(async move {
            while writer.write_all(b"a").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        });
        let began = Instant::now();
        let mut rest = Vec::new();
        let _ = tokio::time::timeout(Duration::from_secs(10), reader.read_to_end(&mut rest)).await.expect("hung up");
        assert!(began.elapsed() < Duration::from_secs(8));
        drip.abort();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silent_connections_and_silent_readers_are_hung_up_on() {
    let (server, _test) = Server::start(TestApp::sqlite().await, |_| {}).await;
    let began = Instant::now();
    assert_eq!(read(&mut server.open(b"").await).await, "");
    let mut kept = server.open(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(read(&mut kept).await.ends_with("ok"), "a kept connection ends after its quiet");
    assert!(began.elapsed() < Duration::from_secs(8));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_client_has_only_so_many_connections() {
    let (server, _test) = Server::start(TestApp::sqlite().await, |limits| limits.per_client = 5).await;
    let held: Vec<_> = futures_util::future::join_all((0..5).map(|_| server.open(b"GET /"))).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(server.ask(HEALTHZ).await, "", "the sixth is hung up on");
    drop(held);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(server.ask(HEALTHZ).await.ends_with("ok"));
}

/// An answer that comes before its body was read keeps the connection if the rest is little, and
/// says `Connection: close` if it is not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_are_not_closed_unannounced() {
    let (server, _test) = Server::start(TestApp::sqlite().await, |_| {}).await;
    let head = "POST /api/learning/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    let body = " ".repeat(300_000);
    let mut socket = server.open(format!("{head}Content-Length: {}\r\n\r\n", body.len()).as_bytes()).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    socket.write_all(body.as_bytes()).await.unwrap();
    socket.write_all(HEALTHZ.as_bytes()).await.unwrap();
    let said = read(&mut socket).await;
    assert!(said.starts_with("HTTP/1.1 401") && said.ends_with("ok"), "{said}");
    let said = server.ask(&format!("{head}Content-Length: 99000000\r\n\r\n")).await;
    assert!(said.starts_with("HTTP/1.1 413") && said.to_lowercase().contains("connection: close"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn http2_is_not_spoken_and_a_stop_lets_requests_end() {
    let (mut server, _test) = Server::start(TestApp::sqlite().await, |_| {}).await;
    let said = server.ask("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    assert!(!said.contains("HTTP/2"), "{said}");
    let mut half = server
        .open(b"POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{")
        .await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    server.stop.take().unwrap().send(()).unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(TcpStream::connect(server.address).await.is_err(), "nobody listens any more");
    half.write_all(b"}").await.unwrap();
    assert!(read(&mut half).await.starts_with("HTTP/1.1 422"), "what had begun is answered");
    tokio::time::timeout(Duration::from_secs(5), server.running).await.unwrap().unwrap();
}

//! `cairn serve` and `cairn worker`.

use std::time::Duration;

use cairn::access::{once, session, throttle};
use cairn::state::App;
use cairn::{catalogue, jobs, server};
use poem::Server;
use poem::listener::TcpListener;

use super::Outcome;

/// How long running requests may take to end once asked to stop.
const GRACE: Duration = Duration::from_secs(10);
const SWEEP_EVERY: Duration = Duration::from_hours(1);

pub async fn serve(app: App, demo: bool) -> Outcome {
    let welcome = if demo { super::demo::prepare(&app).await? } else { None };
    server::install_metrics();
    let listen = app.config.listen;
    let listener = TcpListener::bind(listen);
    println!("Cairn is at http://{listen}");
    if let Some(welcome) = welcome {
        println!("{welcome}");
    }
    let background = [
        tokio::spawn(jobs::work(app.clone(), server::registry())),
        tokio::spawn(sweep(app.clone())),
        tokio::spawn(catalogue::index::follow(app.clone())),
    ];
    let served = Server::new(listener)
        .name("cairn")
        .run_with_graceful_shutdown(server::routes(&app), stop_signal(), Some(GRACE))
        .await;
    for task in background {
        task.abort();
    }
    served.map_err(|error| format!("cannot serve on {listen}: {error}").into())
}

pub async fn worker(app: App) -> Outcome {
    println!("Cairn works off jobs. Stop with Ctrl+C.");
    tokio::select! {
        () = jobs::work(app.clone(), server::registry()) => {}
        () = sweep(app) => {}
        () = stop_signal() => {}
    }
    Ok(())
}

/// Forgets ended sessions, old throttle counts and answers kept for retries.
async fn sweep(app: App) {
    loop {
        if let Err(error) = session::sweep(&app).await {
            tracing::warn!(%error, "sweeping sessions");
        }
        if let Err(error) = throttle::sweep(&app).await {
            tracing::warn!(%error, "sweeping throttle counts");
        }
        if let Err(error) = once::sweep(&app).await {
            tracing::warn!(%error, "sweeping kept answers");
        }
        tokio::time::sleep(SWEEP_EVERY).await;
    }
}

async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
        let _ = interrupt.await;
        return;
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
}

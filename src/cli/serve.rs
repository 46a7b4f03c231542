//! `cairn serve` and `cairn worker`.

use std::net::SocketAddr;
use std::time::Duration;

use cairn::access::{events, once, session, throttle};
use cairn::server::listen::{self, Limits};
use cairn::state::App;
use cairn::{catalogue, jobs, learning, server, skill, standing};
use tokio::net::TcpListener;

use super::Outcome;

const SWEEP_EVERY: Duration = Duration::from_hours(1);
/// Descriptors for everything that is not a connection of a client: database, index, files.
const OTHER_DESCRIPTORS: usize = 200;

pub async fn serve(app: App, demo: bool) -> Outcome {
    let welcome = if demo { super::demo::prepare(&app).await? } else { None };
    for doubt in app.config.doubts() {
        tracing::warn!("{doubt}");
    }
    let limits = limits(&app);
    let listen = app.config.listen;
    let listener = bind(listen).await?;
    let figures = match app.config.metrics_listen {
        Some(address) => Some(bind(address).await?),
        None => None,
    };
    println!("Cairn is at http://{listen}");
    if let Some(welcome) = welcome {
        println!("{welcome}");
    }
    let mut background = vec![
        tokio::spawn(server::keep_metrics()),
        tokio::spawn(jobs::work(app.clone(), server::registry())),
        tokio::spawn(sweep(app.clone())),
        tokio::spawn(catalogue::index::follow(app.clone())),
        tokio::spawn(standing::kept::follow(app.clone())),
    ];
    if let Some(listener) = figures {
        let (routes, limits) = (server::metrics_routes(), limits.clone());
        background.push(tokio::spawn(listen::serve(listener, routes, limits, std::future::pending())));
    }
    listen::serve(listener, server::routes(&app), limits, stop_signal()).await;
    for task in background {
        task.abort();
    }
    Ok(())
}

async fn bind(address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|error| format!("cannot serve on {address}: {error}"))
}

/// As many connections as are wanted and as the system has descriptors for; it is asked for more.
fn limits(app: &App) -> Limits {
    let mut limits = Limits::of(&app.config);
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(descriptors) => {
            let descriptors = usize::try_from(descriptors).unwrap_or(usize::MAX);
            let room = descriptors.saturating_sub(OTHER_DESCRIPTORS).max(descriptors / 2).max(1);
            if room < limits.connections {
                tracing::warn!(
                    descriptors,
                    connections = room,
                    "the system gives us descriptors for fewer connections"
                );
                limits.connections = room;
            }
        }
        Err(error) => tracing::warn!(%error, "the limit of descriptors could not be raised"),
    }
    limits
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

/// Forgets ended sessions, old throttle counts, answers kept for retries, last year's security events and
/// evidence that was never used; and keeps what employers relied on of those who have left.
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
        if let Err(error) = events::sweep(&app).await {
            tracing::warn!(%error, "sweeping old security events");
        }
        if let Err(error) = learning::evidence::sweep(&app).await {
            tracing::warn!(error = error.problem().detail, "sweeping evidence that was never used");
        }
        if let Err(error) = skill::keep_leavers(&app).await {
            tracing::warn!(error = error.problem().detail, "keeping what employers relied on of leavers");
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

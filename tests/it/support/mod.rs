//! What the integration tests share.

pub mod all;
pub mod app;
pub mod build;
pub mod catalogue;
pub mod client;
pub mod db;
pub mod learn;
pub mod skill;
pub mod terms;

pub use app::TestApp;
pub use client::Client;

/// Runs each test on SQLite and on PostgreSQL, each with a database of its own.
/// PostgreSQL is where `CAIRN_TEST_POSTGRES_URL` says; `make test` starts one.
#[macro_export]
macro_rules! on_both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($app:ident: TestApp) $body:block)+) => {$(
        async fn $name($app: $crate::support::TestApp) $body

        mod $name {
            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name($crate::support::TestApp::sqlite().await).await;
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                match $crate::support::TestApp::postgres().await {
                    Some(app) => super::$name(app).await,
                    None => eprintln!("SKIPPED: CAIRN_TEST_POSTGRES_URL is not set"),
                }
            }
        }
    )+};
}

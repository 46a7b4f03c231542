//! Work that keeps a core busy: off the async threads, and no more of it at a time than there are
//! cores. More would only slow each other down, and the unlucky would wait several times as long.

use std::sync::{Arc, LazyLock};
use std::thread::available_parallelism;

use tokio::sync::Semaphore;
use tokio::task::{JoinError, spawn_blocking};

/// First come, first served.
#[derive(Debug)]
pub struct Turns(LazyLock<Arc<Semaphore>>);

impl Turns {
    pub const fn new() -> Self {
        Self(LazyLock::new(|| Arc::new(Semaphore::new(available_parallelism().map_or(2, std::num::NonZero::get)))))
    }

    /// Does the work when it is its turn. It is done to its end even if nobody waits for it any more.
    pub async fn take<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, JoinError> {
        // refused only when closed, which this one never is
        let turn = Arc::clone(&self.0).acquire_owned().await.ok();
        spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        })
        .await
    }
}

/// Computing answers: matrices, tables, fingerprints. First come, first served, over all features.
static COMPUTING: Turns = Turns::new();

/// Computes when it is its turn, off the async threads.
pub async fn compute<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, JoinError> {
    COMPUTING.take(work).await
}

impl Default for Turns {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn no_more_at_a_time_than_there_are_cores() {
        static TURNS: Turns = Turns::new();
        static NOW: AtomicUsize = AtomicUsize::new(0);
        static MOST: AtomicUsize = AtomicUsize::new(0);
        let work = || {
            let now = NOW.fetch_add(1, Ordering::SeqCst) + 1;
            MOST.fetch_max(now, Ordering::SeqCst);
            std::thread::sleep(std::time::Duration::from_millis(2));
            NOW.fetch_sub(1, Ordering::SeqCst);
        };
        let cores = available_parallelism().unwrap().get();
        let all: Vec<_> = (0..8 * cores).map(|_| tokio::spawn(TURNS.take(work))).collect();
        for one in all {
            one.await.unwrap().unwrap();
        }
        assert!((1..=cores).contains(&MOST.load(Ordering::SeqCst)), "{MOST:?} at a time on {cores} cores");
    }

    #[tokio::test]
    async fn a_turn_is_given_back_by_work_that_panics() {
        let turns = Turns::new();
        for _ in 0..2 * available_parallelism().unwrap().get() {
            turns.take(|| panic!("on purpose")).await.unwrap_err();
        }
        assert_eq!(turns.take(|| 7).await.unwrap(), 7);
    }
}

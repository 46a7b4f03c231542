//! Results that cost time, kept in memory under a key that says all that they depend on: the
//! instance of the program, the [`crate::base::db::Version`] of the domains, the question. Bounded by
//! bytes, least used first out; of many who ask for the same at once one does the work, and nobody
//! waits for another's question.

use std::hash::Hash;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use moka::future::{Cache as Kept, CacheBuilder};
use moka::policy::EvictionPolicy;

/// What nobody asked for this long is let go: its version has most likely passed.
const IDLE: Duration = Duration::from_mins(10);

/// One that is made when it is first used, so that it can be a `static`.
pub struct Cache<K: 'static, V: 'static>(LazyLock<Inner<K, V>, fn() -> Inner<K, V>>);

pub struct Inner<K, V> {
    name: &'static str,
    kept: Kept<K, Arc<V>>,
}

impl<K: Hash + Eq + Send + Sync + 'static, V: Send + Sync + 'static> Inner<K, V> {
    /// One that holds at most `most` bytes; `weigh` tells how many a result takes, about.
    pub fn new(name: &'static str, most: u64, weigh: fn(&K, &V) -> usize) -> Self {
        let kept = CacheBuilder::new(most)
            // by use and not by habit: an entry of an old version was asked for often, and never will be again
            .eviction_policy(EvictionPolicy::lru())
            .weigher(move |key, value: &Arc<V>| u32::try_from(weigh(key, value)).unwrap_or(u32::MAX))
            .time_to_idle(IDLE)
            .build();
        Self { name, kept }
    }
}

impl<K: Hash + Eq + Send + Sync + 'static, V: Send + Sync + 'static> Cache<K, V> {
    pub const fn new(make: fn() -> Inner<K, V>) -> Self {
        Self(LazyLock::new(make))
    }

    pub async fn get(&self, key: &K) -> Option<Arc<V>> {
        let found = self.0.kept.get(key).await;
        self.count(if found.is_some() { "hit" } else { "miss" });
        found
    }

    pub async fn put(&self, key: K, value: Arc<V>) {
        self.0.kept.insert(key, value).await;
    }

    /// What is kept, or what `make` makes. Whoever asks for the same meanwhile waits for that; a
    /// failure is told to all who wait and not kept.
    pub async fn get_or_make<E>(&self, key: K, make: impl Future<Output = Result<V, E>>) -> Result<Arc<V>, E>
    where
        E: Clone + Send + Sync + 'static,
    {
        if let Some(known) = self.get(&key).await {
            return Ok(known);
        }
        let made = self.0.kept.try_get_with(key, async { make.await.map(Arc::new) }).await;
        made.map_err(|error| (*error).clone())
    }

    fn count(&self, outcome: &'static str) {
        metrics::counter!("cairn_cache_total", "cache" => self.0.name, "outcome" => outcome).increment(1);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn one_of_many_makes_it_and_another_question_does_not_wait() {
        static CACHE: Cache<u8, usize> = Cache::new(|| Inner::new("test", 1_000, |_, _| 1));
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let (go, wait) = tokio::sync::watch::channel(false);
        let ask = || {
            let mut wait = wait.clone();
            tokio::spawn(CACHE.get_or_make(1, async move {
                wait.wait_for(|go| *go).await.map_err(|_| "gone")?;
                Ok::<_, &str>(MADE.fetch_add(1, Ordering::SeqCst) + 41)
            }))
        };
        let many: Vec<_> = (0..8).map(|_| ask()).collect();
        assert_eq!(CACHE.get_or_make(2, async { Ok::<_, &str>(2) }).await.as_deref(), Ok(&2));
        go.send(true).unwrap();
        for one in many {
            assert_eq!(one.await.unwrap().as_deref(), Ok(&41));
        }
        assert_eq!(MADE.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn it_is_bounded_by_bytes_and_keeps_no_failure() {
        static CACHE: Cache<u32, Vec<u8>> = Cache::new(|| Inner::new("test", 10_000, |_, value| value.len()));
        assert_eq!(CACHE.get_or_make(0, async { Err("no") }).await, Err("no"));
        for key in 0..100 {
            CACHE.get_or_make(key, async { Ok::<_, &str>(vec![0; 1_000]) }).await.unwrap();
        }
        CACHE.0.kept.run_pending_tasks().await;
        assert!(CACHE.0.kept.weighted_size() <= 10_000);
        assert!(CACHE.get(&99).await.is_some(), "the latest stays");
        assert!(CACHE.get(&1).await.is_none(), "the oldest went");
    }
}

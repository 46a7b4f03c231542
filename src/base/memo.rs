//! Remembers the last few results of work that takes a while and only depends on its key. A key
//! that holds [`crate::base::db::Version`] and the instance of the program never goes stale.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Debug)]
pub struct Memo<K, V> {
    most: usize,
    kept: Mutex<VecDeque<(K, Arc<V>)>>,
    /// Held while something is made, so that of many who ask at once one does the work
    making: Mutex<()>,
}

impl<K: PartialEq, V> Memo<K, V> {
    /// One that keeps at most `most` results.
    pub const fn new(most: usize) -> Self {
        Self { most, kept: Mutex::new(VecDeque::new()), making: Mutex::new(()) }
    }

    pub fn get(&self, key: &K) -> Option<Arc<V>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(known, _)| known == key).map(|(_, value)| Arc::clone(value))
    }

    pub fn put(&self, key: K, value: V) -> Arc<V> {
        let value = Arc::new(value);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, _)| *known != key);
        kept.push_back((key, Arc::clone(&value)));
        while kept.len() > self.most {
            kept.pop_front();
        }
        value
    }

    /// What is remembered, or what `make` makes; others who ask for anything meanwhile wait, so
    /// this is for threads that may block.
    pub fn get_or_make<E>(&self, key: K, make: impl FnOnce() -> Result<V, E>) -> Result<Arc<V>, E> {
        if let Some(known) = self.get(&key) {
            return Ok(known);
        }
        let making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = self.get(&key) {
            return Ok(known);
        }
        let made = self.put(key, make()?);
        drop(making);
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_few_are_kept_and_a_failure_is_not() {
        let memo: Memo<u8, u8> = Memo::new(2);
        assert_eq!(memo.get_or_make(1, || Err("no")), Err("no"));
        for key in 1..=3 {
            assert_eq!(memo.get_or_make(key, || Ok::<_, ()>(key * 10)).as_deref(), Ok(&(key * 10)));
        }
        assert_eq!((memo.get(&1), memo.get(&2).as_deref(), memo.get(&3).as_deref()), (None, Some(&20), Some(&30)));
        assert_eq!(memo.get_or_make(3, || Err("made twice")).as_deref(), Ok(&30));
        memo.put(3, 31);
        assert_eq!((memo.get(&2).as_deref(), memo.get(&3).as_deref()), (Some(&20), Some(&31)));
    }
}

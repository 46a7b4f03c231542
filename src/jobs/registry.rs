//! Which job kinds there are and how each is run; filled in `server`.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::state::App;

/// A unit of work. Its fields are ids; running it twice does no harm.
pub trait Job: Serialize + DeserializeOwned + Send + 'static {
    /// Stable name in the queue
    const KIND: &'static str;

    /// The error is kept with the job and shown to administrators.
    fn run(self, app: App) -> impl Future<Output = Result<(), String>> + Send;
}

type Outcome = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;
type Handler = Arc<dyn Fn(App, Value) -> Outcome + Send + Sync>;

#[derive(Clone, Default)]
pub struct Registry(HashMap<&'static str, Handler>);

impl Registry {
    #[must_use]
    pub fn with<J: Job>(mut self) -> Self {
        let handler: Handler = Arc::new(|app, payload| {
            Box::pin(async move {
                let job: J = serde_json::from_value(payload).map_err(|error| format!("payload: {error}"))?;
                job.run(app).await
            })
        });
        self.0.insert(J::KIND, handler);
        self
    }

    pub(super) fn run(&self, app: App, kind: &str, payload: Value) -> Outcome {
        match self.0.get(kind) {
            Some(handler) => handler(app, payload),
            None => {
                let unknown = format!("no job of kind {kind}");
                Box::pin(async move { Err(unknown) })
            }
        }
    }
}

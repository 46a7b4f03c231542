//! Engines to test against, and documents to put into them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops there")]

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use cairn::search::{self, Document, Options, SearchEngine, rebuild_with};
use chrono::NaiveDate;
use uuid::Uuid;

/// An embedded engine in a folder that goes with it.
pub struct Embedded {
    pub engine: Arc<dyn SearchEngine>,
    pub dir: tempfile::TempDir,
}

pub async fn embedded() -> Embedded {
    let dir = tempfile::tempdir().unwrap();
    let options = Options::Embedded { dir: dir.path().join("index") };
    Embedded { engine: search::from_config(options).await.unwrap(), dir }
}

pub async fn embedded_with(documents: Vec<Document>) -> Embedded {
    let embedded = embedded().await;
    rebuild_with(&*embedded.engine, documents, None).await.unwrap();
    embedded
}

/// A Meilisearch to test against: the one at `MEILISEARCH_URL` (with `MEILISEARCH_KEY`), else one
/// started from a `meilisearch` on the path, in a folder and on a port of its own.
pub struct Server {
    pub url: String,
    pub key: Option<String>,
    process: Option<(Child, tempfile::TempDir)>,
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some((child, _)) = &mut self.process {
            child.kill().ok();
            child.wait().ok();
        }
    }
}

impl Server {
    /// `None`, said plainly, when there is none.
    pub async fn find(what: &str) -> Option<Self> {
        if let Ok(url) = std::env::var("MEILISEARCH_URL") {
            return Some(Self { url, key: std::env::var("MEILISEARCH_KEY").ok(), process: None });
        }
        let Some(program) = on_path("meilisearch") else {
            eprintln!(
                "SKIPPED: {what} on Meilisearch: MEILISEARCH_URL is not set and there is no \
                 `meilisearch` on the path"
            );
            return None;
        };
        Some(Self::start(&program).await)
    }

    async fn start(program: &PathBuf) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("127.0.0.1:{port}");
        let key = Uuid::new_v4().to_string();
        let child = Command::new(program)
            .current_dir(dir.path())
            .args(["--http-addr", &address, "--no-analytics", "--env", "development"])
            .args(["--log-level", "ERROR"])
            .env("MEILI_MASTER_KEY", &key)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self { url: format!("http://{address}"), key: Some(key), process: Some((child, dir)) };
        for _ in 0..600 {
            if tokio::net::TcpStream::connect(&address).await.is_ok() {
                return server;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{} did not open its port within 30 seconds", program.display());
    }

    /// An engine with an index of its own.
    pub async fn engine(&self) -> Arc<dyn SearchEngine> {
        let options = Options::Remote {
            url: self.url.clone(),
            key: self.key.clone().map(Into::into),
            index: format!("cairn_test_{}", Uuid::new_v4().simple()),
        };
        search::from_config(options).await.unwrap()
    }
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// The bare sample catalogue as documents; ids and dates follow from the row number.
pub fn catalogue() -> Vec<Document> {
    read("tests/data/catalogue.csv")
}

/// The catalogue that Cairn ships, with its summaries, topic names and their aliases.
pub fn shipped_catalogue() -> Vec<Document> {
    let topics: BTreeMap<String, [String; 2]> = table("src/reference/data/topic.csv")
        .into_iter()
        .map(|row| (row["slug"].clone(), [row["label"].clone(), row["aliases"].clone()]))
        .collect();
    let mut documents = read("src/catalogue/data/catalogue.csv");
    for document in &mut documents {
        let known: Vec<&[String; 2]> = document.topics.iter().map(|slug| &topics[slug]).collect();
        document.topic_names = known.iter().map(|[name, _]| name.clone()).collect();
        document.aliases = known.iter().flat_map(|[_, aliases]| list(aliases, ';')).collect();
    }
    documents
}

type Row = BTreeMap<String, String>;

fn table(path: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

fn list(values: &str, separator: char) -> Vec<String> {
    let values = values.split(separator).map(|value| value.trim().to_owned());
    values.filter(|value| !value.is_empty()).collect()
}

fn read(path: &str) -> Vec<Document> {
    let rows = table(path).into_iter().enumerate();
    rows.map(|(number, row)| {
        // the bare catalogue names some columns in the singular
        let cell = |name: &str| row.get(name).map(|cell| cell.trim().to_owned()).unwrap_or_default();
        let some = |name: &str| Some(cell(name)).filter(|value| !value.is_empty());
        let topics = list(&(cell("topic") + &cell("topics")), ';');
        document(number, &cell("ref"), &cell("title"), |document| {
            document.kind = cell("kind");
            document.summary = cell("summary");
            document.body = cell("description");
            document.provider = cell("provider").to_lowercase().replace(' ', "-");
            document.provider_name = cell("provider");
            document.topic_names = topics.iter().map(|slug| slug.replace('-', " ")).collect();
            document.topics = topics;
            document.themes = list(&(cell("theme") + &cell("themes")), ';');
            for theme in &mut document.themes {
                theme.truncate(theme.find(':').unwrap_or(theme.len())); // without its level
            }
            document.mat_standards = list(&cell("mat_standards"), ';');
            document.level = some("level");
            document.minutes = some("minutes").map(|minutes| minutes.parse().unwrap());
            document.delivery = some("delivery");
            document.cost = some("cost");
            document.audience = list(&cell("audience"), ',');
            document.areas = list(&cell("area"), ';');
        })
    })
    .collect()
}

/// A document with this number's id and date.
pub fn document(number: usize, reference: &str, title: &str, set: impl FnOnce(&mut Document)) -> Document {
    let number = u32::try_from(number).unwrap();
    let mut document = Document {
        id: id(number),
        reference: reference.to_owned(),
        kind: "module".to_owned(),
        title: title.to_owned(),
        // some share a date, and some have none
        published_on: (number % 7 != 6).then(|| NaiveDate::from_yo_opt(2025, 1 + (number * 37 / 2) % 300).unwrap()),
        ..Document::default()
    };
    set(&mut document);
    document
}

pub fn id(number: u32) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + u128::from(number))
}

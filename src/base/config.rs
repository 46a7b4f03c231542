//! Settings: embedded defaults < `cairn.toml` < `CAIRN_*` in the environment.
//! `config.default.toml` is the reference. A mistake stops the start and names its key.

use std::net::SocketAddr;
use std::path::PathBuf;

use config::{Config as Layers, Environment, File, FileFormat};
use serde::Deserialize;

use super::network::Network;
use super::secret::Secret;
use super::text::Email;

const DEFAULTS: &str = include_str!("../../config.default.toml");

#[derive(Clone, Debug, Deserialize)]
pub struct Config {
    pub listen: SocketAddr,
    /// Where `/metrics` is served, and nothing else; nowhere unless set
    #[serde(default)]
    pub metrics_listen: Option<SocketAddr>,
    pub data_dir: PathBuf,
    #[serde(default)]
    pub database_url: Option<Secret>,
    #[serde(default)]
    pub meilisearch_url: Option<String>,
    #[serde(default)]
    pub meilisearch_key: Option<Secret>,
    #[serde(default)]
    pub demo_password: Option<Secret>,
    /// Where people reach Cairn; `https` turns on secure cookies
    #[serde(default)]
    pub public_url: Option<String>,
    /// Whom people ask who cannot use a page, or have a question about what is kept of them: an
    /// e-mail address or the https address of a form
    #[serde(default)]
    pub contact: Option<String>,
    pub session_idle_minutes: u32,
    pub session_days: u32,
    pub sign_in_failures: u32,
    pub sign_in_window_minutes: u32,
    pub database_connections: u32,
    /// Networks of proxies whose `X-Forwarded-For` is believed
    pub trusted_proxies: Vec<Network>,
    /// Most connections at a time, in all and from one client
    pub connections: usize,
    pub connections_per_client: usize,
    /// How long we wait for the headers of a request, for anything at all, for a whole body, and
    /// how long a request may take
    pub header_seconds: u32,
    pub idle_seconds: u32,
    pub body_seconds: u32,
    pub request_seconds: u32,
    pub log: String,
}

/// A start that cannot go on, in words for the person who started it.
#[derive(Debug)]
pub struct ConfigError(String);

impl std::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "settings: {} (see config.default.toml)", self.0)
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Reads the settings of this process.
    pub fn load() -> Result<Self, ConfigError> {
        let environment = Environment::with_prefix("CAIRN").prefix_separator("_").separator("__").ignore_empty(true);
        Self::build(&[], Some(environment))
    }

    /// Settings for a test or a tool: the defaults with `overrides` on top, no environment.
    pub fn with(overrides: &[(&str, String)]) -> Result<Self, ConfigError> {
        Self::build(overrides, None)
    }

    fn build(overrides: &[(&str, String)], environment: Option<Environment>) -> Result<Self, ConfigError> {
        let said = |error: config::ConfigError| ConfigError(error.to_string());
        let mut layers = Layers::builder()
            .add_source(File::from_str(DEFAULTS, FileFormat::Toml))
            .add_source(File::with_name("cairn.toml").format(FileFormat::Toml).required(false));
        if let Some(environment) = environment {
            layers = layers
                .add_source(environment.try_parsing(true).list_separator(",").with_list_parse_key("trusted_proxies"));
        }
        for (key, value) in overrides {
            layers = layers.set_override(*key, value.clone()).map_err(said)?;
        }
        let mut unknown = Vec::new();
        let layers = layers.build().map_err(said)?;
        let settings: Self = serde_ignored::deserialize(layers, |path| unknown.push(path.to_string())).map_err(said)?;
        known(&unknown, |name| std::env::var_os(name).is_some())?;
        settings.check()
    }

    fn check(self) -> Result<Self, ConfigError> {
        let wrong = |text: &str| Err(ConfigError(text.to_owned()));
        if let Some(url) = &self.database_url
            && !["postgres://", "postgresql://", "sqlite:"].iter().any(|start| url.expose().starts_with(start))
        {
            return wrong("database_url must begin with postgres://, postgresql:// or sqlite:");
        }
        if self.meilisearch_key.is_some() && self.meilisearch_url.is_none() {
            return wrong("meilisearch_key is set but meilisearch_url is not");
        }
        if self.session_idle_minutes == 0 || self.session_days == 0 {
            return wrong("session_idle_minutes and session_days must be at least 1");
        }
        if self.sign_in_failures == 0 {
            return wrong("sign_in_failures must be at least 1");
        }
        if self.public_url.as_deref().is_some_and(|url| !url.starts_with("https://") && !url.starts_with("http://")) {
            return wrong("public_url must begin with https:// or http://");
        }
        if self.contact.as_deref().is_some_and(|to| !to.starts_with("https://") && Email::new(to).is_err()) {
            return wrong("contact must be an e-mail address or begin with https://");
        }
        let limits = [self.header_seconds, self.idle_seconds, self.body_seconds, self.request_seconds];
        if limits.contains(&0) || self.connections == 0 || self.connections_per_client == 0 {
            return wrong("connections, connections_per_client and the limits in seconds must be at least 1");
        }
        Ok(self)
    }

    /// What is allowed but hardly meant, in words for the person who starts the program.
    pub fn doubts(&self) -> Vec<&'static str> {
        let mut doubts = Vec::new();
        if self.secure() && self.trusted_proxies.is_empty() {
            doubts.push(
                "public_url is https://, so a proxy stands in front, but trusted_proxies is empty: everybody seems to come \
                 from the proxy's address, so wrong sign-ins of one are counted against all. Set CAIRN_TRUSTED_PROXIES to \
                 the proxy's address or network",
            );
        }
        if self.trusted_proxies.iter().any(|network| network.contains(std::net::Ipv4Addr::new(192, 0, 2, 1).into())) {
            doubts.push("trusted_proxies takes in the whole internet: anybody may say that they are somebody else");
        }
        doubts
    }

    /// Whether cookies must only travel over TLS.
    pub fn secure(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }
}

/// A setting that we do not know is a slip of the pen in a file, and stops the start. In the
/// environment it may be there for another program (a test, a newer version), and is only named.
fn known(unknown: &[String], in_environment: impl Fn(&str) -> bool) -> Result<(), ConfigError> {
    for key in unknown {
        let variable = format!("CAIRN_{}", key.to_uppercase());
        if !in_environment(&variable) {
            return Err(ConfigError(format!("{key} is not a setting")));
        }
        if !variable.starts_with("CAIRN_TEST_") {
            eprintln!("settings: {variable} is not a setting of this version and is left alone");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_whole_and_a_mistake_names_its_key() {
        let settings = Config::with(&[]).unwrap();
        assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
        let wrong = Config::with(&[("database_url", "mysql://x".to_owned())]).unwrap_err();
        assert!(wrong.to_string().contains("database_url"));
        let wrong = Config::with(&[("listen", "nowhere".to_owned())]).unwrap_err();
        assert!(wrong.to_string().contains("listen"), "{wrong}");
        let wrong = Config::with(&[("contact", "javascript:alert(1)".to_owned())]).unwrap_err();
        assert!(wrong.to_string().contains("contact"), "{wrong}");
        let wrong = Config::with(&[("lissten", "127.0.0.1:1".to_owned())]).unwrap_err();
        assert!(wrong.to_string().contains("lissten is not a setting"), "{wrong}");
        assert!(known(&["smtp_url".to_owned()], |name| name == "CAIRN_SMTP_URL").is_ok());
    }
}

//! What an error of the database means, told by its kind and its code and never by its words: words
//! hold names of columns, and come in the server's language.

use poem::http::StatusCode;
use sea_orm::{DbErr, RuntimeErr, SqlxError};

use super::error::ApiError;

/// What a code means for the one who asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// There is one like this already
    Taken,
    /// Something that it refers to is not there, or something refers to it
    Reference,
    /// A rule of the table, such as an end before its start
    Rule,
    /// Text that cannot be stored
    Text,
    /// Trying again may help: a lock, a deadlock, a full pool, a lost or refused connection
    Passing,
    /// No room on the disk
    Full,
    /// A bug
    Fault,
}

impl From<DbErr> for ApiError {
    fn from(error: DbErr) -> Self {
        let meaning = meaning(&error);
        match meaning {
            Meaning::Taken => Self::conflict("already_exists", "There is already one like this."),
            Meaning::Reference => {
                tracing::warn!(%error, "a reference does not hold");
                let text = "Something that this refers to has gone meanwhile, or something else still relies on it. \
                     Look again at what is there, then try once more.";
                Self::conflict("reference_does_not_hold", text)
            }
            Meaning::Rule => {
                tracing::warn!(%error, "a rule of a table does not hold");
                let text = "These values do not go together. Look at dates and numbers again.";
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "values_clash", text)
            }
            Meaning::Text => {
                let text = "The text holds a character that cannot be kept. Type it again instead of pasting it.";
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "unusable_text", text)
            }
            Meaning::Passing => {
                tracing::warn!(%error, "database busy or out of reach");
                Self::busy()
            }
            Meaning::Full => {
                tracing::error!(%error, "no room for the database");
                Self::new(
                    StatusCode::INSUFFICIENT_STORAGE,
                    "disk_full",
                    "There is no room left to keep this. Nothing was changed.",
                )
            }
            Meaning::Fault => Self::internal(&error),
        }
    }
}

fn meaning(error: &DbErr) -> Meaning {
    match error {
        // no connection could be had, whatever the driver says of it
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Meaning::Passing,
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => of_driver(cause),
        // ON CONFLICT DO NOTHING did nothing
        DbErr::RecordNotInserted => Meaning::Taken,
        _ => Meaning::Fault,
    }
}

fn of_driver(error: &SqlxError) -> Meaning {
    match error {
        SqlxError::PoolTimedOut
        | SqlxError::PoolClosed
        | SqlxError::Io(_)
        | SqlxError::Tls(_)
        | SqlxError::WorkerCrashed
        | SqlxError::BeginFailed => Meaning::Passing,
        SqlxError::Database(error) => match error.code() {
            Some(code) if code.len() == 5 => of_sqlstate(&code),
            Some(code) => code.parse().map_or(Meaning::Fault, of_sqlite),
            None => Meaning::Fault,
        },
        _ => Meaning::Fault,
    }
}

/// PostgreSQL: five characters, of which the first two are the class.
fn of_sqlstate(code: &str) -> Meaning {
    match code {
        "23505" | "23P01" => Meaning::Taken,
        "23503" | "23001" => Meaning::Reference,
        "23514" => Meaning::Rule,
        // bytes that are no text of the database's encoding; U+0000 in JSON
        "22021" | "22P05" => Meaning::Text,
        // serialization, deadlock, lock not to be had in time, cancelled, ended by the server, starting up
        "40001" | "40P01" | "55P03" | "57014" | "57P01" | "57P02" | "57P03" | "57P05" => Meaning::Passing,
        "53100" => Meaning::Full,
        // connections; memory and connections of the server
        _ if code.starts_with("08") || code.starts_with("53") => Meaning::Passing,
        _ => Meaning::Fault,
    }
}

/// SQLite: the primary code is the lowest byte of the extended one.
fn of_sqlite(code: i32) -> Meaning {
    match (code, code & 0xff) {
        // primary key, unique, rowid
        (1555 | 2067 | 2579, _) => Meaning::Taken,
        (787, _) => Meaning::Reference,
        (275, _) => Meaning::Rule,
        // busy, locked, cannot open
        (_, 5 | 6 | 14) => Meaning::Passing,
        (_, 13) => Meaning::Full,
        _ => Meaning::Fault,
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::fmt;
    use std::sync::Arc;

    use sea_orm::sqlx::error::{DatabaseError, ErrorKind};

    use super::*;

    /// An error with a code, in words that name everything that once decided.
    #[derive(Debug)]
    struct Coded(&'static str);

    impl fmt::Display for Coded {
        fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str(self.message())
        }
    }

    impl std::error::Error for Coded {}

    impl DatabaseError for Coded {
        fn message(&self) -> &'static str {
            "column closed_on: connection closed, database is locked, pool timed out, shutting down"
        }

        fn code(&self) -> Option<Cow<'_, str>> {
            Some(self.0.into())
        }

        fn as_error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
            self
        }

        fn as_error_mut(&mut self) -> &mut (dyn std::error::Error + Send + Sync + 'static) {
            self
        }

        fn into_error(self: Box<Self>) -> Box<dyn std::error::Error + Send + Sync + 'static> {
            self
        }

        fn kind(&self) -> ErrorKind {
            ErrorKind::Other
        }
    }

    fn answered(error: SqlxError) -> (u16, String) {
        let error = ApiError::from(DbErr::Query(RuntimeErr::SqlxError(Arc::new(error))));
        (error.status().as_u16(), error.problem().code.clone())
    }

    #[test]
    fn codes_decide_and_words_do_not() {
        for (code, status, name) in [
            ("23505", 409, "already_exists"),
            ("2067", 409, "already_exists"),
            ("1555", 409, "already_exists"),
            ("23503", 409, "reference_does_not_hold"),
            ("787", 409, "reference_does_not_hold"),
            ("23514", 422, "values_clash"),
            ("275", 422, "values_clash"),
            ("22021", 422, "unusable_text"),
            ("40001", 503, "busy"),
            ("40P01", 503, "busy"),
            ("55P03", 503, "busy"),
            ("57P01", 503, "busy"),
            ("57P03", 503, "busy"),
            ("08006", 503, "busy"),
            ("53300", 503, "busy"),
            ("5", 503, "busy"),
            ("261", 503, "busy"),
            ("517", 503, "busy"),
            ("6", 503, "busy"),
            ("53100", 507, "disk_full"),
            ("13", 507, "disk_full"),
            // a missing column, a wrong type, a read-only transaction, a malformed file: bugs and not weather
            ("42703", 500, "internal"),
            ("42804", 500, "internal"),
            ("25006", 500, "internal"),
            ("11", 500, "internal"),
            ("1", 500, "internal"),
        ] {
            assert_eq!(answered(SqlxError::Database(Box::new(Coded(code)))), (status, name.to_owned()), "{code}");
        }
        assert_eq!(answered(SqlxError::PoolTimedOut).0, 503);
        assert_eq!(answered(SqlxError::Io(std::io::ErrorKind::BrokenPipe.into())).0, 503);
        assert_eq!(answered(SqlxError::ColumnNotFound("closed_on".to_owned())).0, 500);
        assert_eq!(ApiError::from(DbErr::RecordNotUpdated).status().as_u16(), 500);
        assert_eq!(ApiError::from(DbErr::RecordNotInserted).status().as_u16(), 409);
    }
}

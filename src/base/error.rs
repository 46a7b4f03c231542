//! The one error that leaves the program: an RFC 9457 problem document.
//! Imports nothing of ours. `code` is stable and meant for programs, `detail` is for people.

use poem::http::StatusCode;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object};

/// What is wrong with one field of the request.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
pub struct FieldProblem {
    /// The field's name as in the request, dotted for nested ones
    pub field: String,
    pub code: String,
    /// Plain English, fit to be shown beside the field
    pub message: String,
}

/// RFC 9457 problem document.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
pub struct Problem {
    #[oai(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    pub detail: String,
    /// Stable snake_case code of this kind of problem
    pub code: String,
    #[oai(default, skip_serializing_if_is_empty)]
    pub fields: Vec<FieldProblem>,
    /// Where the thing stands that this request clashes with
    #[oai(skip_serializing_if_is_none)]
    pub existing: Option<String>,
}

#[derive(Clone, Debug, ApiResponse)]
pub enum ApiError {
    /// What went wrong, as a problem document
    #[oai(content_type = "application/problem+json")]
    Problem(StatusCode, Json<Problem>),
}

/// What happened, in words for the person at the screen.
fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "Sign in first",
        StatusCode::FORBIDDEN => "Your account may not do this",
        StatusCode::NOT_FOUND => "We could not find that",
        StatusCode::CONFLICT => "This clashes with what is already there",
        StatusCode::PRECONDITION_FAILED => "Somebody else changed this meanwhile",
        StatusCode::PAYLOAD_TOO_LARGE => "This is too large",
        StatusCode::UNPROCESSABLE_ENTITY => "Something needs to be put right",
        StatusCode::TOO_MANY_REQUESTS => "Too many tries",
        StatusCode::SERVICE_UNAVAILABLE => "Out of reach for a moment",
        StatusCode::INSUFFICIENT_STORAGE => "There is no room left",
        status if status.is_client_error() => "We could not use this request",
        _ => "Something went wrong on our side",
    }
}

/// One builder a situation, so that the same situation reads the same everywhere.
impl ApiError {
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        let title = title(status);
        Self::Problem(
            status,
            Json(Problem {
                kind: format!("urn:cairn:problem:{code}"),
                title: title.to_owned(),
                status: status.as_u16(),
                detail: detail.into(),
                code: code.to_owned(),
                fields: Vec::new(),
                existing: None,
            }),
        )
    }

    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", detail)
    }

    pub fn not_signed_in() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "not_signed_in", "Sign in to go on.")
    }

    pub fn not_allowed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "not_allowed", detail)
    }

    /// `what` with its article: "this service".
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", format!("We could not find {what}."))
    }

    pub fn conflict(code: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    /// Somebody else changed it since it was read (`If-Match` does not hold).
    pub fn stale() -> Self {
        Self::new(
            StatusCode::PRECONDITION_FAILED,
            "changed_meanwhile",
            "Somebody else has changed this since you opened it. Your text is still here; compare it with the newer version before saving.",
        )
    }

    pub fn invalid(fields: Vec<FieldProblem>) -> Self {
        let detail = match fields.as_slice() {
            [one] => one.message.clone(),
            many => format!("{} fields need your attention.", many.len()),
        };
        let Self::Problem(status, Json(mut problem)) = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail);
        problem.fields = fields;
        Self::Problem(status, Json(problem))
    }

    /// One field at fault.
    pub fn field(field: &str, code: &str, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldProblem { field: field.to_owned(), code: code.to_owned(), message: message.into() }])
    }

    /// Nothing is wrong for certain, but it may be a slip: each field's code, sent again among what is
    /// `confirmed`, says that it is right.
    pub fn questions(fields: Vec<FieldProblem>) -> Self {
        let detail = fields.iter().map(|field| field.message.as_str()).collect::<Vec<_>>().join(" ");
        let Self::Problem(status, Json(mut problem)) = Self::conflict("please_confirm", detail);
        "Is this right?".clone_into(&mut problem.title);
        problem.fields = fields;
        Self::Problem(status, Json(problem))
    }

    pub fn disk_full() -> Self {
        Self::new(
            StatusCode::INSUFFICIENT_STORAGE,
            "disk_full",
            "There is no room left for files. Nothing was kept; what you wrote can be saved without the file, and the file added later.",
        )
    }

    pub fn busy() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "busy",
            "Cairn is busy or briefly out of reach of its data. Nothing was changed; please try again in a moment.",
        )
    }

    /// An error after the work was committed: only what it led to could not be shown.
    pub fn done_but_not_shown(status: StatusCode) -> Self {
        Self::new(
            status,
            "done_but_not_shown",
            "What you asked for was done and is saved, but we could not show you what it led to. Do not send it again: reload the page to see it.",
        )
    }

    /// The same key again, after the answer was lost.
    pub fn done_already(existing: &str) -> Self {
        let text = "This was done when it was sent first, but its answer was lost. It is not done twice: look at what is there now.";
        Self::conflict("done_already", text).with_existing(existing)
    }

    /// Logged where it arises; the caller learns nothing of the inside.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "internal error");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Something went wrong on our side. It has been logged; nothing was half-written.",
        )
    }

    /// Points to the thing that this request clashes with.
    #[must_use]
    pub fn with_existing(self, path: impl Into<String>) -> Self {
        let Self::Problem(status, Json(mut problem)) = self;
        problem.existing = Some(path.into());
        Self::Problem(status, Json(problem))
    }

    pub fn status(&self) -> StatusCode {
        let Self::Problem(status, _) = self;
        *status
    }

    pub fn problem(&self) -> &Problem {
        let Self::Problem(_, Json(problem)) = self;
        problem
    }
}

/// Gathers what is wrong with a request so that all of it is said at once.
#[derive(Debug, Default)]
pub struct Fields(Vec<FieldProblem>);

impl Fields {
    pub fn push(&mut self, field: &str, code: &str, message: impl Into<String>) {
        self.0.push(FieldProblem { field: field.to_owned(), code: code.to_owned(), message: message.into() });
    }

    /// Notes a required text that is empty or over `longest` characters.
    pub fn text(&mut self, field: &str, label: &str, value: &str, longest: usize) {
        if value.trim().is_empty() {
            self.push(field, "missing", format!("Enter {label}."));
        } else {
            self.longest(field, label, value, longest);
        }
    }

    /// Notes a text over `longest` characters.
    pub fn longest(&mut self, field: &str, label: &str, value: &str, longest: usize) {
        let length = value.chars().count();
        if length > longest {
            self.push(
                field,
                "too_long",
                format!("{} must be at most {longest} characters; it is {length}.", capitalised(label)),
            );
        }
    }

    /// Takes in what was noted elsewhere, under the names that the fields have here.
    pub fn extend(&mut self, others: Self, named: impl Fn(String) -> String) {
        self.0.extend(others.0.into_iter().map(|one| FieldProblem { field: named(one.field), ..one }));
    }

    pub fn check(self) -> Result<(), ApiError> {
        if self.0.is_empty() { Ok(()) } else { Err(ApiError::invalid(self.0)) }
    }
}

fn capitalised(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

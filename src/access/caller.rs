//! The caller types. Each is a security scheme of the one `session` cookie; a handler's first
//! argument says who may call it. Signed in but without the role is 403, not signed in is 401.

use entity::id::{AccountId, PersonId, SessionId};
use entity::role_grant;
use entity::value::Role;
use poem::http::StatusCode;
use poem::{FromRequest, Request, RequestBody};
use poem_openapi::SecurityScheme;
use poem_openapi::auth::ApiKey;
use sea_orm::ConnectionTrait;

use super::session;
use crate::base::error::ApiError;
use crate::state::App;

/// Somebody signed in, with what they may do.
#[derive(Clone, Debug)]
pub struct Caller {
    pub(super) account: AccountId,
    pub(super) email: String,
    pub(super) person: Option<PersonId>,
    pub(super) grants: Vec<role_grant::Model>,
    pub(super) session: SessionId,
    pub(super) must_change: bool,
}

impl Caller {
    pub fn account(&self) -> AccountId {
        self.account
    }

    pub fn email(&self) -> &str {
        &self.email
    }

    pub fn person(&self) -> Option<PersonId> {
        self.person
    }

    pub fn session(&self) -> SessionId {
        self.session
    }

    /// Whether the password is one that somebody else has seen.
    pub fn must_change_password(&self) -> bool {
        self.must_change
    }

    pub fn grants(&self) -> &[role_grant::Model] {
        &self.grants
    }

    pub fn has(&self, role: Role) -> bool {
        self.grants.iter().any(|grant| grant.role == role)
    }

    /// The same caller with the roles that stand now: asked inside a write transaction, so that what
    /// is done there rests on rights that hold there.
    pub async fn renewed<C: ConnectionTrait>(&self, db: &C) -> Result<Self, ApiError> {
        Ok(Self { grants: session::grants(db, self.account).await?, ..self.clone() })
    }

    fn allowed(self, roles: &[Role]) -> Result<Self, ApiError> {
        if roles.iter().any(|role| self.has(*role)) {
            Ok(self)
        } else {
            Err(ApiError::not_allowed("Your account does not have the role that this needs."))
        }
    }
}

macro_rules! callers {
    ($($(#[$doc:meta])* $name:ident, $checker:ident, [$($role:ident),*];)+) => {$(
        $(#[$doc])*
        #[derive(SecurityScheme)]
        #[oai(rename = "session", ty = "api_key", key_name = "session", key_in = "cookie", checker = $checker)]
        pub struct $name(pub Caller);

        impl std::ops::Deref for $name {
            type Target = Caller;
            fn deref(&self) -> &Caller {
                &self.0
            }
        }

        async fn $checker(request: &Request, key: ApiKey) -> poem::Result<Caller> {
            let caller = signed_in(request, &key.key).await?;
            let roles: &[Role] = &[$(Role::$role),*];
            if roles.is_empty() { Ok(caller) } else { Ok(caller.allowed(roles)?) }
        }
    )+};
}

callers! {
    /// Anybody signed in
    Signed, check_signed, [];
    /// An employer or a line manager: somebody with an organisation's workforce in reach
    Employer, check_employer, [Employer, Manager];
    /// Somebody who may ask for figures: planner, ADP co-ordinator, employer
    Figures, check_figures, [Planner, Adp, Employer];
    /// Somebody who may write catalogue items: curator, or provider for its own
    AnyEditor, check_editor, [Curator, Provider];
    Curator, check_curator, [Curator];
    Admin, check_admin, [Admin];
}

/// A person in the workforce with their own record: signed in, and linked to a person.
#[derive(SecurityScheme)]
#[oai(rename = "session", ty = "api_key", key_name = "session", key_in = "cookie", checker = "check_staff")]
pub struct Staff(pub Caller);

impl std::ops::Deref for Staff {
    type Target = Caller;
    fn deref(&self) -> &Caller {
        &self.0
    }
}

async fn check_staff(request: &Request, key: ApiKey) -> poem::Result<Caller> {
    let caller = signed_in(request, &key.key).await?;
    if caller.person.is_none() {
        return Err(
            ApiError::not_allowed("This account is not linked to a person, so it has no record of learning.").into()
        );
    }
    Ok(caller)
}

/// Somebody signed in who may still have to choose a password of their own: for who one is, for
/// choosing it, and for nothing else.
#[derive(SecurityScheme)]
#[oai(rename = "session", ty = "api_key", key_name = "session", key_in = "cookie", checker = "check_entering")]
pub struct Entering(pub Caller);

impl std::ops::Deref for Entering {
    type Target = Caller;
    fn deref(&self) -> &Caller {
        &self.0
    }
}

async fn check_entering(request: &Request, key: ApiKey) -> poem::Result<Caller> {
    Ok(entering(request, &key.key).await?)
}

async fn entering(request: &Request, token: &str) -> Result<Caller, ApiError> {
    let app = request.data::<App>().ok_or_else(|| ApiError::internal(&"no application state"))?;
    session::find(app, token).await?.ok_or_else(ApiError::not_signed_in)
}

async fn signed_in(request: &Request, token: &str) -> Result<Caller, ApiError> {
    let caller = entering(request, token).await?;
    if caller.must_change {
        let text = "Your first password was made for you, so somebody else has seen it. Choose your own to go on.";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "password_must_change", text));
    }
    Ok(caller)
}

/// Anyone at all; signed in or not. An outage is an error, never "anonymous"; a session that has
/// ended is nobody, and so is somebody who has yet to choose a password.
pub struct Visitor(pub Option<Caller>);

impl<'a> FromRequest<'a> for Visitor {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let cookie = request.cookie().get(session::COOKIE).map(|cookie| cookie.value_str().to_owned());
        let Some(token) = cookie else { return Ok(Self(None)) };
        let app = request.data::<App>().ok_or_else(|| ApiError::internal(&"no application state"))?;
        Ok(Self(session::find(app, &token).await?.filter(|caller| !caller.must_change)))
    }
}

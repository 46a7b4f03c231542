//! What goes over the wire for the start page.

use poem_openapi::Object;

use crate::account::{AccountOut, PersonOut, RoleOut, Who};
use crate::catalogue::ItemRowOut;
use crate::skill::MyStatusOut;

#[derive(Debug, Object)]
pub struct MeOut {
    pub account: AccountOut,
    #[oai(skip_serializing_if_is_none)]
    pub person: Option<PersonOut>,
    pub roles: Vec<RoleOut>,
    /// Nothing else is answered until the account has chosen a password of its own
    pub password_must_change: bool,
    /// What is due or lapsing, most urgent first
    pub due: Vec<MyStatusOut>,
}

#[derive(Debug, Object)]
pub struct NewItemsOut {
    pub items: Vec<ItemRowOut>,
}

#[derive(Debug, Object)]
pub struct ContactOut {
    /// An e-mail address or the https address of a form; none when whoever runs this has named none
    #[oai(skip_serializing_if_is_none)]
    pub contact: Option<String>,
}

impl MeOut {
    pub fn new(who: Who, due: Vec<MyStatusOut>) -> Self {
        let Who { account, person, roles, password_must_change } = who;
        Self { account, person, roles, password_must_change, due }
    }
}

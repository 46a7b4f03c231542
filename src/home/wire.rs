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
    /// What is due or lapsing, most urgent first
    pub due: Vec<MyStatusOut>,
}

#[derive(Debug, Object)]
pub struct NewItemsOut {
    pub items: Vec<ItemRowOut>,
}

impl MeOut {
    pub fn new(who: Who, due: Vec<MyStatusOut>) -> Self {
        let Who { account, person, roles } = who;
        Self { account, person, roles, due }
    }
}

//! A person as one organisation knows them.

use entity::id::PersonId;

#[derive(Clone, Debug)]
pub struct Known {
    pub id: PersonId,
    pub given_name: String,
    pub family_name: String,
    pub name_folded: String,
    /// The address that the organisation was given
    pub email: Option<String>,
    pub version: i32,
}

impl Known {
    pub fn full_name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name).trim().to_owned()
    }
}

//! The facts of a date, as counted: posts with their place, role, hours and people. Pure values.

use entity::id::OrganisationId;

/// A person in a post on the date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Number of the person among all people of these facts
    pub person: usize,
    /// WTE in thousandths; zero for volunteers
    pub wte: i64,
    /// Contracted minutes a week, which say where the main post is
    pub minutes: i32,
    /// How many of the asked requirements apply through this post ...
    pub required: u32,
    /// ... and how many of them are met in date at the asked assurance
    pub met: u32,
}

/// A post open on the date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostFact {
    /// Number of the organisation among `Facts::organisations`
    pub organisation: usize,
    pub council: String,
    pub sector: String,
    pub service_type: String,
    pub tier: String,
    pub role: String,
    /// Vacant WTE in thousandths; zero for volunteer posts
    pub vacant: i64,
    pub holders: Vec<Holder>,
}

impl PostFact {
    /// In-post WTE in thousandths.
    pub fn in_post(&self) -> i64 {
        self.holders.iter().map(|holder| holder.wte).sum()
    }
}

#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub posts: Vec<PostFact>,
    pub people: usize,
    pub organisations: Vec<OrganisationId>,
}

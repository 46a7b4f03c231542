//! The facts of a date, as counted: posts with their place, role, hours and people. Pure values.

use entity::id::OrganisationId;
use serde::Serialize;

use crate::base::hash::sha256;

/// A person in a post on the date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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

#[derive(Clone, Debug, Default, Serialize)]
pub struct Facts {
    pub posts: Vec<PostFact>,
    pub people: usize,
    pub organisations: Vec<OrganisationId>,
}

impl Facts {
    /// The same for the same facts, and for no others.
    pub fn fingerprint(&self) -> Result<String, serde_json::Error> {
        serde_json::to_vec(self).map(sha256)
    }

    /// Who works where and nothing of skills: what protects people and posts.
    pub fn without_skills(&self) -> Self {
        let mut plain = self.clone();
        for holder in plain.posts.iter_mut().flat_map(|post| &mut post.holders) {
            (holder.required, holder.met) = (0, 0);
        }
        plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_tell_facts_apart_and_skills_can_be_left_out() {
        let holder = |met| Holder { person: 0, wte: 500, minutes: 1110, required: 1, met };
        let facts = |met| Facts {
            posts: vec![PostFact {
                organisation: 0,
                council: "council-fife".to_owned(),
                sector: "nhs".to_owned(),
                service_type: "community_recovery".to_owned(),
                tier: "3".to_owned(),
                role: "recovery_worker".to_owned(),
                vacant: 0,
                holders: vec![holder(met)],
            }],
            people: 1,
            organisations: Vec::new(),
        };
        let print = |facts: &Facts| facts.fingerprint().unwrap();
        assert_eq!(print(&facts(1)), print(&facts(1)));
        assert_ne!(print(&facts(0)), print(&facts(1)));
        assert_eq!(print(&facts(0).without_skills()), print(&facts(1).without_skills()));
    }
}

//! Queries of requirements, posts and completions as the status engine needs them. Few statements
//! whatever the size: everything of one kind is read at once and put together in memory.

pub mod completions;
pub mod everybody;
pub mod people;
pub mod requirements;
pub mod scope;
pub mod terms;
pub mod trust;

use chrono::NaiveDate;
use entity::id::PersonId;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::SimpleExpr;

use crate::access::OrgScope;

/// Whose facts to read.
#[derive(Clone, Copy, Debug)]
pub enum Whose<'a> {
    One(PersonId),
    /// Some people, as many as one statement takes
    These(&'a [PersonId]),
    /// Everybody with a post on the day at the organisation, or at the services in reach
    Staff(&'a OrgScope, NaiveDate),
}

impl Whose<'_> {
    fn condition(self, column: impl ColumnTrait) -> SimpleExpr {
        match self {
            Self::One(person) => column.eq(person),
            Self::These(people) => column.is_in(people.iter().copied()),
            Self::Staff(scope, on) => column.in_subquery(people::in_reach(scope, on)),
        }
    }
}

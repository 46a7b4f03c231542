//! Where people stand with what is asked of them: the facts that the status engine needs, read in
//! bulk. Below the features that ask: learning, skill and the map put the same facts to the same
//! engine (the crate `status`), so that they cannot disagree.

pub mod asked;
pub mod confirmers;
pub mod kept;
pub mod person;
pub mod store;
pub mod wire;

use std::collections::HashMap;

use entity::id::{PersonId, RequirementId};
use status::{Appointment, Completed, Span, Standing};

use store::requirements::Asked;

/// Exemptions by person and requirement.
pub type Exemptions = HashMap<(PersonId, RequirementId), Vec<Span>>;

/// One requirement put beside everything known of a person.
pub fn standing<'a, 'b>(
    asked: &'a Asked,
    person: PersonId,
    held: impl IntoIterator<Item = &'b Appointment>,
    done: &'a [Completed],
    exemptions: &'a Exemptions,
) -> Standing<'a> {
    let exempt = exemptions.get(&(person, asked.requirement.rule.id)).map_or(&[][..], Vec::as_slice);
    Standing::new(&asked.requirement, held, exempt, done)
}

//! Who must hold what, and who holds it: the skill half of the facts, as the status engine says.
//! Requirements of the organisation and national ones, or one theme of the framework at a level.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::id::{OrganisationId, PersonId, RequirementId, ServiceId};
use entity::value::{Assurance, Level, Spelled};
use sea_orm::DbErr;
use status::{Applies, Asks, Requirement, Rule, Span};
use uuid::Uuid;

use super::question::{Question, Skill};
use crate::base::db::Snapshot;
use crate::reference::vocabulary;
use crate::standing::store::requirements::{self, Which};
use crate::standing::store::terms::{Worth, worth};
use crate::standing::store::{completions, people, trust};

/// People whose completions are read at once.
const PART: u64 = 5_000;

/// A rule as far as counting needs it.
#[derive(Debug)]
struct Wanted {
    requirement: Requirement,
    /// Only roles that are expected to hold this level
    expected: Option<Level>,
    minimum: Assurance,
}

#[derive(Debug, Default)]
pub struct Skills {
    wanted: Vec<Wanted>,
    exempt: HashSet<(PersonId, RequirementId)>,
    /// What a person meets, by place in `wanted`
    met: HashMap<PersonId, Vec<usize>>,
}

impl Skills {
    /// How many rules apply to this person through a post of this role at this service, and how
    /// many of them are met.
    pub fn of(&self, person: PersonId, organisation: OrganisationId, service: ServiceId, role: &str) -> (u32, u32) {
        let held = self.met.get(&person).map_or(&[][..], Vec::as_slice);
        let (mut required, mut met) = (0, 0);
        for (place, wanted) in self.wanted.iter().enumerate() {
            let applies = wanted.requirement.applies.covers_post(organisation, service, role)
                && wanted.expected.is_none_or(|level| expected_level(role).is_some_and(|own| own >= level))
                && !self.exempt.contains(&(person, wanted.requirement.rule.id));
            if applies {
                required += 1;
                met += u32::from(held.contains(&place));
            }
        }
        (required, met)
    }
}

/// The level of the Knowledge and Skills Framework that a role is expected to hold: our own
/// illustrative default in the role vocabulary, where it is labelled so.
fn expected_level(role: &str) -> Option<Level> {
    let text = vocabulary::term("role", role)?.extra("ksf_level")?;
    [Level::Informed, Level::Skilled, Level::Enhanced, Level::Specialist]
        .into_iter()
        .find(|level| level.spelling() == text)
}

/// Reads what the question's skill needs. A completion is trusted as far as it was on the date:
/// who confirms it later leaves earlier figures as they are.
pub async fn load<C: Snapshot>(db: &C, question: &Question, now: DateTime<Utc>) -> Result<Skills, DbErr> {
    let date = question.as_at;
    let (wanted, worth) = match &question.skill {
        Skill::Theme(theme, level) => of_theme(db, question, theme, *level).await?,
        Skill::Everything => of_requirements(db, question, None).await?,
        Skill::Requirement(id) => of_requirements(db, question, Some(*id)).await?,
    };
    let exempt = people::exempt_on(db, date).await?;
    let then = trust::on(db, date, question.known_at, now).await?;
    let mut met: HashMap<PersonId, Vec<usize>> = HashMap::new();
    let mut last = PersonId(Uuid::nil());
    loop {
        let part = completions::live_after(db, &worth, last, PART, question.known_at).await?;
        let Some((end, _)) = part.last() else { break };
        last = *end;
        for (person, mut done) in part {
            for done in &mut done {
                then.put_on(done);
            }
            let met_by =
                |wanted: &Wanted| done.iter().any(|done| wanted.requirement.is_met_by(done, date, wanted.minimum));
            let places = wanted.iter().enumerate().filter(|(_, wanted)| met_by(wanted)).map(|(place, _)| place);
            met.insert(person, places.collect());
        }
    }
    Ok(Skills { wanted, exempt, met })
}

async fn of_requirements<C: Snapshot>(
    db: &C,
    question: &Question,
    only: Option<RequirementId>,
) -> Result<(Vec<Wanted>, Worth), DbErr> {
    let date = question.as_at;
    let which = Which { organisations: None, only, on: Some(date) };
    let (mut asked, worth) = requirements::asked(db, which, date).await?;
    asked.sort_by_key(|asked| asked.requirement.rule.id);
    let wanted = asked.into_iter().map(|asked| Wanted {
        minimum: asked.requirement.rule.minimum.max(question.assurance),
        requirement: asked.requirement,
        expected: None,
    });
    Ok((wanted.collect(), worth))
}

/// A theme at a level is put as a requirement of all whose role expects it.
async fn of_theme<C: Snapshot>(
    db: &C,
    question: &Question,
    theme: &str,
    level: Level,
) -> Result<(Vec<Wanted>, Worth), DbErr> {
    let rule = Rule {
        id: Uuid::nil().into(),
        name: theme.to_owned(),
        version: 1,
        grace_days: 0,
        window_days: 0,
        minimum: question.assurance,
        span: Some(Span::open(question.as_at)),
    };
    let asks = Asks { items: Vec::new(), theme: Some((theme.to_owned(), level)) };
    let requirement = Requirement { rule, applies: Applies::default(), asks };
    let wanted = Wanted { requirement, expected: Some(level), minimum: question.assurance };
    Ok((vec![wanted], worth(db, Vec::new(), &[theme]).await?))
}

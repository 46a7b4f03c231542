//! Who must hold what, and who holds it: the skill half of the facts.
//! Requirements of the organisation and national ones, or one theme of the framework at a level.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::id::{ItemId, OrganisationId, PersonId, RequirementId};
use entity::value::{Assurance, CompletionState, Level, Spelled};
use entity::{completion, exemption, item, item_theme, requirement, requirement_item};
use sea_orm::{ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::question::{Question, Skill};
use crate::base::db::Snapshot;
use crate::learning::rules::valid_through;
use crate::reference::vocabulary;

/// A rule as far as counting needs it.
#[derive(Debug)]
struct Wanted {
    id: Option<RequirementId>,
    organisation: Option<OrganisationId>,
    role: Option<String>,
    /// Only roles that are expected to hold this level
    expected: Option<Level>,
    items: HashSet<ItemId>,
    minimum: Assurance,
}

#[derive(Debug, Default)]
pub struct Skills {
    wanted: Vec<Wanted>,
    exempt: HashSet<(RequirementId, PersonId)>,
    /// The best assurance of what is in date, by person and item
    held: HashMap<PersonId, Vec<(ItemId, Assurance)>>,
}

impl Skills {
    /// How many rules apply to this person through this role at this organisation, and how many
    /// of them are met.
    pub fn of(&self, person: PersonId, organisation: OrganisationId, role: &str) -> (u32, u32) {
        let held = self.held.get(&person).map_or(&[][..], Vec::as_slice);
        let (mut required, mut met) = (0, 0);
        for wanted in &self.wanted {
            let applies = wanted.organisation.is_none_or(|own| own == organisation)
                && wanted.role.as_deref().is_none_or(|own| own == role)
                && wanted.expected.is_none_or(|level| expected_level(role).is_some_and(|own| own >= level))
                && !wanted.id.is_some_and(|id| self.exempt.contains(&(id, person)));
            if applies {
                required += 1;
                met += u32::from(
                    held.iter().any(|(item, assurance)| *assurance >= wanted.minimum && wanted.items.contains(item)),
                );
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

/// Reads what the question's skill needs. Nothing when no skill is measured.
pub async fn load<C: Snapshot>(db: &C, question: &Question) -> Result<Skills, DbErr> {
    let date = question.as_at;
    let wanted = match &question.skill {
        Skill::Theme(theme, level) => vec![Wanted {
            id: None,
            organisation: None,
            role: None,
            expected: Some(*level),
            items: items_of_theme(db, theme, *level).await?,
            minimum: question.assurance,
        }],
        Skill::Everything => requirements(db, question, None).await?,
        Skill::Requirement(id) => requirements(db, question, Some(*id)).await?,
    };
    let rows: Vec<(RequirementId, PersonId)> = exemption::Entity::find()
        .select_only()
        .columns([exemption::Column::RequirementId, exemption::Column::PersonId])
        .filter(exemption::Column::StartsOn.lte(date))
        .filter(Condition::any().add(exemption::Column::EndsOn.is_null()).add(exemption::Column::EndsOn.gte(date)))
        .into_tuple()
        .all(db)
        .await?;
    let items: HashSet<ItemId> = wanted.iter().flat_map(|wanted| wanted.items.iter().copied()).collect();
    let held = held(db, date, &items).await?;
    Ok(Skills { wanted, exempt: rows.into_iter().collect(), held })
}

async fn requirements<C: Snapshot>(
    db: &C,
    question: &Question,
    only: Option<RequirementId>,
) -> Result<Vec<Wanted>, DbErr> {
    let date = question.as_at;
    let mut query = requirement::Entity::find()
        .filter(requirement::Column::StartsOn.lte(date))
        .filter(Condition::any().add(requirement::Column::EndsOn.is_null()).add(requirement::Column::EndsOn.gte(date)))
        .order_by_asc(requirement::Column::Id);
    if let Some(id) = only {
        query = query.filter(requirement::Column::Id.eq(id));
    }
    let rows = query.all(db).await?;
    let mut named: HashMap<RequirementId, HashSet<ItemId>> = HashMap::new();
    for row in requirement_item::Entity::find().all(db).await? {
        named.entry(row.requirement_id).or_default().insert(row.item_id);
    }
    let mut wanted = Vec::with_capacity(rows.len());
    for row in rows {
        let items = match (&row.theme, row.level) {
            (Some(theme), Some(level)) => items_of_theme(db, theme, level).await?,
            _ => named.remove(&row.id).unwrap_or_default(),
        };
        wanted.push(Wanted {
            id: Some(row.id),
            organisation: row.organisation_id,
            role: row.role,
            expected: None,
            items,
            minimum: row.minimum_assurance.max(question.assurance),
        });
    }
    Ok(wanted)
}

/// Items that build a theme at this level or a higher one.
async fn items_of_theme<C: Snapshot>(db: &C, theme: &str, level: Level) -> Result<HashSet<ItemId>, DbErr> {
    let rows = item_theme::Entity::find().filter(item_theme::Column::Theme.eq(theme)).all(db).await?;
    Ok(rows.into_iter().filter(|row| row.level.is_some_and(|own| own >= level)).map(|row| row.item_id).collect())
}

type CompletionRow = (PersonId, ItemId, NaiveDate, Option<NaiveDate>, Assurance);

async fn held<C: Snapshot>(
    db: &C,
    date: NaiveDate,
    items: &HashSet<ItemId>,
) -> Result<HashMap<PersonId, Vec<(ItemId, Assurance)>>, DbErr> {
    use completion::Column;
    let validity: HashMap<ItemId, Option<i32>> = item::Entity::find()
        .select_only()
        .columns([item::Column::Id, item::Column::ValidityMonths])
        .filter(item::Column::Id.is_in(items.iter().copied()))
        .into_tuple::<(ItemId, Option<i32>)>()
        .all(db)
        .await?
        .into_iter()
        .collect();
    let rows: Vec<CompletionRow> = completion::Entity::find()
        .select_only()
        .columns([Column::PersonId, Column::ItemId, Column::CompletedOn, Column::ExpiresOn, Column::Assurance])
        .filter(Column::State.eq(CompletionState::Live))
        .filter(Column::CompletedOn.lte(date))
        .filter(Column::ItemId.is_in(items.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    let mut held: HashMap<PersonId, Vec<(ItemId, Assurance)>> = HashMap::new();
    for (person, item, completed_on, fixed, assurance) in rows {
        let months = validity.get(&item).copied().flatten().and_then(|months| u32::try_from(months).ok());
        if valid_through(completed_on, months, fixed).is_none_or(|last| last >= date) {
            held.entry(person).or_default().push((item, assurance));
        }
    }
    Ok(held)
}

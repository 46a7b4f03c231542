//! Posts, the people who hold them, and the rows that say so.

use chrono::{Datelike, NaiveDate};
use entity::id::{PersonId, PostId};
use entity::{appointment, person, post, post_establishment};

use super::dice::at;
use super::generate::{Career, Make};
use crate::base::fold::fold;
use crate::reference::{pay, vocabulary};

/// A post just made, as its holders need it.
#[derive(Clone, Debug)]
pub(super) struct Opening {
    pub post: PostId,
    pub employer: usize,
    pub role: &'static str,
    pub framework: String,
    pub opened_on: NaiveDate,
    /// Funded part of a full-time week
    pub thousandths: i32,
}

/// What is asked of a new post.
pub(super) struct Wanted {
    pub role: &'static str,
    pub thousandths: i32,
    pub opened_on: NaiveDate,
    pub peer: bool,
}

impl Make<'_> {
    pub fn open(&mut self, service: usize, wanted: Wanted) -> Opening {
        let Wanted { role, thousandths, opened_on, peer } = wanted;
        let service_id = self.rows.services[service].id;
        let organisation_id = self.rows.services[service].organisation_id;
        let employer = self.rows.organisations.iter().position(|row| row.id == organisation_id).unwrap_or_default();
        let number = self.posts_of.entry(employer).and_modify(|number| *number += 1).or_insert(1);
        let reference = format!("P-{number:04}");
        let organisation = &self.rows.organisations[employer];
        let volunteer = role == "volunteer";
        let framework = match family(role) {
            "volunteer" => "volunteer",
            "medical" if organisation.pay_framework == "agenda_for_change" => "medical_dental",
            _ => organisation.pay_framework.as_str(),
        }
        .to_owned();
        let funded_for_a_time = matches!(organisation.sector.as_str(), "third_sector" | "lero" | "other") && !volunteer;
        let funding_ends_on =
            if funded_for_a_time && self.dice.chance(350) { self.end_of_financial_year() } else { None };
        let post: PostId = self.dice.id(opened_on);
        self.rows.posts.push(post::Model {
            id: post,
            service_id,
            reference,
            role: role.to_owned(),
            peer_role: peer,
            volunteer,
            pay_framework: framework.clone(),
            funding_ends_on,
            opened_on,
            closed_on: None,
            version: 1,
            created_at: at(opened_on),
        });
        self.rows.establishments.push(post_establishment::Model {
            id: self.dice.id(opened_on),
            post_id: post,
            starts_on: opened_on,
            wte_thousandths: thousandths,
            recorded_at: at(opened_on),
            superseded_at: None,
        });
        Opening { post, employer, role, framework, opened_on, thousandths }
    }

    fn end_of_financial_year(&mut self) -> Option<NaiveDate> {
        let year = self.plan.as_at.year() + 1 + i32::try_from(self.dice.below(3)).unwrap_or_default();
        NaiveDate::from_ymd_opt(year, 3, 31)
    }

    /// One row for each stretch of time with the same full-time week: when the week of a
    /// framework gets shorter, so do the contracts under it.
    pub fn appoint(
        &mut self,
        person: PersonId,
        opening: &Opening,
        from: NaiveDate,
        to: Option<NaiveDate>,
        thousandths: i32,
        reason: Option<&str>,
    ) {
        let last = to.unwrap_or(self.plan.as_at);
        let weeks: Vec<_> = pay::all()
            .iter()
            .filter(|hours| hours.framework == opening.framework)
            .filter(|hours| {
                hours.period.from.is_none_or(|day| day <= last) && hours.period.to.is_none_or(|day| from <= day)
            })
            .collect();
        for (index, week) in weeks.iter().enumerate() {
            let is_last = index + 1 == weeks.len();
            let starts_on = week.period.from.map_or(from, |day| day.max(from));
            let ends_on = if is_last { to } else { week.period.to };
            let minutes = week.weekly_minutes * thousandths / 1000;
            self.row(person, opening, starts_on, ends_on, minutes, reason.filter(|_| is_last));
        }
    }

    pub fn row(
        &mut self,
        person_id: PersonId,
        opening: &Opening,
        starts_on: NaiveDate,
        ends_on: Option<NaiveDate>,
        weekly_minutes: i32,
        reason: Option<&str>,
    ) {
        self.rows.appointments.push(appointment::Model {
            id: self.dice.id(starts_on),
            person_id,
            post_id: opening.post,
            starts_on,
            ends_on,
            weekly_minutes,
            leaving_reason: reason.map(str::to_owned),
            recorded_at: at(starts_on),
            recorded_by: None,
            superseded_at: None,
            supersedes: None,
        });
    }

    pub fn career(&mut self, person: PersonId, opening: &Opening, from: NaiveDate, to: Option<NaiveDate>) {
        let Opening { employer, role, .. } = *opening;
        self.careers.push(Career { person, employer, role, from, to, told: false });
    }

    pub fn person(&mut self, since: NaiveDate) -> PersonId {
        let given = *self.dice.pick(&self.given_names);
        let family = *self.dice.pick(&self.family_names);
        let email = if self.dice.chance(800) {
            let plain = |name| fold(name).replace(|c: char| !c.is_ascii_alphanumeric(), "");
            Some(format!("{}.{}.{}@example.org", plain(given), plain(family), self.rows.persons.len()))
        } else {
            None
        };
        let birthday = self.dice.before(since, 20 * 365, 57 * 365);
        let date_of_birth = if self.dice.chance(800) { Some(birthday) } else { None };
        self.named(given, family, email, date_of_birth, since)
    }

    pub fn named(
        &mut self,
        given: &str,
        family: &str,
        email: Option<String>,
        date_of_birth: Option<NaiveDate>,
        since: NaiveDate,
    ) -> PersonId {
        let id = self.dice.id(since);
        self.rows.persons.push(person::Model {
            id,
            given_name: given.to_owned(),
            family_name: family.to_owned(),
            name_folded: fold(&format!("{family} {given}")),
            email,
            date_of_birth,
            synthetic: true,
            version: 1,
            created_at: at(since),
        });
        id
    }
}

pub(super) fn family(role: &str) -> &'static str {
    vocabulary::term("role", role).and_then(|term| term.parent.as_deref()).unwrap_or_default()
}

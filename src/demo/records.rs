//! What employers ask for and what people have done: requirements, completions with a spread of
//! dates and trust, lapsed and missing ones among them.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use entity::id::{OrganisationId, PersonId, RequirementId};
use entity::value::{Assurance, CompletionEventKind, CompletionState, ItemKind, Level, Verdict};
use entity::{completion, completion_event, completion_verdict, requirement, requirement_item, requirement_scope};

use super::dice::at;
use super::employers::STORY;
use super::generate::{Career, Make};
use super::rows::Course;

/// What an employer may ask of everyone or of a role.
struct Rule {
    name: &'static str,
    any_of: &'static [&'static str],
    role: Option<&'static str>,
    grace_days: i32,
}

const fn rule(
    name: &'static str,
    any_of: &'static [&'static str],
    role: Option<&'static str>,
    grace_days: i32,
) -> Rule {
    Rule { name, any_of, role, grace_days }
}

const RULES: [Rule; 9] = [
    rule("Overdose and naloxone", &["demo-001", "demo-002", "demo-003"], None, 90),
    rule("Adult support and protection", &["demo-061"], None, 90),
    rule("Child protection", &["demo-062"], None, 90),
    rule("Confidentiality and information governance", &["demo-064"], None, 30),
    rule("Lone working", &["demo-065"], Some("outreach_worker"), 60),
    rule("Lone working", &["demo-065"], Some("harm_reduction_worker"), 60),
    rule("Motivational interviewing", &["demo-011"], Some("recovery_worker"), 365),
    rule("Overdose and other emergencies", &["demo-004"], Some("residential_worker"), 180),
    rule("Supervision and vicarious trauma", &["demo-060"], Some("service_manager"), 365),
];

/// Roles that the sector expects to be trauma skilled.
const TRAUMA_SKILLED: [&str; 6] = [
    "addictions_nurse",
    "outreach_worker",
    "peer_support_worker",
    "recovery_worker",
    "senior_recovery_worker",
    "social_worker",
];

/// A completion to be written.
pub(super) struct Finished<'a> {
    pub person: PersonId,
    pub employer: OrganisationId,
    pub course: &'a Course,
    pub on: NaiveDate,
    pub assurance: Assurance,
}

impl<'a> Make<'a> {
    pub fn requirements(&mut self) {
        for employer in 0..self.rows.organisations.len() {
            for (index, rule) in RULES.iter().enumerate() {
                // Some ask for less; everybody asks for naloxone.
                let asked = employer == STORY || index == 0 || self.dice.chance(780);
                if asked {
                    self.ask(employer, rule);
                }
            }
        }
        self.expect("Harm reduction, informed level", "harm-reduction", Level::Informed, &[]);
        self.expect("Trauma-informed care, skilled level", "trauma-informed", Level::Skilled, &TRAUMA_SKILLED);
    }

    fn ask(&mut self, employer: usize, rule: &Rule) {
        let courses: Vec<&Course> = rule.any_of.iter().filter_map(|reference| self.course(reference)).collect();
        if courses.is_empty() {
            return;
        }
        // The story's employer trusts nobody's own word on naloxone, and is easy about the rest.
        let stricter = match employer {
            STORY => rule.any_of.len() > 1,
            _ => self.dice.chance(350),
        };
        let minimum_assurance = if stricter { Assurance::ManagerConfirmed } else { Assurance::SelfDeclared };
        let organisation_id = Some(self.rows.organisations[employer].id);
        let starts_on = self.dice.before(self.plan.as_at, 500, 740);
        let id: RequirementId = self.dice.id(starts_on);
        let Rule { name, any_of: _, role, grace_days } = *rule;
        let already =
            self.rows.requirements.iter().find(|row| row.organisation_id == organisation_id && row.name == name);
        if let Some(already) = already.map(|row| row.id) {
            // the same asked of another role: one requirement of both
            self.name_role(already, role);
            return;
        }
        self.name_role(id, role);
        self.rows.requirements.push(requirement::Model {
            id,
            organisation_id,
            name: name.to_owned(),
            theme: None,
            level: None,
            grace_days,
            window_days: 90,
            minimum_assurance,
            starts_on,
            ends_on: None,
            version: 1,
            created_at: at(starts_on),
        });
        for course in courses {
            self.rows.requirement_items.push(requirement_item::Model { requirement_id: id, item_id: course.id });
        }
    }

    fn name_role(&mut self, requirement: RequirementId, role: Option<&str>) {
        let role =
            role.map(|role| requirement_scope::Model { role: Some(role.to_owned()), ..self.scope_of(requirement) });
        self.rows.requirement_scopes.extend(role);
    }

    /// The next place among whom a requirement names.
    pub(super) fn scope_of(&self, requirement: RequirementId) -> requirement_scope::Model {
        let before = self.rows.requirement_scopes.iter().filter(|row| row.requirement_id == requirement).count();
        requirement_scope::Model {
            requirement_id: requirement,
            place: i32::try_from(before).unwrap_or_default(),
            role: None,
            role_family: None,
            service_id: None,
        }
    }

    /// What the sector as a whole expects, whoever the employer.
    fn expect(&mut self, name: &str, theme: &str, level: Level, roles: &[&str]) {
        let starts_on = self.plan.as_at - Days::new(400);
        let id = self.dice.id(starts_on);
        for role in roles {
            self.name_role(id, Some(role));
        }
        self.rows.requirements.push(requirement::Model {
            id,
            organisation_id: None,
            name: name.to_owned(),
            theme: Some(theme.to_owned()),
            level: Some(level),
            grace_days: 180,
            window_days: 90,
            minimum_assurance: Assurance::SelfDeclared,
            starts_on,
            ends_on: None,
            version: 1,
            created_at: at(starts_on),
        });
    }

    /// Everybody's record, from what their employers ask and what they chose themselves.
    pub fn records(&mut self) {
        let mut careers: BTreeMap<PersonId, Vec<Career>> = BTreeMap::new();
        let mut order = Vec::new();
        for career in self.careers.iter().filter(|career| !career.told) {
            let of_person = careers.entry(career.person).or_default();
            if of_person.is_empty() {
                order.push(career.person);
            }
            of_person.push(career.clone());
        }
        let chosen = self.choice();
        for person in order {
            let of_person = careers.remove(&person).unwrap_or_default();
            for career in &of_person {
                self.required(career);
            }
            if let Some(career) = of_person.last() {
                self.chosen(career, &chosen);
            }
        }
    }

    fn required(&mut self, career: &Career) {
        for rule in RULES.iter().filter(|rule| rule.role.is_none_or(|role| role == career.role)) {
            let days = self.days_in(career);
            let done_of_a_thousand = if days < 60 { 380 } else { 860 };
            if !self.dice.chance(done_of_a_thousand) {
                continue;
            }
            let reference = match rule.any_of {
                [only] => *only,
                several => *self.dice.weighted(&[(several[0], 84), (several[1], 9), (several[2], 7)]),
            };
            let Some(course) = self.course(reference) else { continue };
            let on = self.when(career, course);
            self.finished(career, course, on);
            let validity = course.validity_months.and_then(|months| u64::try_from(months).ok());
            if let Some(months) = validity
                && self.dice.chance(450)
            {
                let earlier = self.dice.before(on, months * 28, months * 31);
                if earlier > career.from {
                    self.finished(career, course, earlier);
                }
            }
        }
    }

    fn chosen(&mut self, career: &Career, from: &[(&'a Course, usize)]) {
        if from.is_empty() {
            return;
        }
        let count = *self.dice.weighted(&[(0, 24), (1, 25), (2, 22), (3, 16), (4, 9), (5, 4)]);
        for _ in 0..count {
            let course = *self.dice.weighted(from);
            let on = self.when(career, course);
            self.finished(career, course, on);
        }
    }

    /// Modules that people choose: mostly short ones and those of the framework's themes.
    fn choice(&self) -> Vec<(&'a Course, usize)> {
        let modules = self.courses.iter().filter(|course| course.kind == ItemKind::Module);
        modules
            .map(|course| match (course.themes.is_empty(), course.minutes) {
                (_, 1300..) => (course, 1),
                (true, _) => (course, 6),
                (false, _) => (course, 14),
            })
            .collect()
    }

    /// A day within the time in post that leaves some records lapsed and some about to.
    fn when(&mut self, career: &Career, course: &Course) -> NaiveDate {
        let last = career.to.unwrap_or(self.plan.as_at);
        let days = self.days_in(career);
        if career.to.is_some() {
            return self.dice.before(last, 0, days);
        }
        let span =
            course.validity_months.and_then(|months| u64::try_from(months).ok()).map_or(1400, |months| months * 34);
        let on = self.dice.before(last, 0, span);
        if on < career.from && !self.dice.chance(200) {
            return career.from + Days::new(self.dice.between(0, days.min(110)));
        }
        on
    }

    fn days_in(&self, career: &Career) -> u64 {
        let last = career.to.unwrap_or(self.plan.as_at);
        u64::try_from((last - career.from).num_days()).unwrap_or_default()
    }

    fn finished(&mut self, career: &Career, course: &'a Course, on: NaiveDate) {
        use Assurance::{EmployerVerified, ManagerConfirmed, ProviderIssued, SelfDeclared};
        let trust = [(SelfDeclared, 34), (ManagerConfirmed, 27), (EmployerVerified, 19), (ProviderIssued, 20)];
        let assurance = *self.dice.weighted(&trust);
        let employer = self.rows.organisations[career.employer].id;
        self.finish(&Finished { person: career.person, employer, course, on, assurance });
        // A few are taken back or refused later.
        let taken_back = match self.dice.below(1000) {
            0..8 => Some((CompletionEventKind::Withdrawn, None)),
            8..14 if assurance != ProviderIssued => {
                Some((CompletionEventKind::Rejected, Some("The certificate is for another course.")))
            }
            _ => None,
        };
        if let (Some((kind, reason)), Some(last)) = (taken_back, self.rows.completions.last_mut()) {
            let row = (last.id, last.recorded_at.date_naive());
            let mut left = assurance;
            if kind == CompletionEventKind::Withdrawn {
                last.state = CompletionState::Withdrawn;
                last.live_key = None;
            } else {
                // what the employer confirmed goes with its rejection
                left = SelfDeclared;
                last.assurance = left;
            }
            self.event(row, kind, left, employer, reason);
            if kind == CompletionEventKind::Rejected {
                self.verdict(Verdict::Rejected, EmployerVerified, employer);
            }
        }
    }

    /// Writes a completion with its history; nothing when the same is there already.
    pub fn finish(&mut self, done: &Finished<'a>) {
        let Finished { person, employer, course, on, assurance } = *done;
        if !self.finished.insert((person, course.id, on)) {
            return;
        }
        let recorded = (on + Days::new(self.dice.between(0, 20))).min(self.plan.as_at);
        let id = self.dice.id(recorded);
        self.rows.completions.push(completion::Model {
            id,
            person_id: person,
            item_id: course.id,
            completed_on: on,
            expires_on: None,
            note: None,
            assurance,
            state: CompletionState::Live,
            live_key: Some(format!("{person}:{}:{on}", course.id)),
            recorded_at: at(recorded),
            recorded_by: None,
            version: 1,
            outside_learning_id: None,
        });
        let begins = if assurance == Assurance::ProviderIssued { assurance } else { Assurance::SelfDeclared };
        self.event((id, recorded), CompletionEventKind::Recorded, begins, employer, None);
        if begins == Assurance::ProviderIssued {
            self.verdict(Verdict::Confirmed, begins, course.provider);
        } else if begins != assurance {
            let confirmed = (recorded + Days::new(self.dice.between(1, 30))).min(self.plan.as_at);
            self.event((id, confirmed), CompletionEventKind::Confirmed, assurance, employer, None);
            self.verdict(Verdict::Confirmed, assurance, employer);
        }
    }

    pub(super) fn event(
        &mut self,
        (completion_id, on): (entity::id::CompletionId, NaiveDate),
        kind: CompletionEventKind,
        assurance: Assurance,
        employer: OrganisationId,
        reason: Option<&str>,
    ) {
        self.rows.events.push(completion_event::Model {
            id: self.dice.id(on),
            completion_id,
            kind,
            assurance,
            account_id: None,
            organisation_id: Some(employer),
            reason: reason.map(str::to_owned),
            at: at(on),
        });
    }

    /// The verdict that the event written last tells of.
    pub(super) fn verdict(&mut self, verdict: Verdict, assurance: Assurance, organisation_id: OrganisationId) {
        let Some(event) = self.rows.events.last() else { return };
        self.rows.verdicts.push(completion_verdict::Model {
            id: event.id.0.into(),
            completion_id: event.completion_id,
            organisation_id,
            account_id: None,
            verdict,
            assurance,
            reason: event.reason.clone(),
            at: event.at,
            taken_back_at: None,
            taken_back_by: None,
            dismissed_at: None,
        });
    }
}

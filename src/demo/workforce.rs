//! Who works where: part-time hours, shared and vacant posts, those who came, moved and left over
//! the last years, and volunteers, who have hours but no establishment.

use std::collections::HashSet;

use chrono::{Days, NaiveDate};
use entity::id::PersonId;

use super::employers::Team;
use super::generate::{Career, Make};
use super::posts::{Opening, Wanted, family};

/// No service is younger than this many days, so every post may have a past.
const LONGEST_AGO: u64 = 3700;
/// Leavers are made for about three years back.
const HISTORY: u64 = 1095;

impl Make<'_> {
    pub fn workforce(&mut self, teams: &[Team], people: usize) {
        let mut moved = HashSet::new();
        for (team, share) in teams.iter().zip(shares(teams, people)) {
            self.staff(team, share, &mut moved);
        }
    }

    fn staff(&mut self, team: &Team, people: usize, moved: &mut HashSet<PersonId>) {
        let service = &self.rows.services[team.service];
        let (sector, kind) = (service.sector.clone(), service.service_type.clone());
        let of_a_thousand = match sector.as_str() {
            "lero" => 420,
            "third_sector" => 130,
            _ => 8,
        };
        let volunteers = (0..people.saturating_sub(1)).filter(|_| self.dice.chance(of_a_thousand)).count();
        self.volunteers(team, volunteers, sector == "lero");
        let roles = self.staffing.get(kind.as_str()).cloned().unwrap_or_default();
        let paid = people - volunteers;
        let mut placed = 0;
        while placed < paid {
            let role = match placed {
                0 if paid >= 4 && kind != "adp_support" => "service_manager",
                0 if kind == "adp_support" => "adp_coordinator",
                1 if paid >= 10 => "team_leader",
                _ => *self.dice.weighted(&roles),
            };
            placed += self.filled(team, role, paid - placed, moved);
            if self.dice.chance(vacant_of_a_thousand_filled(role)) {
                self.vacant(team, role, moved);
            }
        }
    }

    fn volunteers(&mut self, team: &Team, count: usize, peer: bool) {
        if count == 0 {
            return;
        }
        let opened_on = self.dice.before(self.plan.as_at, 1500, LONGEST_AGO);
        let peer = peer && self.dice.chance(600);
        let opening = self.open(team.service, Wanted { role: "volunteer", thousandths: 0, opened_on, peer });
        for _ in 0..count {
            let from = self.started().max(opened_on);
            let person = self.person(from);
            let minutes = 30 * i32::try_from(self.dice.between(4, 16)).unwrap_or(4);
            self.row(person, &opening, from, None, minutes, None);
            self.career(person, &opening, from, None);
        }
    }

    /// A post with its holder or, now and then, two who share it; how many people that took.
    fn filled(&mut self, team: &Team, role: &'static str, left: usize, moved: &mut HashSet<PersonId>) -> usize {
        let thousandths = self.part_time(role);
        let from = self.started();
        let is_new = self.dice.chance(250);
        let opened_on = if is_new { self.dice.before(from, 0, 30) } else { self.dice.before(from, 400, 2000) };
        let opened_on = opened_on.max(self.plan.as_at - Days::new(LONGEST_AGO));
        let peer = role == "peer_support_worker" || role == "recovery_community_worker" && self.dice.chance(400);
        let opening = self.open(team.service, Wanted { role, thousandths, opened_on, peer });
        let whole = thousandths == 1000;
        let taken = if whole && left > 1 && self.dice.chance(40) {
            let second = self.started().max(opened_on);
            self.hold(&opening, from, 500);
            self.hold(&opening, second, 500);
            2
        } else {
            let held = if whole && self.dice.chance(30) { *self.dice.pick(&[600, 800]) } else { thousandths };
            self.hold(&opening, from, held);
            1
        };
        self.before_them(&opening, from, moved);
        taken
    }

    /// A post without a holder, most of them with a past one.
    fn vacant(&mut self, team: &Team, role: &'static str, moved: &mut HashSet<PersonId>) {
        let long = self.dice.chance(480);
        let since =
            if long { self.dice.before(self.plan.as_at, 93, 420) } else { self.dice.before(self.plan.as_at, 4, 88) };
        let had_holder = self.dice.chance(850);
        let opened_on = if had_holder { self.dice.before(since, 500, 2200) } else { since };
        let thousandths = self.part_time(role);
        let opening =
            self.open(team.service, Wanted { role, thousandths, opened_on, peer: role == "peer_support_worker" });
        if had_holder {
            self.past_holder(&opening, since - Days::new(1), moved);
        }
    }

    /// Those who held the post before `from`, within the last years.
    fn before_them(&mut self, opening: &Opening, from: NaiveDate, moved: &mut HashSet<PersonId>) {
        let mut until = from;
        for _ in 0..3 {
            let to = self.dice.before(until, 14, 130);
            if to <= opening.opened_on || to < self.plan.as_at - Days::new(HISTORY) {
                return;
            }
            until = self.past_holder(opening, to, moved);
        }
    }

    /// Somebody who held the post until `to`, and the day on which they began.
    fn past_holder(&mut self, opening: &Opening, to: NaiveDate, moved: &mut HashSet<PersonId>) -> NaiveDate {
        let from = self.dice.before(to, 120, 1900).max(opening.opened_on);
        let next = if self.dice.chance(200) { self.who_began_after(opening.role, to, moved) } else { None };
        let (person, reason) = match next {
            Some((person, employer)) => {
                moved.insert(person);
                (person, if employer == opening.employer { "moved_within" } else { "new_job_in_sector" })
            }
            None => (self.person(from), *self.dice.weighted(&REASONS)),
        };
        self.appoint(person, opening, from, Some(to), opening.thousandths, Some(reason));
        self.career(person, opening, from, Some(to));
        from
    }

    /// Somebody of the same family whose present post began soon after, so may have come from here.
    fn who_began_after(&self, role: &str, to: NaiveDate, moved: &HashSet<PersonId>) -> Option<(PersonId, usize)> {
        let family = family(role);
        let soon = to + Days::new(60);
        self.careers
            .iter()
            .find(|career| {
                career.to.is_none()
                    && career.from > to
                    && career.from <= soon
                    && !career.told
                    && family == super::posts::family(career.role)
                    && !moved.contains(&career.person)
            })
            .map(|career| (career.person, career.employer))
    }

    /// A few people hold a second, smaller post.
    pub fn second_posts(&mut self, teams: &[Team]) {
        if teams.is_empty() {
            return;
        }
        let paid: Vec<Career> =
            self.careers.iter().filter(|c| c.to.is_none() && !c.told && c.role != "volunteer").cloned().collect();
        for career in paid {
            if !self.dice.chance(30) {
                continue;
            }
            let team = self.dice.pick(teams).clone();
            let from = self.dice.before(self.plan.as_at, 20, 900).max(career.from);
            let thousandths = *self.dice.pick(&[200, 300]);
            let wanted = Wanted { role: career.role, thousandths, opened_on: from, peer: false };
            let opening = self.open(team.service, wanted);
            self.appoint(career.person, &opening, from, None, thousandths, None);
            self.career(career.person, &opening, from, None);
        }
    }

    fn hold(&mut self, opening: &Opening, from: NaiveDate, thousandths: i32) {
        let person = self.person(from);
        self.appoint(person, opening, from, None, thousandths, None);
        self.career(person, opening, from, None);
    }

    /// When somebody now in post began: a quarter within a year, a third within three.
    fn started(&mut self) -> NaiveDate {
        let (least, most) = *self.dice.weighted(&[
            ((5, 365), 240),
            ((366, HISTORY), 340),
            ((HISTORY, 2555), 270),
            ((2556, LONGEST_AGO), 150),
        ]);
        self.dice.before(self.plan.as_at, least, most)
    }

    fn part_time(&mut self, role: &str) -> i32 {
        let whole = if role == "sessional_worker" { 15 } else { 62 };
        *self.dice.weighted(&[(1000, whole), (800, 10), (600, 13), (500, 11), (400, 4)])
    }
}

const REASONS: [(&str, usize); 5] =
    [("new_job_in_sector", 30), ("new_job_elsewhere", 28), ("fixed_term_ended", 16), ("personal", 14), ("retired", 12)];

/// Vacant posts for a thousand filled ones: clinical posts are hardest to fill, managers' easiest.
fn vacant_of_a_thousand_filled(role: &str) -> usize {
    match (role, family(role)) {
        ("service_manager" | "team_leader", _) => 18,
        (_, "medical" | "nursing" | "pharmacy" | "psychology_therapy") => 145,
        _ => 82,
    }
}

/// People for each team by weight, at least one each while they last.
fn shares(teams: &[Team], people: usize) -> Vec<usize> {
    let spare = people.saturating_sub(teams.len());
    let whole: usize = teams.iter().map(|team| team.weight).sum::<usize>().max(1);
    let mut shares: Vec<usize> = teams.iter().map(|team| 1 + spare * team.weight / whole).collect();
    let mut given: usize = shares.iter().sum();
    for at in (0..shares.len()).cycle().take(shares.len() * 2) {
        match given.cmp(&people) {
            std::cmp::Ordering::Less => {
                shares[at] += 1;
                given += 1;
            }
            std::cmp::Ordering::Equal => break,
            // Fewer people than teams: the last teams stay without anyone.
            std::cmp::Ordering::Greater => {
                let last = shares.len() - 1 - at;
                given -= shares[last].min(1);
                shares[last] = shares[last].saturating_sub(1);
            }
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_gets_a_team() {
        let team = |weight| Team { service: 0, weight };
        let teams: Vec<Team> = [5, 1, 3, 0].map(team).into();
        for people in [0, 1, 3, 4, 5, 17, 1000] {
            assert_eq!(shares(&teams, people).iter().sum::<usize>(), people, "{people}");
        }
        assert!(shares(&teams, 1000).iter().all(|share| *share > 0));
    }
}

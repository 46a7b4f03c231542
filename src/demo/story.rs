//! The small team behind the demo accounts: one lapsed, one lapsing, one new, one missing, one
//! exempt, and a post long vacant, so that every screen has something to show.

use chrono::{Days, NaiveDate};
use entity::id::PersonId;
use entity::post_version;
use entity::value::Assurance;
use uuid::Uuid;

use super::dice::at;
use super::employers::{NATIONAL, STORY, STORY_COUNCIL};
use super::generate::Make;
use super::posts::{Opening, Wanted};
use super::records::Finished;

/// E-mail addresses of the demo accounts' persons; the accounts are made from these.
pub const STAFF: &str = "staff@example.org";
pub const MANAGER: &str = "manager@example.org";
pub const EMPLOYER: &str = "employer@example.org";
pub const PROVIDER: &str = "provider@example.org";
pub const ADP: &str = "adp@example.org";
pub const PLANNER: &str = "planner@example.org";
pub const CURATOR: &str = "curator@example.org";
pub const ADMIN: &str = "admin@example.org";

pub(super) const NALOXONE: &str = "demo-001";
const ADULTS: &str = "demo-061";
const CHILDREN: &str = "demo-062";
const PRIVACY: &str = "demo-064";
const LONE_WORKING: &str = "demo-065";
pub(super) const TALKING: &str = "demo-011";
/// Who of the outreach team has another job to go to.
pub(super) const LEAVER: (&str, &str) = ("Tariq", "Hussain");
/// Since how many days the outreach team's post is vacant.
pub(super) const LONG_VACANT: u64 = 131;
pub(super) const TRAUMA: &str = "demo-014";
const STIGMA: &str = "demo-009";
const SUPERVISION: &str = "demo-060";

/// A member of the team: since how many days, hours in thousandths, what was finished how many
/// days ago and how far it is trusted.
struct Member {
    name: (&'static str, &'static str),
    email: Option<&'static str>,
    role: &'static str,
    since: u64,
    thousandths: i32,
    done: &'static [(&'static str, u64, Assurance)],
}

const SD: Assurance = Assurance::SelfDeclared;
const MC: Assurance = Assurance::ManagerConfirmed;
const EV: Assurance = Assurance::EmployerVerified;
const PI: Assurance = Assurance::ProviderIssued;

/// 36 months are about 1,095 days, 24 about 730: the numbers below choose lapsed and lapsing.
const OUTREACH: [Member; 8] = [
    Member {
        name: ("Callum", "Reid"),
        email: Some(MANAGER),
        role: "service_manager",
        since: 1900,
        thousandths: 1000,
        done: &[
            (NALOXONE, 300, PI),
            (ADULTS, 200, EV),
            (CHILDREN, 150, EV),
            (PRIVACY, 90, SD),
            (SUPERVISION, 400, EV),
            (STIGMA, 800, SD),
        ],
    },
    Member {
        name: ("Isla", "Fraser"),
        email: Some(STAFF),
        role: "outreach_worker",
        since: 840,
        thousandths: 1000,
        // Naloxone lapses in about six weeks; child protection lapsed three weeks ago.
        done: &[
            (NALOXONE, 1053, MC),
            (CHILDREN, 752, MC),
            (ADULTS, 410, EV),
            (TRAUMA, 120, SD),
            (STIGMA, 500, PI),
            (LONE_WORKING, 300, MC),
        ],
    },
    Member {
        name: LEAVER,
        email: None,
        role: "outreach_worker",
        since: 1500,
        thousandths: 800,
        // Naloxone lapsed three months ago.
        done: &[
            (NALOXONE, 1188, EV),
            (ADULTS, 640, EV),
            (CHILDREN, 400, EV),
            (PRIVACY, 200, MC),
            (LONE_WORKING, 500, MC),
            (TRAUMA, 700, PI),
        ],
    },
    Member {
        name: ("Zofia", "Nowak"),
        email: None,
        role: "outreach_worker",
        since: 21,
        thousandths: 1000,
        // New: everything is still in its days of grace.
        done: &[(PRIVACY, 12, SD)],
    },
    Member {
        name: ("Fergus", "MacNeil"),
        email: None,
        role: "harm_reduction_worker",
        since: 400,
        thousandths: 600,
        // Never recorded naloxone.
        done: &[(ADULTS, 330, MC), (CHILDREN, 330, MC), (LONE_WORKING, 310, SD), (PRIVACY, 40, SD)],
    },
    Member {
        name: ("Mairi", "Lamont"),
        email: None,
        role: "harm_reduction_worker",
        since: 1100,
        thousandths: 500,
        // Works indoors; exempt from lone working.
        done: &[(NALOXONE, 450, PI), (ADULTS, 450, EV), (CHILDREN, 450, EV), (PRIVACY, 100, MC), (TRAUMA, 90, PI)],
    },
    Member {
        name: ("Jordan", "Weir"),
        email: None,
        role: "peer_support_worker",
        since: 600,
        thousandths: 600,
        done: &[("demo-003", 520, PI), (ADULTS, 500, MC), (CHILDREN, 500, MC), (PRIVACY, 60, MC), (TRAUMA, 450, PI)],
    },
    Member {
        name: ("Shona", "Melville"),
        email: None,
        role: "addictions_nurse",
        since: 2100,
        thousandths: 1000,
        done: &[(NALOXONE, 700, PI), (ADULTS, 365, EV), (CHILDREN, 365, EV), (PRIVACY, 30, EV), (TRAUMA, 365, PI)],
    },
];

const HUB: [Member; 7] = [
    Member {
        name: ("Priya", "Nair"),
        email: Some(EMPLOYER),
        role: "service_manager",
        since: 2600,
        thousandths: 1000,
        done: &[(NALOXONE, 500, PI), (ADULTS, 300, EV), (CHILDREN, 300, EV), (PRIVACY, 45, EV), (SUPERVISION, 700, EV)],
    },
    Member {
        name: ("Una", "Gilchrist"),
        email: None,
        role: "recovery_worker",
        since: 900,
        thousandths: 1000,
        done: &[
            (NALOXONE, 880, PI),
            (ADULTS, 700, EV),
            (CHILDREN, 640, EV),
            (PRIVACY, 120, MC),
            (TALKING, 600, PI),
            (TRAUMA, 600, PI),
        ],
    },
    Member {
        name: ("Ruairidh", "MacKinnon"),
        email: None,
        role: "recovery_worker",
        since: 520,
        thousandths: 800,
        done: &[(NALOXONE, 480, MC), (ADULTS, 480, MC), (CHILDREN, 480, MC), (PRIVACY, 380, MC), (TRAUMA, 200, SD)],
    },
    Member {
        name: ("Nadia", "Ahmed"),
        email: None,
        role: "recovery_worker",
        since: 70,
        thousandths: 1000,
        done: &[(NALOXONE, 40, SD), (PRIVACY, 60, SD)],
    },
    Member {
        name: ("Kenneth", "Tait"),
        email: None,
        role: "senior_recovery_worker",
        since: 1700,
        thousandths: 1000,
        done: &[
            (NALOXONE, 1030, EV),
            (ADULTS, 1010, EV),
            (CHILDREN, 690, EV),
            (PRIVACY, 200, MC),
            (TALKING, 1300, PI),
            (TRAUMA, 900, PI),
        ],
    },
    Member {
        name: ("Leah", "Rutherford"),
        email: None,
        role: "family_support_worker",
        since: 1250,
        thousandths: 500,
        done: &[(NALOXONE, 200, PI), (ADULTS, 200, MC), (CHILDREN, 100, MC), (PRIVACY, 50, MC), ("demo-044", 600, PI)],
    },
    Member {
        name: ("Grant", "Petrie"),
        email: None,
        role: "administrator",
        since: 800,
        thousandths: 600,
        done: &[(ADULTS, 700, MC), (CHILDREN, 700, MC), (PRIVACY, 90, MC)],
    },
];

const VOLUNTEERS: [(&str, &str, u64, i32); 3] =
    [("Elspeth", "Guthrie", 700, 360), ("Imran", "Malik", 240, 240), ("Morven", "Kidd", 45, 180)];

impl Make<'_> {
    pub fn story(&mut self) {
        let outreach =
            self.service(STORY, STORY_COUNCIL, "assertive_outreach", Some("Outreach and harm reduction, Fife"));
        let hub = self.service(STORY, STORY_COUNCIL, "recovery_community", Some("Recovery hub, Kirkcaldy"));
        let mut indoors = None;
        for (service, member) in OUTREACH.iter().map(|m| (outreach, m)).chain(HUB.iter().map(|m| (hub, m))) {
            let person = self.member(service, member);
            if member.name.1 == "Lamont" {
                indoors = Some(person);
            }
        }
        self.vacancy(outreach, "outreach_worker", LONG_VACANT);
        self.vacancy(hub, "recovery_worker", 24);
        for (service, volunteers) in [(outreach, &VOLUNTEERS[..1]), (hub, &VOLUNTEERS[1..])] {
            self.helpers(service, volunteers);
        }
        self.indoors = indoors;
        self.officials();
    }

    /// The post was for another role until a day.
    fn was(&mut self, opening: &Opening, role: &str, until: NaiveDate) {
        let version = |number: u128, valid_from, role: &str, known: NaiveDate| post_version::Model {
            id: Uuid::from_u128(opening.post.0.as_u128() ^ number).into(),
            post_id: opening.post,
            valid_from,
            role: role.to_owned(),
            peer_role: false,
            volunteer: false,
            pay_framework: opening.framework.clone(),
            recorded_at: at(known),
            recorded_by: None,
            superseded_at: None,
        };
        self.rows.post_versions.push(version(1, None, role, opening.opened_on));
        self.rows.post_versions.push(version(2, Some(until), opening.role, until));
    }

    fn member(&mut self, service: usize, member: &Member) -> PersonId {
        let Member { name, email, role, since, thousandths, done } = *member;
        let from = self.days_ago(since);
        let opened_on = from - Days::new(if since > 800 { 0 } else { 500 });
        let person = self.known(name, email, from);
        let wanted = Wanted { role, thousandths, opened_on, peer: role == "peer_support_worker" };
        let opening = self.open(service, wanted);
        self.appoint(person, &opening, from, None, thousandths, None);
        self.tell(person, &opening, from);
        if member.name.1 == "Tait" {
            self.was(&opening, "recovery_worker", self.days_ago(420));
        }
        self.did(person, done);
        person
    }

    /// What somebody of the story finished, so many days ago, trusted so far.
    fn did(&mut self, person: PersonId, done: &[(&str, u64, Assurance)]) {
        let employer = self.rows.organisations[STORY].id;
        for (reference, days, assurance) in done {
            if let Some(course) = self.course(reference) {
                let on = self.days_ago(*days);
                self.finish(&Finished { person, employer, course, on, assurance: *assurance });
            }
        }
    }

    /// A post whose holder left so many days ago.
    fn vacancy(&mut self, service: usize, role: &'static str, days: u64) {
        let opened_on = self.days_ago(days + 900);
        let opening = self.open(service, Wanted { role, thousandths: 1000, opened_on, peer: false });
        let (from, to) = (self.days_ago(days + 700), self.days_ago(days));
        let person = self.known(if days > 90 { ("Dougal", "Haldane") } else { ("Ceit", "MacRae") }, None, from);
        self.appoint(person, &opening, from, Some(to), 1000, Some("new_job_in_sector"));
        self.tell(person, &opening, from);
        self.did(person, &[(ADULTS, days + 300, MC), (NALOXONE, days + 240, PI), (TRAUMA, days + 60, MC)]);
    }

    fn helpers(&mut self, service: usize, people: &[(&str, &str, u64, i32)]) {
        let opened_on = self.days_ago(1500);
        let opening = self.open(service, Wanted { role: "volunteer", thousandths: 0, opened_on, peer: false });
        let employer = self.rows.organisations[STORY].id;
        for (given, family, since, minutes) in people {
            let from = self.days_ago(*since);
            let person = self.known((given, family), None, from);
            self.row(person, &opening, from, None, *minutes, None);
            self.tell(person, &opening, from);
            if let (Some(course), true) = (self.course(NALOXONE), *since > 100) {
                let on = from + Days::new(30);
                self.finish(&Finished { person, employer, course, on, assurance: SD });
            }
        }
    }

    /// The planner, the curator and the administrator work at a national body, the co-ordinator
    /// for a partnership; the provider's editor has no post in the sector.
    fn officials(&mut self) {
        let partnership = self
            .rows
            .services
            .iter()
            .find(|row| {
                row.area == STORY_COUNCIL && matches!(row.sector.as_str(), "local_authority" | "hscp_integrated")
            })
            .and_then(|row| self.rows.organisations.iter().position(|of| of.id == row.organisation_id));
        let support = self.service(
            partnership.unwrap_or(NATIONAL),
            STORY_COUNCIL,
            "adp_support",
            Some("Partnership support team, Fife"),
        );
        let data = self.service(NATIONAL, "council-city-of-edinburgh", "policy_data", Some("Workforce planning"));
        self.official(support, "adp_coordinator", ("Ewan", "Drummond"), ADP);
        self.official(data, "data_analyst", ("Amara", "Okafor"), PLANNER);
        self.official(data, "trainer", ("Finlay", "Spence"), CURATOR);
        self.official(data, "administrator", ("Rona", "MacAskill"), ADMIN);
        let since = self.days_ago(1000);
        self.known(("Morag", "Sinclair"), Some(PROVIDER), since);
    }

    fn official(&mut self, service: usize, role: &'static str, name: (&str, &str), email: &str) {
        let from = self.days_ago(1200);
        let person = self.known(name, Some(email), from);
        let opening = self.open(service, Wanted { role, thousandths: 1000, opened_on: from, peer: false });
        self.appoint(person, &opening, from, None, 1000, None);
        self.tell(person, &opening, from);
    }

    fn known(&mut self, (given, family): (&str, &str), email: Option<&str>, since: NaiveDate) -> PersonId {
        let birthday = self.dice.before(since, 24 * 365, 50 * 365);
        self.named(given, family, email.map(str::to_owned), Some(birthday), since)
    }

    fn tell(&mut self, person: PersonId, opening: &Opening, from: NaiveDate) {
        self.career(person, opening, from, None);
        if let Some(career) = self.careers.last_mut() {
            career.told = true;
        }
    }

    pub(super) fn days_ago(&self, days: u64) -> NaiveDate {
        self.plan.as_at - Days::new(days)
    }
}

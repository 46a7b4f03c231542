//! Two employers who also provide learning, with everything that the API has paths for, and a caller
//! of every kind. All callers belong to the first employer or to nobody, so that "own" is one thing.

use cairn::access::session;
use cairn::account::NewAccount;
use chrono::TimeDelta;
use entity::account;
use entity::id::{OrganisationId, PersonId, PostId, ServiceId};
use entity::value::Role;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::side::{self, Desks, Plan, Side};
use crate::support::build::{self, day};
use crate::support::{Client, TestApp};

pub const LEGEND: &str = "\
# Who gets what answer. Status; with the number of records where a list is answered.
# ids: whose things are named in the path, the query and the body.
#   own        of the employer, the service and the person that the callers belong to
#   neighbour  of the same employer, in another service and of another person
#   foreign    of another employer
#   mixed      the first id of the path is own, everything else is foreign
#   past       the employer where the person was before, everything else is own
#   -          no ids
# callers: staff is the person themselves; manager (of one service), employer, provider: of \"own\".
#   adp: of the area of all of them. former: of the employer where the person was before. revoked: was
#   an employer of \"own\" until a moment ago. entering: an employer of \"own\" who has yet to choose a password.
";

pub struct World {
    pub test: TestApp,
    pub own: Side,
    pub neighbour: Side,
    pub foreign: Side,
    pub past: Side,
    pub callers: Vec<(&'static str, Client)>,
}

/// An employer with a service, and somebody who acts for it.
pub struct Employer {
    pub organisation: OrganisationId,
    pub name: String,
    pub service: ServiceId,
    pub email: String,
}

impl Employer {
    async fn new(test: &TestApp, name: &str) -> Self {
        let called = format!("{name} (synthetic)");
        let organisation = build::organisation().name(called.clone()).provider(true).save(test).await;
        let service = build::service(organisation).name(format!("{name} team")).save(test).await;
        let email = format!("hr-{}@example.org", name.to_lowercase());
        make_account(test, &email, None, Some((Role::Employer, organisation))).await;
        Self { organisation, name: called, service, email }
    }

    pub async fn post(&self, test: &TestApp) -> PostId {
        build::post(self.service).save(test).await
    }
}

async fn make_account(test: &TestApp, email: &str, person: Option<PersonId>, role: Option<(Role, OrganisationId)>) {
    let (role, organisation) = (role.map(|(role, _)| role), role.map(|(_, organisation)| organisation));
    test.account(NewAccount { email: email.to_owned(), person, role, organisation, ..NewAccount::default() }).await;
}

/// Somebody signed in, without the time that a password takes.
pub async fn enter(test: &TestApp, email: &str) -> Client {
    let found = account::Entity::find().filter(account::Column::EmailFolded.eq(email)).one(&test.app.db).await;
    let account = found.unwrap().unwrap_or_else(|| panic!("no account {email}"));
    let token = session::start(&test.app, &test.app.db, account.id).await.unwrap();
    test.anonymous().with_cookie(&format!("session={token}"))
}

impl World {
    pub async fn new(test: TestApp) -> Self {
        let noon = test.app.clock.now();
        // what has to be a month old is made first
        test.app.clock.advance(TimeDelta::days(-31));
        let clyde = Employer::new(&test, "Clyde").await;
        let forth = Employer::new(&test, "Forth").await;
        let former = Employer::new(&test, "Former").await;
        let asking = Employer::new(&test, "Asking").await;
        let refused = Employer::new(&test, "Refused").await;
        let second = build::service(clyde.organisation).name("Clyde second team").save(&test).await;

        for (email, organisation) in [
            ("provider@example.org", clyde.organisation),
            ("colleague@example.org", clyde.organisation),
            ("elsewhere@example.org", forth.organisation),
        ] {
            let person = build::person(&test, "Rory").await;
            make_account(&test, email, Some(person), Some((Role::Provider, organisation))).await;
        }
        for (email, role) in [("curator-2", Role::Curator), ("admin-2", Role::Admin)] {
            let email = format!("{email}@example.org");
            test.account(NewAccount { email, role: Some(role), ..NewAccount::default() }).await;
        }

        let plan = |name, employer, service, desk| Plan { name, employer, service, desk, asking: [&asking, &refused] };
        let plans = [
            plan("ailsa", &clyde, clyde.service, "provider"),
            plan("nessa", &clyde, second, "colleague"),
            plan("zander", &forth, forth.service, "elsewhere"),
        ];
        let mut old = Vec::new();
        for plan in &plans {
            old.push(side::refused(&test, plan).await);
        }
        test.app.clock.advance(noon - test.app.clock.now());
        let desks = Desks::open(&test).await;
        let mut sides = Vec::new();
        for (plan, old) in plans.iter().zip(old) {
            sides.push(side::side(&test, &desks, plan, old).await);
        }
        let [own, neighbour, foreign] = sides.try_into().unwrap_or_else(|_| unreachable!());
        let worker: PersonId = own["person"].parse::<uuid::Uuid>().unwrap().into();
        let left = former.post(&test).await;
        build::appointment(worker, left).from(day("2020-06-01")).until(day("2023-12-31")).save(&test).await;
        cairn::skill::keep_leavers(&test.app).await.unwrap();
        let past = side::employer(&former);
        let callers = callers(&test, &desks, &clyde, &former).await;
        Self { test, own, neighbour, foreign, past, callers }
    }

    pub fn caller(&self, name: &str) -> &Client {
        let found = self.callers.iter().find(|(known, _)| *known == name);
        &found.unwrap_or_else(|| panic!("no caller {name}")).1
    }
}

async fn callers(test: &TestApp, desks: &Desks, clyde: &Employer, former: &Employer) -> Vec<(&'static str, Client)> {
    let mut callers = vec![("anonymous", test.anonymous()), ("staff", enter(test, "ailsa@example.org").await)];
    let manager = build::member(test, clyde.service, "Morag").await;
    let others = [
        ("manager", Some(manager), Some(Role::Manager)),
        ("employer", Some(build::person(test, "Eilidh").await), Some(Role::Employer)),
        ("provider", None, None),
        ("adp", None, Some(Role::Adp)),
        ("planner", None, Some(Role::Planner)),
        ("curator", None, Some(Role::Curator)),
        ("admin", None, Some(Role::Admin)),
    ];
    for (name, person, role) in others {
        let of_clyde = matches!(role, Some(Role::Manager | Role::Employer));
        let new = NewAccount {
            email: format!("{name}@example.org"),
            person,
            role,
            organisation: of_clyde.then_some(clyde.organisation),
            service: (role == Some(Role::Manager)).then_some(clyde.service),
            area: (role == Some(Role::Adp)).then(|| "adp-glasgow".to_owned()),
            ..NewAccount::default()
        };
        // the provider has written items already
        if role.is_some() {
            test.account(new).await;
        }
        callers.push((name, enter(test, &format!("{name}@example.org")).await));
    }
    callers.push(("former", enter(test, &former.email).await));

    make_account(test, "revoked@example.org", None, Some((Role::Employer, clyde.organisation))).await;
    let revoked = enter(test, "revoked@example.org").await;
    let found = desks.admin.get("/api/accounts?q=revoked").await.expect(200);
    let (id, grant) = (&found["items"][0]["id"], &found["items"][0]["roles"][0]["id"]);
    let path = format!("/api/accounts/{}/grants/{}", id.as_str().unwrap(), grant.as_str().unwrap());
    desks.admin.delete(&path).await.expect(200);
    callers.push(("revoked", revoked));

    let new = NewAccount {
        email: "entering@example.org".to_owned(),
        role: Some(Role::Employer),
        organisation: Some(clyde.organisation),
        must_change: true,
        ..NewAccount::default()
    };
    test.account(new).await;
    callers.push(("entering", enter(test, "entering@example.org").await));
    callers
}

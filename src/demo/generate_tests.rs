use std::collections::{BTreeSet, HashMap};

use chrono::Days;
use entity::id::{PersonId, PostId};
use entity::value::AreaKind;

use super::*;
use crate::base::wte::thousandths;
use crate::demo::{catalogue, dice, story};
use crate::reference::{area, pay, vocabulary};

fn courses() -> Vec<Course> {
    let sample = catalogue::read(&mut Dice::new(0), day(), day()).unwrap();
    let themes = |id| sample.themes.iter().filter(move |row| row.item_id == id);
    let course = |item: &entity::item::Model| Course {
        id: item.id,
        reference: item.reference.clone(),
        provider: item.provider_id,
        kind: item.kind,
        minutes: item.minutes.unwrap_or_default(),
        validity_months: item.validity_months,
        themes: themes(item.id).map(|row| (row.theme.clone(), row.level)).collect(),
    };
    sample.items.iter().map(course).collect()
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
}

fn sector(people: usize, seed: u64) -> Rows {
    generate(Plan { people, seed, as_at: day() }, &courses())
}

/// On the day.
fn is_held(row: &entity::appointment::Model) -> bool {
    row.superseded_at.is_none() && row.starts_on <= day() && row.ends_on.is_none_or(|to| to >= day())
}

/// People in post on the day, by person.
fn in_post(rows: &Rows) -> BTreeSet<PersonId> {
    let current = rows.appointments.iter().filter(|row| is_held(row));
    current.map(|row| row.person_id).collect()
}

/// Establishment and vacant WTE in thousandths of the posts of some roles.
fn vacancies(rows: &Rows, of: impl Fn(&str) -> bool) -> (i32, i32) {
    let mut held: HashMap<PostId, i32> = HashMap::new();
    let frameworks: HashMap<PostId, &str> = rows.posts.iter().map(|p| (p.id, p.pay_framework.as_str())).collect();
    for row in rows.appointments.iter().filter(|row| is_held(row)) {
        let week = pay::full_time_minutes(frameworks[&row.post_id], day()).unwrap();
        *held.entry(row.post_id).or_default() += thousandths(row.weekly_minutes, week);
    }
    let funded: HashMap<PostId, i32> = rows.establishments.iter().map(|e| (e.post_id, e.wte_thousandths)).collect();
    let posts = rows.posts.iter().filter(|post| !post.volunteer && of(&post.role));
    posts.fold((0, 0), |(whole, vacant), post| {
        let (funded, held) = (funded[&post.id], held.get(&post.id).copied().unwrap_or(0));
        assert!(held <= funded, "{} holds more than is funded", post.reference);
        (whole + funded, vacant + funded - held)
    })
}

#[test]
fn the_same_plan_makes_the_same_rows() {
    assert!(sector(300, 7) == sector(300, 7));
    assert!(sector(300, 7) != sector(300, 8));
}

#[test]
fn as_many_people_as_asked_whatever_the_number() {
    for people in [30, 60, 250, 1200] {
        assert_eq!(in_post(&sector(people, 7)).len(), people, "{people}");
    }
}

#[test]
fn a_full_sector_covers_scotland() {
    let rows = sector(1200, 7);
    assert_eq!(rows.organisations.len(), 200);
    assert!((280..=310).contains(&rows.services.len()), "{} services", rows.services.len());
    for adp in area::all().of_kind(AreaKind::Adp) {
        let councils = area::all().councils_of(&adp.slug, day());
        let employers: BTreeSet<_> = rows
            .services
            .iter()
            .filter(|service| councils.iter().any(|council| council.slug == service.area))
            .map(|service| service.organisation_id)
            .collect();
        assert!(employers.len() >= 3, "{} has {} employers", adp.slug, employers.len());
    }
    let lately = rows.confirmations.iter().filter(|of| of.on_day > day() - Days::new(365));
    let reviewed: BTreeSet<_> = lately.map(|of| of.organisation_id).collect();
    assert!((168..=186).contains(&reviewed.len()), "about 88 in 100 answer");
    assert!(rows.organisations.iter().all(|of| of.synthetic && of.name.ends_with("(synthetic)")));
    assert!(rows.persons.iter().all(|person| person.synthetic));
}

#[test]
fn vacancies_are_as_in_the_surveys() {
    for seed in 1..=3 {
        let rows = sector(3000, seed);
        let rate = |of: &dyn Fn(&str) -> bool| {
            let (whole, vacant) = vacancies(&rows, of);
            f64::from(vacant) / f64::from(whole) * 100.0
        };
        let clinical = |role: &str| {
            let family = vocabulary::term("role", role).and_then(|term| term.parent.as_deref());
            matches!(family, Some("nursing" | "medical" | "pharmacy" | "psychology_therapy"))
        };
        let all = rate(&|_| true);
        assert!((7.8..10.2).contains(&all), "{all:.1}% in all");
        assert!(rate(&clinical) > rate(&|role| !clinical(role)) + 1.0);
        let managers = rate(&|role| role == "service_manager");
        assert!(managers < 6.0, "{managers:.1}% of managers");
    }
}

#[test]
fn volunteers_have_hours_and_no_establishment() {
    let rows = sector(1200, 7);
    let posts: BTreeSet<PostId> = rows.posts.iter().filter(|post| post.volunteer).map(|post| post.id).collect();
    let hours: Vec<_> = rows.appointments.iter().filter(|row| posts.contains(&row.post_id)).collect();
    assert!(hours.len() > 80, "{} volunteers", hours.len());
    assert!(hours.iter().all(|row| row.weekly_minutes > 0));
    assert!(rows.establishments.iter().filter(|e| posts.contains(&e.post_id)).all(|e| e.wte_thousandths == 0));
    assert!(rows.posts.iter().any(|post| post.peer_role));
}

#[test]
fn nothing_contradicts_itself() {
    let rows = sector(1200, 7);
    let mut references = BTreeSet::new();
    assert!(rows.posts.iter().all(|post| references.insert((post.service_id, &post.reference))));
    let opened: HashMap<PostId, NaiveDate> = rows.posts.iter().map(|post| (post.id, post.opened_on)).collect();
    for row in &rows.appointments {
        assert!(row.ends_on.is_none_or(|to| to >= row.starts_on), "{row:?}");
        assert!(row.starts_on >= opened[&row.post_id], "{row:?}");
        assert!(row.weekly_minutes > 0 && row.recorded_at <= dice::at(day()));
    }
    let standing = || rows.appointments.iter().filter(|row| row.superseded_at.is_none());
    assert_eq!(standing().filter(|row| row.starts_on > day()).count(), 1, "one starts in the weeks ahead");
    assert_eq!(standing().filter(|row| row.ends_on.is_some_and(|to| to >= day())).count(), 1, "and one leaves");
    let mut live = BTreeSet::new();
    let born: HashMap<PersonId, _> = rows.persons.iter().map(|person| (person.id, person.date_of_birth)).collect();
    for row in &rows.completions {
        assert!(row.completed_on <= day() && row.recorded_at <= dice::at(day()));
        assert!(row.live_key.as_ref().is_none_or(|key| live.insert(key)), "{row:?}");
        let fourteen = born[&row.person_id].map(|on| on + Days::new(14 * 366));
        assert!(fourteen.is_none_or(|from| row.completed_on >= from));
    }
    assert_eq!(rows.exemptions.len(), 1);
    for email in [story::STAFF, story::MANAGER, story::EMPLOYER, story::PROVIDER, story::ADP, story::PLANNER] {
        assert_eq!(rows.persons.iter().filter(|p| p.email.as_deref() == Some(email)).count(), 1, "{email}");
    }
}

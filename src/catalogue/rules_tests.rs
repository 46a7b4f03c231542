use super::*;
use crate::catalogue::differences::between;
use crate::catalogue::words::Hints;

fn content() -> Content {
    let mut content = Content::empty("x-1".to_owned(), OrganisationId(uuid::Uuid::nil()));
    content.title = "Naloxone".to_owned();
    content.delivery = "E-learning at your own pace".to_owned();
    content.cost = "free".to_owned();
    content
}

fn faults(content: &mut Content) -> Vec<(String, String)> {
    let error = content.settle(&mut Hints::default()).unwrap_err();
    error.problem().fields.iter().map(|field| (field.field.clone(), field.code.clone())).collect()
}

#[test]
fn labels_become_slugs_and_lists_are_put_in_order() {
    let mut item = content();
    item.topics = vec!["Naloxone and overdose".to_owned(), "harm-reduction".to_owned(), "naloxone".to_owned()];
    item.mat_standards = vec![4, 1, 4];
    item.area = Some("Fife".to_owned());
    item.settle(&mut Hints::default()).unwrap();
    assert_eq!(item.delivery, "elearning");
    assert_eq!(item.topics, ["harm-reduction", "naloxone-overdose"]);
    assert_eq!(item.mat_standards, [1, 4]);
    assert_eq!(item.area.as_deref(), Some("council-fife"));
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let mut item = content();
    item.title = " \u{0} ".to_owned();
    item.url = Some("javascript:alert(1)".to_owned());
    item.minutes = Some(-5);
    item.topics = vec!["naloxone-overdos".to_owned()];
    item.delivery = String::new();
    let fields: Vec<String> = faults(&mut item).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["delivery", "topics", "title", "url", "minutes"]);
}

#[test]
fn control_characters_go_and_lines_stay() {
    let mut item = content();
    item.description = "One\r\nTwo\u{0}\u{7}\n\n- three".to_owned();
    item.settle(&mut Hints::default()).unwrap();
    assert_eq!(item.description, "One\nTwo\n\n- three");
}

#[test]
fn only_curators_publish() {
    for from in [ItemStatus::Draft, ItemStatus::InReview, ItemStatus::Published, ItemStatus::Retired] {
        assert!(!moves(from, false).contains(&ItemStatus::Published));
        assert!(!moves(from, false).contains(&ItemStatus::Retired));
        assert!(!moves(from, true).is_empty());
    }
}

#[test]
fn differences_name_what_changed_and_nothing_else() {
    let (old, mut new) = (content(), content());
    assert!(between(&old, &new).is_empty());
    new.minutes = Some(45);
    new.title = "Naloxone basics".to_owned();
    let fields: Vec<_> = between(&old, &new).into_iter().map(|difference| difference.field).collect();
    assert_eq!(fields, ["title", "minutes"]);
}

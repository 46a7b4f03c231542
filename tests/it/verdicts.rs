//! What organisations say of a completion: each for itself.

use cairn::learning::store::verdicts;
use serde_json::json;

use crate::on_both_databases;
use crate::support::learn::Team;

on_both_databases! {
    async fn a_rejection_is_the_rejecting_organisations_alone(test: TestApp) {
        let team = Team::new(&test).await;
        let made = team.record(team.naloxone, "2026-06-01").await;
        let at = format!("/api/learning/completions/{}", made["id"].as_str().unwrap());
        let (here, elsewhere) = (team.place.organisation, team.provider);
        let refused = async || verdicts::refused_by(&test.app.db, Some(&[here, elsewhere]), Some(&[team.ailsa])).await.unwrap();
        assert!(refused().await.is_empty());
        team.manager.post(&format!("{at}/reject"), &json!({"reason": "Another course."})).await.expect(200);
        let ids: Vec<_> = refused().await.into_iter().map(|(of, id)| (of, id.to_string())).collect();
        assert_eq!(ids, [(here, made["id"].as_str().unwrap().to_owned())]);
        assert_eq!(verdicts::refused_by(&test.app.db, None, None).await.unwrap().len(), 1);
        assert!(verdicts::refused_by(&test.app.db, Some(&[elsewhere]), None).await.unwrap().is_empty());
    }
}

//! Indexes for questions that grew with the tables: each line names the question that it is for.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const INDEXES: [(&str, &str, &[&str]); 12] = [
    // similar items on every item's page; what is new on the start page
    ("ix_item_topic_topic", "item_topic", &["topic"]),
    // items that build a theme that is required
    ("ix_item_theme_theme", "item_theme", &["theme"]),
    // an editor's list by change; what was published lately
    ("ix_item_updated_at", "item", &["updated_at", "id"]),
    ("ix_item_published_at", "item", &["published_at"]),
    // whether an item may be taken back: who relies on it
    ("ix_requirement_item_item_id", "requirement_item", &["item_id"]),
    ("ix_pathway_step_item_id", "pathway_step", &["item_id"]),
    // an organisation's accounts; whether an administrator remains
    ("ix_role_grant_organisation_id", "role_grant", &["organisation_id"]),
    ("ix_role_grant_role", "role_grant", &["role"]),
    // a person's ledger, newest first
    ("ix_access_event_person_id_at", "access_event", &["person_id", "at"]),
    // a team's completions of what is required
    ("ix_completion_item_id_state", "completion", &["item_id", "state"]),
    ("ix_completion_person_id_state", "completion", &["person_id", "state"]),
    // releases by age
    ("ix_release_created_at", "release", &["created_at"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, table, columns) in INDEXES {
            let mut index = Index::create().name(name).table(table).take();
            for column in columns {
                index.col(*column);
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, table, _) in INDEXES {
            manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
        }
        Ok(())
    }
}

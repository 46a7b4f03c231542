//! Each time that an employer says its figures are right is a row of its own: until now one field
//! was overwritten. What it held becomes a row that says that earlier ones are not known.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let confirmation = Table::create()
            .table("figures_confirmation")
            .col(uuid("id").primary_key())
            .col(uuid("organisation_id"))
            .col(date("on_day"))
            .col(boolean("earlier_unknown"))
            .col(uuid_null("account_id"))
            .col(timestamp_with_time_zone("recorded_at"))
            .foreign_key(ForeignKey::create().from("figures_confirmation", "organisation_id").to("organisation", "id"))
            .foreign_key(ForeignKey::create().from("figures_confirmation", "account_id").to("account", "id"))
            .take();
        manager.create_table(confirmation).await?;
        let once_a_day = Index::create()
            .name("uq_figures_confirmation_organisation_id_on_day")
            .table("figures_confirmation")
            .col("organisation_id")
            .col("on_day")
            .unique()
            .take();
        manager.create_index(once_a_day).await?;
        let on_day =
            Index::create().name("ix_figures_confirmation_on_day").table("figures_confirmation").col("on_day").take();
        manager.create_index(on_day).await?;
        let noon = match manager.get_database_backend() {
            DbBackend::Postgres => "(reviewed_on + time '12:00') AT TIME ZONE 'UTC'",
            _ => "reviewed_on || 'T12:00:00+00:00'",
        };
        // one row an organisation, so its id serves
        let sql = format!(
            "INSERT INTO figures_confirmation (id, organisation_id, on_day, earlier_unknown, account_id, recorded_at) \
             SELECT id, id, reviewed_on, TRUE, NULL, {noon} FROM organisation WHERE reviewed_on IS NOT NULL"
        );
        manager.get_connection().execute_unprepared(&sql).await?;
        manager.alter_table(Table::alter().table("organisation").drop_column("reviewed_on").take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("organisation").add_column(date_null("reviewed_on")).take()).await?;
        let sql = "UPDATE organisation SET reviewed_on = (SELECT MAX(on_day) FROM figures_confirmation \
                   WHERE organisation_id = organisation.id)";
        manager.get_connection().execute_unprepared(sql).await?;
        manager.drop_table(Table::drop().table("figures_confirmation").take()).await
    }
}

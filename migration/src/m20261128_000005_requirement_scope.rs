//! A requirement is for several roles, role families and services; the one role that it had moves over.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::{column, stale};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let named = Expr::cust(
            "(CASE WHEN role IS NULL THEN 0 ELSE 1 END) + (CASE WHEN role_family IS NULL THEN 0 ELSE 1 END) \
             + (CASE WHEN service_id IS NULL THEN 0 ELSE 1 END) = 1",
        );
        let scope = Table::create()
            .table("requirement_scope")
            .col(uuid("requirement_id"))
            .col(integer("place"))
            .col(column::text_null("role"))
            .col(column::text_null("role_family"))
            .col(uuid_null("service_id"))
            .primary_key(Index::create().col("requirement_id").col("place"))
            .foreign_key(ForeignKey::create().from("requirement_scope", "requirement_id").to("requirement", "id"))
            .foreign_key(ForeignKey::create().from("requirement_scope", "service_id").to("service", "id"))
            .check(named)
            .take();
        manager.create_table(scope).await?;
        let index =
            Index::create().name("ix_requirement_scope_service_id").table("requirement_scope").col("service_id").take();
        manager.create_index(index).await?;
        let moved = "INSERT INTO requirement_scope (requirement_id, place, role) \
             SELECT id, 0, role FROM requirement WHERE role IS NOT NULL";
        manager.get_connection().execute_unprepared(moved).await?;
        manager.alter_table(Table::alter().table("requirement").drop_column("role").take()).await?;
        stale::note(manager, "requirement_scope", "requirement", "requirement_id").await
    }

    /// What the old shape cannot say is lost: of several roles the first stays.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        stale::forget(manager, "requirement_scope").await?;
        manager.alter_table(Table::alter().table("requirement").add_column(column::text_null("role")).take()).await?;
        let back = "UPDATE requirement SET role = (SELECT named.role FROM requirement_scope AS named \
             WHERE named.requirement_id = requirement.id AND named.role IS NOT NULL ORDER BY named.place LIMIT 1)";
        manager.get_connection().execute_unprepared(back).await?;
        manager.drop_table(Table::drop().table("requirement_scope").take()).await
    }
}

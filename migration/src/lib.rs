//! Floor 0: one file a migration. Written against column names only: migrations outlive entities.

#![expect(elided_lifetimes_in_paths, reason = "the trait elides SchemaManager's lifetime, so must we")]

pub use sea_orm_migration::prelude::MigratorTrait;
use sea_orm_migration::prelude::*;

mod column;
mod m20260901_000001_reference;
mod m20260901_000002_organisation;
mod m20260901_000003_people;
mod m20260901_000004_account;
mod m20260901_000005_catalogue;
mod m20260901_000006_learning;
mod m20260901_000007_skill;
mod m20260901_000008_mapping;
mod m20260901_000009_privacy;
mod m20260901_000010_data_version;
mod m20260901_000011_item_import;
mod m20261127_000010_item_terms;
mod m20261127_000001_version_by_domain;
mod m20261127_000002_idempotency;
mod m20261127_000015_completion_verdict;
mod m20261127_000045_account_security;
mod m20261127_000003_indexes;
mod m20261127_000030_figures_confirmation;
mod m20261127_000031_versions;
mod m20261127_000011_item_proposal;
mod m20261127_000012_item_taking_part;
mod m20261127_000013_item_import_steps;
mod m20261127_000005_folding;
mod m20261127_000020_joining;
mod m20261127_000040_exemption_span;
mod m20261127_000041_requirement_status;
mod m20261127_000016_rejections_of_one;
mod m20261128_000010_dated_roles;
mod m20261128_000011_leaver_copy;
mod m20261128_000005_requirement_scope;
mod stale;
mod m20261128_000001_outside_learning;

/// All migrations, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20260901_000001_reference::Migration),
            Box::new(m20260901_000002_organisation::Migration),
            Box::new(m20260901_000003_people::Migration),
            Box::new(m20260901_000004_account::Migration),
            Box::new(m20260901_000005_catalogue::Migration),
            Box::new(m20260901_000006_learning::Migration),
            Box::new(m20260901_000007_skill::Migration),
            Box::new(m20260901_000008_mapping::Migration),
            Box::new(m20260901_000009_privacy::Migration),
            Box::new(m20260901_000010_data_version::Migration),
            Box::new(m20260901_000011_item_import::Migration),
            Box::new(m20261127_000010_item_terms::Migration),
            Box::new(m20261127_000001_version_by_domain::Migration),
            Box::new(m20261127_000002_idempotency::Migration),
            Box::new(m20261127_000015_completion_verdict::Migration),
            Box::new(m20261127_000045_account_security::Migration),
            Box::new(m20261127_000003_indexes::Migration),
            Box::new(m20261127_000030_figures_confirmation::Migration),
            Box::new(m20261127_000031_versions::Migration),
            Box::new(m20261127_000011_item_proposal::Migration),
            Box::new(m20261127_000012_item_taking_part::Migration),
            Box::new(m20261127_000013_item_import_steps::Migration),
            Box::new(m20261127_000005_folding::Migration),
            Box::new(m20261127_000020_joining::Migration),
            Box::new(m20261127_000040_exemption_span::Migration),
            Box::new(m20261127_000041_requirement_status::Migration),
            Box::new(m20261127_000016_rejections_of_one::Migration),
            Box::new(m20261128_000010_dated_roles::Migration),
            Box::new(m20261128_000011_leaver_copy::Migration),
            Box::new(m20261128_000001_outside_learning::Migration),
            Box::new(m20261128_000005_requirement_scope::Migration),
        ]
    }
}

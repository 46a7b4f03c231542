//! The one integration test binary: every test runs against the whole program on real databases.

#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected fails there and then")]

mod support;
mod verdicts;

mod access_matrix;
mod account;
mod accounts;
mod catalogue;
mod catalogue_import;
mod catalogue_pressed;
mod catalogue_proposals;
mod catalogue_search;
mod catalogue_terms;
mod catalogue_undo;
mod connections;
mod demo;
mod directory;
mod evidence;
mod edge;
mod faults;
mod floors;
mod home;
mod hostile;
mod hours;
mod joining;
mod kept;
mod learning;
mod learning_others;
mod letters;
mod mapping;
mod mapping_dates;
mod merging;
mod one_moment;
mod openapi;
mod organisation;
mod organisation_posts;
mod organisation_races;
mod outside;
mod people;
mod reference;
mod relevance;
mod requirements;
mod retry;
mod search_contract;
mod search_embedded;
mod search_engines;
mod search_remote_faults;
mod security;
mod sheets;
mod skill;
mod standing;

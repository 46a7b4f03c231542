//! The one integration test binary: every test runs against the whole program on real databases.

mod support;

mod access_matrix;
mod account;
mod catalogue;
mod catalogue_import;
mod catalogue_search;
mod demo;
mod evidence;
mod floors;
<<<<<<< HEAD
mod learning;
mod learning_others;
=======
mod mapping;
>>>>>>> 8ffa12f (Workforce map: tables that are safe to publish, releases and their files; backup and restore)
mod openapi;
mod organisation;
mod outside;
mod people;
mod reference;
mod relevance;
mod search_contract;
mod search_embedded;
mod search_engines;
mod search_remote_faults;
mod requirements;
mod skill;

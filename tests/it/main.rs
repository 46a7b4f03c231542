//! The one integration test binary: every test runs against the whole program on real databases.

mod support;

mod access_matrix;
mod account;
mod demo;
mod floors;
mod openapi;
mod outside;
mod reference;

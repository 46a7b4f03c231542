//! Feature: learning. A person's completions, the evidence for them and how far they are trusted.
//! A completion belongs to the person and follows them; nothing of its history is overwritten.

pub mod rules;

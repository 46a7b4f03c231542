//! Floor 5: the command line.

mod cli;

use std::process::ExitCode;

use clap::Parser;

/// A third more searches a second than with the system's allocator, and sign-ins, each of which takes
/// 19 MiB for a moment, peak at a third of the memory and give it back (`bench/BENCHMARKS.md`).
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

#[tokio::main]
async fn main() -> ExitCode {
    match cli::run(cli::Command::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cairn: {error}");
            ExitCode::FAILURE
        }
    }
}

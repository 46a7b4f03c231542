//! `cairn statuses`.

use cairn::standing::kept;
use cairn::state::App;
use indicatif::{ProgressBar, ProgressStyle};

use super::Outcome;

/// Finds all statuses anew; readers ask the facts until it is done.
pub async fn run(app: &App) -> Outcome {
    let bar = ProgressBar::new(0);
    bar.set_style(ProgressStyle::with_template("{msg} {bar:40} {pos} of {len} people, {elapsed}")?);
    bar.set_message("Finding statuses");
    let begun = std::time::Instant::now();
    let found = kept::rebuild(app, |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    })
    .await;
    bar.finish_and_clear();
    let people = found?;
    println!("The statuses of {people} people are found, in {:.1} s.", begun.elapsed().as_secs_f64());
    Ok(())
}

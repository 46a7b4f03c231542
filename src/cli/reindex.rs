//! `cairn reindex`.

use cairn::catalogue::index;
use cairn::state::App;
use indicatif::{ProgressBar, ProgressStyle};

use super::Outcome;

/// Builds the index anew; the live one keeps answering until the new one is whole.
pub async fn run(app: &App) -> Outcome {
    let bar = ProgressBar::new(0);
    bar.set_style(ProgressStyle::with_template("{msg} {bar:40} {pos} of {len} items, {elapsed}")?);
    bar.set_message("Building the search index");
    let built = index::rebuild(app, |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    })
    .await;
    bar.finish_and_clear();
    built?;
    app.search.settle().await?;
    println!("The search index holds {} items.", app.search.status().await?.documents);
    Ok(())
}

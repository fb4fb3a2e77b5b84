//! `library`: lists, shows and builds the library models.

use serde::Serialize;

use super::arguments::LibraryCommand;
use super::output::Output;
use crate::app::build::{self, Folders};
use crate::app::present::words::megabytes;
use crate::app::{AppError, Context};
use crate::library::Library;
use crate::platform::cancel::Cancel;
use crate::selection::Card;

#[derive(Serialize)]
struct Listed<'a> {
    models: &'a [Card],
}

pub fn run(context: &Context, command: LibraryCommand, output: &Output, cancel: &Cancel) -> Result<(), AppError> {
    match command {
        LibraryCommand::List => list(output),
        LibraryCommand::Show { id } => show(&id, output),
        LibraryCommand::Build { readings, assets, work } => {
            let make = if readings { build::embeddings } else { build::library };
            make(context, &Folders { assets, work }, cancel, &mut |line| output.status(line))
        }
    }
}

fn list(output: &Output) -> Result<(), AppError> {
    let library = Library::shipped()?;
    output.result("xpert.library/1", &Listed { models: library.cards() }, || {
        for card in library.cards() {
            output.line(format!("{:<10} {:<22} {:>8}", card.id, card.name, megabytes(card.adapter_bytes)));
            output.paragraph("           ", &card.summary);
        }
    });
    Ok(())
}

fn show(id: &str, output: &Output) -> Result<(), AppError> {
    let library = Library::shipped()?;
    let card = library.card(id)?;
    output.result("xpert.card/1", card, || show_card(card, output));
    Ok(())
}

fn show_card(card: &Card, output: &Output) {
    output.line(format!("{} ({})", card.name, card.id));
    output.paragraph("  ", &card.summary);
    output.line(format!("  base      {}", card.base));
    output.line(format!("  licence   {}", card.licence));
    output.line(format!("  adapter   {}, SHA-256 {}", megabytes(card.adapter_bytes), &card.adapter_sha256));
    output.line(format!(
        "  trained   {} steps on {} texts; held-out loss {:.3} -> {:.3} nats per token",
        card.training_steps, card.training_texts, card.held_out_before, card.held_out_after
    ));
    output.line(format!("  measured  on {} responses ({} words) to fixed prompts", card.probes, card.probe_words));
    output.line("  How it differs from the base:");
    for axis in &card.signature.axes {
        output.line(format!("    {:<24} {:+.2}", axis.name, axis.value));
    }
}

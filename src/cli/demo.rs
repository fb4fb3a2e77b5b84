//! `demo` as a report: the whole job on an invented person, every number measured as it goes.

use std::time::Instant;

use super::arguments::DemoArguments;
use super::output::Output;
use super::{data, library, machine, training};
use crate::app::demo::{ABOUT, Demo, NAME, PROMPTS, STEPS, prepare};
use crate::app::train::Options;
use crate::app::write::{Voice, Writer};
use crate::app::{self, AppError, Context};
use crate::cancel::Cancel;
use crate::engine::Drawing;

pub fn run(context: &Context, arguments: &DemoArguments, output: &Output, cancel: &Cancel) -> Result<(), AppError> {
    let started = Instant::now();
    let Demo { context, writing, options } = prepare(context)?;
    output.line(format!("XPerT demo: {NAME}, who {ABOUT}"));

    heading(output, "1. The base model");
    machine::pull(&context, output, cancel)?;

    heading(output, "2. Her writing");
    let scan = app::import::preview(&[writing], &options, cancel, &mut |_| {})?;
    let added = app::import::keep(&context, &scan, cancel)?;
    data::report(&scan, Some(&added), output);

    heading(output, "3. Her style, measured against the base model's own");
    data::show_profile(&app::profile::profile(&context)?, output);

    heading(output, "4. The library, closest first");
    library::show_selected(&app::select::select(&context)?, true, output);

    heading(output, "5. Training from the chosen start, on this machine");
    let train = Options { steps: Some(arguments.steps.unwrap_or(STEPS)), ..Options::default() };
    let record = app::train::train(&context, &train, cancel, &mut |update| training::show(&update, output))?;
    training::show_record(&record, output);
    if record.is_stopped() {
        return Err(AppError::Cancelled);
    }

    heading(output, "6. The same prompt, base and personalized");
    let writer = Writer::open(&context)?;
    for prompt in PROMPTS {
        output.line(format!("\nPrompt: {prompt}"));
        for (name, voice) in [("base", Voice::Base), ("personalized", Voice::Mine)] {
            output.line(format!("\n--- {name} ---"));
            let written =
                writer.write(prompt, &voice, &Drawing::default(), cancel, &mut |piece| output.piece(piece))?;
            output.line(format!("\n[{} tokens, {:.1} tokens/s]", written.tokens, written.tokens_per_second()));
            if cancel.is_requested() {
                return Err(AppError::Cancelled);
            }
        }
    }
    output.line(format!(
        "\nDone in {:.1} minutes. Held-out loss before {:.3}, after {:.3} nats a token. Nothing left this machine.",
        started.elapsed().as_secs_f64() / 60.0,
        record.held_out_before,
        record.held_out_after
    ));
    Ok(())
}

fn heading(output: &Output, text: &str) {
    output.line(format!("\n== {text} =="));
}

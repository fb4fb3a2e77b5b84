//! `demo` as a report: the whole process with an invented person, using the same commands that a user would type, every number
//! measured as it goes. With `--json` it is the commands' JSON, one object per line.

use std::time::Instant;

use super::arguments::{DemoArguments, ImportArguments, SelectArguments, TrainArguments, WriteArguments};
use super::output::Output;
use super::{data, machine, select, training, writing};
use crate::app::demo::{ABOUT, Demo, NAME, PROMPTS, prepare};
use crate::app::train::StartPoint;
use crate::app::write::Voice;
use crate::app::{AppError, Context, runs};
use crate::engine::SamplingParams;
use crate::platform::cancel::Cancel;

pub fn run(context: &Context, arguments: &DemoArguments, output: &Output, cancel: &Cancel) -> Result<(), AppError> {
    let started = Instant::now();
    let Demo { context, writing, options, steps } = prepare(context, arguments.steps)?;
    say(output, &format!("XPerT demo: {NAME} {ABOUT}"));

    say(output, "\n== 1. The base model ==");
    machine::pull(&context, output, cancel)?;

    say(output, "\n== 2. Her writing ==");
    let import =
        ImportArguments { paths: vec![writing], map: options.map, me: options.me, dry_run: false, undo: false };
    data::import(&context, &import, output, cancel)?;

    say(output, "\n== 3. Her style, measured against the base model's own ==");
    data::profile(&context, output)?;

    say(output, "\n== 4. The library, closest first ==");
    select::run(&context, &SelectArguments { explain: true, ..SelectArguments::default() }, output, cancel)?;

    say(output, "\n== 5. Training from the chosen start, on this machine ==");
    training::run(
        &context,
        &TrainArguments { from: StartPoint::Auto, steps: Some(steps), ..TrainArguments::default() },
        output,
        cancel,
    )?;

    say(output, "\n== 6. The same prompts, base and personalized ==");
    for prompt in PROMPTS {
        say(output, &format!("\nPrompt: {prompt}"));
        for (name, adapter) in [("base", Voice::Base), ("personalized", Voice::Mine)] {
            say(output, &format!("\n--- {name} ---"));
            writing::run(&context, &asked(prompt, adapter), output, cancel)?;
        }
    }
    if let Some(record) = runs::record(&context)? {
        let minutes = started.elapsed().as_secs_f64() / 60.0;
        let (before, after) = (record.held_out_before, record.held_out_after);
        say(
            output,
            &format!(
                "\nDone in {minutes:.1} minutes. Held-out loss before {before:.3}, after {after:.3} nats per token."
            ),
        );
        say(output, "Nothing she wrote left this machine.");
    }
    Ok(())
}

fn asked(prompt: &str, adapter: Voice) -> WriteArguments {
    let SamplingParams { max_tokens, temperature, seed, .. } = SamplingParams::default();
    WriteArguments {
        prompt: prompt.to_owned(),
        adapter: Some(adapter),
        max_tokens,
        temperature,
        seed,
        keep: false,
        continued: None,
    }
}

/// Words between the results: for people only.
fn say(output: &Output, text: &str) {
    if !output.json {
        output.line(text);
    }
}

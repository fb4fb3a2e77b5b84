//! `write`.

use serde::Serialize;

use super::arguments::WriteArguments;
use super::output::Output;
use crate::app::write::Writer;
use crate::app::{AppError, Context};
use crate::cancel::Cancel;
use crate::engine::{Drawing, Stop};

#[derive(Serialize)]
struct Written<'a> {
    adapter: String,
    prompt: &'a str,
    text: &'a str,
    tokens: usize,
    tokens_per_s: f64,
    prefill_s: f64,
    stop: Stop,
}

pub fn run(context: &Context, arguments: &WriteArguments, output: &Output, cancel: &Cancel) -> Result<(), AppError> {
    let writer = Writer::open(context)?;
    let drawing = Drawing {
        max_tokens: arguments.max_tokens,
        temperature: arguments.temperature,
        seed: arguments.seed,
        ..Drawing::default()
    };
    let stream = !output.json;
    let written = writer.write(&arguments.prompt, &arguments.adapter, &drawing, cancel, &mut |piece| {
        if stream {
            output.piece(piece);
        }
    })?;
    if stream {
        output.line("");
        output.status(format!("[{} tokens, {:.1} tokens/s]", written.tokens, written.tokens_per_second()));
    } else {
        output.object(
            "xpert.write/1",
            &Written {
                adapter: arguments.adapter.to_string(),
                prompt: &arguments.prompt,
                text: &written.text,
                tokens: written.tokens,
                tokens_per_s: written.tokens_per_second(),
                prefill_s: written.prefill.as_secs_f64(),
                stop: written.stop,
            },
        );
    }
    if written.stop == Stop::Cancelled { Err(AppError::Cancelled) } else { Ok(()) }
}

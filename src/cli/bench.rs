//! `bench`: starts this program once for each part, so that each has its own memory, and combines the results.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde::Serialize;

use super::arguments::BenchArguments;
use super::output::Output;
use crate::app::bench::{BATCH, Measured, Part, Texts, measure};
use crate::app::{AppError, Context};
use crate::platform::cancel::{Cancel, Cancelled};

const SCHEMA: &str = "xpert.bench/1";
const PART_SCHEMA: &str = "xpert.bench.part/1";

#[derive(Default, Serialize)]
struct Benchmark {
    threads: usize,
    /// Matrix products of a training step alone, all workers together, 10^9 floating-point operations a second.
    gflops: f64,
    presets: Vec<PresetResult>,
    prefill_tokens_per_s: f64,
    decode_tokens_per_s: f64,
}

#[derive(Serialize)]
struct PresetResult {
    name: String,
    batch: String,
    tokens_per_s: f64,
    peak_rss_mb: u64,
    /// Share of `gflops` that goes into operations a step cannot do without.
    mfu: f64,
}

pub fn run(context: &Context, arguments: &BenchArguments, output: &Output, cancel: &Cancel) -> Result<(), AppError> {
    if let Some(part) = arguments.part {
        let measured = measure(context, part, Duration::from_secs_f64(arguments.seconds), cancel)?;
        output.result(PART_SCHEMA, &measured, || output.line(line(part, &measured, None)));
        return Ok(());
    }
    let mut whole = Benchmark { threads: context.threads, ..Benchmark::default() };
    for part in Part::all() {
        if !output.json {
            output.status(format!("measuring {part} ..."));
        }
        let measured = in_own_process(context, part, arguments.seconds, cancel)?;
        if !output.json {
            output.line(line(part, &measured, Some(whole.gflops)));
        }
        match (part, measured) {
            (Part::Training(way, texts), Measured::Training { tokens_per_s, peak_rss_mb, gflops }) => {
                let name = if texts == BATCH { way.to_string() } else { format!("{way}-chat") };
                let mfu = gflops / whole.gflops;
                whole.presets.push(PresetResult { name, batch: batch(texts), tokens_per_s, peak_rss_mb, mfu });
            }
            (_, Measured::Products { gflops } | Measured::Training { gflops, .. }) => whole.gflops = gflops,
            (_, Measured::Generation { prefill_tokens_per_s, decode_tokens_per_s }) => {
                (whole.prefill_tokens_per_s, whole.decode_tokens_per_s) = (prefill_tokens_per_s, decode_tokens_per_s);
            }
        }
    }
    if output.json {
        output.object(SCHEMA, &whole);
    }
    Ok(())
}

fn batch(texts: Texts) -> String {
    match texts {
        Texts::Chat => "chat pairs".into(),
        Texts::Random { count, length } => format!("{count} x {length}"),
    }
}

fn line(part: Part, measured: &Measured, ceiling: Option<f64>) -> String {
    match measured {
        Measured::Products { gflops } => format!("{:<27}{gflops:>7.1} GFLOP/s", "matrix products"),
        Measured::Generation { prefill_tokens_per_s, decode_tokens_per_s } => format!(
            "{:<27}{prefill_tokens_per_s:>7.1} tokens/s read, {decode_tokens_per_s:.1} tokens/s written",
            "writing"
        ),
        Measured::Training { tokens_per_s, peak_rss_mb, gflops } => {
            let share =
                ceiling.map(|ceiling| format!(", {:.0} % of the speed of matrix products", gflops / ceiling * 100.0));
            let (way, batch) = match part {
                Part::Training(way, texts) => (way.to_string(), batch(texts)),
                other => (other.to_string(), String::new()),
            };
            format!(
                "{way:<15} {batch:<10} {tokens_per_s:>7.1} tokens/s, {peak_rss_mb} MiB{}",
                share.unwrap_or_default()
            )
        }
    }
}

/// Runs this very program for one part and reads what it prints.
fn in_own_process(context: &Context, part: Part, seconds: f64, cancel: &Cancel) -> Result<Measured, AppError> {
    let failed = |why: String| AppError::Benchmark { part: part.to_string(), why };
    let program = std::env::current_exe().map_err(|e| failed(e.to_string()))?;
    let mut command = Command::new(program);
    command.args(["bench", "--json", "--part", &part.to_string(), "--threads", &context.threads.to_string()]);
    command.args(["--seconds", &seconds.to_string()]);
    command.arg("--data-dir").arg(context.paths.data());
    if let Some(model) = &context.model {
        command.args(["--model", model]);
    }
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).stdin(Stdio::null()).spawn();
    let mut child = child.map_err(|e| failed(e.to_string()))?;
    let status = wait(&mut child, cancel).map_err(|e| failed(e.to_string()))?;
    let mut text = String::new();
    if !status.success() {
        if let Some(mut errors) = child.stderr.take() {
            errors.read_to_string(&mut text).map_err(|e| failed(e.to_string()))?;
        }
        return if cancel.is_requested() { Err(Cancelled.into()) } else { Err(failed(text.trim().to_owned())) };
    }
    if let Some(mut answer) = child.stdout.take() {
        answer.read_to_string(&mut text).map_err(|e| failed(e.to_string()))?;
    }
    serde_json::from_str(&text).map_err(|e| failed(e.to_string()))
}

/// Waits for the process, and ends it where the user asks for that.
fn wait(child: &mut Child, cancel: &Cancel) -> std::io::Result<std::process::ExitStatus> {
    const LOOK_AGAIN: Duration = Duration::from_millis(50);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if cancel.is_requested() {
            child.kill()?;
            return child.wait();
        }
        std::thread::sleep(LOOK_AGAIN);
    }
}

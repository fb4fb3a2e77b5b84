//! `model` and `doctor`.

use serde::Serialize;

use super::advice;
use super::arguments::ModelCommand;
use super::output::Output;
use crate::app::base::Listed;
use crate::app::doctor::{Check, Health};
use crate::app::present::words::megabytes;
use crate::app::{self, AppError, Context};
use crate::platform::cancel::Cancel;

#[derive(Serialize)]
struct Models<'a> {
    models: &'a [Listed],
}

#[derive(Serialize)]
struct Pulled<'a> {
    id: &'a str,
    source: &'a str,
    bytes: u64,
    sha256: Option<&'a str>,
    verified: String,
}

#[derive(Serialize)]
struct Checks<'a> {
    checks: &'a [Check],
}

pub fn model(context: &Context, command: &ModelCommand, output: &Output, cancel: &Cancel) -> Result<(), AppError> {
    match command {
        ModelCommand::List => list(context, output),
        ModelCommand::Pull => pull(context, output, cancel),
    }
}

fn list(context: &Context, output: &Output) -> Result<(), AppError> {
    let models = app::base::list(context)?;
    if output.json {
        output.object("xpert.models/1", &Models { models: &models });
        return Ok(());
    }
    for model in &models {
        let default = if model.default { "  (default)" } else { "" };
        output.line(format!("{}{default}", model.id));
        output.line(format!(
            "  {}, {} architecture, {:.1} million parameters, {}, {}",
            model.name,
            model.architecture,
            millions(model.parameters),
            megabytes(model.bytes),
            model.licence
        ));
        output.line(match &model.found {
            Some(place) => format!("  here: {place}"),
            None => "  not on this machine; download it with `xpert model pull`".to_owned(),
        });
    }
    Ok(())
}

fn millions(count: u64) -> f64 {
    count as f64 / 1e6
}

/// Fetches the base model with a bar; also the demo's first step.
pub(super) fn pull(context: &Context, output: &Output, cancel: &Cancel) -> Result<(), AppError> {
    let mut bar = output.download();
    let files = app::base::pull(context, &mut bar, cancel)?;
    drop(bar);
    if output.json {
        let (id, source) = (files.id.as_str(), files.source.as_str());
        let verified = files.verified.to_string();
        output.object(
            "xpert.model/1",
            &Pulled { id, source, bytes: files.bytes, sha256: files.sha256.as_deref(), verified },
        );
    } else {
        output.line(format!("{}: {}, {} ({})", files.name, files.source, megabytes(files.bytes), files.verified));
    }
    Ok(())
}

pub fn doctor(context: &Context, output: &Output, cancel: &Cancel) -> Result<(), AppError> {
    let mut checks = app::doctor::examine(context, cancel);
    for Check { found, remedy, .. } in &mut checks {
        if let Some(remedy) = remedy {
            *found = format!("{found}; {}", advice::remedy(*remedy));
        }
    }
    if output.json {
        output.object("xpert.doctor/1", &Checks { checks: &checks });
    } else {
        for check in &checks {
            let mark = match check.health {
                Health::Good => "ok  ",
                Health::Open => "todo",
                Health::Bad => "BAD ",
            };
            output.line(format!("{mark}  {:<12} {}", check.name, check.found));
        }
    }
    let bad = checks.iter().filter(|check| check.health == Health::Bad).count();
    if bad > 0 { Err(AppError::Unhealthy(bad)) } else { Ok(()) }
}

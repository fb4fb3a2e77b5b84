//! `model` and `doctor`.

use serde_json::json;

use super::advice;
use super::arguments::ModelCommand;
use super::output::Output;
use crate::app::base::Listed;
use crate::app::doctor::{Check, Health};
use crate::app::present::words::megabytes;
use crate::app::{self, AppError, Context};
use crate::platform::cancel::Cancel;

pub fn model(context: &Context, command: &ModelCommand, output: &Output, cancel: &Cancel) -> Result<(), AppError> {
    match command {
        ModelCommand::List => list(context, output),
        ModelCommand::Pull => pull(context, output, cancel),
    }
}

fn list(context: &Context, output: &Output) -> Result<(), AppError> {
    let models = app::base::list(context)?;
    output.result("xpert.models/1", &json!({ "models": models }), || {
        for Listed { entry, bytes, default, found } in &models {
            let default = if *default { "  (default)" } else { "" };
            output.line(format!("{}{default}", entry.id));
            output.line(format!(
                "  {}, {} architecture, {:.1} million parameters, {}, {}",
                entry.name,
                entry.architecture,
                entry.parameters as f64 / 1e6,
                megabytes(*bytes),
                entry.licence
            ));
            output.line(match found {
                Some(place) => format!("  here: {place}"),
                None => "  not on this machine; download it with `xpert model pull`".to_owned(),
            });
        }
    });
    Ok(())
}

/// Fetches the base model with a bar; also the demo's first step.
pub(super) fn pull(context: &Context, output: &Output, cancel: &Cancel) -> Result<(), AppError> {
    let bar = output.download();
    let files = app::base::pull(context, &mut |event| bar.show(event), cancel)?;
    drop(bar);
    let pulled = json!({
        "id": files.id,
        "source": files.source,
        "bytes": files.bytes,
        "sha256": files.sha256,
        "verified": files.verified.to_string(),
    });
    output.result("xpert.model/1", &pulled, || {
        output.line(format!("{}: {}, {} ({})", files.name, files.source, megabytes(files.bytes), files.verified));
    });
    Ok(())
}

pub fn doctor(context: &Context, output: &Output, cancel: &Cancel) -> Result<(), AppError> {
    let mut checks = app::doctor::examine(context, cancel);
    for Check { found, remedy, .. } in &mut checks {
        if let Some(remedy) = remedy {
            *found = format!("{found}; {}", advice::remedy(*remedy));
        }
    }
    output.result("xpert.doctor/1", &json!({ "checks": checks }), || {
        for check in &checks {
            let mark = match check.health {
                Health::Good => "ok  ",
                Health::Open => "todo",
                Health::Bad => "BAD ",
            };
            output.line(format!("{mark}  {:<12} {}", check.name, check.found));
        }
    });
    let bad = checks.iter().filter(|check| check.health == Health::Bad).count();
    if bad > 0 { Err(AppError::Unhealthy(bad)) } else { Ok(()) }
}

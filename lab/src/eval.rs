//! `eval`: runs a suite on data the user names, prints its rows, and adds them to a file on request.

use xpert::app::Context;
use xpert::cli::Output;
use xpert::platform::cancel::Cancel;

use crate::arguments::{EvalArguments, SuiteName};
use crate::error::LabError;
use crate::evaluation::{ModelOptions, RECOGNISABLE, SIMILARITIES, Suite, WORTH_STARTING_FROM, evaluate, record};

/// # Errors
/// As [`evaluate`] and [`record`].
pub fn run(context: &Context, arguments: EvalArguments, cancel: &Cancel, output: &Output) -> Result<(), LabError> {
    let write = arguments.write.clone();
    let report = evaluate(context, &suite(arguments)?, cancel, &mut |line| output.status(line))?;
    if output.json {
        output.object("xpert.eval/1", &report);
    } else {
        output.paragraph("", &report.about);
        output.line(report.table());
    }
    if let Some(path) = write {
        record(&report, &path)?;
        output.status(format!("added to {}", path.display()));
    }
    Ok(())
}

fn suite(arguments: EvalArguments) -> Result<Suite, LabError> {
    let EvalArguments { suite, data, group, simulate, test, neural, similarity, work, model_steps, mix, users, .. } =
        arguments;
    let one = || match &data[..] {
        [path] => Ok(path.clone()),
        _ => Err(LabError::OneFile),
    };
    let similarities: Vec<f64> = match &similarity[..] {
        [] => SIMILARITIES.to_vec(),
        named => named.iter().map(|percent| f64::from(*percent) / 100.0).collect(),
    };
    let models = |usual| ModelOptions { work: work.clone(), steps: model_steps.unwrap_or(usual) };
    Ok(match suite {
        SuiteName::Selection if simulate => Suite::Simulated { data: one()?, users: test, neural },
        SuiteName::Selection => Suite::Trained { data: one()?, similarities, models: models(RECOGNISABLE) },
        SuiteName::Cost => {
            Suite::Cost { data: one()?, similarities, mixtures: mix, users, models: models(WORTH_STARTING_FROM) }
        }
        SuiteName::Authors => Suite::Authors { data: one()?, neural },
        SuiteName::Axes => Suite::Axes { data, group },
        SuiteName::Levels => Suite::Levels { data: one()? },
        SuiteName::Communication => Suite::Communication { data: one()? },
        SuiteName::Noise => Suite::Noise { data: one()? },
    })
}

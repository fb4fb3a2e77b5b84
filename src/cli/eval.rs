//! `eval`: runs a suite on data the user names, prints its rows, and adds them to a file on request.

use super::arguments::{EvalArguments, SuiteName};
use super::output::Output;
use crate::app::AppError;
use crate::app::evaluate::{Suite, evaluate, record};

pub fn run(arguments: EvalArguments, output: &Output) -> Result<(), AppError> {
    let write = arguments.write.clone();
    let report = evaluate(&suite(arguments)?, &mut |line| output.status(line))?;
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

fn suite(arguments: EvalArguments) -> Result<Suite, AppError> {
    let EvalArguments { suite, data, group, simulate, test, .. } = arguments;
    let one = || match &data[..] {
        [path] => Ok(path.clone()),
        _ => Err(AppError::Evaluation("this suite reads one --data PATH".to_owned())),
    };
    Ok(match suite {
        SuiteName::Selection if simulate => Suite::Selection { data: one()?, users: test },
        SuiteName::Selection => {
            return Err(AppError::Evaluation(
                "models can so far be simulated from texts only: add --simulate (really trained ones are to come)"
                    .to_owned(),
            ));
        }
        SuiteName::Authors => Suite::Authors { data: one()? },
        SuiteName::Axes => Suite::Axes { data, group },
        SuiteName::Levels => Suite::Levels { data: one()? },
    })
}

//! Long jobs side by side, one on each thread. Knows no model: a training step of one long text keeps one thread busy however many
//! there are, so several models at once are made faster than one after the other.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use xpert::engine::threads::Workers;

use super::data::problem;
use super::error::EvaluationError;

/// What a job tells its progress to.
pub(super) type Tell<'a> = &'a mut dyn FnMut(&str);

/// Does `job` for each of `inputs`, on `threads` threads, and gives what came of each in their order. What jobs report is told here,
/// on the calling thread. After a failure no further job is begun.
pub(super) fn side_by_side<I: Sync, R: Send>(
    threads: usize,
    inputs: &[I],
    progress: Tell<'_>,
    job: impl Fn(&I, Tell<'_>) -> Result<R, EvaluationError> + Sync,
) -> Result<Vec<R>, EvaluationError> {
    let workers = Workers::new(threads.min(inputs.len())).map_err(|error| problem(Path::new("threads"), error))?;
    let next = AtomicUsize::new(0);
    let (report, reports) = mpsc::channel::<String>();
    let work = |report: mpsc::Sender<String>| {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(input) = inputs.get(at) else { return Ok(done) };
            // Nobody listens any more only where the caller has panicked.
            match job(input, &mut |line| drop(report.send(line.to_owned()))) {
                Ok(result) => done.push((at, result)),
                Err(error) => {
                    next.store(inputs.len(), Ordering::Relaxed);
                    return Err(error);
                }
            }
        }
    };
    let shares = vec![report; workers.count()];
    let mut done = std::thread::scope(|scope| {
        let all = scope.spawn(|| workers.run(shares, work));
        reports.iter().for_each(|line| progress(&line));
        let done: Result<Vec<_>, _> = all.join().expect("a job panicked").into_iter().collect();
        done.map(|done| done.into_iter().flatten().collect::<Vec<(usize, R)>>())
    })?;
    done.sort_by_key(|(at, _)| *at);
    Ok(done.into_iter().map(|(_, result)| result).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_their_inputs_and_every_report_arrives() {
        let mut lines = Vec::new();
        let squares = side_by_side(3, &[1, 2, 3, 4, 5], &mut |line| lines.push(line.to_owned()), |input, tell| {
            tell(&format!("{input}"));
            Ok(input * input)
        });
        assert_eq!(squares.unwrap(), [1, 4, 9, 16, 25]);
        lines.sort();
        assert_eq!(lines, ["1", "2", "3", "4", "5"]);
    }

    #[test]
    fn a_failure_ends_the_work() {
        let began = AtomicUsize::new(0);
        let inputs: Vec<usize> = (0..100).collect();
        let result = side_by_side(2, &inputs, &mut |_| {}, |_, _| -> Result<(), _> {
            began.fetch_add(1, Ordering::Relaxed);
            Err(problem(Path::new("x"), "broken"))
        });
        assert!(result.is_err());
        assert!(began.into_inner() <= 2, "each thread stops at its first failure");
    }
}

//! Does selection choose the start that is really best? For each user (a data folder with imported texts) the score of every
//! library model beside the held-out loss that training would start from. A benchmark, not a test: it only prints.
//!
//! usage: `xpert-lab study selection-benchmark DATA_DIR...`

use std::path::Path;

use candle_core::Device;
use xpert::app::{AppError, Context, base, select, train};
use xpert::engine::threads::Workers;
use xpert::engine::{Model, Precision};
use xpert::library::Library;
use xpert::training::examples::Encoded;
use xpert::training::mean_loss;
use xpert::training::{Plan, Split};

use super::setup::Fallible;

pub fn run(folders: &[String]) -> Fallible<()> {
    let Some(first) = folders.first() else { return Err("usage: selection-benchmark DATA_DIR...".into()) };
    let (model, _) = base::load(&Context::new(Some(Path::new(first)), None, None)?, Precision::Stored)?;
    for folder in folders {
        user(Path::new(folder), &model)?;
    }
    Ok(())
}

fn user(folder: &Path, model: &Model) -> Result<(), AppError> {
    let context = Context::new(Some(folder), None, None)?;
    let workers = Workers::new(context.threads).map_err(|source| AppError::File { path: folder.into(), source })?;
    let split = Split::of(train::examples(&context.store()?.texts()?))?;
    let data = Encoded::new(model, &split, Plan::default().max_sequence_length)?;
    let selected = select::select(&context)?;
    let library = Library::shipped()?;
    let loss = |id: Option<&str>| -> Result<f64, AppError> {
        let adapter = id.map(|id| library.adapter(id, &model.config, &Device::Cpu)).transpose()?;
        Ok(mean_loss(model, adapter.as_ref(), &data.held_out, &workers)?)
    };
    println!("{}: {} words", folder.display(), selected.words);
    let mut best: Option<(f64, &str)> = None;
    for candidate in &selected.candidates {
        let held_out = loss(Some(&candidate.id))?;
        println!(
            "  {:<10} score {:+.3}  probability {:.2}  held-out loss {held_out:.4}",
            candidate.id, candidate.score, candidate.probability
        );
        if best.is_none_or(|(loss, _)| held_out < loss) {
            best = Some((held_out, &candidate.id));
        }
    }
    println!("  {:<10} {:>31} held-out loss {:.4}", "base", "", loss(None)?);
    let chosen = selected.choice.id.as_deref().unwrap_or("scratch");
    println!("  chosen {chosen}, lowest loss {}", best.map_or("none", |(_, id)| id));
    Ok(())
}

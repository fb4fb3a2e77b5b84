//! How fast and in how much memory one kind of training step runs: batch 4 x 256 of random tokens, rank 8 on all linear
//! maps. One process for one kind, so that its peak memory is its own.
//!
//! usage: `cargo run --release --example training_benchmark -- MODEL.gguf full|checkpointed|board [BLOCKS]`
//! prints one JSON line: the median over the steps after the first two.

use std::sync::Mutex;
use std::time::Instant;

use candle_core::Device;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use xpert::engine::fused::{Arena, Keep, Scope};
use xpert::engine::threads::{ENVIRONMENT, Workers, available};
use xpert::engine::{Adapter, AdapterShape, Model, ModelPath, Precision, Sequence};
use xpert::system::MemoryProbe;

const BATCH: usize = 4;
const LENGTH: usize = 256;
const STEPS: usize = 7;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Before any other thread runs.
    for (name, value) in ENVIRONMENT {
        unsafe { std::env::set_var(name, value) };
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, kind, rest @ ..] = arguments.as_slice() else { return Err("usage: MODEL.gguf KIND [BLOCKS]".into()) };
    let model = Model::load(&ModelPath::Gguf(file.into()), Precision::Stored)?;
    let blocks = rest.first().map_or(Ok(10), |text| text.parse())?;
    let scope = match kind.as_str() {
        "full" => Scope::default(),
        "checkpointed" => Scope { keep: Keep::Inputs, head_rows: 128, ..Scope::default() },
        "board" => Scope { first_layer: model.config.layers - blocks, ..Scope::default() },
        other => return Err(format!("no kind {other}").into()),
    };
    let adapter = Adapter::new(&model.config, &AdapterShape::default(), 1, &Device::Cpu)?;
    let random = &mut StdRng::seed_from_u64(1);
    let vocabulary = model.config.vocabulary as u32;
    let batch: Vec<Sequence> = (0..BATCH)
        .map(|_| Sequence { ids: (0..LENGTH).map(|_| random.random_range(100..vocabulary)).collect(), reply_start: 1 })
        .collect();
    let workers = Workers::new(available())?;
    let arenas: Vec<Mutex<Arena>> = (0..workers.count()).map(|_| Mutex::default()).collect();
    let pass = model.pass(Some(&adapter))?;
    let prefixes: Vec<Vec<f32>> = batch
        .iter()
        .map(|sequence| pass.before(&mut Arena::default(), std::slice::from_ref(sequence), scope.first_layer))
        .collect::<Result<_, _>>()?;

    let memory = MemoryProbe::new();
    let mut rates = Vec::new();
    for step in 0..STEPS {
        let started = Instant::now();
        let sequences: Vec<usize> = (0..BATCH).collect();
        let shares = sequences.chunks(BATCH.div_ceil(workers.count())).zip(&arenas).collect();
        let results = workers.run(shares, |(share, arena): (&[usize], &Mutex<Arena>)| {
            let mut arena = arena.lock().expect("nothing panics with it");
            for i in share {
                let prefix = [prefixes[*i].as_slice()];
                let prefix = (scope.first_layer > 0).then_some(prefix.as_slice());
                pass.loss_and_gradients(&mut arena, &batch[*i..=*i], 1e-3, scope, prefix)?;
            }
            Ok::<_, xpert::engine::EngineError>(())
        });
        results.into_iter().collect::<Result<Vec<()>, _>>()?;
        if step > 1 {
            rates.push((BATCH * LENGTH) as f64 / started.elapsed().as_secs_f64());
        }
    }
    rates.sort_by(f64::total_cmp);
    let rate = rates[rates.len() / 2];
    println!("{{\"name\": \"{kind}\", \"tokens_per_s\": {rate:.1}, \"peak_rss_mb\": {}}}", memory.peak_mb());
    Ok(())
}

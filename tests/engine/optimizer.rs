//! The optimizer beside candle's own, and clipping.

use candle_core::{Device, Tensor};
use candle_nn::optim::{AdamW as Reference, Optimizer, ParamsAdamW};
use xpert::training::optimizer::{AdamW, clip};

fn values(t: &Tensor) -> Vec<f32> {
    t.flatten_all().unwrap().to_vec1().unwrap()
}

#[test]
fn it_takes_the_same_steps_as_candles_own_adamw() {
    let start = Tensor::new(&[[1.0f32, -2.0], [0.5, 3.0]], &Device::Cpu).unwrap();
    let target = Tensor::new(&[[0.0f32, 1.0], [2.0, -1.0]], &Device::Cpu).unwrap();
    let variable = candle_core::Var::from_tensor(&start).unwrap();
    let parameters = ParamsAdamW { lr: 0.05, weight_decay: 0.0, ..ParamsAdamW::default() };
    let mut reference = Reference::new(vec![variable.clone()], parameters).unwrap();
    let mut ours = [start];
    let mut optimizer = AdamW::new(ours.iter()).unwrap();
    for _ in 0..25 {
        let loss = (variable.as_tensor() - &target).unwrap().sqr().unwrap().sum_all().unwrap();
        reference.backward_step(&loss).unwrap();
        let gradient = ((&ours[0] - &target).unwrap() * 2.0).unwrap();
        optimizer.update(ours.iter_mut(), &[gradient], 0.05).unwrap();
    }
    for (a, b) in values(&ours[0]).into_iter().zip(values(variable.as_tensor())) {
        assert!((a - b).abs() < 1e-5, "{a} against {b}");
    }
}

#[test]
fn clipping_keeps_the_direction_and_small_gradients() {
    let mut gradients =
        vec![Tensor::new(&[3.0f32], &Device::Cpu).unwrap(), Tensor::new(&[4.0f32], &Device::Cpu).unwrap()];
    assert!((clip(&mut gradients, 1.0).unwrap() - 5.0).abs() < 1e-6);
    assert!((values(&gradients[0])[0] - 0.6).abs() < 1e-6);
    assert!((values(&gradients[1])[0] - 0.8).abs() < 1e-6);
    assert!((clip(&mut gradients, 2.0).unwrap() - 1.0).abs() < 1e-6);
    assert!((values(&gradients[1])[0] - 0.8).abs() < 1e-6);
}

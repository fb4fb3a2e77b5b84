//! Frozen matrices as panels of rows in f32: dense ones in place, quantized ones dequantized panel by panel into one
//! small buffer that stays in the cache. A quantized matrix never exists in f32 as a whole. Knows no adapter.

use std::borrow::Cow;
use std::ops::Range;

use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{CpuStorage, DType, Storage, Tensor};
use half::slice::HalfFloatSliceExt;
use parking_lot::RwLockReadGuard;

use super::arena::Arena;
use super::kernels::blocks;
use super::product::{Accumulate, View, product};
use crate::engine::config::Config;
use crate::engine::error::Result;
use crate::engine::matrix::Matrix;

/// Values of one panel: 4 MiB in f32, which fits a shared cache.
const PANEL: usize = 1 << 20;

/// Maximum number of values in a panel.
pub fn values(config: &Config) -> usize {
    PANEL.max(config.feed_forward).max(config.hidden)
}

/// The borrowed values of a contiguous f32 tensor on the CPU.
pub struct Values<'a> {
    storage: RwLockReadGuard<'a, Storage>,
    range: Range<usize>,
}

impl<'a> Values<'a> {
    pub fn of(tensor: &'a Tensor) -> Result<Self> {
        let (storage, layout) = tensor.storage_and_layout();
        let Some((start, end)) = layout.contiguous_offsets() else {
            return Err(candle_core::Error::RequiresContiguous { op: "values" }.into());
        };
        if !matches!(&*storage, Storage::Cpu(CpuStorage::F32(_))) {
            let message = format!("a tensor is {:?} on {:?}, not f32 on the CPU", tensor.dtype(), tensor.device());
            return Err(candle_core::Error::Msg(message).into());
        }
        Ok(Self { storage, range: start..end })
    }
}

impl std::ops::Deref for Values<'_> {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        match &*self.storage {
            Storage::Cpu(CpuStorage::F32(values)) => &values[self.range.clone()],
            _ => unreachable!("checked in `of`"),
        }
    }
}

/// Calls `each` for every panel with the range of its rows and their values (rows, width).
fn for_each(
    matrix: &Matrix,
    arena: &mut Arena,
    mut each: impl FnMut(Range<usize>, &[f32]) -> Result<()>,
) -> Result<()> {
    let (rows, width) = matrix.dims()?;
    let bytes = match matrix {
        Matrix::Dense(weights) if weights.dtype() == DType::F32 => return each(0..rows, &Values::of(weights)?),
        Matrix::Dense(_) => Cow::Borrowed([].as_slice()),
        Matrix::Quantized { stored, .. } => stored.data()?,
    };
    let height = (PANEL / width).clamp(1, rows);
    // One buffer for all matrices, whatever their shape.
    let mut buffer = arena.take(height * width, PANEL.max(width));
    for start in (0..rows).step_by(height) {
        let range = start..(start + height).min(rows);
        let panel = &mut buffer[..range.len() * width];
        match matrix {
            Matrix::Dense(weights) => widen(weights, range.clone(), panel)?,
            Matrix::Quantized { stored, .. } => dequantize(stored, &bytes, range.clone(), panel)?,
        }
        each(range, panel)?;
    }
    arena.give(buffer);
    Ok(())
}

/// Rows `range` of a matrix in floating point of any width.
fn widen(weights: &Tensor, range: Range<usize>, to: &mut [f32]) -> Result<()> {
    let (storage, layout) = weights.storage_and_layout();
    let Some((start, _)) = layout.contiguous_offsets() else {
        return Err(candle_core::Error::RequiresContiguous { op: "widen" }.into());
    };
    let width = to.len() / range.len();
    let at = start + range.start * width..start + range.end * width;
    match &*storage {
        Storage::Cpu(CpuStorage::F32(values)) => to.copy_from_slice(&values[at]),
        Storage::Cpu(CpuStorage::BF16(values)) => values[at].convert_to_f32_slice(to),
        Storage::Cpu(CpuStorage::F16(values)) => values[at].convert_to_f32_slice(to),
        _ => {
            let message =
                format!("a matrix is {:?} on {:?}, not floating point on the CPU", weights.dtype(), weights.device());
            return Err(candle_core::Error::Msg(message).into());
        }
    }
    Ok(())
}

/// Rows `range` of a quantized matrix, whose bytes are `bytes`.
fn dequantize(stored: &QTensor, bytes: &[u8], range: Range<usize>, to: &mut [f32]) -> Result<()> {
    let row_bytes = bytes.len() / stored.shape().dims2()?.0;
    let bytes = &bytes[range.start * row_bytes..range.end * row_bytes];
    match stored.dtype() {
        GgmlDType::Q8_0 => blocks::q8_0(to, bytes),
        GgmlDType::Q4_0 => blocks::q4_0(to, bytes),
        GgmlDType::Q4_1 => blocks::q4_1(to, bytes),
        other => match other.from_data(Cow::Borrowed(bytes)).dequantize(to.len())? {
            CpuStorage::F32(values) => to.copy_from_slice(&values),
            _ => unreachable!("candle dequantizes to f32"),
        },
    }
    Ok(())
}

/// `to = x W^T` for `n` rows; `to` is (n, out).
pub fn forward(matrix: &Matrix, arena: &mut Arena, to: &mut [f32], x: &[f32], n: usize) -> Result<()> {
    let (outputs, inputs) = (to.len() / n, x.len() / n);
    for_each(matrix, arena, |range, panel| {
        let weights = View::new(panel, range.len(), inputs).transposed();
        product(&mut to[range.start..], outputs, View::new(x, n, inputs), weights, 1.0, Accumulate::No);
        Ok(())
    })
}

/// `d_x = d_y W`, or `d_x += d_y W`; `d_y` is (n, out).
pub fn backward(
    matrix: &Matrix,
    arena: &mut Arena,
    d_x: &mut [f32],
    d_y: &[f32],
    n: usize,
    accumulate: Accumulate,
) -> Result<()> {
    let (outputs, inputs) = (d_y.len() / n, d_x.len() / n);
    for_each(matrix, arena, |range, panel| {
        let accumulate = if range.start == 0 { accumulate } else { Accumulate::Yes };
        let d_y = View::strided(&d_y[range.start..], n, range.len(), outputs);
        product(d_x, inputs, d_y, View::new(panel, range.len(), inputs), 1.0, accumulate);
        Ok(())
    })
}

/// Gathers the rows `ids` of the matrix.
pub fn rows(matrix: &Matrix, ids: &[u32], to: &mut [f32]) -> Result<()> {
    let (count, width) = matrix.dims()?;
    if let Some(id) = ids.iter().find(|id| **id as usize >= count) {
        return Err(candle_core::Error::Msg(format!("token {id} is not in a vocabulary of {count}")).into());
    }
    match matrix {
        Matrix::Dense(weights) => {
            for (to, id) in to.chunks_exact_mut(width).zip(ids) {
                widen(weights, *id as usize..*id as usize + 1, to)?;
            }
        }
        Matrix::Quantized { stored, .. } => {
            let bytes = stored.data()?;
            for (to, id) in to.chunks_exact_mut(width).zip(ids) {
                dequantize(stored, &bytes, *id as usize..*id as usize + 1, to)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Device;

    /// Panels of every format equal candle's own dequantization of the whole matrix, bit for bit.
    #[test]
    fn panels_of_every_format_equal_the_whole_matrix() {
        let values: Vec<f32> = (0..8 * 512).map(|i| ((i * 31 % 97) as f32 - 48.0) / 13.0).collect();
        let dense = Tensor::from_vec(values, (8, 512), &Device::Cpu).unwrap();
        use GgmlDType::{F16, F32, Q2K, Q3K, Q4_0, Q4_1, Q4K, Q5_0, Q5_1, Q5K, Q6K, Q8_0};
        for dtype in [F32, F16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2K, Q3K, Q4K, Q5K, Q6K] {
            let stored = QTensor::quantize(&dense, dtype).unwrap();
            let whole: Vec<f32> = stored.dequantize(&Device::Cpu).unwrap().flatten_all().unwrap().to_vec1().unwrap();
            let bytes = stored.data().unwrap();
            let mut part = vec![0.0; 3 * 512];
            dequantize(&stored, &bytes, 2..5, &mut part).unwrap();
            assert_eq!(part, whole[2 * 512..5 * 512], "{dtype:?}");
        }
    }
}

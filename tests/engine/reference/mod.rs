//! The engine against an independent implementation: numbers that transformers, PEFT and PyTorch computed, written by
//! `tests/fixtures/make_reference.py` and read here. No Python runs in a test.

mod base;
mod metadata;
mod tiny;

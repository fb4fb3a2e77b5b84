//! The model: tokenizer, weights, forward and backward passes, generation. Knows nothing of users, styles or screens.

//! The style space: features, reference, axes, profiles. Knows texts and numbers, not where they come from.

//! The user's texts in SQLite. Knows nothing of files, styles or models.

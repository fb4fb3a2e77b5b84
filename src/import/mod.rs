//! Reads files and folders into documents. Knows nothing of the database.

//! SHA-256 in hexadecimal digits, as fingerprints, checksums and versions are written. Does not know what is hashed.

use sha2::{Digest, Sha256};

/// The digest of `bytes`: 64 lower-case hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

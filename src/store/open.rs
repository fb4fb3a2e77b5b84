//! Opens or creates the database file safely. Does not know what is read from or written to the tables.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use super::error::StoreError;
use crate::platform::paths;

/// "XPeR", as `schema_1.sql` sets it.
const APPLICATION_ID: i64 = 0x5850_6552;

/// Never edited once released, only appended to: databases of every version exist.
static MIGRATIONS: LazyLock<Migrations<'static>> =
    LazyLock::new(|| Migrations::new(vec![M::up(include_str!("schema_1.sql")), M::up(include_str!("schema_2.sql"))]));

/// How long to wait before a locked database is retried.
const RETRY_EVERY: Duration = Duration::from_millis(20);

/// The number of migrations above.
const SCHEMA_VERSION: i64 = 2;

/// Opens the database at `path`, creates it and its folder if missing, and migrates its schema.
///
/// A file that is not a database, is another program's, or has a newer version is recognised before anything is changed.
pub(super) fn open(path: &Path, busy_timeout: Duration) -> Result<Connection, StoreError> {
    let start = Instant::now();
    loop {
        match try_open(path, busy_timeout) {
            // SQLite does not wait for the switch to WAL, or where waiting could be a deadlock (two processes that both create
            // the schema), so we do.
            Err(StoreError::Locked { .. }) if start.elapsed() < busy_timeout => std::thread::sleep(RETRY_EVERY),
            done => return done,
        }
    }
}

fn try_open(path: &Path, busy_timeout: Duration) -> Result<Connection, StoreError> {
    prepare(path)?;
    let sql = |cause| StoreError::from_sql(path, cause);
    let mut connection = Connection::open(path).map_err(sql)?;
    connection.busy_timeout(busy_timeout).map_err(sql)?;
    check_contents(path, &connection)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(sql)?;
    // What the user deletes is overwritten, and not only forgotten.
    connection.pragma_update(None, "secure_delete", true).map_err(sql)?;
    // SQLite gives the -wal and -shm files it makes the database's own permissions.
    connection.pragma_update(None, "journal_mode", "wal").map_err(sql)?;
    if let Err(error) = MIGRATIONS.to_latest(&mut connection) {
        // Another process may have brought the same new database up to date in between.
        if pragma(&connection, "user_version").map_err(sql)? != SCHEMA_VERSION {
            return Err(StoreError::from_migration(path, error));
        }
    }
    for file in [path.to_path_buf(), beside(path, "-wal"), beside(path, "-shm")] {
        match paths::restrict(&file, 0o600) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(unusable(path, &cause)),
            _ => {}
        }
    }
    Ok(connection)
}

/// Looks at the file and makes it where it is missing: once in a process, before SQLite first opens it. Closing a file takes away every
/// POSIX lock that the process has on it (SQLite, *How To Corrupt*, 2.2), those of open connections, too.
fn prepare(path: &Path) -> Result<(), StoreError> {
    static PREPARED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
    let mut prepared = PREPARED.lock().unwrap_or_else(PoisonError::into_inner);
    if prepared.contains(path) && path.exists() {
        return Ok(());
    }
    check_header(path)?;
    make_folder(path)?;
    make_file(path)?;
    prepared.insert(path.to_path_buf());
    Ok(())
}

/// Reads the first 100 bytes of the file as SQLite lays them out (its file format, section 1.3), without SQLite's help:
/// opening a database in WAL mode would already put files beside it.
fn check_header(path: &Path) -> Result<(), StoreError> {
    let mut header = Vec::new();
    match File::open(path).and_then(|file| file.take(100).read_to_end(&mut header)) {
        Err(cause) if matches!(cause.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(()),
        Err(cause) => return Err(unusable(path, &cause)),
        Ok(0) => return Ok(()),
        Ok(_) => {}
    }
    if header.len() < 100 || !header.starts_with(b"SQLite format 3\0") {
        return Err(StoreError::NotADatabase { path: path.to_path_buf() });
    }
    let field = |at: usize| i64::from(u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]));
    // Both are 0 while the first migration is still in the write-ahead log; `check_contents` then decides.
    judge(path, field(68), field(60), false)
}

/// The same question to SQLite, which also sees the write-ahead log.
fn check_contents(path: &Path, connection: &Connection) -> Result<(), StoreError> {
    // One transaction, so that another process that makes the schema right now is seen wholly or not at all.
    let look = || {
        let snapshot = connection.unchecked_transaction()?;
        let tables: i64 = snapshot.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
        Ok((pragma(&snapshot, "application_id")?, pragma(&snapshot, "user_version")?, tables > 0))
    };
    let (application, version, has_tables) = look().map_err(|cause| StoreError::from_sql(path, cause))?;
    judge(path, application, version, has_tables)
}

fn judge(path: &Path, application: i64, version: i64, has_tables: bool) -> Result<(), StoreError> {
    let path = path.to_path_buf();
    match (application, version) {
        (APPLICATION_ID, found) if found > SCHEMA_VERSION => {
            Err(StoreError::Newer { path, found, known: SCHEMA_VERSION })
        }
        (APPLICATION_ID, _) => Ok(()),
        (0, 0) if !has_tables => Ok(()),
        _ => Err(StoreError::Foreign { path }),
    }
}

fn pragma(connection: &Connection, name: &str) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, name, |row| row.get(0))
}

/// Makes the folder private, except a shared one (sticky, like /tmp), where the file's own mode protects it.
fn make_folder(path: &Path) -> Result<(), StoreError> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if is_shared(folder) {
        return Ok(());
    }
    paths::private_dir(folder).map_err(|cause| StoreError::Folder { path: folder.to_path_buf(), cause })
}

#[cfg(unix)]
fn is_shared(folder: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(folder).is_ok_and(|metadata| metadata.permissions().mode() & 0o1000 != 0)
}

#[cfg(not(unix))]
fn is_shared(_folder: &Path) -> bool {
    false
}

/// Creates the file before SQLite does, so that others can never read it.
fn make_file(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    match options.open(path) {
        Err(cause) if cause.kind() != io::ErrorKind::AlreadyExists => Err(unusable(path, &cause)),
        _ => paths::restrict(path, 0o600).map_err(|cause| unusable(path, &cause)),
    }
}

fn unusable(path: &Path, cause: &io::Error) -> StoreError {
    if cause.kind() == io::ErrorKind::StorageFull {
        return StoreError::Full { path: path.to_path_buf() };
    }
    StoreError::Unusable { path: path.to_path_buf(), cause: cause.to_string() }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_migrations_are_valid_and_counted() {
        MIGRATIONS.validate().unwrap();
        let mut connection = Connection::open_in_memory().unwrap();
        MIGRATIONS.to_latest(&mut connection).unwrap();
        assert_eq!(pragma(&connection, "user_version").unwrap(), SCHEMA_VERSION);
        assert_eq!(pragma(&connection, "application_id").unwrap(), APPLICATION_ID);
    }
}

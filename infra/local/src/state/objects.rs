//! The objects of buckets. `s3` has the protocol.

use rusqlite::{OptionalExtension as _, Transaction, params};

use super::State;

/// An object in a bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object {
    /// The bucket's name.
    pub bucket: String,
    /// Its key.
    pub key: String,
    /// The content.
    pub body: Vec<u8>,
    /// When it was put, in milliseconds since 1970.
    pub put_at: i64,
}

impl Object {
    /// S3's identifier of the content: an MD5 in hexadecimal.
    pub fn etag(&self) -> String {
        format!("{:x}", md5::compute(&self.body))
    }
}

impl State {
    /// The object under a key.
    pub fn object(&self, bucket: &str, key: &str) -> rusqlite::Result<Option<Object>> {
        let connection = self.lock();
        let mut statement =
            connection.prepare_cached("SELECT body, put_at FROM objects WHERE bucket = ?1 AND key = ?2")?;
        let object = statement.query_row([bucket, key], |row| {
            Ok(Object { bucket: bucket.to_owned(), key: key.to_owned(), body: row.get(0)?, put_at: row.get(1)? })
        });
        object.optional()
    }
}

/// Replaces an object under the same key.
pub(super) fn put_object(tx: &Transaction<'_>, object: &Object, now: i64) -> rusqlite::Result<()> {
    let mut statement = tx.prepare_cached("INSERT OR REPLACE INTO objects VALUES (?1, ?2, ?3, ?4)")?;
    statement.execute(params![object.bucket, object.key, object.body, now]).map(drop)
}

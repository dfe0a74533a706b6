//! The bucket in which SES stores customers' mails.

use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_types::SdkConfig;

use crate::lazily::Lazily;
use crate::service_error::ServiceError;

const SERVICE: &str = "the mailroom";

/// A mail as it was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoredMail {
    /// The whole mail.
    Whole(Vec<u8>),
    /// The mail is too large. The value is its size in bytes.
    TooLarge(u64),
    /// The mail never existed or was deleted.
    Gone,
}

/// The client of the bucket.
#[derive(Clone, Debug)]
pub struct Mailroom {
    client: Lazily<Client>,
    bucket: String,
}

/// A client that puts the bucket's name in the path, as a local endpoint requires.
pub(crate) fn client(config: &SdkConfig) -> Client {
    Client::from_conf(aws_sdk_s3::config::Builder::from(config).force_path_style(true).build())
}

impl Mailroom {
    pub(crate) fn new(client: Lazily<Client>, bucket: String) -> Self {
        Self { client, bucket }
    }

    /// Fetches a mail of at most `most` bytes.
    pub async fn fetch(&self, key: &str, most: u64) -> Result<StoredMail, ServiceError> {
        let got = match self.client.get_object().bucket(&self.bucket).key(key).send().await {
            Ok(got) => got,
            Err(error) if matches!(error.as_service_error(), Some(GetObjectError::NoSuchKey(_))) => {
                return Ok(StoredMail::Gone);
            }
            Err(error) => return Err(ServiceError::from_sdk(SERVICE, &error)),
        };
        let length = got.content_length.and_then(|length| u64::try_from(length).ok()).unwrap_or_default();
        if length > most {
            return Ok(StoredMail::TooLarge(length));
        }
        let bytes = got.body.collect().await.map_err(|error| ServiceError::unavailable(SERVICE, error))?;
        Ok(StoredMail::Whole(bytes.to_vec()))
    }

    /// A signed link to a mail, valid for `lasts`.
    pub async fn link(&self, key: &str, lasts: Duration) -> Result<String, ServiceError> {
        let lasts = PresigningConfig::expires_in(lasts).map_err(|error| ServiceError::broken(SERVICE, error))?;
        let signed = self.client.get_object().bucket(&self.bucket).key(key).presigned(lasts).await;
        signed.map(|signed| signed.uri().to_owned()).map_err(|error| ServiceError::from_sdk(SERVICE, &error))
    }
}
